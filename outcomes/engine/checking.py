"""Which ideas people should check next, and what it will bring."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from outcomes.engine.softmax import Array

Floats = NDArray[np.float32]

# How fast likeness falls with the squared distance of two unit vectors: of ideas a person would
# call alike it is a half or more, of any two ideas a hundredth.
NEARNESS = 4.0
# The least likeness of two ideas of one group.
SAME_GROUP = 0.1
# Ideas looked at: of more, those with the least certain scores.
MOST = 1_500
# From this likeness on, the reason counts an idea as like another.
COUNTED = 0.1
# Share of the mistakes near a checked idea that its decision puts right; measured on examples of
# hands that the codebook model had not seen.
SPREAD = 0.02


class Proposal(NamedTuple):
    """`usefulness` is in ideas that are probably wrong: its own share and its likes'."""

    row: int
    usefulness: float
    reason: str


@dataclass(frozen=True)
class Gain:
    """Shares of all ideas that are right, decided ones included: now, and after the next checks.

    `corrected` of the ideas to be checked are expected to be wrong, by their own scores;
    `spread` more, not checked, are expected to be put right by what is learned.
    """

    checks: int
    corrected: float
    spread: float
    before: float
    after: float


def propose(
    vectors: Floats,
    scores: Array,
    decided: Collection[int],
    groups: Sequence[Hashable] | None = None,
    count: int = 20,
    names: Sequence[str] | None = None,
) -> list[Proposal]:
    """The most useful first: unsure, like many other unsure ideas, and unlike those before it.

    `names` are what the reason calls the columns of `scores`.
    """
    doubts = 1 - scores.max(axis=1)
    open_rows = _open_rows(doubts, decided)
    likeness = _likeness(vectors, open_rows, groups)
    weights, covered = np.round(doubts[open_rows], 4), np.zeros(len(open_rows))
    chosen: list[Proposal] = []
    waiting = np.ones(len(open_rows), bool)
    while len(chosen) < min(count, len(open_rows)):
        gains = np.round(np.maximum(likeness - covered, 0) @ weights, 6)
        # Where all is covered, the least certain of the rest.
        gains = np.where(waiting, gains + 1e-6 * weights, -1)
        place = int(gains.argmax())
        row = int(open_rows[place])
        likes = int((likeness[place] >= COUNTED).sum()) - 1
        reason = _reason(scores[row], likes, names)
        chosen.append(Proposal(row, round(float(gains[place]), 4), reason))
        waiting[place] = False
        covered = np.maximum(covered, likeness[place])
    return chosen


def expected_gain(
    vectors: Floats, scores: Array, decided: Collection[int], proposed: Sequence[int]
) -> Gain:
    """What checking the `proposed` ideas will bring, if `scores` are as often right as they say."""
    total = max(len(scores), 1)
    doubts = 1 - scores.max(axis=1) if len(scores) else np.zeros(0)
    doubts[list(decided)] = 0
    before = 1 - doubts.sum() / total if len(scores) else 0.0
    corrected = float(doubts[list(proposed)].sum())
    rest = doubts.copy()
    rest[list(proposed)] = 0
    spread = 0.0
    if len(proposed):
        open_rows = np.flatnonzero(rest)
        nearest = np.zeros(len(open_rows))
        for row in proposed:
            nearest = np.maximum(nearest, _near(vectors[open_rows], vectors[[row]])[:, 0])
        spread = SPREAD * float(rest[open_rows] @ nearest)
    after = before + (corrected + spread) / total
    return Gain(
        len(proposed), round(corrected, 2), round(spread, 2), round(before, 4), round(after, 4)
    )


def _open_rows(doubts: Array, decided: Collection[int]) -> NDArray[np.int64]:
    closed = set(decided)
    rows = np.array([row for row in range(len(doubts)) if row not in closed], np.int64)
    if len(rows) > MOST:
        least_certain = np.argsort(-np.round(doubts[rows], 4), kind="stable")[:MOST]
        rows = np.sort(rows[least_certain])
    return rows


def _likeness(vectors: Floats, rows: NDArray[np.int64], groups: Sequence[Hashable] | None) -> Array:
    likeness = np.round(_near(vectors[rows], vectors[rows]), 4)
    if groups is not None:
        numbers: Mapping[Hashable, int] = {
            group: place for place, group in enumerate(dict.fromkeys(groups))
        }
        own = np.array([-1 if groups[row] is None else numbers[groups[row]] for row in rows])
        same = (own[:, None] == own[None, :]) & (own[:, None] >= 0)
        likeness = np.where(same, np.maximum(likeness, SAME_GROUP), likeness)
    np.fill_diagonal(likeness, 1)
    return likeness


def _near(left: Floats, right: Floats) -> Array:
    with threadpool_limits(1):
        return np.exp(2 * NEARNESS * (left.astype(np.float64) @ right.astype(np.float64).T - 1))


def _reason(scores: Array, likes: int, names: Sequence[str] | None) -> str:
    order = np.argsort(-scores, kind="stable")
    called = [names[place] if names else f"choice {place + 1}" for place in order[:2]]
    doubt = f"Between {called[0]} and {called[1]}" if len(called) > 1 else "Unsure"
    if not likes:
        return f"{doubt}; no other idea is quite like it."
    return f"{doubt}; {likes} other {'idea is' if likes == 1 else 'ideas are'} much like it."
