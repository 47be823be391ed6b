"""The last decision about a cluster is undone; both stay on record."""

from datetime import timedelta

import pytest

from outcomes.actions import (
    bring_in,
    change_theme,
    contradict,
    draft_outcome,
    mark_campaign,
    merge,
    move_ideas,
    rename,
    set_aside,
    split,
    take_up_again,
    undo,
    unlink,
)
from outcomes.actions.curating import DecidedMeanwhile
from outcomes.actions.undoing import CannotBeUndone
from outcomes.models import NAME_WITHHELD, Cluster, ClusterDecision, ClusterIdea
from surveys.refusals import BadText
from tests import world


@pytest.fixture
def one(survey, asha, now):
    return world.cluster(survey, asha, now, voices=4)


@pytest.fixture
def two(survey, one, asha, now):
    return world.cluster(survey, asha, now, theme="families", voices=3)


@pytest.fixture
def later(now):
    """later() is a minute after what it gave before."""
    moment = [now]

    def tick():
        moment[0] += timedelta(minutes=1)
        return moment[0]

    return tick


def standing():
    """All that undoing is to bring back."""
    clusters = Cluster.objects.order_by("pk")
    return (
        [(c.pk, c.name, c.theme, c.state, c.merged_into, c.is_campaign) for c in clusters],
        [set(c.contradicts.all()) for c in clusters],
        [set(c.outcomes.all()) for c in clusters],
        dict(ClusterIdea.everything.values_list("idea", "cluster")),
    )


DECISIONS = {
    "rename": lambda one, two, **said: rename(cluster=one, name="Mine", **said),
    "theme": lambda one, two, **said: change_theme(cluster=one, theme=two.theme, **said),
    "merge": lambda one, two, **said: merge(keep=one, others=[two], **said),
    "move": lambda one, two, **said: move_ideas(
        ideas=[two.ideas.first()], out_of=two, into=one, reason="x", **said
    ),
    "move out": lambda one, two, **said: move_ideas(
        ideas=one.ideas.all()[:2], out_of=one, reason="x", **said
    ),
    "set aside": lambda one, two, **said: set_aside(cluster=one, reason="It is not ours.", **said),
    "campaign": lambda one, two, **said: mark_campaign(cluster=one, **said),
    "contradict": lambda one, two, **said: contradict(cluster=one, other=two, **said),
}


@pytest.mark.parametrize("what", DECISIONS)
def test_what_was_decided_is_undone_and_both_stay_on_record(one, two, asha, ben, later, what):
    before, decisions = standing(), ClusterDecision.objects.count()
    DECISIONS[what](one, two, by=asha, now=later())
    made = ClusterDecision.objects.count() - decisions
    assert standing() != before
    undo(cluster=one, by=ben, now=later(), reason="A slip.")
    assert standing() == before
    assert ClusterDecision.objects.count() == decisions + 2 * made
    last = one.decisions.last()
    assert (last.what, last.by, last.reason) == ("undone", ben, "A slip.")


def test_what_undid_a_decision_is_undone_too(one, two, asha, later):
    mark_campaign(cluster=one, by=asha, now=later())
    contradict(cluster=one, other=two, by=asha, now=later())
    before = standing()
    unlink(cluster=one, other=two, by=asha, now=later())
    undo(cluster=two, by=asha, now=later())
    assert standing() == before
    set_aside(cluster=one, reason="It is not ours.", by=asha, now=later())
    before = standing()
    take_up_again(cluster=one, by=asha, now=later())
    undo(cluster=one, by=asha, now=later())
    assert standing() == before


def test_pressed_again_it_takes_back_the_one_before(one, asha, later):
    before = standing()
    rename(cluster=one, name="Second", by=asha, now=later())
    rename(cluster=one, name="Third", by=asha, now=later())
    mark_campaign(cluster=one, by=asha, now=later())
    names = [undo(cluster=one, by=asha, now=later()).name for _ in range(3)]
    assert names == ["Third", "Second", "Feeling well"]
    assert standing() == before
    with pytest.raises(CannotBeUndone, match="Nothing was decided about “Feeling well” since"):
        undo(cluster=one, by=asha, now=later())


def test_a_split_is_put_together_again(one, asha, later):
    part = list(one.ideas.all()[:2])
    members = dict(ClusterIdea.everything.values_list("idea", "cluster"))
    new = split(cluster=one, ideas=part, name="Part", by=asha, now=later())
    undo(cluster=one, by=asha, now=later())
    new.refresh_from_db()
    assert dict(ClusterIdea.everything.values_list("idea", "cluster")) == members
    assert (new.state, new.merged_into) == ("merged", one)
    assert [decision.what for decision in new.decisions.all()] == ["split off", "undone"]


def test_a_split_on_which_an_outcome_rests_stays(one, asha, later):
    new = split(cluster=one, ideas=[one.ideas.first()], name="Part", by=asha, now=later())
    world.proposed(new, asha, later())
    with pytest.raises(BadText, match="HL-1 draws on this cluster"):
        undo(cluster=one, by=asha, now=later())
    assert new.ideas.count() == 1


def test_each_of_three_merged_comes_out_by_itself_with_its_outcomes(survey, one, two, asha, later):
    three = world.cluster(survey, asha, later(), voices=2)
    theirs = draft_outcome(
        clusters=[three], i_statement="I rest.", reason="So.", by=asha, now=later()
    )
    both = draft_outcome(
        clusters=[one, three], i_statement="I sleep.", reason="So.", by=asha, now=later()
    )
    before = standing()
    merge(keep=one, others=[two, three], by=asha, now=later())
    assert set(one.outcomes.all()) == {theirs, both}
    undo(cluster=one, by=asha, now=later())
    assert set(three.outcomes.all()) == {theirs, both}
    assert list(one.outcomes.all()) == [both]
    assert one.ideas.count() == 7
    undo(cluster=one, by=asha, now=later())
    assert standing() == before


def test_a_merge_is_undone_from_the_side_of_the_merged_one(one, two, asha, later):
    before = standing()
    merge(keep=one, others=[two], by=asha, now=later())
    undo(cluster=two, by=asha, now=later())
    assert standing() == before


def test_the_links_that_a_merge_brought_come_off_before_it(survey, one, two, asha, later):
    three = world.cluster(survey, asha, later())
    contradict(cluster=two, other=three, by=asha, now=later())
    before = standing()
    merge(keep=one, others=[two], by=asha, now=later())
    for _ in range(2):
        undo(cluster=one, by=asha, now=later())
    assert standing() == before


def test_ideas_moved_before_a_merge_stay_where_they_were_moved(one, two, asha, later):
    first = two.ideas.first()
    move_ideas(ideas=[first], out_of=two, into=one, reason="x", by=asha, now=later())
    before = standing()
    merge(keep=one, others=[two], by=asha, now=later())
    undo(cluster=one, by=asha, now=later())
    assert standing() == before
    assert first.membership.cluster == one


def test_a_merge_is_not_undone_where_it_cannot_be_told_which_ideas_came(one, two, asha, later):
    came = two.ideas.first()
    merge(keep=one, others=[two], by=asha, now=later())
    move_ideas(ideas=[came], out_of=one, reason="x", by=asha, now=later())
    undo(cluster=one, by=asha, now=later())
    before = standing()
    with pytest.raises(CannotBeUndone, match="cannot be told any longer which came from"):
        undo(cluster=one, by=asha, now=later())
    assert standing() == before


def test_a_merge_is_not_undone_once_an_outcome_was_drafted_from_it(one, two, asha, later):
    merge(keep=one, others=[two], by=asha, now=later())
    world.proposed(one, asha, later())
    with pytest.raises(CannotBeUndone, match="HL-1 was drafted since"):
        undo(cluster=one, by=asha, now=later())


def test_a_merge_of_before_its_outcomes_were_on_record_stays(one, two, asha, later):
    world.proposed(two, asha, later())
    merge(keep=one, others=[two], by=asha, now=later())
    ClusterDecision.objects.filter(what__in=["merged", "took in"]).update(detail="")
    with pytest.raises(CannotBeUndone, match="not on record which of SF-1"):
        undo(cluster=one, by=asha, now=later())


def test_what_came_after_in_the_other_cluster_is_undone_first(one, two, asha, later):
    move_ideas(ideas=[two.ideas.first()], out_of=two, into=one, reason="x", by=asha, now=later())
    rename(cluster=one, name="Since", by=asha, now=later())
    with pytest.raises(CannotBeUndone, match="decided about “Since” since: renamed"):
        undo(cluster=two, by=asha, now=later())
    undo(cluster=one, by=asha, now=later())
    undo(cluster=two, by=asha, now=later())
    assert (one.ideas.count(), two.ideas.count()) == (4, 3)


def test_ideas_taken_out_and_put_elsewhere_do_not_come_back(one, two, asha, later):
    ideas = list(one.ideas.all()[:2])
    move_ideas(ideas=ideas, out_of=one, reason="x", by=asha, now=later())
    bring_in(cluster=two, ideas=ideas[:1], by=asha, now=later())
    with pytest.raises(CannotBeUndone, match="somebody put them elsewhere since"):
        undo(cluster=one, by=asha, now=later())
    undo(cluster=two, by=asha, now=later())
    assert two.ideas.count() == 3
    undo(cluster=one, by=asha, now=later())
    assert one.ideas.count() == 4


def test_names_that_are_taken_or_withheld_do_not_come_back(one, two, asha, later):
    rename(cluster=one, name="New", by=asha, now=later())
    rename(cluster=two, name="Feeling well", by=asha, now=later())
    with pytest.raises(BadText, match="Another cluster is called “Feeling well”"):
        undo(cluster=one, by=asha, now=later())
    ClusterDecision.objects.filter(cluster=one).update(detail=f"was: {NAME_WITHHELD}")
    with pytest.raises(CannotBeUndone, match="earlier name is withheld"):
        undo(cluster=one, by=asha, now=later())


def test_nobody_undoes_what_they_did_not_see(one, asha, ben, later):
    rename(cluster=one, name="Mine", by=asha, now=later())
    seen = one.decisions.last().pk
    mark_campaign(cluster=one, by=asha, now=later())
    with pytest.raises(DecidedMeanwhile, match="marked as a campaign"):
        undo(cluster=one, by=ben, now=later(), seen=seen)
    one.refresh_from_db()
    assert (one.name, one.is_campaign) == ("Mine", True)
