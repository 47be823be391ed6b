"""Closing days, through both changes of the clock: vectors T1 to T5 and T8 of the domain."""

from datetime import UTC, date, datetime, timedelta

import pytest

from surveys.dates import closing_words, end_of, moment_words
from surveys.models import Survey, TimelineEvent
from tests import world


@pytest.mark.parametrize(
    ("closes_on", "closed_from"),
    [
        (date(2021, 3, 5), datetime(2021, 3, 6, 0, 0, tzinfo=UTC)),
        (date(2021, 6, 30), datetime(2021, 6, 30, 23, 0, tzinfo=UTC)),
        (date(2021, 3, 27), datetime(2021, 3, 28, 0, 0, tzinfo=UTC)),
        (date(2021, 3, 28), datetime(2021, 3, 28, 23, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_survey_closes_at_the_end_of_its_day_in_london(closes_on, closed_from):
    survey = Survey(opens_on=date(2020, 1, 1), closes_on=closes_on)
    assert survey.closes_at == end_of(closes_on) == closed_from
    assert survey.is_open(closed_from - timedelta(seconds=1))
    assert not survey.is_open(closed_from)


def test_the_closing_is_said_without_midnight():
    assert closing_words(date(2021, 3, 5)) == "11:59pm on Friday 5 March 2021"


def test_a_moment_is_said_in_london_time():
    assert moment_words(datetime(2021, 6, 1, 23, 5, tzinfo=UTC)) == (
        "12:05am on Wednesday 2 June 2021"
    )


def test_the_open_surveys_are_those_whose_state_is_open(consultation, now):
    opens = world.survey(consultation, "parent_carer", "a", now)
    world.survey(consultation, "parent_carer", "b", now - timedelta(days=90))
    assert list(Survey.objects.open(at=now)) == [opens]
    last_minute = opens.closes_at - timedelta(seconds=1)
    assert list(Survey.objects.open(at=last_minute)) == [opens]
    assert not Survey.objects.open(at=opens.closes_at).exists()


def test_the_report_is_due_twelve_weeks_after_the_last_closing(consultation, now):
    assert consultation.report_due is None
    world.survey(consultation, "parent_carer", "a", now)
    Survey.objects.update(opens_on=date(2021, 2, 1), closes_on=date(2021, 3, 5))
    assert consultation.report_due == date(2021, 5, 28)


def test_an_inexact_date_is_shown_as_written_and_sorted_by_what_is_known():
    event = TimelineEvent(
        starts_on=date(2020, 10, 1),
        ends_on=date(2020, 12, 31),
        precision="quarter",
        display_date="Towards the end of last year",
    )
    assert event.when() == "Towards the end of last year"
    event.display_date = ""
    assert event.when() == "October to December 2020"


def test_a_planned_event_never_becomes_done_by_itself():
    event = TimelineEvent(starts_on=date(2021, 3, 5), status="planned")
    assert event.overdue(date(2021, 3, 6))
    assert not event.overdue(date(2021, 3, 5))
    assert not TimelineEvent(starts_on=date(2021, 3, 5), status="done").overdue(date(2026, 1, 1))
