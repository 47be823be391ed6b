"""Answers to ideas: the trained model says where ideas begin, the rules of `texts` do the rest.

The rules trim what the model cuts, drop what says nothing, and split alone what it cannot read:
other scripts, and what stands very far into a text.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundary_features import Words, read_words
from outcomes.engine.boundary_model import TRAINED, BoundaryModel, of_ideas, read_model
from outcomes.engine.texts import Span, says_something, split_by_rules, trimmed
from outcomes.engine.tokens import LONGEST_READ, TokenStates, read_states


class Splitter:
    """Answers to ideas, many at a time. `folder` holds the trained model; without one the rules
    split."""

    def __init__(self, folder: Path = TRAINED) -> None:
        self.folder = folder

    def split_all(
        self, texts: Sequence[str], states: Sequence[TokenStates] | None = None
    ) -> list[list[Span]]:
        """The ideas of each text; `states` as `read_states(texts)` gives them, if at hand."""
        model = read_model(self.folder)
        if model is None:
            return [split_by_rules(text) for text in texts]
        found = [split_by_rules(text) for text in texts]
        rows = [row for row, text in enumerate(texts) if _is_readable(text)]
        read = (
            read_states([texts[row] for row in rows])
            if states is None
            else [states[row] for row in rows]
        )
        for row, of in zip(rows, read, strict=True):
            found[row] = _split(texts[row], of, found[row], model)
        return found


def _split(text: str, read: TokenStates, by_rules: list[Span], model: BoundaryModel) -> list[Span]:
    """By the model as far as the states go, by rule from there on."""
    tail = next((start for start, end in by_rules if end > LONGEST_READ), len(text))
    words = read_words(text[:tail])
    if not len(words):
        return by_rules
    cuts = model.cuts(words, read, {start for start, _ in by_rules})
    ideas = of_ideas(spans_between(words, cuts), words, read)
    return ideas + [idea for idea in by_rules if idea[0] >= tail]


@lru_cache(maxsize=1)
def _splitter() -> Splitter:
    return Splitter()


def split(text: str) -> list[Span]:
    """The ideas of an answer as half-open spans, in order, trimmed, never overlapping."""
    return _splitter().split_all([text])[0]


def _is_readable(text: str) -> bool:
    """Whether the states mean anything: more than one word, most of them in Latin letters."""
    letters = [char for char in text[:2_000] if char.isalpha()]
    latin = sum(char < "\u0250" for char in letters)
    return bool(letters) and latin * 2 > len(letters) and len(text.split(maxsplit=1)) > 1


def spans_between(words: Words, cuts: NDArray[np.bool_]) -> list[Span]:
    """The pieces between the cuts, trimmed, without those that say nothing."""
    firsts, _ = words.gaps
    places = [*firsts[cuts].tolist(), len(words)]
    pieces = ((words.spans[a][0], words.spans[b - 1][1]) for a, b in pairwise(places))
    ideas = (trimmed(words.text, piece) for piece in pieces)
    return [idea for idea in ideas if says_something(words.text, idea)]
