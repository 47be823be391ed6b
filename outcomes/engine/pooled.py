"""More of a text than its sentence vector: for learning from labels alone.

Several readings of the token states of one pass through the packaged sentence model, side by
side. What is said first has a reading of its own, because a reader who must put one label on an
answer of several points mostly labels the first.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.vectors import LAYERS, WIDTH, Bert, encode_batches, load_model
from outcomes.engine.weights import model_folder

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]

MIDDLE_LAYER = 4
# Tokens from the start of a text after which a word counts a third as much.
FIRST_TOKENS = 6.0
# The sentence vector, then what is said first as the last and the middle layer have it.
READINGS = ("mean_last", "first_last", "first_middle")


def pooled_vectors(texts: Sequence[str], progress: Progress | None = None) -> Floats:
    """One row a text, 384 numbers for each of `READINGS`; equal texts are run once."""
    bert, tokeniser = load_model(model_folder(), None)
    rows: dict[tuple[int, ...], list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(tuple(tokeniser.encode(text)), []).append(row)
    found = np.zeros((len(texts), len(READINGS) * WIDTH), np.float32)
    ordered = sorted(rows, key=lambda tokens: (len(tokens), tokens))
    done = 0
    for tokens, readings in encode_batches(lambda batch: _readings(bert, batch), ordered):
        found[rows[tokens]] = readings
        done += len(rows[tokens])
        if progress:
            progress(done, len(texts))
    return found


def _readings(bert: Bert, tokens: NDArray[np.int64]) -> Floats:
    middle = bert.states(tokens, MIDDLE_LAYER)
    last = middle
    for layer in range(MIDDLE_LAYER, LAYERS):
        last = bert._layer(f"encoder.layer.{layer}", last)
    parts = (last.mean(axis=1), _said_first(last), _said_first(middle))
    return np.hstack([part / np.linalg.norm(part, axis=1, keepdims=True) for part in parts])


def _said_first(states: Floats) -> Floats:
    shares = np.exp(-np.arange(states.shape[1]) / FIRST_TOKENS).astype(np.float32)
    return np.asarray(np.einsum("btw,t->bw", states, shares / shares.sum()))
