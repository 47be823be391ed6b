"""Whether an idea is an outcome, an experience, a service or a measure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.adapter import TRAINED, read_arrays
from outcomes.engine.learning import Learner
from outcomes.engine.records import Label
from outcomes.engine.vectors import SentenceVectors

Floats = NDArray[np.float32]


class KindModel:
    """A linear head over sentence vectors, trained with the adapter on the codebook's examples,
    and what officers decided on top of it."""

    def __init__(self, folder: Path = TRAINED) -> None:
        arrays = read_arrays(folder / "topics.npz")
        self.kinds = tuple(str(kind) for kind in arrays["kinds"])
        self._weight = arrays["kind_weight"].astype(np.float64)
        self._bias = arrays["kind_bias"].astype(np.float64)

    def fit(self, labels: Sequence[Label], sentences: SentenceVectors) -> "KindModel":
        """Learns from those labels that name a kind; the same words have it from now on."""
        self.decided_ = {label.text: label.kind for label in labels if label.kind}
        vectors = sentences.transform(list(self.decided_))
        decisions = dict(enumerate(self.decided_.values()))
        self.learner_ = Learner(self.kinds).fit(vectors, self._shares(vectors), decisions)
        return self

    def guesses(self, texts: Sequence[str], vectors: Floats) -> list[tuple[str, float]]:
        """The likeliest kind of each row and its share, rounded."""
        shares = self.learner_.scores(vectors, self._shares(vectors))
        return [
            (self.decided_[text], 1.0)
            if text in self.decided_
            else (self.kinds[int(row.argmax())], float(row.max()))
            for text, row in zip(texts, shares, strict=True)
        ]

    def _shares(self, vectors: Floats) -> NDArray[np.float64]:
        raw = np.asarray(vectors, np.float64) @ self._weight.T + self._bias
        raw = np.exp(raw - raw.max(axis=1, keepdims=True, initial=0.0))
        return np.asarray(np.round(raw / raw.sum(axis=1, keepdims=True), 4))
