"""Publishing a consultation and moving a closing date."""

from datetime import date, timedelta

import pytest

from surveys.actions import extend_survey, publish_consultation
from surveys.models import DeadlineChange
from surveys.refusals import BadText


def test_an_extension_moves_the_date_and_keeps_the_reason(survey, asha, now):
    before = survey.closes_on
    later = before + timedelta(days=11)
    change = extend_survey(survey=survey, closes_on=later, reason="Half term.", by=asha, now=now)
    survey.refresh_from_db()
    assert survey.closes_on == later
    assert (change.closed_on_before, change.closes_on_now) == (before, later)


@pytest.mark.parametrize("days", [0, -1])
def test_a_closing_date_never_moves_earlier(survey, asha, now, days):
    day = survey.closes_on + timedelta(days=days)
    with pytest.raises(BadText, match="Choose a day after"):
        extend_survey(survey=survey, closes_on=day, reason="Why not.", by=asha, now=now)
    assert not DeadlineChange.objects.exists()


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2029, 1, 1)])
def test_a_closing_date_is_within_two_years(survey, asha, now, day):
    with pytest.raises(BadText, match="within two years"):
        extend_survey(survey=survey, closes_on=day, reason="Never.", by=asha, now=now)


def test_a_closing_date_is_not_moved_into_the_past(survey, asha, now):
    late = now + timedelta(days=90)
    day = survey.closes_on + timedelta(days=1)
    with pytest.raises(BadText, match="That day is past"):
        extend_survey(survey=survey, closes_on=day, reason="Late.", by=asha, now=late)


def test_an_extension_needs_a_reason(survey, asha, now):
    day = survey.closes_on + timedelta(days=1)
    with pytest.raises(BadText, match="Say why"):
        extend_survey(survey=survey, closes_on=day, reason=" ", by=asha, now=now)


def test_publishing_twice_keeps_the_first_moment(consultation, ben, now):
    again = publish_consultation(consultation=consultation, by=ben, now=now + timedelta(days=1))
    assert again.published_at == now
    assert again.published_by != ben
