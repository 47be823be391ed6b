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
    assert Strategy(end_year=2028).flags(date(2026, 11, 22)) == []
