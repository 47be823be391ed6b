"""Two officers decide the same at the same moment: one whole state, all of its history, and the
second is told by whom and what.

Row locks are PostgreSQL's: `make test-postgres` runs these where they can fail.
"""

from itertools import pairwise

import pytest

from outcomes.actions import (
    code,
    code_several,
    confirm_all,
    cut,
    find_idea,
    hide,
    merge,
    move_border,
    move_ideas,
    rename,
    show,
    split,
)
from outcomes.admin.sheets_clusters import ClustersResource
from outcomes.admin.sheets_ends import EndsResource
from outcomes.hiding import suggest
from outcomes.models import (
    Cluster,
    ClusterDecision,
    ClusterIdea,
    Coding,
    Cutting,
    Disposition,
    Idea,
)
from surveys.admin.uploads import dataset_of
from surveys.models import Passage, Redaction
from surveys.refusals import Refusal
from tests import world
from tests.at_once import at_once, chain_is_whole, refused

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4
TEXT = "Miss Okafor rings back. Nobody else does."


@pytest.fixture
def passage(survey, now):
    return Passage.objects.get(answer__response=world.response(survey, TEXT, now))


@pytest.fixture
def ideas(passage, survey, asha, now):
    """The two sentences."""
    run = world.run(survey.consultation, asha, now)
    spans = [(0, 23), (24, 41)]
    return [
        Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
        for start, end in spans
    ]


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


@pytest.fixture
def make(survey, asha, now):
    """Makes an adopted cluster of as many ideas; gives it, its ideas, and its newest decision."""

    def made(voices=2):
        cluster = world.cluster(survey, asha, now, voices=voices)
        return cluster, list(cluster.ideas.order_by("pk")), newest(cluster)

    return made


def newest(*clusters):
    return ClusterDecision.objects.filter(cluster__in=clusters).latest("pk").pk


def history(cluster):
    return [one.what for one in cluster.decisions.order_by("pk")]


def spans():
    return list(Idea.objects.order_by("start").values_list("start", "end"))


def test_two_who_read_the_same_code_change_it_once_and_the_second_may_after_reading(
    ideas, themes, asha, ben, now
):
    idea = ideas[0]
    read = code(idea=idea, themes=[themes["health"]], by=asha, now=now).pk
    wants = {asha: themes["education"], ben: themes["families"]}

    def change(who, seen):
        return code(idea=idea, themes=[wants[who]], by=who, now=now, seen=seen)

    (told,) = refused(at_once(lambda: change(asha, read), lambda: change(ben, read)))
    kept = Coding.objects.current().get(idea=idea)
    assert str(told).startswith(f"{kept.by} coded this idea meanwhile: {kept}. Nothing of yours")
    assert kept.theme == wants[kept.by]
    other = ben if kept.by == asha else asha
    change(other, kept.pk)
    said = list(Coding.objects.filter(idea=idea).order_by("pk").values_list("by", "theme"))
    first = (asha.pk, themes["health"].pk)
    assert said == [first, *((who.pk, wants[who].pk) for who in (kept.by, other))]
    assert chain_is_whole() >= 3


def test_two_who_rename_the_same_cluster_do_so_once_and_the_second_hears_the_earlier_name(
    make, asha, ben, now
):
    cluster, _, seen = make()
    results = at_once(
        *(
            lambda who=who: rename(
                cluster=cluster, name=f"As {who} says", by=who, now=now, seen=seen
            )
            for who in (asha, ben)
        )
    )
    (told,) = refused(results)
    last = cluster.decisions.latest("pk")
    assert f"{last.by} decided about “As {last.by} says” meanwhile: renamed" in str(told)
    assert Cluster.objects.get(pk=cluster.pk).name == f"As {last.by} says"
    assert (history(cluster), last.detail) == (["adopted", "renamed"], "was: Feeling well")
    chain_is_whole()


def test_renamed_unseen_by_two_every_name_that_it_had_is_in_its_history(make, asha, ben, now):
    cluster, _, _ = make()
    results = at_once(
        *(
            lambda who=who: rename(cluster=cluster, name=f"By {who}", by=who, now=now)
            for who in (asha, ben)
        )
    )
    assert not refused(results)
    first, last = cluster.decisions.filter(what="renamed").order_by("pk")
    assert Cluster.objects.get(pk=cluster.pk).name == f"By {last.by}"
    assert (first.detail, last.detail) == ("was: Feeling well", f"was: By {first.by}")


def test_two_clusters_given_one_name_at_once_never_both_have_it(make, asha, ben, now):
    for turn in range(TURNS):
        (one, _, _), (other, its, _) = make(), make()
        name = f"Sleep {turn}"
        results = at_once(
            lambda one=one, name=name: rename(cluster=one, name=name, by=asha, now=now),
            lambda other=other, its=its, name=name: split(
                cluster=other, ideas=its[:1], name=name, by=ben, now=now
            ),
        )
        (told,) = refused(results)
        assert str(told).startswith(f"Another cluster is called “{name}”")
        assert Cluster.objects.adopted().filter(name=name).count() == 1
    chain_is_whole()


def test_two_who_split_the_same_cluster_do_so_once_and_the_second_is_told(make, asha, ben, now):
    cluster, ideas, seen = make(3)
    results = at_once(
        *(
            lambda who=who, idea=idea: split(
                cluster=cluster, ideas=[idea], name=f"Of {who}", by=who, now=now, seen=seen
            )
            for who, idea in ((asha, ideas[0]), (ben, ideas[1]))
        )
    )
    (told,) = refused(results)
    (new,) = Cluster.objects.exclude(pk=cluster.pk)
    last = cluster.decisions.latest("pk")
    assert f"{last.by} decided about “Feeling well” meanwhile: split in two “{new}”" in str(told)
    assert (cluster.ideas.count(), new.ideas.count(), new.name) == (2, 1, f"Of {last.by}")
    assert (history(cluster), history(new)) == (["adopted", "split"], ["split off"])
    chain_is_whole()


def test_split_unseen_by_two_the_cluster_keeps_an_idea_and_no_idea_goes_twice(make, asha, ben, now):
    for first, second in ((0, 0), (0, 1)):
        cluster, ideas, _ = make()
        results = at_once(
            lambda cluster=cluster, idea=ideas[first]: split(
                cluster=cluster, ideas=[idea], name=f"One of {cluster.pk}", by=asha, now=now
            ),
            lambda cluster=cluster, idea=ideas[second]: split(
                cluster=cluster, ideas=[idea], name=f"Other of {cluster.pk}", by=ben, now=now
            ),
        )
        (told,) = refused(results)
        assert ("moved meanwhile" if first == second else "all its ideas") in str(told)
        assert cluster.ideas.count() == 1
        assert history(cluster) == ["adopted", "split"]
        assert ClusterIdea.objects.filter(idea__in=ideas).count() == 2
        (new,) = Cluster.objects.filter(name__endswith=f"of {cluster.pk}")
        assert history(new) == ["split off"]


def test_moved_out_while_another_merges_either_the_move_or_the_merge_is_told(make, asha, ben, now):
    for turn in range(TURNS):
        (keep, _, _), (other, ideas, seen) = make(), make(3)
        results = at_once(
            lambda keep=keep, other=other, seen=seen: merge(
                keep=keep, others=[other], by=asha, now=now, seen=seen
            ),
            lambda other=other, ideas=ideas: move_ideas(
                ideas=ideas[:1], out_of=other, reason="Not here.", by=ben, now=now
            ),
        )
        (told,) = refused(results)
        other.refresh_from_db()
        if other.state == Cluster.State.MERGED:
            assert str(told) == f"“{other}” is merged into another already.", turn
            assert (keep.ideas.count(), other.ideas.count()) == (5, 0)
            assert history(other) == ["adopted", "merged"]
        else:
            assert f"{ben} decided about “{other}” meanwhile: ideas moved out" in str(told), turn
            assert (keep.ideas.count(), other.ideas.count()) == (2, 2)
            assert history(other) == ["adopted", "moved out"]
            assert not ClusterIdea.objects.filter(idea=ideas[0]).exists()
        assert Idea.objects.filter(pk__in=[one.pk for one in ideas]).count() == 3
    chain_is_whole()


def test_two_who_cut_different_ideas_of_a_passage_both_do(ideas, themes, asha, ben, now):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=now)
    results = at_once(
        lambda: cut(idea=ideas[0], at=12, by=asha, now=now),
        lambda: cut(idea=ideas[1], at=31, by=ben, now=now),
    )
    assert not refused(results)
    assert spans() == [(0, 11), (12, 23), (24, 30), (31, 41)]
    assert {one.by for one in Cutting.objects.all()} == {asha, ben}
    current = Coding.objects.current()
    assert [one.theme.code for one in current] == ["health"] * 4
    chain_is_whole()


def test_two_who_cut_the_idea_that_both_read_cut_it_once(ideas, asha, ben, now):
    read, again = ideas[0], Idea.objects.get(pk=ideas[0].pk)
    results = at_once(
        lambda: cut(idea=read, at=5, by=asha, now=now),
        lambda: cut(idea=again, at=12, by=ben, now=now),
    )
    (told,) = refused(results)
    assert str(told) == "Somebody cut these words otherwise meanwhile. Look at them again."
    step = Cutting.objects.get()
    ends = {asha: [(0, 4), (5, 23)], ben: [(0, 11), (12, 23)]}
    assert spans() == [*ends[step.by], (24, 41)]


def test_two_who_mark_or_move_over_the_same_words_leave_no_idea_in_another(
    passage, ideas, asha, ben, now
):
    ideas[1].delete()
    for turn in range(TURNS):
        results = at_once(
            lambda: find_idea(passage=passage, start=24, end=30, by=asha, now=now),
            lambda: find_idea(passage=passage, start=24, end=41, by=ben, now=now),
            lambda: move_border(idea=ideas[0], start=0, end=30, by=ben, now=now),
        )
        told = [str(one) for one in refused(results)]
        assert len(told) == 2, turn
        assert all("in an idea already" in one or "run into the next" in one for one in told)
        found = spans()
        assert all(end <= after for (_, end), (after, _) in pairwise(found))
        assert Cutting.objects.count() == turn + 1
        Idea.objects.exclude(pk=ideas[0].pk).delete()
        Idea.objects.update(start=0, end=23)
        ideas[0].refresh_from_db()


def test_cut_while_its_cluster_is_merged_both_halves_go_along(make, asha, ben, now):
    for _ in range(TURNS):
        (keep, _, _), (other, ideas, _) = make(), make()
        results = at_once(
            lambda keep=keep, other=other: merge(keep=keep, others=[other], by=asha, now=now),
            lambda ideas=ideas: cut(idea=ideas[0], at=8, by=ben, now=now),
        )
        assert not refused(results)
        assert (keep.ideas.count(), other.ideas.count()) == (5, 0)


def test_hidden_by_one_while_another_shows_it_one_decides_and_the_other_is_told(
    passage, asha, ben, now
):
    suggest(passage, [(5, 11, "person", 0.9)])
    about = {"passage": passage, "start": 5, "end": 11, "now": now, "seen": 0}
    results = at_once(lambda: hide(kind="person", by=asha, **about), lambda: show(by=ben, **about))
    (told,) = refused(results)
    kept = Redaction.objects.get()
    passage.refresh_from_db()
    did = "hid" if kept.hides else "showed"
    assert str(told) == f"{kept.by} {did} these words meanwhile. Look at them again."
    assert ("Okafor" in passage.words) is not kept.hides
    assert kept.by == (asha if kept.hides else ben)
    chain_is_whole()


def test_all_confirmed_while_another_shows_one_of_them_is_one_of_the_two(passage, asha, ben, now):
    for turn in range(TURNS):
        suggest(passage, [(5, 11, "person", 0.9), (24, 30, "other", 0.5)])
        results = at_once(
            lambda: confirm_all(passage=passage, by=asha, now=now, seen=0),
            lambda: show(passage=passage, start=5, end=11, by=ben, now=now, seen=0),
        )
        decided = {(one.by, one.span, one.hides) for one in Redaction.objects.all()}
        passage.refresh_from_db()
        if told := refused(results):
            assert [str(one) for one in told] == [
                f"{asha} hid these words meanwhile. Look at them again."
            ]
            assert decided == {(asha, (5, 11), True), (asha, (24, 30), True)}, turn
        else:
            assert decided == {(ben, (5, 11), False), (asha, (24, 30), True)}, turn
        assert ("Okafor" in passage.words) is not told
        assert "Nobody" not in passage.words
        Redaction.objects.all().delete()
    chain_is_whole()


def test_hidden_twice_at_once_is_hidden_once(passage, asha, ben, now):
    about = {"passage": passage, "start": 5, "end": 11, "kind": "person", "now": now}
    (told,) = refused(at_once(lambda: hide(by=asha, **about), lambda: hide(by=ben, **about)))
    assert str(told) == "That is hidden already."
    assert Redaction.objects.count() == 1


def test_many_coded_while_another_codes_one_of_them_both_are_in_its_history_or_one_is_told(
    ideas, themes, asha, ben, now
):
    for turn in range(TURNS):
        results = at_once(
            lambda: code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=now),
            lambda: code(idea=ideas[1], themes=[themes["families"]], by=ben, now=now, seen=None),
        )
        many = Coding.objects.filter(how=Coding.How.TOGETHER)
        assert {one.idea_id for one in many} == {one.pk for one in ideas}, turn
        assert {one.theme.code for one in Coding.objects.current()} == {"health"}
        if told := refused(results):
            assert f"{asha} coded this idea meanwhile: Healthy lives" in str(told[0])
            assert Coding.objects.count() == 2
        else:
            assert Coding.objects.get(by=ben).pk < many.get(idea=ideas[1]).pk
        Coding.objects.all().delete()
    chain_is_whole()


def bring(sheet, columns, rows, by):
    """What the second step of bringing a sheet in does: how many changed, or the refusal."""
    result = sheet().import_data(dataset_of([columns, *rows]), user=by)
    errors = [one.error for one in result.base_errors]
    assert all(isinstance(one, Refusal) for one in errors), errors
    return errors[0] if errors else result.changed


def test_two_sheets_that_rename_the_same_clusters_come_in_whole_or_not_at_all(make, asha, ben, now):
    columns = ["cluster", "name", "theme", "campaign", "seen"]
    for turn in range(TURNS):
        told = [(one, seen) for one, _, seen in (make(), make())]

        def come(who, order, told=told, turn=turn):
            rows = [
                (one.pk, f"{who} {turn}: {one.pk}", "health", "no", seen)
                for one, seen in order(told)
            ]
            return bring(ClustersResource, columns, rows, who)

        results = at_once(lambda come=come: come(asha, list), lambda come=come: come(ben, reversed))
        first = results.index(2)
        who, other = ((asha, ben), (ben, asha))[first]
        names = {Cluster.objects.get(pk=one.pk).name for one, _ in told}
        assert names == {f"{who} {turn}: {one.pk}" for one, _ in told}
        # Not at all: refused, or seen to be decided meanwhile before anything was done.
        assert results[1 - first] == 0 or f"{who} decided about" in str(results[1 - first])
        assert all(history(one) == ["adopted", "renamed"] for one, _ in told)
        assert not ClusterDecision.objects.filter(what="renamed", by=other, cluster=told[0][0])
    chain_is_whole()


def test_two_sheets_that_end_the_same_ideas_come_in_whole_or_not_at_all(ideas, asha, ben, now):
    columns = ["idea", "what", "reason", "seen"]
    for turn in range(TURNS):
        Disposition.objects.all().delete()
        ours = [(idea.pk, "nothing", "", "") for idea in ideas]
        theirs = [(idea.pk, "duplicate", "", "") for idea in reversed(ideas)]
        results = at_once(
            lambda rows=ours: bring(EndsResource, columns, rows, asha),
            lambda rows=theirs: bring(EndsResource, columns, rows, ben),
        )
        first = results.index(2)
        who, what = ((asha, "nothing"), (ben, "duplicate"))[first]
        decided = {(one.idea, one.by, one.what) for one in Disposition.objects.all()}
        assert decided == {(idea, who, what) for idea in ideas}, turn
        assert results[1 - first] == 0 or f"{who} decided meanwhile" in str(results[1 - first])
    chain_is_whole()
