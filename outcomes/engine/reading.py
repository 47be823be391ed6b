"""What can be said of a text by itself: its ideas, their vectors, language, concern and details.

No text's reading depends on another's, so texts may be read anywhere and in any number at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundaries import Splitter
from outcomes.engine.details import DetailFinder
from outcomes.engine.languages import language
from outcomes.engine.records import Concern, Detail, Text
from outcomes.engine.screening import Screen
from outcomes.engine.texts import Span, split_by_rules
from outcomes.engine.tokens import TokenStates, read_states
from outcomes.engine.vectors import SentenceVectors

# Texts read at a time: the states of so many lie in memory together.
TEXTS_AT_A_TIME = 64
ENGLISH = "en"


@dataclass(frozen=True)
class Reading:
    """`spans` are the ideas, one row of `vectors` (by 384) for each; `language` null if unclear."""

    spans: tuple[Span, ...]
    vectors: NDArray[np.float32]
    language: str | None
    concern: Concern
    details: tuple[Detail, ...]

    @property
    def in_english(self) -> bool:
        return self.language in (None, ENGLISH)


class Reader:
    """The trained parts that read a text, loaded once in a process."""

    def __init__(self) -> None:
        self.splitter = Splitter()
        self.finder = DetailFinder()
        self.screen = Screen()
        self.sentences = SentenceVectors()

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        words = [text.text for text in texts]
        states = read_states(words)
        languages = [language(text) for text in words]
        spans = self._spans(texts, states, languages)
        vectors = self._vectors(words, spans)
        concerns = self.screen.judge(words, spans, vectors)
        details = self.finder.find(words, states)
        return [
            Reading(*parts[:-1], tuple(parts[-1]))
            for parts in zip(spans, vectors, languages, concerns, details, strict=True)
        ]

    def _spans(
        self, texts: Sequence[Text], states: list[TokenStates], languages: list[str | None]
    ) -> list[tuple[Span, ...]]:
        """Kept where an earlier run found them; by rules alone where the words are not English."""
        found = self.splitter.split_all([text.text for text in texts], states)
        spans = []
        for text, new, code in zip(texts, found, languages, strict=True):
            if text.spans is not None:
                new = sorted((start, end) for start, end in text.spans)
            elif code not in (None, ENGLISH):
                new = split_by_rules(text.text)
            spans.append(tuple(new))
        return spans

    def _vectors(
        self, words: list[str], spans: list[tuple[Span, ...]]
    ) -> list[NDArray[np.float32]]:
        ideas = [
            text[slice(*span)] for text, found in zip(words, spans, strict=True) for span in found
        ]
        rows = self.sentences.transform(ideas)
        ends = np.cumsum([len(found) for found in spans])
        return list(np.split(rows, ends[:-1])) if len(spans) else []


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader()


def read_chunk(texts: Sequence[Text]) -> list[Reading]:
    """One reading for each text, in order; what a worker process of any executor is asked for."""
    readings: list[Reading] = []
    for start in range(0, len(texts), TEXTS_AT_A_TIME):
        readings += _reader().read(texts[start : start + TEXTS_AT_A_TIME])
    return readings
