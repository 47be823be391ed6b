"""Cuts that need no judging: what a writer parts again and again by the same mark is a list."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundary_features import Words

# Marks that, standing alone between words, part a note's points.
PARTING = frozenset({"/", "//", "|", "•", "·", "*"})
# Of so many characters at most are the lines of a list; longer ones may be wrapped by a mailer.
LONGEST_LINE, LONGEST_BARE_LINE = 60, 30
OFTEN = 2


def sure_cuts(words: Words) -> NDArray[np.bool_]:
    """For each place of `words.gaps`, whether a semicolon, a lone mark or a line break parts a
    list there."""
    firsts, contents = (places.tolist() for places in words.gaps)
    before = [words.raw[first - 1] if first else "" for first in firsts]
    semicolons = [word.endswith(";") for word in before]
    marks = [first > 0 and words.raw[first] in PARTING for first in firsts]
    lines = [
        first > 0 and any(words.lines[first : content + 1])
        for first, content in zip(firsts, contents, strict=True)
    ]
    found = np.zeros(len(firsts), bool)
    for parted in (semicolons, marks, lines if _are_items(words, firsts, lines) else []):
        if sum(parted) >= OFTEN:
            found |= np.array(parted, bool)
    return found


def _are_items(words: Words, firsts: list[int], lines: list[bool]) -> bool:
    """Whether lines are too short to have been wrapped, or short and each with a capital."""
    starts = [0, *(first for first, line in zip(firsts, lines, strict=True) if line), len(words)]
    found = [(a, words.spans[b - 1][1] - words.spans[a][0]) for a, b in pairwise(starts) if b > a]
    longest = max((size for _, size in found), default=0)
    capitals = all(not words.raw[start][0].islower() for start, _ in found)
    return longest <= (LONGEST_LINE if capitals else LONGEST_BARE_LINE)
