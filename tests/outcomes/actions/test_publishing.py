"""Framework versions: frozen, suppressed, published by somebody else."""

import json

import pytest

from outcomes.actions import (
    draft_outcome,
    preview,
    publish_framework,
    put_forward,
    rename,
    set_aside,
    snapshot_hash,
)
from outcomes.actions.publishing import NothingAgreed, PreviewOutdated, people_shown
from outcomes.models import ClusterIdea, FrameworkVersion, Idea
from surveys.actions import add_note
from surveys.models import Answer, Response, Session
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
    with pytest.raises(NotAllowed, match="Somebody else has to publish it"):
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
    world.reworded(agreed, "I feel good.", asha, now)
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
        {"name": cluster.name, "theme": "Healthy lives", "reason": "The law decides it."}
    ]


def test_a_person_who_says_much_is_one_person(agreed, consultation, asha, ben, now):
    cluster = agreed.clusters.get()
    first = cluster.members.first().idea
    again = Idea.objects.create(answer=first.answer, start=2, end=5, found_by=first.found_by)
    ClusterIdea.objects.create(cluster=cluster, idea=again, added_by=asha, added_at=now)
    (row,) = outcomes_of(publish(consultation, ben, now))
    assert row["people"][0]["count"] == "6"


def test_a_facilitators_own_view_is_nobodys_workshop(agreed, consultation, asha, ben, now):
    session = Session.objects.create(
        consultation=consultation, title="W", audience="practitioner", held_on=now, people=9
    )
    cluster = agreed.clusters.get()
    run = cluster.members.first().idea.found_by
    for kind in ("facilitator", "said"):
        note = add_note(session=session, text=f"Noted as {kind}", kind=kind)
        idea = Idea.objects.create(note=note, start=0, end=5, found_by=run)
        ClusterIdea.objects.create(cluster=cluster, idea=idea, added_by=asha, added_at=now)
        shown = preview(consultation=consultation)
        rows = [row for theme in shown["themes"] for row in theme["outcomes"]]
        expected = [] if kind == "facilitator" else [{"audience": "practitioners", "count": 1}]
        assert rows[0]["workshops"] == expected


def test_few_people_are_not_told_by_subtraction(
    agreed, consultation, survey, council, nhs, gwen, hari, asha, ben, now
):
    """Two outcomes, one resting on the other's cluster and one more of two people."""
    more = world.cluster(survey, asha, now, voices=2)
    wider = draft_outcome(
        clusters=[agreed.clusters.get(), more],
        i_statement="I thrive.",
        reason="So.",
        by=asha,
        now=now,
    )
    seen = wider.wording.content_hash
    put_forward(outcome=wider, seen_hash=seen, reason="Ready.", by=asha, now=now)
    world.endorse(wider, council, gwen, now)
    world.endorse(wider, nhs, hari, now)
    narrow, wide = outcomes_of(publish(consultation, ben, now))
    assert wide["people"][0]["count"] == "8"
    assert narrow["people"][0]["count"].startswith("not shown")


def test_who_only_wrote_some_words_does_not_publish_them(
    agreed, consultation, council, nhs, gwen, hari, ben, now
):
    world.reworded(agreed, "I am well.", ben, now)
    world.endorse(agreed, council, gwen, now)
    world.endorse(agreed, nhs, hari, now)
    with pytest.raises(NotAllowed):
        publish(consultation, ben, now)


def test_who_decided_on_a_cluster_in_it_does_not_publish_it(agreed, consultation, ben, now):
    rename(cluster=agreed.clusters.get(), name="Well", by=ben, now=now)
    with pytest.raises(NotAllowed):
        publish(consultation, ben, now)


def test_publishing_the_same_page_twice_is_publishing_once(agreed, consultation, ben, now):
    seen = snapshot_hash(preview(consultation=consultation))
    facts = {"consultation": consultation, "seen": seen, "change_summary": "New."}
    publish_framework(**facts, by=ben, now=now)
    with pytest.raises(PreviewOutdated):
        publish_framework(**facts, by=ben, now=now)
    assert FrameworkVersion.objects.count() == 1
