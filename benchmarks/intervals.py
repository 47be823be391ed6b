"""How far a figure could be off by the luck of the draw: bootstrap intervals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 0

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A figure and where it lies in 95 of 100 resamples; no bounds where none were drawn."""

    value: float
    low: float | None = None
    high: float | None = None


def bootstrap(
    figure: Callable[[Rows], float], count: int, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """`figure` of all rows by number, and of as many drawn again and again with replacement.

    Draws in which the figure does not exist (it is no number) are left out.
    """
    value = figure(np.arange(count))
    drawn = np.array([figure(rows) for rows in draws(count, resamples, seed)])
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return Interval(value)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def draws(count: int, resamples: int, seed: int) -> Iterator[Rows]:
    chance = np.random.default_rng(seed)
    for _ in range(resamples):
        yield chance.integers(0, count, count)
