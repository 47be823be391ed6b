"""Two officers on the same words at the same moment: nobody's work is lost, the second is told.

Row locks are PostgreSQL's: `make test-postgres` runs these where they can fail. On SQLite writers
queue up behind each other, and all of it holds too.
"""

from dataclasses import replace
from itertools import pairwise

import pytest

from outcomes.actions import (
    ChangedMeanwhile,
    adopt,
    ask_for_analysis,
    code,
    code_several,
    cut,
    dispose,
    dispose_several,
    hide,
    join,
    merge,
    move_ideas,
    rename,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.engine.pipeline import Analysis, FoundGroup, FoundIdea
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    Coding,
    Disposition,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)
from outcomes.worker import write
from surveys.models import Answer, Passage, Redaction
from tests import world
from tests.at_once import at_once, chain_is_whole, refused

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 8


@pytest.fixture
def passage(survey, now):
    """Two ideas of one answer: “Miss Okafor rings back.” and “Nobody else does.”"""
    said = world.response(survey, "Miss Okafor rings back. Nobody else does.", now)
    return Passage.objects.get(answer__response=said)


@pytest.fixture
def ideas(passage, survey, asha, now):
    run = world.run(survey.consultation, asha, now)
    text, spans = passage.source.text, [(0, 23), (24, 41)]
    made = [
        Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
        for start, end in spans
    ]
    assert [one.text for one in made] == [text[:23], text[24:]]
    return made


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


def test_two_who_code_the_same_idea_are_not_both_right_and_the_second_hears_of_the_first(
    ideas, themes, asha, ben, now
):
    idea = ideas[0]
    chosen = {asha: themes["health"], ben: themes["education"]}

    def say(who):
        return code(idea=idea, themes=[chosen[who]], by=who, now=now, seen=None)

    results = at_once(lambda: say(asha), lambda: say(ben))
    (told,) = refused(results)
    kept = Coding.objects.current().get(idea=idea)
    assert isinstance(told, ChangedMeanwhile)
    assert str(kept.by) in str(told)
    assert str(kept.theme) in str(told)
    assert kept.theme == chosen[kept.by]
    assert Coding.objects.count() == 1


def test_without_having_looked_the_later_code_holds_and_the_earlier_is_history(
    ideas, themes, asha, ben, now
):
    idea = ideas[0]
    at_once(
        lambda: code(idea=idea, themes=[themes["health"]], by=asha, now=now),
        lambda: code(idea=idea, themes=[themes["education"]], by=ben, now=now),
    )
    assert Coding.objects.filter(idea=idea).count() == 2
    assert Coding.objects.current().filter(idea=idea).count() == 1
    chain_is_whole()


def test_overlapping_suggestions_adopted_at_once_put_each_idea_in_one_cluster(
    survey, asha, ben, now
):
    said = [world.response(survey, f"Sleep, {number}", now) for number in range(6)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    one = world.group(world.run(survey.consultation, asha, now), "health", answers[:4])
    again = world.run(survey.consultation, asha, now)
    other = world.group(again, "health", answers[4:])
    for idea in Idea.objects.filter(answer__in=answers[2:4]):
        ThemeSuggestion.objects.create(
            run=again, idea=idea, theme=other.theme, scores={}, reason="x", group=other
        )
    results = at_once(
        lambda: adopt(suggestion=one, name="Sleep", by=asha, now=now),
        lambda: adopt(suggestion=other, name="Rest", by=ben, now=now),
    )
    assert not refused(results)
    assert ClusterIdea.objects.count() == 6
    assert sorted(one.ideas.count() for one in Cluster.objects.all()) in ([2, 4], [3, 3])


def test_a_merge_while_another_moves_ideas_out_loses_no_idea(survey, asha, ben, now):
    for turn in range(TURNS):
        keep, other = (world.cluster(survey, asha, now, voices=3) for _ in range(2))
        moved = list(other.ideas.order_by("pk")[:1])
        ours = list(Idea.objects.filter(membership__cluster__in=[keep, other]))
        results = at_once(
            lambda keep=keep, other=other: merge(keep=keep, others=[other], by=asha, now=now),
            lambda keep=keep, other=other, moved=moved: move_ideas(
                ideas=moved, out_of=other, into=keep, reason="Not here.", by=ben, now=now
            ),
        )
        assert all(isinstance(one, AlreadyDecided) for one in refused(results)), turn
        assert {one.pk for one in keep.ideas.all()} == {one.pk for one in ours}
        assert Cluster.objects.get(pk=other.pk).merged_into == keep
        told = set(ClusterDecision.objects.filter(cluster=other).values_list("what", flat=True))
        assert ("moved out" in told) is not bool(refused(results))
    chain_is_whole()


def test_an_idea_cut_by_two_at_once_is_cut_once(ideas, themes, asha, ben, now):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=now)
    results = at_once(
        lambda: cut(idea=Idea.objects.get(pk=ideas[0].pk), at=4, by=asha, now=now),
        lambda: cut(idea=ideas[0], at=11, by=ben, now=now),
    )
    assert len(refused(results)) + Idea.objects.count() == 4
    spans = list(Idea.objects.order_by("start").values_list("start", "end"))
    assert all(end <= after for (_, end), (after, _) in pairwise(spans))
    parts = Idea.objects.filter(end__lte=23)
    assert all(one.codings.current().get().theme == themes["health"] for one in parts)


def test_an_idea_cut_while_another_joins_it_is_one_of_the_two(passage, ideas, asha, ben, now):
    results = at_once(
        lambda: cut(idea=ideas[0], at=12, by=asha, now=now),
        lambda: join(idea=ideas[0], by=ben, now=now),
    )
    (told,) = refused(results)
    assert "otherwise meanwhile" in str(told)
    spans = list(Idea.objects.order_by("start").values_list("start", "end"))
    assert spans in ([(0, 12), (13, 23), (24, 41)], [(0, 41)], [(0, 11), (12, 23), (24, 41)])


def test_coded_while_it_is_joined_the_code_is_kept_or_the_coder_told(ideas, themes, asha, ben, now):
    results = at_once(
        lambda: code(idea=ideas[0], themes=[themes["health"]], by=asha, now=now, seen=None),
        lambda: join(idea=ideas[0], by=ben, now=now),
    )
    assert not refused(results)
    (left,) = Idea.objects.all()
    assert (left.start, left.end) == (0, 41)
    assert Coding.objects.current().get(idea=left).theme == themes["health"]


def test_two_who_hide_in_the_same_words_hide_both(passage, asha, ben, now):
    at_once(
        lambda: hide(passage=passage, start=0, end=4, kind="other", by=asha, now=now),
        lambda: hide(passage=passage, start=5, end=11, kind="person", by=ben, now=now),
    )
    passage.refresh_from_db()
    assert passage.words == "[hidden] [name] rings back. Nobody else does."
    assert Redaction.objects.count() == 2


def test_hidden_while_a_cluster_of_that_name_is_renamed_nobody_waits_for_ever(
    passage, survey, asha, ben, now
):
    cluster = world.cluster(survey, asha, now)
    for turn in range(TURNS):
        Cluster.objects.filter(pk=cluster.pk).update(name=f"Okafor rings back {turn}")
        results = at_once(
            lambda turn=turn: hide(
                passage=passage, start=5, end=11 + turn % 2, kind="person", by=asha, now=now
            ),
            lambda turn=turn: rename(cluster=cluster, name=f"Ring back {turn}", by=ben, now=now),
        )
        cluster.refresh_from_db()
        assert cluster.name == f"Ring back {turn}", results
        Redaction.objects.all().delete()
    chain_is_whole()


@pytest.fixture
def found(survey, passage, asha, now):
    """A run under way, and what it read before anything was hidden."""
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=now)
    AnalysisRun.objects.take(run.pk, now)
    key = f"answer-{passage.answer_id}"
    whole = Analysis(
        ideas=(
            FoundIdea(key, 0, 23, "health", {}, None, "Like “Miss Okafor rings back”.", 0),
            FoundIdea(key, 24, 41, "health", {}, None, "Close.", 0),
        ),
        groups=(FoundGroup(0, "health", "Miss Okafor rings back", "Both say: Okafor."),),
        texts=(),
        version="1",
        settings={},
        fingerprint="f",
    )
    return run, whole


def names_of(run):
    for group in GroupSuggestion.objects.filter(run=run):
        yield from (group.name, group.reason)
    for one in ThemeSuggestion.everything.filter(run=run):
        yield one.reason


def test_what_was_hidden_before_an_analysis_wrote_is_in_no_name_that_it_wrote(
    passage, found, ben, now
):
    run, whole = found
    hide(passage=passage, start=5, end=11, kind="person", by=ben, now=now)
    write(run, whole)
    said = list(names_of(run))
    assert "Miss […] rings back" in said
    assert not any("okafor" in words.lower() for words in said)


def test_hidden_while_an_analysis_writes_it_is_in_no_name_either(passage, found, ben, now):
    run, whole = found
    many = replace(
        whole, groups=tuple(FoundGroup(n, "health", "Miss Okafor", "x") for n in range(40))
    )
    results = at_once(
        lambda: write(run, many),
        lambda: hide(passage=passage, start=5, end=11, kind="person", by=ben, now=now),
    )
    assert not refused(results)
    said = list(names_of(run))
    assert said
    assert not any("okafor" in words.lower() for words in said)


def test_disposed_of_while_it_is_coded_no_decision_is_lost_and_one_state_holds(
    ideas, themes, asha, ben, now
):
    for turn in range(TURNS):
        theme = themes["health" if turn % 2 else "education"]
        what = Disposition.What.OFF_TOPIC if turn % 2 else Disposition.What.DUPLICATE
        results = at_once(
            lambda theme=theme: code(idea=ideas[0], themes=[theme], by=asha, now=now),
            lambda what=what: dispose(of=ideas[0], what=what, by=ben, now=now),
        )
        assert not refused(results)
        assert Coding.objects.current().get(idea=ideas[0]).theme == theme
        decided = list(Disposition.objects.filter(idea=ideas[0]).order_by("-pk")[:2])
        # Coding what was disposed of takes that back, and says so in its history.
        assert next(one.what for one in decided if one.what != "open") == what
        assert decided[0].is_current
    assert chain_is_whole() >= 2 * TURNS


def test_many_disposed_of_while_another_codes_one_of_them_nobody_waits_for_ever(
    ideas, themes, asha, ben, now
):
    for turn in range(TURNS):
        theme = themes["health" if turn % 2 else "education"]
        Disposition.objects.all().delete()
        results = at_once(
            lambda: dispose_several(ideas=ideas, by=ben, now=now),
            lambda theme=theme: code_several(ideas=ideas, themes=[theme], by=asha, now=now),
            lambda theme=theme: code(idea=ideas[1], themes=[theme], by=asha, now=now),
        )
        assert not refused(results)
        assert {one.theme for one in Coding.objects.current()} == {theme}
    chain_is_whole()


def test_two_who_dispose_of_the_same_answer_leave_one_decision_and_its_history(
    passage, asha, ben, now
):
    results = at_once(
        lambda: dispose(of=passage, what="case", by=asha, now=now),
        lambda: dispose(of=passage, what="complaint", by=ben, now=now),
    )
    assert not refused(results)
    assert Disposition.objects.count() == 2
    assert Disposition.objects.current().count() == 1
