"""Exact words, positions on them, and what a change of words does."""

from datetime import timedelta

import pytest

from outcomes.actions import draft_outcome, put_forward, record_position, retire
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.drafting import WordsChanged
from outcomes.models import Endorsement, Signatory, standing, standings
from surveys.models import Agency, AgencyLead
from surveys.refusals import BadText, NotAllowed
from tests import world


@pytest.fixture
def outcome(council, nhs, forum, survey, asha, now):
    return world.proposed(world.cluster(survey, asha, now), asha, now)


def test_an_outcome_is_agreed_when_every_required_agency_endorses(
    outcome, council, nhs, gwen, hari, now
):
    world.endorse(outcome, council, gwen, now)
    assert not standing(outcome).is_agreed
    world.endorse(outcome, nhs, hari, now)
    assert standing(outcome).is_agreed
    assert standing(outcome).words == "agreed"


def test_one_changed_word_voids_the_endorsements_of_that_outcome_only(
    outcome, survey, council, nhs, gwen, hari, asha, now
):
    other = world.proposed(world.cluster(survey, asha, now), asha, now, "I have friends.")
    for one in (outcome, other):
        world.endorse(one, council, gwen, now)
        world.endorse(one, nhs, hari, now)
    world.reworded(outcome, "I feel good.", asha, now)
    assert not standing(outcome).is_agreed
    assert [place.endorsement for place in standing(outcome).places] == [None, None, None]
    assert standing(other).is_agreed
    assert Endorsement.objects.count() == 4, "what was signed before stays on record"


def test_words_changed_back_have_to_be_signed_again(outcome, council, nhs, gwen, hari, asha, now):
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    world.reworded(outcome, "I feel good.", asha, now)
    world.reworded(outcome, "I feel well.", asha, now)
    assert not standing(outcome).is_agreed


def test_silence_is_not_consent(outcome):
    assert not standing(outcome).is_agreed


def test_without_a_required_agency_nothing_is_agreed(survey, forum, asha, now):
    outcome = world.proposed(world.cluster(survey, asha, now), asha, now)
    assert not standing(outcome).is_agreed


@pytest.mark.parametrize("position", ["conditions", "cannot"])
def test_conditions_and_objections_stand_in_the_way(
    outcome, council, nhs, gwen, hari, now, position
):
    world.endorse(outcome, council, gwen, now)
    record_position(
        outcome=outcome,
        agency=nhs,
        seen_hash=outcome.wording.content_hash,
        position=position,
        explanation="Not until it is paid for.",
        by=hari,
        now=now,
    )
    assert not standing(outcome).is_agreed
    world.endorse(outcome, nhs, hari, now + timedelta(days=1))
    assert standing(outcome).is_agreed


def test_an_objection_of_an_invited_agency_stands_in_the_way_too(
    outcome, council, nhs, forum, gwen, hari, dev, now
):
    AgencyLead.objects.create(user=dev, agency=forum, role="Chair", since=now.date())
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    record_position(
        outcome=outcome,
        agency=forum,
        seen_hash=outcome.wording.content_hash,
        position="cannot",
        explanation="Nobody asked us.",
        by=dev,
        now=now,
    )
    assert not standing(outcome).is_agreed


def test_a_condition_is_spelt_out(outcome, nhs, hari, now):
    with pytest.raises(BadText, match="what the conditions are"):
        record_position(
            outcome=outcome,
            agency=nhs,
            seen_hash=outcome.wording.content_hash,
            position="conditions",
            by=hari,
            now=now,
        )


def test_nobody_signs_words_they_have_not_seen(outcome, council, gwen, asha, now):
    seen = outcome.wording.content_hash
    world.reworded(outcome, "I feel good.", asha, now)
    with pytest.raises(WordsChanged):
        record_position(
            outcome=outcome,
            agency=council,
            seen_hash=seen,
            position="endorses",
            by=gwen,
            now=now,
        )


def test_a_lead_signs_for_their_own_agency_only(outcome, nhs, gwen, asha, now):
    for person in (gwen, asha):
        with pytest.raises(NotAllowed, match="You do not speak for NHS"):
            world.endorse(outcome, nhs, person, now)


def test_a_lead_whose_time_is_over_does_not_sign(outcome, council, gwen, now):
    AgencyLead.objects.update(until=now.date())
    with pytest.raises(NotAllowed):
        world.endorse(outcome, council, gwen, now + timedelta(days=1))


def test_a_retired_outcome_is_not_signed(outcome, council, gwen, asha, now):
    retire(outcome=outcome, reason="Doubled.", by=asha, now=now)
    with pytest.raises(BadText, match="not put forward"):
        world.endorse(outcome, council, gwen, now)


def test_the_same_words_are_no_change(outcome, asha, now):
    with pytest.raises(BadText, match="same words"):
        world.reworded(outcome, " I feel well. ", asha, now)


def test_an_outcome_is_put_forward_once(outcome, asha, now):
    with pytest.raises(AlreadyDecided):
        put_forward(
            outcome=outcome,
            seen_hash=outcome.wording.content_hash,
            reason="Again.",
            by=asha,
            now=now,
        )


def test_a_wording_is_never_edited(outcome):
    wording = outcome.wording
    wording.i_statement = "I feel awful."
    with pytest.raises(TypeError, match="never edited"):
        wording.save()


def test_codes_count_on_within_a_theme(outcome, survey, asha, now):
    second = world.proposed(world.cluster(survey, asha, now), asha, now, "I am heard.")
    assert [outcome.code, second.code] == ["HL-1", "HL-2"]


def test_an_agency_that_is_no_more_does_not_sign(outcome, council, gwen, now):
    Agency.objects.filter(pk=council.pk).update(valid_to=now.date() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        world.endorse(outcome, council, gwen, now)


def test_an_agency_that_is_not_asked_does_not_sign(outcome, council, gwen, now):
    Signatory.objects.filter(agency=council).delete()
    with pytest.raises(NotAllowed, match="is not asked"):
        world.endorse(outcome, council, gwen, now)


def test_an_objection_stands_though_its_agency_is_no_longer_asked(
    outcome, council, nhs, forum, gwen, hari, dev, now
):
    AgencyLead.objects.create(user=dev, agency=forum, role="Chair", since=now.date())
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    record_position(
        outcome=outcome,
        agency=forum,
        seen_hash=outcome.wording.content_hash,
        position="cannot",
        explanation="Nobody asked us.",
        by=dev,
        now=now,
    )
    Signatory.objects.filter(agency=forum).delete()
    assert not standing(outcome).is_agreed
    assert not standings(outcome.consultation)[0].is_agreed


def test_a_replaced_position_is_kept_and_counts_no_more(outcome, council, nhs, gwen, hari, now):
    world.endorse(outcome, nhs, hari, now)
    world.endorse(outcome, council, gwen, now)
    record_position(
        outcome=outcome,
        agency=council,
        seen_hash=outcome.wording.content_hash,
        position="cannot",
        explanation="We looked again.",
        by=gwen,
        now=now + timedelta(days=1),
    )
    (listed,) = standings(outcome.consultation)
    assert not listed.is_agreed
    assert listed.words == "put forward: 1 of 2 required endorse, 1 cannot endorse"
    assert Endorsement.objects.filter(agency=council).count() == 2


def test_a_draft_is_not_signed_before_it_is_put_forward(council, gwen, survey, asha, now):
    cluster = world.cluster(survey, asha, now)
    made = draft_outcome(clusters=[cluster], i_statement="I can.", reason="So.", by=asha, now=now)
    with pytest.raises(BadText, match="not put forward"):
        world.endorse(made, council, gwen, now)


def test_the_same_words_are_not_drafted_twice(outcome, asha, now):
    with pytest.raises(AlreadyDecided, match="HL-1 has these words already"):
        draft_outcome(
            clusters=list(outcome.clusters.all()),
            i_statement="I feel well.",
            reason="Again.",
            by=asha,
            now=now,
        )
