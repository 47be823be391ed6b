"""From the chance of a cut at each place to the cuts.

How sure the model must be depends on what stands at the gap. Where small words or marks forbid
it nothing is cut, and what goes on for very long without a stop is cut where it is likeliest.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from outcomes.engine import signs
from outcomes.engine.boundary_features import STOPS, Words
from outcomes.engine.boundary_sure import sure_cuts
from outcomes.engine.texts import LONGEST_PIECE, SHORTEST_PIECE

Chances = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

CONTEXTS = ("stop", "mark", "joiner", "none", "joiner, short", "none, short", "carried on")
STOP, MARK, JOINER, CARRIED_ON = 0, 1, 2, 6
# A stretch without stops of no more words is no run-on.
SHORT = 14
# How far the commas of one sentence, or the list marks of a text, are drawn together.
LEVEL = 0.4
# Added to every limit: a point cut in two costs a reader more than two points left together.
CAUTION = 0.1


def chosen(chances: Chances, words: Words, limits: NDArray[np.float64]) -> Flags:
    """The places to cut at, the first always; `limits` are as many as CONTEXTS."""
    here = contexts(words)
    drawn = levelled(chances, words, here)
    found = (drawn > limits[here] + CAUTION) | sure_cuts(words)
    found[:1] = True
    _break_up(found, drawn, words, np.isin(here, (STOP, CARRIED_ON)))
    return np.asarray(found, bool)


def contexts(words: Words) -> Numbers:
    """What stands at each place, as a number of CONTEXTS. A stretch is what stands between stops
    and line breaks; a short one is no run-on."""
    firsts, contents = (places.tolist() for places in words.gaps)
    found = []
    for first, content in zip(firsts, contents, strict=True):
        last = words.raw[first - 1][-1] if first else "."
        if any(words.lines[first : content + 1]) or first == 0:
            found.append(STOP)
        elif last in STOPS:
            found.append(CARRIED_ON if words.bare[content] in signs.CARRIES_ON else STOP)
        elif not last.isalnum():
            found.append(MARK)
        else:
            found.append(JOINER if content > first else JOINER + 1)
    here = np.array(found, np.int64)
    stops = np.isin(here, (STOP, CARRIED_ON))
    short = _sizes(words, stops)[np.cumsum(stops) - 1] <= SHORT
    return np.where(((here == JOINER) | (here == JOINER + 1)) & short, here + 2, here)


def _sizes(words: Words, stops: Flags) -> Numbers:
    """How many words each stretch has."""
    return np.diff(np.append(words.gaps[0][stops], len(words)))


def levelled(chances: Chances, words: Words, here: Numbers) -> Chances:
    """Commas of one stretch part a list or they do not, and so do the list marks of a text: each
    chance is drawn to their mean. Where nothing may be cut there is none."""
    stops = np.isin(here, (STOP, CARRIED_ON))
    marked = _marked(words)
    chances = _drawn(chances, (here == MARK) & ~marked, np.cumsum(stops))
    chances = _drawn(chances, marked, np.zeros(len(here), np.int64))
    return np.where(_never(words), 0.0, chances)


def _marked(words: Words) -> Flags:
    """The places with a list mark, if the text has more than one of them."""
    firsts, contents = words.gaps
    found = np.array(
        [signs.MARK_WORD.fullmatch(words.raw[first][:9]) is not None for first in firsts], bool
    )
    found &= contents > firsts
    return found if found.sum() > 1 else np.zeros(len(found), bool)


def _drawn(chances: Chances, which: Flags, group: Numbers) -> Chances:
    count = np.bincount(group, weights=which)
    total = np.bincount(group, weights=which * chances)
    mean = (total / np.maximum(count, 1))[group]
    return np.where(which, chances * (1 - LEVEL) + mean * LEVEL, chances)


def _never(words: Words) -> Flags:
    """After "e.g." and after a word that leaves a phrase hanging, but for a line break there."""
    found = []
    for first, content in zip(*(places.tolist() for places in words.gaps), strict=True):
        before = words.raw[first - 1] if first else ""
        hangs = before.lower() in signs.HANGING or signs.ABBREVIATION.search(before[-8:])
        found.append(bool(hangs) and not any(words.lines[first : content + 1]))
    return np.array(found, bool)


def _break_up(found: Flags, drawn: Chances, words: Words, stops: Flags) -> None:
    """Cuts, in place, at the likeliest places of pieces that go on too long without a stop."""
    firsts = words.gaps[0]
    borders = [*np.flatnonzero(found | stops).tolist(), len(firsts)]
    pieces = list(pairwise(borders))
    while pieces:
        start, end = pieces.pop()
        last = int(firsts[end]) if end < len(firsts) else len(words)
        if last - firsts[start] <= LONGEST_PIECE:
            continue
        low = int(np.searchsorted(firsts, firsts[start] + SHORTEST_PIECE))
        high = int(np.searchsorted(firsts, min(last, firsts[start] + LONGEST_PIECE)
                                   - SHORTEST_PIECE))  # fmt: skip
        if low >= high:
            continue
        place = low + int(drawn[low:high].argmax())
        found[place] = True
        pieces.append((place, end))
