"""What each word piece of a text means where it stands, for finding borders and names.

The states are those after the second layer of the packaged sentence model. Adapters change only
the layers above, so what was learned on these states stays good when they are trained anew. One
such adapter (`python -m training.borders`) reads on from there and tells, of each piece, whether
an idea begins with it and whether it belongs to an idea at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.adapter import TRAINED, read_arrays
from outcomes.engine.vectors import WIDTH, Floats, encode_batches, load_model
from outcomes.engine.weights import model_folder

LAYERS_READ = 2
BORDERS = TRAINED / "borders.npz"
# Pieces read at a time, and how many of them are only read for the sake of their neighbours.
WINDOW, MARGIN = 192, 16
# What stands further on in a text has no states; the rules without them go on.
LONGEST_READ = 50_000


@dataclass(frozen=True)
class TokenStates:
    """`spans` in Python characters, half open, one for each row of `states` (pieces by 384) and of
    `borders` (pieces by 2): the log odds that an idea begins here, and that this is of an idea."""

    spans: list[tuple[int, int]]
    states: NDArray[np.float32]
    borders: NDArray[np.float32]


def read_states(texts: Sequence[str], borders: Path | None = BORDERS) -> list[TokenStates]:
    """For each text, in order; a text's states do not depend on the other texts. Without the
    trained part at `borders`, theirs are nought."""
    _, tokeniser = load_model(model_folder())
    read = [tokeniser.pieces(text[:LONGEST_READ]) for text in texts]
    found = [
        TokenStates(
            spans,
            np.zeros((len(numbers), WIDTH), np.float32),
            np.zeros((len(numbers), 2), np.float32),
        )
        for numbers, spans in read
    ]
    inputs: dict[tuple[int, ...], list[tuple[int, int, int, int]]] = {}
    for row, (numbers, _) in enumerate(read):
        for start, end, keep_from, keep_to in _windows(len(numbers)):
            tokens = tokeniser.framed(numbers[start:end])
            inputs.setdefault(tokens, []).append((row, start, keep_from, keep_to))
    ordered = sorted(inputs, key=lambda tokens: (len(tokens), tokens))
    for tokens, states in encode_batches(_reader(borders), ordered):
        for row, start, keep_from, keep_to in inputs[tokens]:
            kept = states[1 + keep_from - start : 1 + keep_to - start]
            found[row].states[keep_from:keep_to] = kept[:, :WIDTH]
            found[row].borders[keep_from:keep_to] = kept[:, WIDTH:]
    return found


def _reader(borders: Path | None) -> Callable[[NDArray[np.int64]], Floats]:
    """From tokens to their states, with the two log odds behind them."""
    bert, _ = load_model(model_folder())
    if borders is None:
        return lambda batch: np.pad(bert.states(batch, LAYERS_READ), ((0, 0), (0, 0), (0, 2)))
    further, _ = load_model(model_folder(), borders)
    arrays = read_arrays(borders)
    weight, bias = arrays["head.weight"].T, arrays["head.bias"]

    def read(batch: NDArray[np.int64]) -> Floats:
        states = bert.states(batch, LAYERS_READ)
        told = further.onward(states, LAYERS_READ) @ weight + bias
        return np.concatenate([states, told], axis=2)

    return read


def _windows(count: int) -> Iterator[tuple[int, int, int, int]]:
    """Overlapping windows (start, end) and the part of each that is kept (keep_from, keep_to)."""
    step = WINDOW - 2 * MARGIN
    start = 0
    while start < count:
        end = min(start + WINDOW, count)
        keep_from = start + MARGIN if start else 0
        if end == count:
            yield start, end, keep_from, count
            return
        yield start, end, keep_from, end - MARGIN
        start += step
