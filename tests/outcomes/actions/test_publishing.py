"""Framework versions: frozen, suppressed, published by somebody else."""

import json

import pytest

from outcomes.actions import publish_framework, reword, set_aside, snapshot_hash
from outcomes.actions.publishing import NothingAgreed, PreviewOutdated, people_shown
from outcomes.models import FrameworkVersion
from surveys.models import Answer, Response
from surveys.refusals import BadText, NotAllowed
from tests import world
from tests.world import publish


@pytest.fixture
def agreed(council, nhs, survey, gwen, hari, asha, now):
    cluster = world.cluster(survey, asha, now, voices=6)
    outcome = world.proposed(cluster, asha, now)
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    return outcome


def outcomes_of(version):
    return [row for theme in version.snapshot["themes"] for row in theme["outcomes"]]


def test_the_first_version_is_1_0_and_holds_the_agreed_words(agreed, consultation, ben, now):
    version = publish(consultation, ben, now)
    assert version.number == "1.0"
    (row,) = outcomes_of(version)
    assert row["i_statement"] == "I feel well."
    assert row["people"] == [
        {"audience": "parents and carers", "count": "6"},
        {"audience": "practitioners", "count": "0"},
        {"audience": "children and young people", "count": "0"},
    ]
    assert {agency["position"] for agency in row["agencies"]} == {"We endorse these words"}


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (12, "12")],
)
def test_few_people_are_never_told_apart(count, shown):
    assert people_shown(count) == shown


def test_what_is_not_agreed_is_not_published(agreed, consultation, survey, asha, ben, now):
    world.proposed(world.cluster(survey, asha, now), asha, now, "I am heard.")
    assert len(outcomes_of(publish(consultation, ben, now))) == 1


def test_without_an_agreed_outcome_there_is_nothing_to_publish(consultation, ben, now):
    with pytest.raises(NothingAgreed):
        publish(consultation, ben, now)


def test_who_prepared_the_words_does_not_publish_them(agreed, consultation, asha, now):
    with pytest.raises(NotAllowed, match="Somebody else has to publish"):
        publish(consultation, asha, now)
    assert not FrameworkVersion.objects.exists()


def test_only_what_was_read_is_published(agreed, consultation, ben, now):
    with pytest.raises(PreviewOutdated, match="changed while you were reading"):
        publish_framework(
            consultation=consultation, seen="else", change_summary="New.", by=ben, now=now
        )
    assert not FrameworkVersion.objects.exists()


def test_versions_count_on(agreed, consultation, ben, now):
    publish(consultation, ben, now)
    assert publish(consultation, ben, now, minor=True).number == "1.1"
    assert publish(consultation, ben, now).number == "2.0"


def test_the_first_version_is_not_a_minor_one(agreed, consultation, ben, now):
    with pytest.raises(BadText):
        publish(consultation, ben, now, minor=True)


def test_a_published_version_is_never_edited(agreed, consultation, ben, now):
    version = publish(consultation, ben, now)
    with pytest.raises(TypeError):
        version.save()


def test_erasing_answers_and_changing_words_leave_what_was_published(
    agreed, consultation, asha, ben, now
):
    version = publish(consultation, ben, now)
    reword(outcome=agreed, i_statement="I feel good.", reason="Plainer.", by=asha, now=now)
    Answer.objects.all().delete()
    Response.objects.all().delete()
    version.refresh_from_db()
    assert snapshot_hash(version.snapshot) == version.sha256
    assert outcomes_of(version)[0]["i_statement"] == "I feel well."


def test_nothing_published_leads_to_a_response(agreed, consultation, ben, now):
    text = json.dumps(publish(consultation, ben, now).snapshot)
    for response in Response.objects.all():
        assert response.reference not in text
        assert response.code_hash not in text
    assert not any(answer.text in text for answer in Answer.objects.all())


def test_what_was_set_aside_is_published_with_its_reason(
    agreed, consultation, survey, asha, ben, now
):
    cluster = world.cluster(survey, asha, now)
    set_aside(cluster=cluster, reason="The law decides it.", by=asha, now=now)
    version = publish(consultation, ben, now)
    assert version.snapshot["not_taken_forward"] == [
        {"name": "Feeling well", "theme": "Healthy lives", "reason": "The law decides it."}
    ]
