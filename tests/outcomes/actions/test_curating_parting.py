"""Split off, bring in, a campaign, contradicting clusters; and two officers one after the other."""

import pytest

from outcomes.actions import (
    adopt,
    bring_in,
    change_theme,
    contradict,
    dispose,
    mark_campaign,
    merge,
    move_ideas,
    rename,
    set_aside,
    split,
    take_up_again,
    unlink,
)
from outcomes.actions.curating import AlreadyDecided, DecidedMeanwhile
from outcomes.models import AnalysisRun, Cluster, ClusterIdea, Idea
from surveys.models import Answer
from surveys.refusals import BadText
from tests import world


def whats(cluster):
    return [decision.what for decision in cluster.decisions.all()]


def newest(*clusters):
    return max(decision.pk for one in clusters for decision in one.decisions.all())


@pytest.fixture
def cluster(survey, asha, now):
    return world.cluster(survey, asha, now, voices=4)


@pytest.fixture
def other(survey, cluster, asha, now):
    return world.cluster(survey, asha, now, theme="families", voices=3)


@pytest.fixture
def free(survey, asha, now):
    """Two ideas that a run found and nobody took."""
    said = [world.response(survey, text, now) for text in ("sleep", "a break")]
    answers = list(Answer.objects.filter(response__in=said))
    group = world.group(world.run(survey.consultation, asha, now), "families", answers)
    return list(Idea.objects.filter(suggestions__group=group))


def test_some_ideas_become_a_cluster_of_their_own_and_both_say_so(cluster, asha, now):
    some = list(cluster.ideas.all()[:2])
    new = split(cluster=cluster, ideas=some, name="Being heard", by=asha, now=now, reason="Two.")
    assert (new.name, new.theme, new.state) == ("Being heard", cluster.theme, "adopted")
    assert set(new.ideas.all()) == set(some)
    assert cluster.ideas.count() == 2
    assert {member.came_from for member in new.members.all()} == {cluster}
    first, second = cluster.decisions.last(), new.decisions.last()
    assert (first.what, first.other, first.reason) == ("split", new, "Two.")
    assert (second.what, second.other) == ("split off", cluster)
    assert first.detail == f"2 ideas: {some[0].pk}, {some[1].pk}"


def test_outcomes_stay_with_the_first_of_a_split(cluster, asha, now):
    outcome = world.proposed(cluster, asha, now)
    new = split(cluster=cluster, ideas=[cluster.ideas.first()], name="Other", by=asha, now=now)
    assert list(outcome.clusters.all()) == [cluster]
    assert not new.outcomes.exists()


def test_a_split_leaves_something_and_takes_only_its_own(cluster, other, asha, now):
    with pytest.raises(BadText, match="all its ideas"):
        split(cluster=cluster, ideas=list(cluster.ideas.all()), name="All", by=asha, now=now)
    mixed = [cluster.ideas.first(), other.ideas.first()]
    with pytest.raises(BadText, match="Choose ideas of this cluster"):
        split(cluster=cluster, ideas=mixed, name="Mixed", by=asha, now=now)
    with pytest.raises(BadText, match="12 words"):
        split(cluster=cluster, ideas=mixed[:1], name="word " * 13, by=asha, now=now)
    with pytest.raises(BadText, match="Another cluster is called"):
        split(cluster=cluster, ideas=mixed[:1], name=other.name, by=asha, now=now)
    assert Cluster.objects.count() == 2
    assert cluster.ideas.count() == 4


def test_free_ideas_are_brought_in(cluster, free, asha, now):
    bring_in(cluster=cluster, ideas=free, by=asha, now=now)
    assert cluster.ideas.count() == 6
    assert cluster.decisions.last().detail == f"2 ideas: {free[0].pk}, {free[1].pk}"
    assert whats(cluster) == ["adopted", "moved in"]


def test_an_idea_of_another_cluster_is_not_brought_in_over_its_head(
    cluster, other, free, asha, now
):
    with pytest.raises(AlreadyDecided, match="1 of these 3 ideas went into a cluster"):
        bring_in(cluster=cluster, ideas=[*free, other.ideas.first()], by=asha, now=now)
    with pytest.raises(BadText, match="Choose the ideas"):
        bring_in(cluster=cluster, ideas=[], by=asha, now=now)
    assert cluster.ideas.count() == 4


def test_what_was_handed_on_or_set_aside_comes_into_no_cluster(cluster, free, asha, now):
    dispose(of=free[0], what="case", by=asha, now=now)
    dispose(of=free[1].answer.passage, what="off topic", by=asha, now=now)
    for idea in free:
        with pytest.raises(AlreadyDecided, match="handed on"):
            bring_in(cluster=cluster, ideas=[idea], by=asha, now=now)
    group = free[0].suggestions.get().group
    with pytest.raises(AlreadyDecided):
        adopt(suggestion=group, name="Sleep", by=asha, now=now)
    dispose(of=free[0], what="open", by=asha, now=now)
    assert adopt(suggestion=group, name="Sleep", by=asha, now=now).ideas.get() == free[0]


def test_ideas_of_another_consultation_stay_out(cluster, area, asha, now):
    elsewhere = world.consultation(area, by=asha, now=now, slug="other")
    theirs = world.cluster(world.survey(elsewhere, "parent_carer", "o", now), asha, now, voices=3)
    idea = theirs.ideas.first()
    with pytest.raises(BadText, match="different consultations"):
        move_ideas(ideas=[idea], out_of=theirs, into=cluster, reason="x", by=asha, now=now)
    with pytest.raises(BadText, match="same consultation"):
        contradict(cluster=cluster, other=theirs, by=asha, now=now)
    move_ideas(ideas=[idea], out_of=theirs, reason="x", by=asha, now=now)
    with pytest.raises(AlreadyDecided):
        bring_in(cluster=cluster, ideas=[idea], by=asha, now=now)


def test_a_campaign_is_marked_once_and_unmarked(cluster, asha, now):
    mark_campaign(cluster=cluster, by=asha, now=now, reason="One letter.")
    with pytest.raises(AlreadyDecided, match="marked as a campaign already"):
        mark_campaign(cluster=cluster, by=asha, now=now)
    cluster.refresh_from_db()
    assert cluster.is_campaign
    mark_campaign(cluster=cluster, is_campaign=False, by=asha, now=now)
    cluster.refresh_from_db()
    assert not cluster.is_campaign
    assert whats(cluster) == ["adopted", "campaign", "no campaign"]


def test_contradicting_clusters_are_linked_from_both_sides(cluster, other, asha, now):
    contradict(cluster=cluster, other=other, by=asha, now=now)
    assert list(other.contradicts.all()) == [cluster]
    with pytest.raises(AlreadyDecided, match="linked already"):
        contradict(cluster=other, other=cluster, by=asha, now=now)
    with pytest.raises(BadText, match="linked as contradicting"):
        merge(keep=cluster, others=[other], by=asha, now=now)
    unlink(cluster=other, other=cluster, by=asha, now=now)
    assert not cluster.contradicts.exists()
    assert whats(cluster) == whats(other) == ["adopted", "contradicts", "unlinked"]
    with pytest.raises(AlreadyDecided, match="not linked"):
        unlink(cluster=other, other=cluster, by=asha, now=now)
    with pytest.raises(BadText):
        contradict(cluster=other, other=other, by=asha, now=now)


def test_what_contradicts_a_cluster_contradicts_the_one_it_goes_into(
    survey, cluster, other, asha, now
):
    third = world.cluster(survey, asha, now)
    contradict(cluster=other, other=third, by=asha, now=now)
    merge(keep=cluster, others=[other], by=asha, now=now)
    assert list(cluster.contradicts.all()) == [third]
    assert third.decisions.last().other == cluster
    assert third.decisions.last().detail == f"it was so of “{other}”"


DECISIONS = {
    "rename": lambda one, two, **said: rename(cluster=one, name="Mine", **said),
    "theme": lambda one, two, **said: change_theme(cluster=one, theme=two.theme, **said),
    "merge": lambda one, two, **said: merge(keep=two, others=[one], **said),
    "move": lambda one, two, **said: move_ideas(
        ideas=[one.ideas.first()], out_of=one, into=two, reason="x", **said
    ),
    "split": lambda one, two, **said: split(
        cluster=one, ideas=[one.ideas.first()], name="Part", **said
    ),
    "set aside": lambda one, two, **said: set_aside(cluster=one, reason="It is not ours.", **said),
    "campaign": lambda one, two, **said: mark_campaign(cluster=one, **said),
    "contradict": lambda one, two, **said: contradict(cluster=one, other=two, **said),
}


@pytest.mark.parametrize("what", DECISIONS)
def test_the_second_officer_is_told_what_the_first_decided(cluster, other, asha, ben, now, what):
    seen = newest(cluster, other)
    rename(cluster=cluster, name="Asha was here", by=asha, now=now, seen=seen)
    before = list(ClusterIdea.objects.order_by("pk").values_list("idea", "cluster"))
    sentence = "asha decided about “Asha was here” meanwhile: renamed .was: Feeling well."
    with pytest.raises(DecidedMeanwhile, match=sentence):
        DECISIONS[what](cluster, other, by=ben, now=now, seen=seen)
    cluster.refresh_from_db()
    assert (cluster.name, cluster.state, cluster.is_campaign) == ("Asha was here", "adopted", False)
    assert list(ClusterIdea.objects.order_by("pk").values_list("idea", "cluster")) == before
    DECISIONS[what](cluster, other, by=ben, now=now, seen=newest(cluster, other))


def test_a_decision_on_a_third_cluster_is_in_nobodys_way(survey, cluster, other, asha, ben, now):
    seen = newest(cluster, other)
    rename(cluster=world.cluster(survey, asha, now), name="Third", by=asha, now=now)
    merge(keep=cluster, others=[other], by=ben, now=now, seen=seen)
    assert cluster.ideas.count() == 7


def test_the_name_of_what_is_taken_up_again_may_be_taken(cluster, other, asha, now):
    set_aside(cluster=cluster, reason="It is not ours.", by=asha, now=now)
    rename(cluster=other, name=cluster.name, by=asha, now=now)
    with pytest.raises(BadText, match="Another cluster is called “Feeling well” now"):
        take_up_again(cluster=cluster, by=asha, now=now)
    rename(cluster=other, name="Another", by=asha, now=now)
    take_up_again(cluster=cluster, by=asha, now=now)


def test_the_machine_learns_from_adopting_and_from_themes(cluster, other, survey, asha, now):
    AnalysisRun.objects.update(asked_at=now.replace(hour=1))
    assert not AnalysisRun.objects.filter(by_itself=True).exists()
    for number in range(2):
        said = world.response(survey, f"More {number}", now)
        run = AnalysisRun.objects.last()
        group = world.group(run, "health", list(said.answers.all()))
        adopt(suggestion=group, name=f"More {number}", by=asha, now=now)
    assert not AnalysisRun.objects.filter(by_itself=True).exists()
    change_theme(cluster=cluster, theme=other.theme, by=asha, now=now)
    begun = AnalysisRun.objects.get(by_itself=True)
    assert (begun.asked_by, begun.state) == (asha, "queued")
