"""What the words of a text say to the screen: words, pieces of words, and kinds of word.

Everything here counts words; vectors say the rest. A feature is a number, and its value depends on
how many features the text has, so that a long text is no more alarming than a short one.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.errors import EngineError

WORD_LISTS = Path(__file__).resolve().parent / "screening_data" / "words.txt"
BUCKETS = 2**16
# Two kinds of word count as a pair when so many words or fewer lie from the one to the other.
REACH = 4
LONGEST_WORD = 24
_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")


@dataclass(frozen=True)
class Words:
    """The words of a passage in lower case without apostrophes, each with its span in the text."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def read_words(text: str, start: int = 0, end: int | None = None) -> Words:
    found = list(_WORD.finditer(text, start, len(text) if end is None else end))
    return Words(
        tuple(
            word.group()[: 2 * LONGEST_WORD]
            .replace("'", "")
            .replace("’", "")
            .lower()[:LONGEST_WORD]
            for word in found
        ),
        tuple(word.span() for word in found),
    )


@lru_cache(maxsize=1)
def word_lists() -> tuple[tuple[str, frozenset[str]], ...]:
    """The lists of words.txt in their order, each with its name."""
    try:
        lines = WORD_LISTS.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise EngineError(f"The word lists of the screen cannot be read: {error}.") from error
    split = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return tuple((name, frozenset(words.split())) for name, _, words in split)


def word_lists_sha256() -> str:
    """A fingerprint of what the lists say, whatever the ends of the lines."""
    said = "\n".join(f"{name}:{' '.join(sorted(words))}" for name, words in word_lists())
    return hashlib.sha256(said.encode()).hexdigest()


def width() -> int:
    """How many features there are: buckets, kinds of word, and ordered pairs of kinds."""
    count = len(word_lists())
    return BUCKETS + count + count * count


def features(words: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The numbers of the features that these words have, in rising order, and their values."""
    hashed = sorted(_hashed(words))
    kinds = sorted(_kinds(words))
    values = np.concatenate([_even(len(hashed)), _even(len(kinds))])
    return np.array(hashed + kinds, np.int64), values


def word_weights(words: tuple[str, ...], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each word weighs: by itself, in its pieces, and in the pairs that it is part of."""
    alone = [float(weights[list(_pieces(word))].sum()) for word in words]
    result = np.array(alone, np.float64)
    for step in (1, 2):
        for place, pair in enumerate(zip(words, words[step:], strict=False)):
            weight = weights[_bucket(f"{step}:{pair[0]} {pair[1]}")] / 2
            result[[place, place + step]] += weight
    return result


def _even(count: int) -> NDArray[np.float64]:
    return np.full(count, 1 / max(count, 1) ** 0.5)


def _hashed(words: tuple[str, ...]) -> set[int]:
    found = {number for word in words for number in _pieces(word)}
    for step in (1, 2):
        found |= {
            _bucket(f"{step}:{first} {second}")
            for first, second in zip(words, words[step:], strict=False)
        }
    return found


def _kinds(words: tuple[str, ...]) -> set[int]:
    count = len(word_lists())
    kinds = [_kinds_of(word) for word in words]
    found = {BUCKETS + kind for of_word in kinds for kind in of_word}
    for place, firsts in enumerate(kinds):
        if firsts:
            found |= {
                BUCKETS + count + first * count + second
                for seconds in kinds[place + 1 : place + 1 + REACH]
                for first in firsts
                for second in seconds
            }
    return found


def _bucket(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[int, ...]:
    """The word itself and its runs of three to five letters, its ends marked."""
    marked = f"<{word}>"
    runs = {
        marked[start : start + size]
        for size in (3, 4, 5)
        for start in range(len(marked) - size + 1)
    }
    return tuple(sorted({_bucket(f"0:{word}")} | {_bucket(f"c:{run}") for run in runs}))


@lru_cache(maxsize=20_000)
def _kinds_of(word: str) -> tuple[int, ...]:
    return tuple(number for number, (_, words) in enumerate(word_lists()) if word in words)
