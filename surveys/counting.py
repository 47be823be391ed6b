"""Counts of people as others may see them: small ones hidden, and no hidden one worked out.

A count of 1 to 4 is shown as "fewer than 5". In a table with totals that is not enough: a hidden
count is the total less the others. So more is hidden, until no hidden count has only one value
that fits all that is shown.

A table with its totals is a network: each cell leads from its row to its column, each row's total
from the start to that row, each column's total from that column to the end, and the grand total
from the end back to the start. What comes into a row or column goes out of it. A hidden count can
have another value exactly when some circle of hidden counts leads through it, along which 1 can be
added, or taken away, without leaving what a reader knows of each.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

FEWEST_SHOWN = 5
SMALLEST_BASE = 10
FEWER = f"fewer than {FEWEST_SHOWN}"
NOT_SHOWN = "not shown"
UNBOUNDED = 10**9

Place = tuple[Hashable, Hashable]
TOTAL = "total"  # the row, or the column, of a total


def people_shown(count: int) -> str:
    """A count of people that stands alone: 1 to 4 are never told apart."""
    return FEWER if 0 < count < FEWEST_SHOWN else f"{count:,}"


def percentage(part: int, base: int) -> int | None:
    """A whole percentage; None where it would rest on too few people, or tell of a few."""
    if base < SMALLEST_BASE or 0 < part < FEWEST_SHOWN:
        return None
    return round(100 * part / base)


@dataclass(frozen=True)
class Counts:
    """A table of people with its totals, as it may be shown."""

    rows: tuple[Hashable, ...]
    columns: tuple[Hashable, ...]
    numbers: Mapping[Place, int]  # with the totals; for the program alone
    hidden: Mapping[Place, str]  # "fewer than ..." or NOT_SHOWN

    def shown(self, row: Hashable, column: Hashable = TOTAL) -> str:
        place = (row, column)
        return self.hidden.get(place) or f"{self.numbers[place]:,}"

    def is_shown(self, row: Hashable, column: Hashable = TOTAL) -> bool:
        return (row, column) not in self.hidden

    def lines(self) -> list[tuple[Hashable, list[str]]]:
        """Each row, and the total's, with its cells and its total."""
        return [
            (row, [self.shown(row, column) for column in (*self.columns, TOTAL)])
            for row in (*self.rows, TOTAL)
        ]


def counts(
    rows: Sequence[Hashable],
    columns: Sequence[Hashable],
    people: Mapping[Place, int],
    fewest: int = FEWEST_SHOWN,
) -> Counts:
    """The table of how many people are in each row and column, with the totals."""
    numbers = with_totals(rows, columns, people)
    return Counts(tuple(rows), tuple(columns), numbers, hide(numbers, fewest))


def with_totals(
    rows: Sequence[Hashable], columns: Sequence[Hashable], people: Mapping[Place, int]
) -> dict[Place, int]:
    numbers = {place: people.get(place, 0) for place in product(rows, columns)}
    for row in rows:
        numbers[row, TOTAL] = sum(numbers[row, column] for column in columns)
    for column in (*columns, TOTAL):
        numbers[TOTAL, column] = sum(numbers[row, column] for row in rows)
    return numbers


def hide(numbers: Mapping[Place, int], fewest: int = FEWEST_SHOWN) -> dict[Place, str]:
    """What is not shown, and what stands there instead.

    Small counts first. Then, while one can be worked out, one more: that which leaves the fewest
    to be worked out; among equals a cell before a total, and the smaller before the larger.
    """
    few = f"fewer than {fewest}"
    hidden = {place: few for place, count in numbers.items() if 0 < count < fewest}
    while worked_out(numbers, hidden, fewest):
        hidden = min(
            ({**hidden, place: NOT_SHOWN} for place in next_places(numbers, hidden)),
            key=lambda more: len(worked_out(numbers, more, fewest)),
        )
    return hidden


def next_places(numbers: Mapping[Place, int], hidden: Mapping[Place, str]) -> list[Place]:
    """What may be hidden next, best first; a total that says "fewer than 5" may say less."""
    left = [place for place in numbers if hidden.get(place) != NOT_SHOWN]
    open_ones = [place for place in left if place not in hidden and numbers[place]]
    return sorted(
        open_ones or [place for place in left if place in hidden] or left,
        key=lambda place: (TOTAL in place, numbers[place]),
    )


def worked_out(
    numbers: Mapping[Place, int], hidden: Mapping[Place, str], fewest: int = FEWEST_SHOWN
) -> list[Place]:
    """The hidden counts that have only one value which fits all that is shown."""
    leads = defaultdict(set)  # from each row and column, where 1 may be moved on, and over what
    for place in hidden:
        start, end = ends(place)
        least, most = known(numbers[place], hidden[place], fewest)
        if numbers[place] < most:
            leads[start].add((end, place))
        if numbers[place] > least:
            leads[end].add((start, place))
    return [place for place in hidden if not _can_differ(place, leads)]


def known(number: int, words: str, fewest: int = FEWEST_SHOWN) -> tuple[int, int]:
    """Between what a reader knows a hidden count to lie.

    "Not shown" may hide any count; but whoever knows the rule guesses that it is no small one,
    and even that guess must not be enough.
    """
    if words != NOT_SHOWN:
        return 1, fewest - 1
    return (fewest if number >= fewest else 0), UNBOUNDED


def ends(place: Place) -> tuple[Hashable, Hashable]:
    """From where to where a count leads in the network."""
    row, column = place
    if row == TOTAL:
        return ("end", "start") if column == TOTAL else (("column", column), "end")
    return ("start", ("row", row)) if column == TOTAL else (("row", row), ("column", column))


def _can_differ(place: Place, leads: Mapping[Hashable, Iterable[tuple[Hashable, Place]]]) -> bool:
    """Whether 1 more, or 1 less, fits: a circle over other hidden counts leads back."""
    start, end = ends(place)
    return any(
        (there, place) in leads.get(here, ()) and _reaches(there, here, place, leads)
        for here, there in ((start, end), (end, start))
    )


def _reaches(
    here: Hashable,
    there: Hashable,
    without: Place,
    leads: Mapping[Hashable, Iterable[tuple[Hashable, Place]]],
) -> bool:
    met, todo = {here}, [here]
    while todo:
        for one, place in leads.get(todo.pop(), ()):
            if place == without or one in met:
                continue
            met.add(one)
            todo.append(one)
    return there in met
