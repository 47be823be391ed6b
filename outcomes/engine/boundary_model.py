"""The trained model that tells where in an answer one idea ends and the next begins.

A few small networks look at each place where a cut could be: at the marks, the classes of the
words, the list it may stand in, and what the states of the words say. Their chances are averaged
with each other, and with what the adapted sentence model tells of the word itself (`tokens`); how
sure they must be depends on what stands at the gap. Trained by `python -m training.boundaries`.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundary_choice import Chances, chosen
from outcomes.engine.boundary_features import Floats, Words, surface
from outcomes.engine.boundary_states import StateReader, told_of_words
from outcomes.engine.errors import EngineError
from outcomes.engine.texts import Span, trimmed
from outcomes.engine.tokens import TokenStates

TRAINED = Path(__file__).resolve().parent / "trained"
NAME = "boundaries.npz"

Arrays = Mapping[str, NDArray[np.generic]]

# A piece is of no idea when its words, on average, are so unlikely to be; the first and last words
# of one that is are left out while they are so unlikely.
SAYS_LITTLE, OUTSIDE = 0.3, 0.1


class BoundaryModel:
    """`arrays` as the training writes them; see `read_model` for the packaged ones."""

    def __init__(self, arrays: Arrays) -> None:
        self._states = StateReader(
            {name: array for name, array in arrays.items() if name.startswith("states_")}
        )
        self._limits = np.asarray(arrays.get("limits", ()), np.float64)
        self._centre = np.asarray(arrays["net_centre"], np.float32)
        self._scale = np.asarray(arrays["net_scale"], np.float32)
        inner = np.asarray(arrays["net_in"], np.float32)
        self._in = np.hstack(list(inner))
        self._bias, self._out, self._out_bias = (
            np.asarray(arrays[f"net_{name}"], np.float32) for name in ("bias", "out", "out_bias")
        )

    def cuts(self, words: Words, read: TokenStates, rules: set[int]) -> NDArray[np.bool_]:
        """For each place of `words.gaps`, whether an idea begins there; at the first, always."""
        by_networks = self.chances(place_features(words, read, rules, self._states))
        return chosen(agreed(by_networks, words, read), words, self._limits)

    def chances(self, features: Floats) -> NDArray[np.float64]:
        scaled = (features - self._centre) / self._scale
        hidden = np.maximum(scaled @ self._in + self._bias.ravel(), 0)
        each = hidden.reshape(len(features), *self._out.shape)
        total = (each * self._out).sum(axis=2, dtype=np.float64) + self._out_bias
        return np.asarray((1 / (1 + np.exp(-total))).mean(axis=1), np.float64)


def agreed(by_networks: NDArray[np.float64], words: Words, read: TokenStates) -> Chances:
    """Half-way between the networks and the adapted model, in log odds."""
    begins = told_of_words(words, read)[words.gaps[1], 0].astype(np.float64)
    sure = np.clip(by_networks, 1e-4, 1 - 1e-4)
    return np.asarray(1 / (1 + np.exp(-(np.log(sure / (1 - sure)) + begins) / 2)))


def of_ideas(spans: list[Span], words: Words, read: TokenStates) -> list[Span]:
    """Those that say something: greetings, joiners and small talk are left out."""
    likely = 1 / (1 + np.exp(-told_of_words(words, read)[:, 1].astype(np.float64)))
    starts, ends = np.array(words.spans).T
    found = []
    for start, end in spans:
        places = np.flatnonzero((ends > start) & (starts < end))
        inside = places[likely[places] >= OUTSIDE]
        if likely[places].mean() < SAYS_LITTLE or not len(inside):
            continue
        first = start if inside[0] == places[0] else int(starts[inside[0]])
        last = end if inside[-1] == places[-1] else int(ends[inside[-1]])
        found.append(trimmed(words.text, (first, last)))
    return [(start, end) for start, end in found if start < end]


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
