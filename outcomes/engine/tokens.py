"""What each word piece of a text means where it stands, for finding borders and names.

The states are those after the second layer of the packaged sentence model. The adapter changes
only the layers above, so what was learned on these states stays good when it is trained anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.vectors import WIDTH, encode_batches, load_model
from outcomes.engine.weights import model_folder

LAYERS_READ = 2
# Pieces read at a time, and how many of them are only read for the sake of their neighbours.
WINDOW, MARGIN = 192, 16
# What stands further on in a text has no states; the rules without them go on.
LONGEST_READ = 50_000


@dataclass(frozen=True)
class TokenStates:
    """`spans` in Python characters, half open, one for each row of `states` (pieces by 384)."""

    spans: list[tuple[int, int]]
    states: NDArray[np.float32]


def read_states(texts: Sequence[str]) -> list[TokenStates]:
    """For each text, in order; a text's states do not depend on the other texts."""
    bert, tokeniser = load_model(model_folder())
    read = [tokeniser.pieces(text[:LONGEST_READ]) for text in texts]
    found = [
        TokenStates(spans, np.zeros((len(numbers), WIDTH), np.float32)) for numbers, spans in read
    ]
    inputs: dict[tuple[int, ...], list[tuple[int, int, int, int]]] = {}
    for row, (numbers, _) in enumerate(read):
        for start, end, keep_from, keep_to in _windows(len(numbers)):
            tokens = tokeniser.framed(numbers[start:end])
            inputs.setdefault(tokens, []).append((row, start, keep_from, keep_to))
    for tokens, states in encode_batches(
        lambda batch: bert.states(batch, LAYERS_READ), sorted(inputs, key=lambda t: (len(t), t))
    ):
        for row, start, keep_from, keep_to in inputs[tokens]:
            kept = states[1 + keep_from - start : 1 + keep_to - start]
            found[row].states[keep_from:keep_to] = kept
    return found


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
