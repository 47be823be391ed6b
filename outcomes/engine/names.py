"""Names of groups in respondents' own words, and why the ideas stand together."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from outcomes.engine.themes import shortened

LONGEST_NAME = 12
# Names of fewer words say too little, when there is a choice.
SHORTEST_NAME = 3
# What a name loses in nearness to the middle for being too long to quote whole, too short, for
# words that may be names of people and places, and for having no telling word ("I did once");
# what it gains for each of the group's distinctive words.
CUT_COST, SHORT_COST, NAMING_COST, EMPTY_COST = 0.05, 0.08, 0.15, 0.2
TELLING_GAIN = 0.06

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CLAUSE_END = re.compile(r"[.!?;:,](?=\s|$)|\s[-\u2013\u2014](?=\s)|\s(?=because\b|so that\b|but\b)")
COMMON_HERE = """
    want wants need needs like just really get gets got getting dont don't didn't doesn't can't
    won't isn't i'm i'd i've it's he's she's they're we're that's there's said say says told tell
    thing things lot make makes made going goes went know knows think every year years day days
    time times people child children kids son daughter boy girl mum dad family families young
    person school would could should help let able way good better best does did doing
"""
COMMON = ENGLISH_STOP_WORDS.union(COMMON_HERE.split())


@dataclass(frozen=True)
class Member:
    """An idea of a group: its words, its vector, and the codebook topic it is closest to."""

    text: str
    vector: NDArray[np.float32]
    topic: str | None
    count: int


class Namer:
    """Names and reasons. Each wording speaks once, or a phrase that many use would name all.

    `fit` counts in how many wordings each word is used.
    """

    def fit(self, wordings: Sequence[str]) -> "Namer":
        self.usage_ = Counter(word for text in wordings for word in _telling_words(text))
        self.total_ = len(wordings)
        return self

    def named(self, groups: Sequence[list[Member]]) -> list[tuple[list[Member], str]]:
        """Each group with a name; the largest chooses first, so that no two have the same."""
        taken: set[str] = set()
        named = []
        for group in sorted(groups, key=lambda group: (-_ideas(group), group[0].text)):
            names = self.names(group)
            name = next((name for name in names if name.lower() not in taken), names[0])
            taken.add(name.lower())
            named.append((group, name))
        return named

    def names(self, members: Sequence[Member]) -> list[str]:
        """What the group may be called, the best first: its most central ideas, shortened."""
        vectors = np.array([member.vector for member in members], np.float64)
        nearness = np.einsum("mw,w->m", vectors, vectors.mean(axis=0))
        distinctive = set(self.distinctive_words(members))
        ranked = sorted(
            (round(_cost(member.text, distinctive) - float(near), 4), member.text)
            for member, near in zip(members, nearness, strict=True)
        )
        return [short_name(text) for _, text in ranked]

    def reason(self, members: Sequence[Member], topic_labels: dict[str, str]) -> str:
        """The topic that most of the ideas are close to, or else the words they share."""
        total = _ideas(members)
        topics: Counter[str] = Counter()
        for member in members:
            if member.topic:
                topics[member.topic] += member.count
        topic, near = min(topics.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        words = self.distinctive_words(members)
        alike = f"share the words: {', '.join(words)}" if words else "say something alike"
        if near * 2 <= total:
            return f"{total} ideas that {alike}."
        of_these = f"{total} ideas" if near == total else f"{near} of {total} ideas"
        shared = f"; they {alike}" if words else ""
        return f"{of_these} close to the topic “{topic_labels[topic]}”{shared}."

    def distinctive_words(self, members: Sequence[Member], most: int = 3) -> list[str]:
        """Words in two wordings or more here and in few elsewhere (c-TF-IDF)."""
        here = Counter(word for member in members for word in _telling_words(member.text))
        weight = {
            word: count * log(1 + self.total_ / max(1, self.usage_[word]))
            for word, count in here.items()
            if count > 1
        }
        return sorted(weight, key=lambda word: (-round(weight[word], 6), word))[:most]


def _ideas(members: Sequence[Member]) -> int:
    return sum(member.count for member in members)


def short_name(text: str) -> str:
    """At most LONGEST_NAME of the idea's own words, ending with a clause where one ends there."""
    words = " ".join(text.split()).strip('"“”').rstrip(".,;:")
    if len(words.split()) <= LONGEST_NAME:
        return _clipped(words)
    first = " ".join(words.split()[:LONGEST_NAME])
    clauses = [end.start() for end in CLAUSE_END.finditer(first)]
    whole = [place for place in clauses if len(first[:place].split()) >= SHORTEST_NAME + 1]
    return _clipped(first[: whole[-1]] if whole else shortened(words, LONGEST_NAME))


def _clipped(name: str, longest: int = 120) -> str:
    """A name must fit on a line, even when it is one endless word."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _cost(text: str, distinctive: set[str]) -> float:
    words = text.split()
    telling = set(_telling_words(short_name(text)))
    cost = -TELLING_GAIN * len(telling & distinctive) if telling else EMPTY_COST
    cost += CUT_COST if len(words) > LONGEST_NAME else 0.0
    cost += SHORT_COST if len(words) < SHORTEST_NAME else 0.0
    naming = any(word[:1].isupper() and not word.startswith("I") for word in words[1:])
    return cost + (NAMING_COST if naming or any(char.isdigit() for char in text) else 0.0)


def _telling_words(text: str) -> list[str]:
    words = (word.replace("’", "'").lower() for word in WORD.findall(text))
    return sorted({word for word in words if len(word) > 2 and word not in COMMON})
