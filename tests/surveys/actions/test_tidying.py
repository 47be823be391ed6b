"""What is deleted by itself, to the day, and what never is."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from surveys.actions import begin_change, begin_response, save_answer, send_response, tidy
from surveys.models import Contact, Response
from tests import world

LONDON = ZoneInfo("Europe/London")
CLOSES = date(2026, 12, 5)  # as tests/world.py has it

DRAFTS = "drafts, and changes that were not sent, of surveys that closed 14 days ago"


def at(day, hour=0, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def gone(now):
    return {name: number for name, number in tidy(now=now).items() if number}


@pytest.fixture
def sent(survey, now):
    return world.response(survey, "Being heard", now)


@pytest.fixture
def draft(survey, now):
    made, _ = begin_response(survey=survey, now=now)
    save_answer(response=made, question=survey.questions.first(), text="Half", seen=None, now=now)
    return made


@pytest.fixture
def pilot(survey, now):
    """A trial that was sent, of a survey that opens tomorrow."""
    survey.opens_on, survey.pilot_key = now.date() + timedelta(days=1), "try"
    survey.save()
    made, _ = begin_response(survey=survey, now=now, pilot_key="try")
    save_answer(response=made, question=survey.questions.first(), text="Trial", seen=None, now=now)
    return send_response(response=made, may_quote=None, now=now)


@pytest.mark.parametrize(
    ("moment", "kept"), [(at(date(2026, 12, 19), 23, 59), True), (at(date(2026, 12, 20)), False)]
)
def test_a_draft_is_deleted_14_days_after_the_survey_closed(draft, sent, moment, kept):
    counts = gone(moment)
    assert Response.objects.filter(pk=draft.pk).exists() is kept
    assert counts == ({} if kept else {DRAFTS: 1})
    assert Response.objects.filter(pk=sent.pk).exists()


def test_an_extension_lets_drafts_live_on(survey, draft):
    survey.closes_on = CLOSES + timedelta(days=10)
    survey.save()
    assert gone(at(CLOSES + timedelta(days=20))) == {}


def test_a_change_that_was_not_sent_is_kept_as_long_as_a_draft_and_what_was_sent_stays(sent, now):
    begin_change(response=sent, now=now)
    assert gone(at(CLOSES + timedelta(days=14), 23, 59)) == {}
    assert gone(at(CLOSES + timedelta(days=15))) == {DRAFTS: 1}
    assert Response.objects.get() == sent
    assert sent.answers.get().text == "Being heard"


def test_an_address_that_nobody_writes_to_is_deleted_after_two_years(consultation, now):
    Contact.objects.create(
        consultation=consultation,
        email="kim@example.org",
        asked_on=now.date(),
        confirmed_on=now.date(),
    )
    assert gone(now + timedelta(days=730)) == {}
    assert gone(now + timedelta(days=731)) == {"addresses that nobody wrote to within two years": 1}


def test_trials_are_deleted_once_the_survey_has_opened(pilot, survey, now):
    assert gone(now) == {}
    assert gone(at(survey.opens_on)) == {"trial answers of surveys that have opened": 1}
    assert not Response.objects.exists()


def test_trials_are_never_counted_not_even_before_they_are_deleted(pilot, survey):
    assert not Response.objects.sent().exists()


def test_an_address_that_nobody_confirmed_is_deleted_after_seven_days(consultation, now):
    for number, confirmed in enumerate((None, now)):
        Contact.objects.create(
            consultation=consultation,
            email=f"{number}@example.org",
            asked_on=now.date(),
            confirmed_on=confirmed,
        )
    assert gone(now + timedelta(days=7)) == {}
    assert gone(now + timedelta(days=8)) == {"addresses that nobody confirmed within 7 days": 1}
    assert Contact.objects.get().confirmed_on
    assert gone(now + timedelta(days=8)) == {}


@pytest.mark.django_db(transaction=True)
def test_two_that_tidy_at_once_delete_each_draft_once(survey, now):
    for _ in range(30):
        begin_response(survey=survey, now=now)

    def do(_):
        try:
            return sum(tidy(now=at(date(2027, 3, 1))).values())
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(do, range(3))) == 30
    assert not Response.objects.exists()


def test_a_dry_run_says_what_would_go_and_deletes_nothing(draft, survey, capsys):
    survey.opens_on, survey.closes_on = date(2020, 1, 1), date(2020, 2, 1)
    survey.save()
    call_command("tidy", "--dry-run")
    assert f"Would delete 1 {DRAFTS}." in capsys.readouterr().out
    assert Response.objects.filter(pk=draft.pk).exists()
    call_command("tidy")
    assert f"Deleted 1 {DRAFTS}." in capsys.readouterr().out
    assert not Response.objects.exists()


@pytest.mark.parametrize("every", ["0", "-1", "soon", "1.5", "100000", "٣"])
def test_a_time_between_that_is_none_is_refused(db, every):
    with pytest.raises(CommandError, match="whole number of seconds"):
        call_command("tidy", "--every", every)


def test_an_uploaded_sheet_that_nobody_confirmed_goes_after_a_day(db, settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    (tmp_path / "uploads").mkdir()
    new, old = tmp_path / "uploads" / ("a" * 32), tmp_path / "uploads" / ("b" * 32)
    for path, hours in ((new, 23), (old, 25)):
        path.write_text("what_matters\nWords of somebody")
        os.utime(path, (time.time() - hours * 3600,) * 2)
    call_command("tidy", "--dry-run")
    assert "Would delete 1 spreadsheets that nobody confirmed" in capsys.readouterr().out
    assert old.exists()
    call_command("tidy")
    assert "Deleted 1 spreadsheets that nobody confirmed within a day." in capsys.readouterr().out
    assert new.exists()
    assert not old.exists()


def test_without_a_folder_of_uploads_there_is_nothing_to_forget(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "nowhere"
    call_command("tidy")
