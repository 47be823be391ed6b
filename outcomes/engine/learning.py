"""What officers' decisions change in a codebook model's scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from threadpoolctl import threadpool_limits

from outcomes.engine.errors import EngineError
from outcomes.engine.softmax import Array, fit_change, log_scores, softmax

Floats = NDArray[np.float32]

# How fast likeness falls with the squared distance of two unit vectors.
NEARNESS = 3.0
# How much a decision counts for ideas near it, for ideas with scores like its own, and for all.
NEAR, ALIKE, ALL = 3.0, 0.005, 0.005
# Added to the diagonal, so that equal vectors with different decisions are no trouble.
JITTER = 1e-3


@dataclass(frozen=True)
class Contradiction:
    """Rows of equal vectors that were decided differently, and the decision that counts."""

    rows: tuple[int, ...]
    counts: str


class Learner:
    """Decisions on top of a codebook model's scores.

    Logistic regression with the prior scores as its starting point. What it may change is drawn
    towards nought, so that few decisions change little, and is made of three parts: nearness to
    a decided idea, having scores like a decided idea's, and the frequency of each class. Scores
    are told, and told apart, to so many `places`.
    """

    def __init__(
        self,
        classes: Sequence[str],
        near: float = NEAR,
        alike: float = ALIKE,
        overall: float = ALL,
        places: int = 4,
    ) -> None:
        self.classes = classes
        self.near = near
        self.alike = alike
        self.overall = overall
        self.places = places

    def fit(self, vectors: Floats, prior_scores: Array, decisions: Mapping[int, str]) -> "Learner":
        """`decisions` are a class for each row decided; later ones stand further on in it."""
        self._require_known(vectors, decisions)
        rows, labels, self.contradictions_ = settled(vectors, decisions)
        self.vectors_ = np.asarray(vectors[rows], np.float64)
        self.logs_ = log_scores(prior_scores[rows], 10.0**-self.places)
        if not rows:
            return self
        number = {name: place for place, name in enumerate(self.classes)}
        targets = np.eye(len(self.classes))[[number[label] for label in labels]]
        with threadpool_limits(1):
            kernel = self._kernel(self.vectors_, self.logs_)
            kernel[np.diag_indices(len(rows))] += JITTER
            self.root_: Array = np.asarray(np.linalg.cholesky(kernel), np.float64)
        self.change_ = fit_change(self.root_, self.logs_, targets, np.ones(len(rows)), 1.0)
        return self

    def scores(self, vectors: Floats, prior_scores: Array) -> Array:
        """A row of shares for each idea; those decided are scored as if they were not. Without
        any decision they are the prior scores."""
        if not len(self.vectors_) or not len(prior_scores):
            return prior_scores
        logs = log_scores(prior_scores, 10.0**-self.places)
        with threadpool_limits(1):
            seen = self._kernel(np.asarray(vectors, np.float64), logs)
            logs = logs + seen @ solve_triangular(self.root_, self.change_, lower=True, trans=1)
        return np.asarray(np.round(softmax(logs), self.places))

    def _kernel(self, vectors: Array, logs: Array) -> Array:
        near = np.exp(2 * NEARNESS * (vectors @ self.vectors_.T - 1))
        return np.asarray(self.near * near + self.alike * (logs @ self.logs_.T) + self.overall)

    def _require_known(self, vectors: Floats, decisions: Mapping[int, str]) -> None:
        for row, label in decisions.items():
            if label not in self.classes:
                raise EngineError(f"“{label}” is not among {', '.join(self.classes)}.")
            if not 0 <= row < len(vectors):
                raise EngineError(f"There is no idea {row} to decide on.")


def settled(
    vectors: Floats, decisions: Mapping[int, str]
) -> tuple[list[int], list[str], list[Contradiction]]:
    """One row and one decision for each distinct vector: what most say, or else the latest."""
    alike: dict[bytes, list[int]] = {}
    for row in decisions:
        alike.setdefault(np.asarray(vectors[row]).tobytes(), []).append(row)
    rows, labels, contradictions = [], [], []
    for content in sorted(alike):
        given = [decisions[row] for row in alike[content]]
        counts = Counter(given)
        last = {label: place for place, label in enumerate(given)}
        label = max(counts, key=lambda name: (counts[name], last[name]))
        rows.append(min(alike[content]))
        labels.append(label)
        if len(counts) > 1:
            contradictions.append(Contradiction(tuple(sorted(alike[content])), label))
    return rows, labels, contradictions


def reconciled(by_topic: Array, by_theme: Array, membership: Array) -> Array:
    """Topic scores that sum to the theme scores, each theme's topics as they were to each other.

    `membership` has a row for each topic and a column for each theme, 1 where it belongs.
    """
    within = np.asarray(by_topic, np.float64) + 1e-9
    now = within @ membership
    changed = within * ((by_theme / now) @ membership.T)
    return np.asarray(np.round(changed, 6))
