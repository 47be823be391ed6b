"""In which order the cards of a board come, so that no audience is drowned by another."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.models import Audience

# Fewer people and workshops than this are few: they have a heading of their own on a board.
FEW = 5
IN_TURN, BY_NAME = "turn", "name"
ORDERS = {
    IN_TURN: "each audience in turn",
    **{audience.value: f"by {audience.label}" for audience in Audience},
    BY_NAME: "by name",
}
HOW = {
    IN_TURN: (
        "The largest with parents and carers comes first, then the largest with practitioners, "
        "with children and young people, and in workshops; then the second largest of each, and "
        "so on."
    ),
    **{
        audience.value: f"Those that most {audience.label} spoke of come first."
        for audience in Audience
    },
    BY_NAME: "By name, from A to Z.",
}


@dataclass(frozen=True)
class Size:
    """A group or cluster, how many people of each audience are in it, and in how many workshops."""

    key: int
    name: str
    people: tuple[int, ...]  # of each Audience, then workshops
    ideas: int
    taken: int = 0  # ideas that are in a cluster already

    @property
    def is_few(self) -> bool:
        return sum(self.people) < FEW


def in_order(sizes: Sequence[Size], order: str) -> list[Size]:
    if order == BY_NAME:
        return sorted(sizes, key=lambda one: (one.name.casefold(), one.key))
    if order in Audience.values:
        return _largest(sizes, Audience.values.index(order))
    return _in_turn(sizes)


def _largest(sizes: Sequence[Size], column: int) -> list[Size]:
    """Most of one audience first; among equals the one that more of all said."""
    return sorted(
        sizes,
        key=lambda one: (-one.people[column], -sum(one.people), one.name.casefold(), one.key),
    )


def _in_turn(sizes: Sequence[Size]) -> list[Size]:
    turns: dict[int, tuple[int, int]] = {}
    for column in range(len(Audience.values) + 1):
        for rank, one in enumerate(_largest(sizes, column)):
            if one.people[column]:
                turns[one.key] = min(turns.get(one.key, (rank, column)), (rank, column))
    last = (len(sizes), 0)
    return sorted(sizes, key=lambda one: (turns.get(one.key, last), one.name.casefold(), one.key))
