"""Strategies: periods as printed (T17) and overdue reviews (T18)."""

from datetime import date

import pytest

from outcomes.models import Strategy, years_of


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("2015 -18", (2015, 2018)),
        ("2021", (2021, 2021)),
        ("2016 to 2019", (2016, 2019)),
        ("2019 – 2022", (2019, 2022)),
        ("2019-2028", (2019, 2028)),
        ("", (None, None)),
    ],
)
def test_a_period_is_read_as_printed(period, years):
    assert years_of(period) == years


def test_flags_follow_from_the_dates():
    strategy = Strategy(end_year=2020, review_due=date(2021, 7, 1))
    assert strategy.flags(date(2026, 11, 22)) == [
        "past its end date",
        "review overdue since July 2021",
    ]
    assert strategy.flags(date(2021, 7, 31)) == ["past its end date"]
    assert Strategy().flags(date(2026, 11, 22)) == ["no period stated"]


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2019, 2028), ["current until 2028"]),
        ((None, 2026), ["current until 2026"]),
        ((2027, 2028), []),
        ((2019, 2025), ["past its end date"]),
    ],
)
def test_a_strategy_is_current_until_its_last_year_is_over(years, said):
    start, end = years
    assert Strategy(start_year=start, end_year=end).flags(date(2026, 11, 22)) == said


@pytest.mark.parametrize(
    ("status", "due", "said"),
    [
        ("This strategy is under review.", None, ["under review, no date given"]),
        ("UNDER REVIEW", None, ["under review, no date given"]),
        ("Under review, due July 2027", date(2027, 7, 1), []),
        ("Reviewed", None, []),
    ],
)
def test_a_review_without_a_date_is_said(status, due, said):
    strategy = Strategy(start_year=2027, end_year=2028, status_text=status, review_due=due)
    assert strategy.flags(date(2026, 11, 22)) == said
