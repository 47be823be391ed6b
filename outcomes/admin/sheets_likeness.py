"""How alike groups of texts are, by the words they share: the rarer a word, the more it says."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

WORD = re.compile(r"[^\W\d_]{3,}")
LEAST = 5  # per cent, below which nobody would see a likeness

Texts = Mapping[int, Iterable[str]]


def likenesses(these: Texts, those: Texts) -> dict[int, list[tuple[int, int]]]:
    """For each of these, which of those are like it, and by how many per cent, the most first.

    The cosine of how often each says each word, weighed by how few of them say it at all.
    """
    counts_here, counts_there = _counted(these), _counted(those)
    said_by = Counter(
        word for some in (counts_here, counts_there) for one in some.values() for word in one
    )
    every = len(counts_here) + len(counts_there)
    here = {key: _weighed(one, said_by, every) for key, one in counts_here.items()}
    there = {key: _weighed(one, said_by, every) for key, one in counts_there.items()}
    return {key: _nearest(one, there) for key, one in here.items()}


def _counted(groups: Texts) -> dict[int, Counter[str]]:
    return {
        key: Counter(word for text in texts for word in WORD.findall(text.lower()))
        for key, texts in groups.items()
    }


def _weighed(counted: Counter[str], said_by: Counter[str], every: int) -> dict[str, float]:
    """Of length 1, so that what two share is their cosine."""
    weights = {
        word: (1 + math.log(count)) * math.log((1 + every) / said_by[word])
        for word, count in counted.items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def _nearest(one: dict[str, float], others: dict[int, dict[str, float]]) -> list[tuple[int, int]]:
    shared = {
        key: round(100 * sum(weight * other.get(word, 0) for word, weight in one.items()))
        for key, other in others.items()
    }
    found = [(key, percent) for key, percent in shared.items() if percent >= LEAST]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
