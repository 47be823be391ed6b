"""Whether an idea is an outcome, an experience, a service or a measure."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.adapter import TRAINED, read_arrays


class KindModel:
    """A linear head over sentence vectors, trained with the adapter on the codebook's examples."""

    def __init__(self, folder: Path = TRAINED) -> None:
        arrays = read_arrays(folder / "topics.npz")
        self.kinds = tuple(str(kind) for kind in arrays["kinds"])
        self._weight = arrays["kind_weight"].astype(np.float64)
        self._bias = arrays["kind_bias"].astype(np.float64)

    def guesses(self, vectors: NDArray[np.float32]) -> list[tuple[str, float]]:
        """The likeliest kind of each row and its share, rounded."""
        raw = np.asarray(vectors, np.float64) @ self._weight.T + self._bias
        raw = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares = np.round(raw / raw.sum(axis=1, keepdims=True), 4)
        return [(self.kinds[int(row.argmax())], float(row.max())) for row in shares]
