"""Decisions about clusters and outcomes: taken, refused, kept."""

import pytest

from outcomes.actions import draft_outcome
from outcomes.models import Cluster, Endorsement, Outcome
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cluster, survey, asha):
    made = world.cluster(survey, asha, NOW, theme="families", voices=3)
    Cluster.objects.filter(pk=made.pk).update(name="Being believed")
    made.refresh_from_db()
    return made


def decide(visit, who, row, what, **sent):
    name = f"{row._meta.app_label}_{row._meta.model_name}_{what}"
    if what in ("reword", "put-forward"):
        sent = {"seen_hash": row.wording.content_hash} | sent
    return visit(who, name, row.pk, data=sent)


def test_a_cluster_is_renamed_and_the_old_name_stays_on_record(visit, asha, cluster):
    decide(visit, asha, cluster, "rename", name="We feel well", reason="Their word.")
    cluster.refresh_from_db()
    assert cluster.name == "We feel well"
    page = visit(asha, "outcomes_cluster_change", cluster.pk).content.decode()
    assert "was: Feeling well" in page
    assert "Their word." in page


def test_a_cluster_goes_under_another_theme(visit, asha, cluster):
    theme = cluster.consultation.area.themes.get(code="none")
    decide(visit, asha, cluster, "theme", theme=theme.pk, reason="It is about all.")
    cluster.refresh_from_db()
    assert cluster.theme == theme


def test_a_theme_of_another_area_is_no_choice(visit, asha, cluster):
    other = world.area("elsewhere").themes.first()
    page = decide(visit, asha, cluster, "theme", theme=other.pk).content.decode()
    assert "Select a valid choice" in page


def test_setting_aside_needs_a_reason_and_can_be_undone(visit, asha, cluster):
    page = decide(visit, asha, cluster, "set-aside", reason="   ").content.decode()
    assert "This field is required." in page
    cluster.refresh_from_db()
    assert cluster.state == "adopted"
    decide(visit, asha, cluster, "set-aside", reason="Not ours to decide.")
    cluster.refresh_from_db()
    assert cluster.state == "set aside"
    page = visit(asha, "outcomes_cluster_change", cluster.pk).content.decode()
    assert "Take up again" in page
    assert "Draft an outcome" not in page
    decide(visit, asha, cluster, "take-up", reason="It is, after all.")
    cluster.refresh_from_db()
    assert cluster.state == "adopted"
    whats = [one.what for one in cluster.decisions.all()]
    assert whats == ["adopted", "set aside", "taken up"]


def test_a_refusal_keeps_every_word_typed(visit, asha, outcome, cluster):
    page = decide(visit, asha, cluster, "set-aside", reason="It is not <ours>.").content.decode()
    assert "draws on this cluster" in page
    assert "It is not &lt;ours&gt;." in page


def test_two_clusters_become_one(visit, asha, client, cluster, second):
    action = {"action": "merge_into_one", "_selected_action": [cluster.pk, second.pk]}
    asked = visit(asha, "outcomes_cluster_changelist", data=action)
    page = client.get(asked.url).content.decode()
    assert "Feeling well (Healthy lives)" in page
    assert "Being believed (Supporting families)" in page
    assert Cluster.objects.adopted().count() == 2
    refused = client.post(asked.url, {"reason": "They say the same."}).content.decode()
    assert "Choose the one to keep." in refused
    assert "They say the same." in refused
    done = client.post(asked.url, {"keep": second.pk, "reason": "They say the same."})
    assert done.url == f"/admin/outcomes/cluster/{second.pk}/change/"
    cluster.refresh_from_db()
    assert (cluster.state, cluster.merged_into) == ("merged", second)
    assert second.members.count() == 5
    kept = client.get(done.url).content.decode()
    assert "Took in another cluster" in kept
    assert "They say the same." in kept


def test_a_cluster_merged_meanwhile_is_not_merged_again(visit, asha, cluster, second):
    query = f"?ids={cluster.pk},{second.pk}"
    sent = {"keep": second.pk, "reason": "Same."}
    visit(asha, "outcomes_cluster_merge", data=sent, query=query)
    page = visit(asha, "outcomes_cluster_merge", data=sent, query=query).content.decode()
    assert "is merged into another already." in page


@pytest.mark.parametrize("ids", ["", "nonsense", "1", "-1,-2", "9" * 40 + "," + "9" * 41])
def test_a_merge_of_fewer_than_two_goes_back_to_the_list(visit, asha, cluster, ids):
    page = visit(asha, "outcomes_cluster_merge", query=f"?ids={ids}")
    assert page.url == "/admin/outcomes/cluster/"


def test_counts_stand_side_by_side_and_are_of_people(visit, asha, cluster):
    row = visit(asha, "outcomes_cluster_changelist").context["cl"].result_list[0]
    assert (row.ideas_count, row.people_parent_carer, row.people_practitioner) == (2, 2, 0)


def draft(visit, who, cluster, **changes):
    sent = {
        "i_statement": "I feel well.",
        "family_statement": "We feel well.",
        "reason": "Their words.",
        "theme": cluster.theme_id,
    }
    return decide(visit, who, cluster, "draft-outcome", **(sent | changes))


def test_an_outcome_is_drafted_from_clusters(visit, asha, cluster, second):
    page = draft(visit, asha, cluster, others=[second.pk])
    made = Outcome.objects.get()
    assert page.url == f"/admin/outcomes/outcome/{made.pk}/change/"
    assert set(made.clusters.all()) == {cluster, second}
    assert made.wording.family_statement == "We feel well."
    shown = visit(asha, "outcomes_outcome_change", made.pk).content.decode()
    for words in ("HL-1: draft", "I feel well.", "Their words.", made.wording.content_hash):
        assert words in shown
    assert "Being believed" in shown


def test_a_refused_draft_keeps_what_was_typed(visit, asha, cluster, second):
    page = draft(visit, asha, cluster, i_statement="I " * 200, others=[second.pk])
    shown = page.content.decode()
    assert "Use 300 characters or fewer" in shown
    assert "We feel well." in shown
    assert "checked" in shown
    assert not Outcome.objects.exists()


def test_a_draft_is_put_forward_and_retired(visit, asha, cluster):
    made = draft_outcome(clusters=[cluster], i_statement="I can.", reason="So.", by=asha, now=NOW)
    decide(visit, asha, made, "put-forward", reason="Ready.")
    made.refresh_from_db()
    assert made.state == "proposed"
    again = decide(visit, asha, made, "put-forward", reason="Again.").content.decode()
    assert "was put forward already" in again
    decide(visit, asha, made, "retire", reason="Another says it better.")
    made.refresh_from_db()
    assert made.state == "retired"
    page = visit(asha, "outcomes_outcome_change", made.pk).content.decode()
    assert 'class="tools"' not in page


def sign(visit, who, outcome, agency, **changes):
    sent = {
        "agency": agency.pk,
        "position": "endorses",
        "explanation": "",
        "on_behalf_of": "The board, 3 November",
        "seen_hash": outcome.wording.content_hash,
    }
    return decide(visit, who, outcome, "position", **(sent | changes))


def test_leads_sign_and_the_page_says_where_it_stands(
    visit, asha, gwen, hari, council, nhs, outcome
):
    page = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert page.count("No response") == 2
    sign(visit, gwen, outcome, council)
    page = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert page.count("No response") == 1
    assert "HL-1: put forward" in page
    sign(visit, hari, outcome, nhs)
    page = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "HL-1: agreed" in page
    assert "The board, 3 November" in page
    assert "agreed" in visit(asha, "outcomes_outcome_changelist").content.decode()


def test_nobody_signs_for_another_agency(visit, gwen, nhs, outcome):
    page = sign(visit, gwen, outcome, nhs).content.decode()
    assert "Select a valid choice" in page
    assert not Endorsement.objects.exists()


def test_conditions_need_their_words(visit, gwen, council, outcome):
    page = sign(visit, gwen, outcome, council, position="conditions").content.decode()
    assert "Write what the conditions are" in page
    assert "The board, 3 November" in page
    sign(visit, gwen, outcome, council, position="conditions", explanation="If it is paid for.")
    assert Endorsement.objects.get().explanation == "If it is paid for."


def test_words_that_changed_are_read_again_before_they_are_signed(
    visit, asha, gwen, council, outcome
):
    stale = outcome.wording.content_hash
    decide(visit, asha, outcome, "reword", i_statement="I am well.", reason="Shorter.")
    page = sign(visit, gwen, outcome, council, seen_hash=stale)
    shown = page.content.decode()
    assert "The words changed while you were reading." in shown
    assert "I am well." in shown
    assert "The board, 3 November" in shown
    assert not Endorsement.objects.exists()
    fresh = outcome.wordings.get(number=2).content_hash
    assert f'name="seen_hash" value="{fresh}"' in shown
    sign(visit, gwen, outcome, council, seen_hash=fresh)
    assert Endorsement.objects.get().wording.number == 2


def test_another_refusal_never_swaps_the_words_under_a_signature(
    visit, asha, gwen, council, outcome
):
    """Only the refusal that says so shows new words with their own fingerprint."""
    stale = outcome.wording.content_hash
    decide(visit, asha, outcome, "reword", i_statement="I am well.", reason="Shorter.")
    page = sign(visit, gwen, outcome, council, position="", seen_hash=stale)
    assert f'name="seen_hash" value="{stale}"' in page.content.decode()


def test_rewording_warns_and_lets_the_endorsements_of_this_outcome_fall(
    visit, asha, gwen, hari, council, nhs, cluster, outcome
):
    other = world.proposed(cluster, asha, NOW, words="I have a say.")
    for one in (outcome, other):
        world.endorse(one, council, gwen, NOW)
        world.endorse(one, nhs, hari, NOW)
    page = visit(asha, "outcomes_outcome_reword", outcome.pk).content.decode()
    assert "2 recorded positions fall away" in page
    same = decide(visit, asha, outcome, "reword", i_statement="I feel well.", reason="Hm.")
    assert "These are the same words as before." in same.content.decode()
    decide(visit, asha, outcome, "reword", i_statement="I feel well!", reason="Livelier.")
    page = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "HL-1: put forward" in page
    assert page.count("No response") == 2
    page = visit(asha, "outcomes_outcome_change", other.pk).content.decode()
    assert "HL-2: agreed" in page


def test_ideas_that_do_not_belong_are_moved_out(visit, asha, cluster, second):
    wrong = second.members.first().idea
    page = visit(asha, "outcomes_cluster_move-ideas", second.pk).content.decode()
    assert wrong.text in page
    sent = {"ideas": [wrong.pk], "into": cluster.pk}
    refused = decide(visit, asha, second, "move-ideas", **sent, reason=" ").content.decode()
    assert "This field is required." in refused
    decide(visit, asha, second, "move-ideas", **sent, reason="It is about health.")
    assert wrong.membership.__class__.objects.get(idea=wrong).cluster == cluster
    page = visit(asha, "outcomes_cluster_change", second.pk).content.decode()
    assert "It is about health." in page


def test_nobody_puts_forward_words_they_have_not_read(visit, asha, cluster):
    made = draft_outcome(clusters=[cluster], i_statement="I can.", reason="So.", by=asha, now=NOW)
    stale = made.wording.content_hash
    world.reworded(made, "I can, sometimes.", asha, NOW)
    page = decide(visit, asha, made, "put-forward", reason="Go.", seen_hash=stale)
    assert "The words changed while you were reading." in page.content.decode()
    made.refresh_from_db()
    assert made.state == "draft"


def test_positions_that_fell_away_stay_readable(visit, asha, gwen, council, outcome):
    sign(visit, gwen, outcome, council, position="cannot", explanation="This is a service.")
    world.reworded(outcome, "I feel better.", asha, NOW)
    page = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "Positions that no longer count" in page
    assert "This is a service." in page
