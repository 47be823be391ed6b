"""Screens answers for words that may tell of harm to a child or an adult.

It orders the queue of the person who reads every answer; it decides nothing. A disclosure is often
one sentence among talk of other things, so each part of an answer is judged by itself and the
gravest counts. What a part says is judged twice: by its vector, and by its words
(`python -m training.screening` learns both, and how far to trust each).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.adapter import TRAINED, read_arrays
from outcomes.engine.errors import EngineError
from outcomes.engine.records import Concern
from outcomes.engine.risk_signs import (
    BUCKETS,
    Words,
    features,
    read_words,
    width,
    word_lists_sha256,
    word_weights,
)
from outcomes.engine.vectors import WIDTH

__all__ = ["CATEGORIES", "Concern", "Screen"]

ABOUT = {
    "disclosure": "being hurt or afraid",
    "neglect": "going without care",
    "self_harm": "hurting oneself",
    "suicidal": "not wanting to live",
    "sexual": "sexual harm",
    "domestic_abuse": "being hurt or controlled by a partner or relative",
    "exploitation": "being used by others",
    "allegation": "harm by somebody paid to help",
    "serious_bullying": "being attacked or tormented by others",
    "adult_at_risk": "harm to an adult who needs support",
}
CATEGORIES = tuple(ABOUT)
EXPLICIT = {
    "sexual": re.compile(r"\b(?:rap(?:ed?|ing|ist)|molest\w*|sexually (?:abus|assault)ed)\b", re.I),
    "suicidal": re.compile(
        r"\b(?:suicidal|overdosed?|kill(?:ed)? (?:my|him|her|them)sel\w+)\b", re.I
    ),
}
NOTHING_FOUND = "No words here stood out as telling of harm. A person still needs to read them."

# An answer of several parts is also judged as a whole, up to so many words.
WHOLE_WORDS = 120
# Where nobody has parted a text, it is read so many words at a time, each half-way into the last.
WINDOW_WORDS = 60
# The words that a reason quotes from a longer part.
QUOTED_WORDS = 12

Floats = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """Words judged together, with their vector if they have one, and the stretch of the text."""

    words: Words
    vector: Floats | None


@dataclass(frozen=True)
class Weights:
    """What was learned. `trust` is how far the two judgements count, and where alarm begins."""

    vector: Floats
    words: Floats
    trust: Floats
    trust_without_vector: Floats
    category_vector: Floats
    category_kinds: Floats
    category_bias: Floats

    def alarm(self, passage: Passage) -> float:
        """Above 0 is alarming."""
        by_words = self.by_words(passage.words)
        if passage.vector is None:
            share, start = self.trust_without_vector
            return float(share * by_words + start)
        by_vector = float((self.vector[:-1] * passage.vector).sum() + self.vector[-1])
        vector_share, word_share, start = self.trust
        return float(vector_share * by_vector + word_share * by_words + start)

    def by_words(self, words: Words) -> float:
        numbers, values = features(words.words)
        return float((self.words[:-1][numbers] * values).sum() + self.words[-1])

    def category(self, passage: Passage) -> str:
        numbers, values = features(passage.words.words)
        kinds = numbers >= BUCKETS
        scores = self.category_bias + (
            self.category_kinds[:, numbers[kinds] - BUCKETS] * values[kinds]
        ).sum(axis=1)
        if passage.vector is not None:
            scores = scores + (self.category_vector * passage.vector).sum(axis=1)
        return CATEGORIES[int(scores.argmax())]


class Screen:
    def __init__(self, folder: Path = TRAINED) -> None:
        self.folder = folder
        self._weights = _read_weights(folder)

    def judge(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        vectors: Sequence[NDArray[np.float32]],
    ) -> list[Concern]:
        """One concern for each text. A text has one vector for each of its parts, maybe none."""
        return [
            self._concern(text, list(passages(text, spans, rows)))
            for text, spans, rows in zip(texts, parts, vectors, strict=True)
        ]

    def _concern(self, text: str, found: list[Passage]) -> Concern:
        if not found:
            return Concern(False, 0.0, None, NOTHING_FOUND)
        alarms = [self._weights.alarm(passage) for passage in found]
        gravest = int(np.argmax(alarms))
        score = round(1 / (1 + float(np.exp(-alarms[gravest]))), 6)
        if score < 0.5:
            return _explicit(text, score) or Concern(False, score, None, NOTHING_FOUND)
        passage = found[gravest]
        category = self._weights.category(passage)
        said = self._quoted(text, passage.words)
        return Concern(
            True, score, category, f"Words that may be about {ABOUT[category]}: “{said}”."
        )

    def _quoted(self, text: str, said: Words) -> str:
        """The words that weighed most, as they were written."""
        count = len(said.words)
        first, last = 0, count
        if count > QUOTED_WORDS:
            weights = word_weights(said.words, self._weights.words)
            sums = np.convolve(weights, np.ones(QUOTED_WORDS), "valid")
            first = int(sums.argmax())
            last = first + QUOTED_WORDS
        words = text[said.spans[first][0] : said.spans[last - 1][1]].split()
        shown = " ".join(word[:40] for word in words[: 2 * QUOTED_WORDS])
        return f"{'… ' if first else ''}{shown}{' …' if last < count else ''}"


def _explicit(text: str, score: float) -> Concern | None:
    """Words that no answer holds without a person seeing it, whatever the scores say."""
    for category, pattern in EXPLICIT.items():
        found = pattern.search(text)
        if found:
            said = f"Words that may be about {ABOUT[category]}: “{found.group()}”."
            return Concern(True, max(score, 0.5), category, said)
    return None


def passages(text: str, spans: Sequence[Span], vectors: NDArray[np.float32]) -> Iterator[Passage]:
    """What is judged by itself: each part, a short answer as a whole, and stretches of a text
    without parts."""
    if len(spans) != len(vectors):
        raise EngineError(
            f"The screen was given {len(vectors)} vectors for {len(spans)} parts of a text."
        )
    if not len(spans):
        yield from _windows(text)
        return
    rows = np.asarray(vectors, np.float64)
    read = [read_words(text, *span) for span in spans]
    yield from (Passage(words, row) for words, row in zip(read, rows, strict=True) if words.words)
    if len(spans) > 1 and sum(len(words.words) for words in read) <= WHOLE_WORDS:
        mean = rows.mean(axis=0)
        length = max(float(np.sqrt((mean * mean).sum())), 1e-9)
        yield Passage(read_words(text), mean / length)


def _windows(text: str) -> Iterator[Passage]:
    whole = read_words(text)
    step = WINDOW_WORDS // 2
    for start in range(0, max(len(whole.words) - step, min(1, len(whole.words))), step):
        here = slice(start, start + WINDOW_WORDS)
        yield Passage(Words(whole.words[here], whole.spans[here]), None)


@lru_cache(maxsize=4)
def _read_weights(folder: Path) -> Weights:
    arrays = read_arrays(folder / "screening.npz")
    kinds = width() - BUCKETS
    shapes = {
        "vector": (WIDTH + 1,),
        "words": (width() + 1,),
        "trust": (3,),
        "trust_without_vector": (2,),
        "category_vector": (len(CATEGORIES), WIDTH),
        "category_kinds": (len(CATEGORIES), kinds),
        "category_bias": (len(CATEGORIES),),
    }
    said = str(arrays["word_lists"]) if "word_lists" in arrays else ""
    right = all(name in arrays and arrays[name].shape == shape for name, shape in shapes.items())
    if not right or said != word_lists_sha256():
        raise EngineError(
            "The screen's trained part does not fit its word lists or this version of the engine. "
            "Make it anew with python -m training.screening."
        )
    return Weights(**{name: arrays[name].astype(np.float64) for name in shapes})
