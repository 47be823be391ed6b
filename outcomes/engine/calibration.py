"""Scores that are as often right as they say, and the score from which to call a guess sure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.errors import EngineError
from outcomes.engine.softmax import Array, log_scores, softmax

RIGHT = 0.8
POWERS = np.geomspace(0.2, 5, 65)
THRESHOLDS = np.round(np.arange(0.3, 1.0, 0.01), 2)
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """`power` sharpens scores (over 1) or dulls them (under 1); guesses of `sure_from` are sure.

    `error` is the expected calibration error, each half of the rows measured with the power that
    the other half chose; `error_before` that of the scores as given. Of the `rows` held out, the
    share `sure_share` was sure, of which `sure_right` were right.
    """

    power: float
    sure_from: float
    error: float
    error_before: float
    rows: int
    sure_share: float
    sure_right: float

    def apply(self, scores: Array) -> Array:
        return np.asarray(np.round(sharpened(scores, self.power), 4))

    def sure(self, scores: Array) -> NDArray[np.bool_]:
        """Which rows of calibrated scores are sure."""
        return np.asarray(scores.max(axis=1) >= self.sure_from)


def calibrate(scores: Array, truth: Sequence[int], right: float = RIGHT) -> Calibration:
    """From scores of held-out rows and the columns that are true of them."""
    columns = np.asarray(truth, np.int64)
    if len(scores) < 2 or len(scores) != len(columns):
        raise EngineError("Scores are calibrated on two rows or more, each with its true class.")
    power = best_power(scores, columns)
    told = np.round(sharpened(scores, power), 4)
    hit, best = told.argmax(axis=1) == columns, told.max(axis=1)
    sure_from = sure_threshold(best, hit, right)
    sure = best >= sure_from
    return Calibration(
        power=power,
        sure_from=sure_from,
        error=round(calibration_error(_crossed(scores, columns), columns), 4),
        error_before=round(calibration_error(scores, columns), 4),
        rows=len(scores),
        sure_share=round(float(sure.mean()), 4),
        sure_right=round(float(hit[sure].mean()), 4) if sure.any() else 0.0,
    )


def best_power(scores: Array, truth: NDArray[np.int64]) -> float:
    """The power with the least surprise at the truth."""
    rows = np.arange(len(scores))
    surprise = [
        -np.log(np.maximum(sharpened(scores, power)[rows, truth], 1e-9)).mean() for power in POWERS
    ]
    return round(float(POWERS[int(np.argmin(np.round(surprise, 9)))]), 4)


def sharpened(scores: Array, power: float) -> Array:
    return softmax(power * log_scores(scores))


def sure_threshold(best: Array, hit: NDArray[np.bool_], right: float = RIGHT) -> float:
    """The least score above which the share right is `right`, a standard error to spare, and of
    the guesses only just above it more than half; over 1 where there is no such score."""
    for threshold in THRESHOLDS:
        above = hit[best >= threshold]
        edge = hit[(best >= threshold) & (best < threshold + 0.1)]
        if len(above) < 2:
            break
        share = above.mean()
        spare = np.sqrt(share * (1 - share) / len(above))
        if share - spare >= right and (not len(edge) or edge.mean() > 0.5):
            return float(threshold)
    return 1.01


def calibration_error(scores: Array, truth: NDArray[np.int64]) -> float:
    """The mean distance between how sure and how often right, over ten bins of the best score."""
    hit, best = scores.argmax(axis=1) == truth, scores.max(axis=1)
    bins = np.minimum((best * BINS).astype(int), BINS - 1)
    parts = [bins == number for number in range(BINS)]
    return float(sum(abs(hit[p].mean() - best[p].mean()) * p.mean() for p in parts if p.any()))


def _crossed(scores: Array, truth: NDArray[np.int64]) -> Array:
    told = np.empty_like(np.asarray(scores, np.float64))
    for half in (0, 1):
        power = best_power(scores[half::2], truth[half::2])
        told[1 - half :: 2] = sharpened(scores[1 - half :: 2], power)
    return told
