"""New responses after a run: proposals for clusters that people adopted, and what changed."""

import pytest

from outcomes.actions import adopt, bring_in, contradict, dispose, mark_campaign, set_aside
from outcomes.engine.records import Analysis, FoundGroup, FoundIdea
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)
from outcomes.proposals import difference, proposals
from outcomes.worker import write
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def again(run, group, *, new=(), without=0):
    """A later run that finds the group's ideas together again, with new ones."""
    made = GroupSuggestion.objects.create(
        run=run, theme=group.theme, name="once more", reason="Alike.", order=1
    )
    ideas = [row.idea for row in group.members.order_by("idea")][without:]
    for idea in [*ideas, *new]:
        ThemeSuggestion.objects.create(
            run=run, idea=idea, theme=group.theme, scores={}, reason="Close.", group=made
        )
    return made


@pytest.fixture
def late(survey, asha, cluster):
    """Two ideas that were said after the cluster was adopted."""
    said = [world.response(survey, f"Late words, {number}", NOW) for number in range(2)]
    run = world.run(survey.consultation, asha, NOW)
    answers = Answer.objects.filter(response__in=said).order_by("pk")
    return [
        Idea.objects.create(answer=answer, start=0, end=len(answer.text), found_by=run)
        for answer in answers
    ]


@pytest.fixture
def later(late):
    """The run that found them."""
    return AnalysisRun.objects.get(pk=late[0].found_by_id)


@pytest.fixture
def wide(survey, asha):
    """A cluster of four."""
    return world.cluster(survey, asha, NOW, theme="education", voices=4)


@pytest.fixture
def proposal(wide, later, late):
    return again(later, wide.adopted_from, new=late)


def page_of(visit, who, row):
    name = f"outcomes_{row._meta.model_name}_change"
    return " ".join(visit(who, name, row.pk).content.decode().split())


def press(visit, who, group, **sent):
    return visit(who, "outcomes_groupsuggestion_add-to", group.pk, data=sent)


def test_new_ideas_are_a_proposal_for_the_cluster_that_the_others_are_in(
    visit, asha, wide, proposal
):
    page = page_of(visit, asha, proposal)
    assert f"Proposal for the cluster “{wide}”: 2 new ideas" in page
    assert "4 of the 6 ideas of this group are in" in page
    preview = page.split('aria-labelledby="proposal"')[1].split("</section>")[0]
    assert "Late words, 0" in preview
    assert "Late words, 1" in preview
    assert "Feeling well" not in preview.split("<ul>")[1].split("</ul>")[0]
    assert "Or adopt the rest as a new cluster" in page


def test_one_press_adds_them(visit, asha, wide, proposal, late):
    done = press(visit, asha, proposal, cluster=wide.pk, new=2)
    assert done.url == f"/admin/outcomes/cluster/{wide.pk}/change/"
    assert set(late) < set(wide.ideas.all())
    assert "Proposal for" not in page_of(visit, asha, proposal)


def test_more_or_other_ideas_than_were_shown_are_not_added(
    visit, client, asha, wide, cluster, proposal, late
):
    for sent in ({"cluster": wide.pk, "new": 3}, {"cluster": cluster.pk, "new": 2}, {}):
        done = press(visit, asha, proposal, **sent)
        page = client.get(done.url).content.decode()
        assert "What is proposed changed meanwhile." in page
    bring_in(cluster=cluster, ideas=late[:1], by=asha, now=NOW)
    press(visit, asha, proposal, cluster=wide.pk, new=2)
    assert wide.ideas.count() == 4


def test_half_or_less_is_no_proposal(wide, cluster, later, late, survey, asha):
    two = again(later, cluster.adopted_from, new=late)
    assert proposals([two]) == {}
    one = again(world.run(survey.consultation, asha, NOW), wide.adopted_from, new=late, without=1)
    assert [(p.cluster, p.there, p.new) for p in proposals([two, one]).values()] == [(wide, 3, 2)]


def test_nothing_is_proposed_to_what_is_set_aside_or_of_what_was_handed_on(
    wide, proposal, late, asha
):
    dispose(of=late[0], what="complaint", by=asha, now=NOW)
    assert proposals([proposal])[proposal.pk].new == 1
    set_aside(cluster=wide, reason="It is not ours.", by=asha, now=NOW)
    assert proposals([proposal]) == {}


def test_a_group_that_was_adopted_is_no_proposal(wide, proposal, asha):
    made = adopt(suggestion=proposal, name="New", by=asha, now=NOW)
    assert made.ideas.count() == 2
    assert proposals([proposal, wide.adopted_from]) == {}


def test_who_may_only_read_sees_the_preview_and_no_button(visit, groups, wide, proposal):
    rita = world.person("rita", "Co-production reviewer")
    page = page_of(visit, rita, proposal)
    assert "2 new ideas" in page
    assert "add-to" not in page
    assert press(visit, rita, proposal, cluster=wide.pk, new=2).status_code == 403
    assert wide.ideas.count() == 4


def test_opposing_groups_lead_to_each_other(visit, asha, wide, proposal, cluster):
    cluster.adopted_from.opposes.add(proposal)
    page = page_of(visit, asha, proposal)
    assert "The machine found it against" in page
    assert f'(adopted as <a href="/admin/outcomes/cluster/{cluster.pk}/change/">' in page
    assert "Against <a" in page_of(visit, asha, proposal.run)


def test_the_run_says_what_changed_since_the_one_before(
    visit, asha, survey, cluster, wide, proposal, late
):
    run = world.run(survey.consultation, asha, NOW)
    same = again(run, proposal)
    said = world.response(survey, "Something else", NOW)
    other = world.group(run, "health", list(said.answers.all()))
    gone = again(proposal.run, cluster.adopted_from)
    since = difference(run)
    assert since.before == proposal.run
    assert (since.ideas_new, since.ideas_gone) == (1, 2)
    assert (since.new, since.gone) == ([other], [gone])
    assert since.continued == {same.pk: proposal}
    page = page_of(visit, asha, run)
    assert f'Since <a href="/admin/outcomes/analysisrun/{proposal.run_id}/change/">' in page
    assert "It read 1 idea that the one before had not" in page
    assert f"{wide}: 2 new</a>" in page
    assert page.count('<span class="label">new</span>') == 1
    assert "Something else" in page.split("The new ideas")[1].split("</details>")[0]


def test_the_first_run_has_no_difference(visit, asha, survey):
    cluster = world.cluster(survey, asha, NOW)
    run = cluster.adopted_from.run
    assert difference(run) is None
    assert "What changed in the suggestions" not in page_of(visit, asha, run)


def test_a_failed_run_is_nothing_to_compare_with(survey, asha, cluster, late, later):
    AnalysisRun.objects.filter(pk=later.pk).update(state="failed")
    run = world.run(survey.consultation, asha, NOW)
    assert difference(run).before == cluster.adopted_from.run


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Cluster, ClusterIdea, ClusterDecision, Cluster.contradicts.through)
    ]


def test_a_run_changes_nothing_that_people_made(asha, cluster, wide, late, later):
    mark_campaign(cluster=cluster, by=asha, now=NOW)
    contradict(cluster=cluster, other=wide, by=asha, now=NOW)
    set_aside(cluster=wide, reason="It is not ours.", by=asha, now=NOW)
    before = everything()
    run = AnalysisRun.objects.create(
        consultation=cluster.consultation, asked_by=asha, asked_at=NOW, state="running"
    )
    found = Analysis(
        ideas=tuple(
            FoundIdea(f"answer-{idea.answer_id}", 0, idea.end, "none", {}, None, "x", 1)
            for idea in Idea.objects.all()
        ),
        groups=(FoundGroup(1, "none", cluster.name, "All together now."),),
        texts=(),
        version="2",
        settings={},
        fingerprint="f",
    )
    write(run, found)
    assert ThemeSuggestion.objects.filter(run=run).count() == Idea.objects.count() == 8
    assert everything() == before
