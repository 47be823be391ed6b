"""Clusters: adopt, rename, merge, set aside."""

import pytest

from outcomes.actions import (
    adopt,
    change_theme,
    draft_outcome,
    merge,
    move_ideas,
    rename,
    set_aside,
    take_up_again,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Cluster, ClusterDecision, ClusterIdea, Idea
from surveys.models import Answer
from surveys.refusals import BadText
from tests import world


@pytest.fixture
def suggestion(survey, asha, now):
    said = [world.response(survey, text, now) for text in ("rest", "sleep", "a break")]
    answers = list(Answer.objects.filter(response__in=said))
    return world.group(world.run(survey.consultation, asha, now), "families", answers)


def whats(cluster):
    return [decision.what for decision in cluster.decisions.all()]


def test_a_suggestion_is_adopted_under_peoples_own_name(suggestion, asha, now):
    cluster = adopt(suggestion=suggestion, name="  Rest and   sleep ", by=asha, now=now)
    assert cluster.name == "Rest and sleep"
    assert cluster.ideas.count() == 3
    assert cluster.theme == suggestion.theme
    assert whats(cluster) == ["adopted"]


def test_a_suggestion_is_adopted_once(suggestion, asha, ben, now):
    adopt(suggestion=suggestion, name="Rest", by=asha, now=now)
    with pytest.raises(AlreadyDecided):
        adopt(suggestion=suggestion, name="Sleep", by=ben, now=now)
    assert Cluster.objects.count() == 1


def test_an_idea_in_a_cluster_stays_there_when_a_later_run_suggests_it(suggestion, asha, now):
    cluster = adopt(suggestion=suggestion, name="Rest", by=asha, now=now)
    later = world.group(world.run(cluster.consultation, asha, now), "health", [])
    for theme in suggestion.members.all():
        theme.pk, theme.run, theme.group = None, later.run, later
        theme.save()
    with pytest.raises(AlreadyDecided, match="in a cluster already"):
        adopt(suggestion=later, name="Other", by=asha, now=now)
    assert cluster.ideas.count() == 3


@pytest.mark.parametrize(
    "name", ["", "   ", "one two three four five six seven eight nine ten " * 2]
)
def test_a_name_is_one_to_twelve_words(suggestion, asha, now, name):
    with pytest.raises(BadText):
        adopt(suggestion=suggestion, name=name, by=asha, now=now)
    assert not ClusterIdea.objects.exists()


def test_merging_moves_every_idea_and_says_where_it_came_from(survey, asha, now):
    keep, other = (world.cluster(survey, asha, now) for _ in range(2))
    merge(keep=keep, others=[other], by=asha, now=now, reason="The same.")
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("merged", keep)
    assert keep.ideas.count() == Idea.objects.count() == 4
    assert keep.members.filter(came_from=other).count() == 2
    assert whats(keep) == ["adopted", "took in"]
    assert whats(other) == ["adopted", "merged"]


def test_an_outcome_follows_its_cluster_into_a_merge(survey, asha, now):
    keep, other = (world.cluster(survey, asha, now) for _ in range(2))
    outcome = draft_outcome(
        clusters=[other], i_statement="I rest.", reason="Yes.", by=asha, now=now
    )
    merge(keep=keep, others=[other], by=asha, now=now)
    assert list(outcome.clusters.all()) == [keep]


def test_a_cluster_does_not_merge_with_itself(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    with pytest.raises(BadText):
        merge(keep=cluster, others=[cluster], by=asha, now=now)


def test_a_merged_cluster_is_not_decided_on_again(survey, asha, now):
    keep, other = (world.cluster(survey, asha, now) for _ in range(2))
    merge(keep=keep, others=[other], by=asha, now=now)
    with pytest.raises(AlreadyDecided, match="merged into another"):
        rename(cluster=other, name="Something", by=asha, now=now)


def test_setting_aside_needs_a_reason_and_keeps_the_ideas(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    with pytest.raises(BadText, match="Say why"):
        set_aside(cluster=cluster, reason=" ", by=asha, now=now)
    set_aside(cluster=cluster, reason="About one school.", by=asha, now=now)
    assert cluster.ideas.count() == 2
    assert cluster.decisions.last().reason == "About one school."
    take_up_again(cluster=cluster, by=asha, now=now)
    assert whats(cluster) == ["adopted", "set aside", "taken up"]


def test_what_an_outcome_rests_on_is_not_set_aside(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    world.proposed(cluster, asha, now)
    with pytest.raises(BadText, match="HL-1 draws on this cluster"):
        set_aside(cluster=cluster, reason="It is not ours.", by=asha, now=now)


def test_renaming_and_moving_keep_what_was(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    rename(cluster=cluster, name="Well in mind", by=asha, now=now)
    rename(cluster=cluster, name="Well in mind", by=asha, now=now)
    families = cluster.consultation.area.themes.get(code="families")
    change_theme(cluster=cluster, theme=families, by=asha, now=now)
    details = [decision.detail for decision in cluster.decisions.all()]
    assert details[1:] == ["was: Feeling well", "was: Healthy lives"]


def test_a_theme_of_another_area_is_refused(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    elsewhere = world.area("elsewhere").themes.first()
    with pytest.raises(BadText, match="another area"):
        change_theme(cluster=cluster, theme=elsewhere, by=asha, now=now)


def test_people_are_counted_once_however_much_they_say(survey, asha, now):
    cluster = world.cluster(survey, asha, now, voices=2)
    answer = Answer.objects.first()
    idea = Idea.objects.create(
        answer=answer, start=1, end=3, found_by=Idea.objects.first().found_by
    )
    ClusterIdea.objects.create(cluster=cluster, idea=idea, added_by=asha, added_at=now)
    row = Cluster.objects.with_people().get(pk=cluster.pk)
    assert (row.ideas_count, row.people_parent_carer, row.people_young_person) == (3, 2, 0)


def test_decisions_are_kept_in_the_order_made(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    set_aside(cluster=cluster, reason="It is not ours.", by=asha, now=now)
    assert ClusterDecision.objects.filter(cluster=cluster).last().what == "set aside"


def test_ideas_move_out_with_a_reason_and_are_free_again(survey, asha, now):
    cluster = world.cluster(survey, asha, now, voices=3)
    idea = cluster.members.first().idea
    with pytest.raises(BadText, match="Say why"):
        move_ideas(ideas=[idea], out_of=cluster, reason=" ", by=asha, now=now)
    move_ideas(ideas=[idea], out_of=cluster, reason="About bullying.", by=asha, now=now)
    assert cluster.ideas.count() == 2
    assert idea in Idea.objects.in_no_cluster()
    assert whats(cluster) == ["adopted", "moved out"]


def test_ideas_move_into_another_cluster_and_say_where_from(survey, asha, now):
    one, two = (world.cluster(survey, asha, now) for _ in range(2))
    idea = one.members.first().idea
    move_ideas(ideas=[idea], out_of=one, into=two, reason="Fits there.", by=asha, now=now)
    assert two.members.get(idea=idea).came_from == one
    assert (one.ideas.count(), two.ideas.count()) == (1, 3)
    assert whats(two) == ["adopted", "moved in"]


def test_a_cluster_is_not_emptied_and_gives_only_its_own_ideas(survey, asha, now):
    one, two = (world.cluster(survey, asha, now) for _ in range(2))
    with pytest.raises(BadText, match="all its ideas"):
        move_ideas(ideas=list(one.ideas.all()), out_of=one, reason="No.", by=asha, now=now)
    with pytest.raises(BadText, match="Choose ideas of this cluster"):
        move_ideas(ideas=list(two.ideas.all()), out_of=one, reason="No.", by=asha, now=now)


def test_two_clusters_do_not_share_a_name(survey, asha, now):
    one, two = (world.cluster(survey, asha, now) for _ in range(2))
    with pytest.raises(BadText, match="Another cluster is called"):
        rename(cluster=two, name=one.name.upper(), by=asha, now=now)


def test_what_is_free_of_a_suggestion_comes_in(suggestion, asha, now):
    first = suggestion.members.first()
    other = Cluster.objects.create(
        consultation=suggestion.run.consultation, theme=suggestion.theme, name="Other"
    )
    ClusterIdea.objects.create(cluster=other, idea=first.idea, added_by=asha, added_at=now)
    cluster = adopt(suggestion=suggestion, name="The rest", by=asha, now=now)
    assert cluster.ideas.count() == 2


def test_clusters_of_different_consultations_are_not_merged(survey, area, asha, now):
    other = world.consultation(area, by=asha, now=now, slug="other")
    elsewhere = world.cluster(world.survey(other, "parent_carer", "o", now), asha, now)
    with pytest.raises(BadText, match="different consultations"):
        merge(keep=world.cluster(survey, asha, now), others=[elsewhere], by=asha, now=now)


def test_reasons_are_stored_clean(survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    with pytest.raises(BadText):
        set_aside(cluster=cluster, reason="\x00", by=asha, now=now)
    rename(cluster=cluster, name="Well", reason="so\ud800", by=asha, now=now)
    assert cluster.decisions.last().reason == "so?"
