"""The trained model that tells where in an answer one idea ends and the next begins.

A few small networks look at each place where a cut could be: at the marks, the classes of the
words, the list it may stand in, and what the states of the words say. Their chances are averaged,
and how sure they must be depends on what stands at the gap. Trained by
`python -m training.boundaries`.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundary_choice import chosen
from outcomes.engine.boundary_features import Floats, Words, surface
from outcomes.engine.boundary_states import StateReader
from outcomes.engine.errors import EngineError
from outcomes.engine.tokens import TokenStates

TRAINED = Path(__file__).resolve().parent / "trained"
NAME = "boundaries.npz"

Arrays = Mapping[str, NDArray[np.generic]]


class BoundaryModel:
    """`arrays` as the training writes them; see `read_model` for the packaged ones."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._states = StateReader(
            {name: array for name, array in arrays.items() if name.startswith("states_")}
        )

    def cuts(self, words: Words, read: TokenStates, rules: set[int]) -> NDArray[np.bool_]:
        """For each place of `words.gaps`, whether an idea begins there; at the first, always."""
        chances = self.chances(place_features(words, read, rules, self._states))
        return chosen(chances, words, np.asarray(self.arrays["limits"], np.float64))

    def chances(self, features: Floats) -> NDArray[np.float64]:
        centre, scale, inner, bias, out, out_bias = (
            np.asarray(self.arrays[f"net_{name}"], np.float64)
            for name in ("centre", "scale", "in", "bias", "out", "out_bias")
        )
        scaled = (features - centre) / scale
        total = np.zeros(len(features))
        for network in range(len(inner)):
            hidden = np.maximum(scaled @ inner[network] + bias[network], 0)
            total += 1 / (1 + np.exp(-(hidden @ out[network] + out_bias[network])))
        return total / len(inner)


def place_features(words: Words, read: TokenStates, rules: set[int], states: StateReader) -> Floats:
    """What is seen at each place where a text might be cut."""
    return np.hstack([surface(words, rules), states.features(words, read)])


@lru_cache(maxsize=4)
def read_model(folder: Path = TRAINED) -> BoundaryModel | None:
    """The packaged model, or None where there is none: then the rules alone split."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            return BoundaryModel({name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise EngineError(
            f"The model that splits answers cannot be read: {path}: {error}. "
            "Build it again with: python -m training.boundaries"
        ) from error
