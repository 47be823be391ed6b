"""Scores of the text engine against what people said is right. Plain functions over plain lists."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import pairwise
from math import nan

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score

from benchmarks.intervals import RESAMPLES, Interval, bootstrap

Label = str | None
Span = tuple[int, int]
Counts = tuple[int, int, int]
"""Found and right, found, and to be found."""

CALIBRATION_BINS = 10


def f1(right: float, found: float, wanted: float) -> float:
    """The harmonic mean of precision and recall; no number when nothing is wanted or found."""
    return 2 * right / (found + wanted) if found + wanted else nan


def f1_of(counts: Sequence[Counts], resamples: int = RESAMPLES) -> Interval:
    """Over all texts together, not the mean of each text's own."""
    table = np.array(counts).reshape(-1, 3)
    return bootstrap(lambda rows: f1(*table[rows].sum(axis=0).tolist()), len(table), resamples)


# Labels: themes, kinds, risk.


def accuracy(gold: Sequence[Label], found: Sequence[Label]) -> float:
    return share([a == b for a, b in zip(gold, found, strict=True)])


def macro_f1(gold: Sequence[Label], found: Sequence[Label]) -> float:
    """The mean F1 of the labels that occur in `gold`; whatever else was found is a miss."""
    pairs = list(zip(gold, found, strict=True))
    return float(np.mean([f1(*_counts_of(label, pairs)) for label in _in_order(gold)]))


def recall_of(label: Label, gold: Sequence[Label], found: Sequence[Label]) -> float:
    right, _, wanted = _counts_of(label, list(zip(gold, found, strict=True)))
    return right / wanted if wanted else nan


def in_top_two(gold: Sequence[Label], scores: Sequence[Mapping[str, float]]) -> list[bool]:
    """Whether each label is one of the two with the highest scores; equal scores by name."""
    return [
        label in sorted(by_label, key=lambda name: (-by_label[name], name))[:2]
        for label, by_label in zip(gold, scores, strict=True)
    ]


def share(flags: Sequence[bool]) -> float:
    return float(np.mean(flags)) if len(flags) else nan


def with_interval(
    score: Callable[..., float], *columns: Sequence[object], resamples: int = RESAMPLES
) -> Interval:
    """A score of columns of equal length, such as `accuracy` of gold and found."""
    return bootstrap(
        lambda rows: score(*([column[row] for row in rows.tolist()] for column in columns)),
        len(columns[0]),
        resamples,
    )


def kappa(one: Sequence[Label], other: Sequence[Label]) -> float:
    """Cohen's kappa: agreement beyond what two coders reach by chance."""
    if list(one) == list(other):
        return 1.0
    return float(cohen_kappa_score([str(a) for a in one], [str(b) for b in other]))


def _in_order(labels: Sequence[Label]) -> list[Label]:
    """Each label once, in an order that no hash decides, so that sums are the same to the bit."""
    return sorted(set(labels), key=str)


def _counts_of(label: Label, pairs: Sequence[tuple[Label, Label]]) -> Counts:
    right = sum(gold == found == label for gold, found in pairs)
    return right, sum(b == label for _, b in pairs), sum(a == label for a, _ in pairs)


# Groups: a label for each idea; None for an idea alone by itself.


def rand_index(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The adjusted Rand index; an idea alone is a group of one."""
    return float(adjusted_rand_score(_numbered(gold), _numbered(found)))


def pairwise_f1(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """F1 over pairs of ideas that stand in one group."""
    ours, theirs = _numbered(gold), _numbered(found)
    both = _pairs(list(zip(ours, theirs, strict=True)))
    return f1(both, _pairs(theirs), _pairs(ours))


def small_recovered(
    gold: Sequence[Hashable], found: Sequence[Hashable], most: int = 2
) -> tuple[int, int]:
    """How many gold groups of up to `most` ideas stand found with exactly these, and of how many.

    A lone idea counts as a group of one.
    """
    small = [members for members in _members(gold) if len(members) <= most]
    there = set(_members(found))
    return sum(members in there for members in small), len(small)


def _numbered(labels: Sequence[Hashable]) -> list[int]:
    """Numbers for labels, and one of its own for each None."""
    numbers: dict[Hashable, int] = {}
    keys = [("alone", row) if label is None else label for row, label in enumerate(labels)]
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _members(labels: Sequence[Hashable]) -> list[frozenset[int]]:
    members: dict[int, set[int]] = {}
    for row, number in enumerate(_numbered(labels)):
        members.setdefault(number, set()).add(row)
    return [frozenset(rows) for rows in members.values()]


def _pairs(labels: Sequence[Hashable]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


# Spans: half open, in Python characters.


def inner_cuts(text: str, gold: Sequence[Span], found: Sequence[Span]) -> Counts:
    """Cuts between one idea and the next, right when they part the same two words.

    Words that neither idea holds ("also", "and") stand on the cut, so a cut at either end of them
    is the same. Each cut counts for one other at most.
    """
    wanted, given = _cuts(text, gold), _cuts(text, found)
    right = place = 0
    for first, last in given:
        while place < len(wanted) and wanted[place][1] < first:
            place += 1
        if place < len(wanted) and wanted[place][0] <= last:
            right += 1
            place += 1
    return right, len(given), len(wanted)


def _cuts(text: str, spans: Sequence[Span]) -> list[Span]:
    """Each as the numbers of words before its first and its last possible place."""
    ordered = sorted(spans)
    return [
        (_words_begun(text[:end]), _words_begun(text[:start]))
        for (_, end), (start, _) in pairwise(ordered)
    ]


def _words_begun(text: str) -> int:
    return len([word for word in text.split() if any(char.isalnum() for char in word)])


def exact_spans(text: str, gold: Sequence[Span], found: Sequence[Span]) -> Counts:
    """Ideas from the same first to the same last word, whatever marks and blanks lie around."""
    wanted, given = ({_bare(text, span) for span in spans} for spans in (gold, found))
    return len(wanted & given), len(given), len(wanted)


def _bare(text: str, span: Span) -> Span:
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def overlaps(gold: Sequence[Span], found: Sequence[Span]) -> Counts:
    """Spans that overlap one of the others, each counted for one other at most, in text order."""
    wanted, given = sorted(gold), sorted(found)
    right = place = 0
    for start, end in given:
        while place < len(wanted) and wanted[place][1] <= start:
            place += 1
        if place < len(wanted) and wanted[place][0] < end:
            right += 1
            place += 1
    return right, len(given), len(wanted)


# Screening: a score for each text, the higher the more alarming.


def recall_at(allowed: float, risk: Sequence[bool], scores: Sequence[float]) -> float:
    """Recall where the alarm is set so that at most this share of harmless texts sets it off.

    The alarm sounds above a score that some harmless text has, so a text with that score is missed.
    """
    harmless = sorted((s for s, bad in zip(scores, risk, strict=True) if not bad), reverse=True)
    risky = [s for s, bad in zip(scores, risk, strict=True) if bad]
    most = int(allowed * len(harmless) + 1e-9)
    limit = harmless[most] if most < len(harmless) else float("-inf")
    return share([score > limit for score in risky])


def alarm_rates(risk: Sequence[bool], flags: Sequence[bool]) -> tuple[float, float]:
    """Recall, and the share of harmless texts that set the alarm off."""
    risky = [flag for flag, bad in zip(flags, risk, strict=True) if bad]
    harmless = [flag for flag, bad in zip(flags, risk, strict=True) if not bad]
    return share(risky), share(harmless)


def calibration_error(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The mean distance between how sure and how often right, over ten bins of the best score."""
    hit, best = scores.argmax(axis=1) == truth, scores.max(axis=1)
    bins = np.minimum((best * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    parts = [bins == number for number in range(CALIBRATION_BINS)]
    return float(sum(abs(hit[p].mean() - best[p].mean()) * p.mean() for p in parts if p.any()))
