"""Counts of people: small ones hidden, and no hidden one worked out from the others."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import counting
from surveys.counting import FEWER, NOT_SHOWN, TOTAL, counts, people_shown, percentage


def row(*people: int) -> list[str]:
    """One row of a table, with its total, as it is shown."""
    table = counts(["one"], range(len(people)), {("one", n): each for n, each in enumerate(people)})
    return table.lines()[0][1]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (1, FEWER), (4, FEWER), (5, "5"), (1234, "1,234")],
)
def test_one_to_four_people_are_never_told_apart(count, shown):
    assert people_shown(count) == shown


def test_t9_two_small_counts_hide_each_other():
    assert row(12, 3, 4) == ["12", FEWER, FEWER, "19"]


def test_t10_a_small_count_that_is_alone_gets_another_beside_it():
    assert row(12, 3, 20) == [NOT_SHOWN, FEWER, "20", "35"]


@pytest.mark.parametrize(
    ("part", "base", "percent"),
    [(4, 7, None), (7, 7, None), (4, 100, None), (0, 10, 0), (5, 10, 50), (120, 80, 150)],
)
def test_t11_there_is_no_percentage_of_few_people(part, base, percent):
    assert percentage(part, base) == percent


def test_two_counts_that_can_only_be_four_are_hidden_further():
    """4 and 4 of 8: "fewer than 5" twice would tell both."""
    shown = row(4, 4)
    assert shown[:2] == [FEWER, FEWER]
    assert shown[2] == NOT_SHOWN


def test_a_small_total_does_not_tell_its_parts():
    """Four rows of one person each and "fewer than 5" in all would tell that each is 1."""
    assert sorted(row(1, 1, 1, 1)) == [FEWER] * 4 + [NOT_SHOWN]


def test_nothing_is_hidden_where_nobody_is_few():
    table = counts("ab", "xy", {("a", "x"): 7, ("a", "y"): 0, ("b", "x"): 12, ("b", "y"): 5})
    assert table.lines() == [
        ("a", ["7", "0", "7"]),
        ("b", ["12", "5", "17"]),
        (TOTAL, ["19", "5", "24"]),
    ]


def test_in_a_table_the_rows_the_columns_and_the_total_hold_what_is_hidden():
    people = {("a", "x"): 30, ("a", "y"): 3, ("b", "x"): 20, ("b", "y"): 10}
    table = counts("ab", "xy", people)
    assert table.lines() == [
        ("a", [NOT_SHOWN, FEWER, "33"]),
        ("b", [NOT_SHOWN, NOT_SHOWN, "30"]),
        (TOTAL, ["50", "13", "63"]),
    ]


few = st.integers(0, 6) | st.integers(0, 20)


@st.composite
def tables(draw, rows=3, columns=4):
    names = [range(draw(st.integers(1, most))) for most in (rows, columns)]
    return (*names, {place: draw(few) for place in product(*names)})


@settings(max_examples=150, deadline=None)
@given(tables())
def test_every_count_of_one_to_four_is_hidden(table):
    made = counts(*table)
    for place, count in made.numbers.items():
        if 0 < count < 5:
            assert made.shown(*place) in (FEWER, NOT_SHOWN)
        if made.shown(*place) == FEWER:
            assert 0 < count < 5
        if made.is_shown(*place):
            assert made.shown(*place) == f"{count:,}"


def fits(rows, columns, numbers, hidden):
    """Every table of small numbers that a reader cannot tell from this one; totals included."""
    cells = list(product(rows, columns))
    highest = max(numbers.values()) + 2

    def may_be(place):
        if place not in hidden:
            return [numbers[place]]
        return range(1, 5) if hidden[place] == FEWER else range(highest)

    for values in product(*(may_be(place) for place in cells)):
        tried = counting.with_totals(rows, columns, dict(zip(cells, values, strict=True)))
        totals = (place for place in tried if TOTAL in place)
        if all(tried[place] in may_be(place) or _beyond(place, hidden) for place in totals):
            yield tried


def _beyond(place, hidden):
    return hidden.get(place) == NOT_SHOWN


@settings(max_examples=60, deadline=None)
@given(tables(rows=2, columns=2))
def test_no_hidden_count_is_determined_by_what_is_shown(table):
    """By trying all tables there are, knowing nothing of how the program works it out."""
    made = counts(*table)
    if not made.hidden:
        return
    found = {place: set() for place in made.hidden}
    for tried in fits(made.rows, made.columns, made.numbers, made.hidden):
        for place in found:
            found[place].add(tried[place])
    for place, values in found.items():
        assert made.numbers[place] in values
        assert len(values) > 1, (place, made.lines())


def rank(lines):
    """The rank of a matrix, by elimination."""
    lines, done = [list(map(float, line)) for line in lines], 0
    for column in range(len(lines[0]) if lines else 0):
        pivot = next((n for n in range(done, len(lines)) if abs(lines[n][column]) > 1e-9), None)
        if pivot is None:
            continue
        lines[done], lines[pivot] = lines[pivot], lines[done]
        for n in range(len(lines)):
            if n != done:
                share = lines[n][column] / lines[done][column]
                lines[n] = [a - share * b for a, b in zip(lines[n], lines[done], strict=True)]
        done += 1
    return done


@settings(max_examples=100, deadline=None)
@given(tables())
def test_the_sums_of_a_table_do_not_determine_a_hidden_count(table):
    """As linear equations: one more that says what a hidden count is would tell something new."""
    made = counts(*table)
    places = list(made.hidden)
    sums = [
        *([(r, c) for c in (*made.columns, TOTAL)] for r in (*made.rows, TOTAL)),
        *([(r, c) for r in (*made.rows, TOTAL)] for c in (*made.columns, TOTAL)),
    ]
    known = [
        [0 if place not in line else -1 if place == line[-1] else 1 for place in places]
        for line in sums
    ]
    for n in range(len(places)):
        says = [int(n == other) for other in range(len(places))]
        assert rank([*known, says]) > rank(known), made.lines()
