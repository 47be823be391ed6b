"""The audit log is a chain: what is changed, taken out or cut off is found."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from surveys.actions import extend_survey, first_break, record
from surveys.models import AuditEvent, AuditHead, Concern
from surveys.models.audit import AppendOnly
from tests import world


@pytest.fixture
def three(area, asha, now):
    return [record(what=what, about=area, by=asha, now=now) for what in ("one", "two", "three")]


def forget_the_guard():
    """PostgreSQL refuses every change; here somebody with all rights took that away first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is held
            cursor.execute("ALTER TABLE surveys_auditevent DISABLE TRIGGER audit_is_append_only")


def test_events_follow_on_from_each_other(three):
    assert [event.number for event in three] == [1, 2, 3]
    assert [event.previous for event in three[1:]] == [event.digest for event in three[:2]]
    assert first_break() == ""
    call_command("verify_audit", stdout=(said := io.StringIO()))
    assert said.getvalue() == "The audit log is whole: 3 events.\n"


def test_an_empty_log_is_whole(db):
    assert first_break() == ""


def test_an_event_that_was_changed_is_named(three):
    forget_the_guard()
    AuditEvent._base_manager.filter(number=2).update(detail="nothing to see")
    assert first_break() == "Event 2 was changed after it was recorded."
    with pytest.raises(CommandError, match="Event 2 was changed"):
        call_command("verify_audit")


def test_an_event_that_was_changed_and_reckoned_anew_breaks_the_next(three):
    forget_the_guard()
    event = AuditEvent.objects.get(number=2)
    event.detail = "nothing to see"
    AuditEvent._base_manager.filter(number=2).update(detail=event.detail, digest=event.reckoned())
    assert first_break().startswith("Event 3 does not follow on from event 2")


def test_an_event_that_was_taken_out_is_missed(three):
    forget_the_guard()
    AuditEvent._base_manager.filter(number=2).delete()
    assert first_break() == "Event 2 is missing: event 3 follows event 1."


def test_a_log_that_was_cut_off_is_too_short(three):
    forget_the_guard()
    AuditEvent._base_manager.filter(number=3).delete()
    assert first_break() == "3 events were recorded, and the log ends at 2."


def test_an_end_that_was_replaced_is_found(three):
    AuditHead.objects.update(digest="f" * 64)
    assert first_break() == "Event 3, the last, is not the one that was recorded."


def test_our_own_code_neither_changes_nor_deletes_an_event(three):
    with pytest.raises(AppendOnly):
        three[0].save()
    with pytest.raises(AppendOnly):
        three[0].delete()


def test_a_decision_is_an_event(survey, asha, now):
    before = survey.closes_on
    extend_survey(
        survey=survey, closes_on=before.replace(year=before.year + 1), reason="More time.",
        by=asha, now=now,
    )  # fmt: skip
    event = AuditEvent.objects.get(what="moved a closing date")
    assert (event.by, event.about) == (asha, f"surveys.survey {survey.pk}")
    assert str(before) in event.detail


def test_the_log_is_read_by_officers_and_taken_away_by_its_reader_alone(
    client, three, asha, groups
):
    reader = world.person("rita", "Data protection reader")
    stranger = world.person("sid")
    address = "/admin/surveys/auditevent/"
    client.force_login(stranger)
    assert client.get(address).status_code == 403
    client.force_login(asha)
    assert b"three" in client.get(address).content
    assert client.get(f"{address}sheet/").status_code == 403
    client.force_login(reader)
    sheet = client.get(f"{address}sheet/").content.decode("utf-8-sig")
    assert [row["what"] for row in csv.DictReader(io.StringIO(sheet))] == ["one", "two", "three"]
    assert AuditEvent.objects.first().what == "exported the audit log"


def test_that_there_is_a_concern_is_no_officers_to_read(client, area, asha, groups, now):
    worry = Concern.objects.create(category="other", reason="A worry.", raised_at=now)
    AuditEvent.objects.record(what="raised a concern", about=worry, by=None, now=now)
    client.force_login(asha)
    assert b"raised a concern" not in client.get("/admin/surveys/auditevent/").content
    client.force_login(world.person("sol", "Safeguarding lead", "Data protection reader"))
    assert b"raised a concern" in client.get("/admin/surveys/auditevent/").content
