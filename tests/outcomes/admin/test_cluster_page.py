"""A cluster's page: all its ideas, how many people, what is near, and what is decided from it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import (
    adopt,
    contradict,
    draft_outcome,
    mark_campaign,
    merge,
    move_ideas,
    rename,
)
from outcomes.admin.cluster_facts import folds
from outcomes.models import Cluster, GroupSuggestion, Idea, ThemeSuggestion
from surveys.models import Answer, Passage, Response
from surveys.reading import read
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cluster, survey, asha):
    """Three people’s ideas under another theme."""
    return world.cluster(survey, asha, NOW, theme="families", voices=3)


def page_of(visit, who, cluster, query=""):
    page = visit(who, "outcomes_cluster_change", cluster.pk, query=query)
    return " ".join(page.content.decode().split())


def decide(visit, who, cluster, path, query="", **data):
    return visit(who, f"outcomes_cluster_{path}", cluster.pk, data=data, query=query)


def shown(visit, who, cluster, path, query=""):
    return visit(who, f"outcomes_cluster_{path}", cluster.pk, query=query).content.decode()


def seen_in(page):
    return re.search(r'name="seen" value="(\d+)"', page)[1]


@pytest.fixture
def newest(survey, asha, cluster, second):
    """A later run that read every idea."""
    run = world.run(survey.consultation, asha, NOW)
    for row in list(ThemeSuggestion.objects.all()):
        row.pk, row.run, row.group, row.alike = None, run, None, []
        row.save()
    return run


def test_people_stand_side_by_side_and_few_are_said_not_hidden(visit, asha, cluster):
    page = page_of(visit, asha, cluster)
    assert "<dt>Parents and carers</dt> <dd> 2 </dd>" in page
    assert "<dt>Children and young people</dt> <dd> 0 </dd>" in page
    assert "Said by few: 2 people or workshops in all. That makes it no less true." in page
    assert "<li>online: 2</li>" in page


def test_five_people_are_not_few(visit, asha, survey):
    page = page_of(visit, asha, world.cluster(survey, asha, NOW, voices=5))
    assert "Said by few" not in page
    assert "<p> 5 ideas. </p>" in page


def test_channels_are_counted_in_people(visit, asha, survey, cluster):
    first = Response.objects.filter(answers__in=Answer.objects.all()[:1])
    first.update(channel="phone")
    assert "<li>online: 1</li><li>phone: 1</li>" in page_of(visit, asha, cluster)


def test_the_reading_age_of_a_name_stands_on_the_page_and_beside_the_field(visit, asha, cluster):
    Cluster.objects.update(name="Comprehensive multidisciplinary accessibility considerations")
    age = re.search(r"Its name reads like age (\S+)\.<", page_of(visit, asha, cluster))[1]
    assert float(age) > 20
    assert f"reads like age {age}." in shown(visit, asha, cluster, "rename")
    too_long = "We are all well " * 4
    page = decide(visit, asha, cluster, "rename", name=too_long).content.decode()
    assert "Use 12 words or fewer. This name has 16." in page
    assert f"The name as it stands reads like age {read(too_long).age:g}." in page


def copied(cluster, of, number):
    """Says of `number` passages of the cluster that they nearly repeat the first."""
    passages = list(Passage.objects.filter(answer__response__survey__isnull=False).order_by("pk"))
    mine = [one for one in passages if one.answer_id in of]
    Passage.objects.filter(pk__in=[one.pk for one in mine[1 : number + 1]]).update(copy_of=mine[0])


def test_near_copies_fold_under_the_first_and_nobody_is_lost(visit, asha, survey):
    cluster = world.cluster(survey, asha, NOW, voices=6)
    copied(cluster, set(cluster.ideas.values_list("answer", flat=True)), 3)
    page = page_of(visit, asha, cluster)
    assert "6 ideas. 3 differ; the others say nearly the same" in page
    assert "<summary>3 more say nearly the same</summary>" in page
    for number in range(6):
        assert page.count(f"Feeling well matters, {number}") == 1
    assert page.count('name="ideas"') == 3


def test_a_long_fold_leads_to_all_its_copies(visit, asha, survey):
    cluster = world.cluster(survey, asha, NOW, voices=25)
    copied(cluster, set(cluster.ideas.values_list("answer", flat=True)), 24)
    first = cluster.ideas.order_by("pk").first()
    page = page_of(visit, asha, cluster)
    assert f'<a href="?show={first.pk}#ideas">and 4 more: show all</a>' in page
    page = page_of(visit, asha, cluster, query=f"?show={first.pk}")
    assert page.count('name="ideas"') == 25
    for nonsense in ("9" * 40, "x", "-1", "²"):
        assert "Its ideas" in page_of(visit, asha, cluster, query=f"?show={nonsense}")


def test_the_second_idea_of_a_copy_folds_under_the_second_idea(survey, asha, cluster):
    one, other = Answer.objects.order_by("pk")[:2]
    run = cluster.adopted_from.run
    ideas = [
        Idea.objects.create(answer=answer, start=8, end=12, found_by=run) for answer in (one, other)
    ]
    for idea in ideas:
        cluster.members.create(idea=idea, added_by=asha, added_at=NOW)
    other.passage.copy_of = one.passage
    other.passage.save()
    first, second = (answer_ideas(answer) for answer in (one, other))
    assert [fold.keys for fold in folds(cluster)] == [
        [a, b] for a, b in zip(first, second, strict=True)
    ]


def answer_ideas(answer):
    return list(Idea.objects.filter(answer=answer).order_by("start").values_list("pk", flat=True))


def test_ideas_unlike_the_others_are_told(visit, asha, cluster, second, newest):
    one, two = cluster.ideas.order_by("pk")
    elsewhere = list(second.ideas.all())
    said = ThemeSuggestion.objects.filter(run=newest)
    said.filter(idea=one).update(alike=[two.pk, elsewhere[0].pk])
    said.filter(idea=two).update(alike=[elsewhere[0].pk, elsewhere[1].pk])
    page = page_of(visit, asha, cluster)
    assert '<a href="?show=unlike#ideas">1 is unlike the others</a>' in page
    assert page.count('<span class="label">unlike the others</span>') == 1
    alone = page_of(visit, asha, cluster, query="?show=unlike")
    assert two.text in alone
    assert f'id="idea-{one.pk}"' not in alone
    said.filter(idea=two).update(alike=[])
    assert "unlike the others" not in page_of(visit, asha, cluster)


def test_the_most_similar_ideas_elsewhere_are_brought_in_with_one_press(
    visit, asha, cluster, second, newest
):
    one, two = cluster.ideas.order_by("pk")
    near, far, free = second.ideas.order_by("pk")
    move_ideas(ideas=[free], out_of=second, reason="x", by=asha, now=NOW)
    said = ThemeSuggestion.objects.filter(run=newest)
    said.filter(idea=one).update(alike=[two.pk, near.pk, free.pk])
    said.filter(idea=two).update(alike=[one.pk, free.pk, far.pk])
    page = page_of(visit, asha, cluster)
    rows = re.findall(r'id="near-(\d+)".*?class="number">(\d+)<', page)
    assert rows == [(str(free.pk), "2"), (str(near.pk), "1"), (str(far.pk), "1")]
    assert page.count(">Bring in</button>") == 1
    assert f"move-ideas/?ideas={near.pk}&amp;into={cluster.pk}" in page
    done = decide(visit, asha, cluster, "bring-in", ideas=free.pk)
    assert done.url.endswith(f"/cluster/{cluster.pk}/change/")
    assert cluster.ideas.count() == 3
    assert "Ideas moved in (1 idea:" in page_of(visit, asha, cluster)


def test_a_press_too_late_is_told(visit, asha, client, cluster, second):
    taken = second.ideas.first()
    done = decide(visit, asha, cluster, "bring-in", ideas=taken.pk)
    assert "This idea went into a cluster" in client.get(done.url).content.decode()
    for ideas in ("", "x", "9" * 30):
        done = decide(visit, asha, cluster, "bring-in", ideas=ideas)
        assert "Choose the ideas to bring in." in client.get(done.url).content.decode()
    assert cluster.ideas.count() == 2


def test_what_the_link_asked_for_stands_chosen(visit, asha, cluster, second):
    ideas = list(second.ideas.order_by("pk"))
    query = f"?ideas={ideas[0].pk}&into={cluster.pk}"
    page = shown(visit, asha, second, "move-ideas", query)
    assert re.search(rf'value="{ideas[0].pk}"[^>]* checked', page)
    assert f'value="{ideas[1].pk}"' not in page
    assert f'<option value="{cluster.pk}" selected' in page
    page = shown(visit, asha, second, "split", "?ideas=x&ideas=" + "9" * 40)
    assert all(idea.text in page for idea in ideas)
    assert " checked" not in page


def test_copies_go_along_with_the_idea_that_they_copy(visit, asha, survey):
    cluster = world.cluster(survey, asha, NOW, voices=4)
    copied(cluster, set(cluster.ideas.values_list("answer", flat=True)), 2)
    first = cluster.ideas.order_by("pk").first()
    page = shown(visit, asha, cluster, "split", f"?ideas={first.pk}&copies=1")
    assert page.count(" checked") == 3
    page = shown(visit, asha, cluster, "split", f"?ideas={first.pk}")
    assert page.count(" checked") == 1


def test_a_cluster_is_split_and_outcomes_stay_told(visit, asha, cluster):
    draft_outcome(clusters=[cluster], i_statement="I rest.", reason="So.", by=asha, now=NOW)
    page = shown(visit, asha, cluster, "split")
    assert "HL-1 draws on this cluster, and stays with it." in page
    sent = {"name": "Sleep", "theme": cluster.theme_id, "ideas": [cluster.ideas.first().pk]}
    done = decide(visit, asha, cluster, "split", seen=seen_in(page), **sent)
    new = Cluster.objects.get(name="Sleep")
    assert done.url == f"/admin/outcomes/cluster/{new.pk}/change/"
    assert "Split off from another" in page_of(visit, asha, new)
    assert "Split in two <a" in page_of(visit, asha, cluster)


def test_a_campaign_is_labelled(visit, asha, cluster):
    assert "campaign</strong>" not in page_of(visit, asha, cluster)
    decide(visit, asha, cluster, "campaign", reason="One letter, many times.")
    page = page_of(visit, asha, cluster)
    assert '<strong class="label">campaign</strong>' in page
    assert "One letter, many times." in page
    decide(visit, asha, cluster, "no-campaign", reason="")
    assert "campaign</strong>" not in page_of(visit, asha, cluster)


def test_contradicting_clusters_are_linked_and_shown_on_both_pages(visit, asha, cluster, second):
    decide(visit, asha, cluster, "contradict", other=second.pk, reason="More, and less.")
    for one, other in ((cluster, second), (second, cluster)):
        page = page_of(visit, asha, one)
        assert "What contradicts it" in page
        assert f"unlink/?with={other.pk}" in page
    decide(visit, asha, second, "unlink", other=cluster.pk, reason="")
    assert "What contradicts it" not in page_of(visit, asha, cluster)


def test_what_the_machine_found_against_it_is_proposed(visit, asha, cluster, second):
    cluster.adopted_from.opposes.add(second.adopted_from)
    page = page_of(visit, asha, second)
    assert "The machine found it against" in page
    assert f"contradict/?with={cluster.pk}" in page
    contradict(cluster=cluster, other=second, by=asha, now=NOW)
    assert "The machine found it against" not in page_of(visit, asha, second)


def test_the_last_decision_is_undone_from_the_page(visit, asha, cluster):
    assert "Undo the last decision" not in page_of(visit, asha, cluster)
    rename(cluster=cluster, name="A slip", by=asha, now=NOW)
    page = shown(visit, asha, cluster, "undo")
    assert "To be undone: renamed (was: Feeling well). asha decided it on 22 November 2026." in page
    decide(visit, asha, cluster, "undo", reason="Mine.", seen=seen_in(page))
    cluster.refresh_from_db()
    assert cluster.name == "Feeling well"
    page = decide(visit, asha, cluster, "undo", reason="").content.decode()
    assert "Nothing was decided about “Feeling well” since it was made." in page


def test_others_are_merged_into_it_from_its_page(visit, asha, cluster, second):
    page = shown(visit, asha, cluster, "take-in")
    decide(visit, asha, cluster, "take-in", others=[second.pk], reason="", seen=seen_in(page))
    assert cluster.ideas.count() == 5
    assert "None: they went to the cluster it was merged into." in page_of(visit, asha, second)


SENT = {
    "rename": {"name": "Ben’s name"},
    "split": {"name": "Ben’s part"},
    "move-ideas": {"reason": "Ben’s reason."},
    "set-aside": {"reason": "Ben’s own reason."},
    "campaign": {"reason": "Ben’s reason."},
    "undo": {"reason": "Ben’s reason."},
    "take-in": {"reason": "Ben’s reason."},
    "contradict": {"reason": "Ben’s reason."},
}


@pytest.mark.parametrize("path", SENT)
def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(
    visit, asha, ben, cluster, second, path
):
    ours = {"ideas": [cluster.ideas.first().pk], "theme": cluster.theme_id}
    ours |= {"others": [second.pk], "other": second.pk}
    rename(cluster=cluster, name="Before", by=asha, now=NOW)
    seen = seen_in(shown(visit, ben, cluster, path))
    rename(cluster=cluster, name="Asha’s name", by=asha, now=NOW)
    page = decide(visit, ben, cluster, path, seen=seen, **ours, **SENT[path]).content.decode()
    assert "asha decided about “Asha’s name” meanwhile: renamed (was: Before)." in page
    assert next(iter(SENT[path].values())) in page
    cluster.refresh_from_db()
    assert (cluster.name, cluster.state, cluster.ideas.count()) == ("Asha’s name", "adopted", 2)
    again = decide(visit, ben, cluster, path, seen=seen_in(page), **ours, **SENT[path])
    assert again.status_code == 302


def test_two_who_merge_the_same_two_are_one_merge(visit, asha, ben, cluster, second):
    query = f"?ids={cluster.pk},{second.pk}"
    page = visit(ben, "outcomes_cluster_merge", query=query).content.decode()
    merge(keep=second, others=[cluster], by=asha, now=NOW)
    sent = {"keep": cluster.pk, "reason": "Ben’s.", "seen": seen_in(page)}
    page = visit(ben, "outcomes_cluster_merge", data=sent, query=query).content.decode()
    assert "asha decided about" in page
    assert second.ideas.count() == 5


def test_a_meddled_number_of_the_last_decision_is_a_refusal(visit, asha, cluster):
    for seen in ("x", "-1", "9" * 40, "0"):
        page = decide(visit, asha, cluster, "rename", name="Mine", reason="", seen=seen)
        assert "decided about “Feeling well” meanwhile: adopted" in page.content.decode()


def test_who_may_only_read_meets_no_button(visit, groups, cluster, second):
    rita = world.person("rita", "Publisher")
    mark_campaign(cluster=cluster, by=rita, now=NOW)
    page = page_of(visit, rita, cluster)
    assert "Feeling well matters, 0" in page
    assert 'type="checkbox" name="ideas"' not in page
    assert "<form method=" not in page.split('id="content-main"')[1].replace(
        '<form method="get">', ""
    )
    for path in ("split", "undo", "contradict", "campaign", "take-in"):
        assert visit(rita, f"outcomes_cluster_{path}", cluster.pk).status_code == 403
    assert decide(visit, rita, cluster, "bring-in", ideas=1).status_code == 403


def queries(visit, who, cluster, query=""):
    visit(who, "outcomes_cluster_change", cluster.pk)
    with CaptureQueriesContext(connection) as asked:
        page = visit(who, "outcomes_cluster_change", cluster.pk, query=query)
    assert page.status_code == 200
    return len(asked)


def test_a_large_cluster_asks_the_database_no_more(visit, asha, survey, second):
    small = world.cluster(survey, asha, NOW, voices=10)
    large = world.cluster(survey, asha, NOW, voices=220)
    free = GroupSuggestion.objects.get(pk=second.adopted_from_id)
    for one in (small, large):
        contradict(cluster=one, other=second, by=asha, now=NOW)
        keys = list(one.ideas.order_by("pk").values_list("pk", flat=True))
        near = list(second.ideas.values_list("pk", flat=True))
        run = world.run(survey.consultation, asha, NOW)
        for key in keys:
            row = ThemeSuggestion.objects.filter(idea=key).first()
            row.pk, row.run, row.group, row.alike = None, run, None, [*near, keys[0]]
            row.save()
        copied(one, set(one.ideas.values_list("answer", flat=True)), len(keys) // 4)
    assert free.members.count() == 3
    run_of_all = world.run(survey.consultation, asha, NOW)
    for row in list(ThemeSuggestion.objects.exclude(alike=[])):
        row.pk, row.run = None, run_of_all
        row.save()
    few = queries(visit, asha, small)
    assert few < 30
    assert queries(visit, asha, large) == few
    assert queries(visit, asha, large, "?page=2") <= few


def test_ideas_that_differ_by_capitals_and_stops_alone_fold(visit, survey, asha):
    said = ["Somebody who listens to us", "somebody who listens to us.", "Sleep"]
    answers = [world.response(survey, text, NOW).answers.get() for text in said]
    group = world.group(world.run(survey.consultation, asha, NOW), "families", answers)
    made = adopt(suggestion=group, name="Being heard", by=asha, now=NOW)
    first = Idea.objects.order_by("pk").first()
    assert [len(one.keys) for one in folds(made)] == [2, 1]
    assert folds(made)[0].first == first.pk
    assert "3 ideas. 2 differ" in page_of(visit, asha, made)
