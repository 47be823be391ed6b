"""How well two people, or a person and the machine, agree on what ideas are about.

Plain statistics over codes that are words. Where a number cannot be told, it is None: with nothing
to compare, and where chance alone would make both say the same of everything.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

Pair = tuple[str, str]
Table = Mapping[Pair, int]
Measure = Callable[[Table], float | None]
DRAWS = 1_000
SEED = 20_260_101
# With fewer, a number says little, and the pages tell so.
FEWEST = 30
ALL_BUT = "all but it"


def percent_agreement(table: Table) -> float | None:
    """The part of the ideas for which both chose the same, from 0 to 1."""
    total = sum(table.values())
    return sum(table[pair] for pair in table if pair[0] == pair[1]) / total if total else None


def cohen_kappa(table: Table) -> float | None:
    """Agreement beyond what chance would make of how often each of the two uses each code."""
    total = sum(table.values())
    if not total:
        return None
    firsts, seconds = _margins(table)
    agreed = sum(table[pair] for pair in table if pair[0] == pair[1])
    chance = sum(firsts[code] * seconds[code] for code in firsts)
    # In whole numbers up to here, so that "all by chance" is told exactly.
    if chance == total * total:
        return None
    return (agreed * total - chance) / (total * total - chance)


def krippendorff_alpha(table: Table) -> float | None:
    """Nominal alpha of two coders who both coded every idea (Krippendorff 2011, part C)."""
    total = 2 * sum(table.values())
    firsts, seconds = _margins(table)
    used = firsts + seconds
    expected = total * total - sum(number * number for number in used.values())
    if not expected:
        return None
    differing = 2 * sum(table[pair] for pair in table if pair[0] != pair[1])
    return 1 - (total - 1) * differing / expected


def _margins(table: Table) -> tuple[Counter[str], Counter[str]]:
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (first, second), number in table.items():
        firsts[first] += number
        seconds[second] += number
    return firsts, seconds


def f1(one: Iterable[str], other: Iterable[str]) -> float:
    """How much two sets of codes of one idea share: 1 for the same, 0 for none."""
    one, other = set(one), set(other)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


@dataclass(frozen=True)
class Measured:
    """A number, and where it would lie in 95 of 100 samples like this one."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """Of how many ideas both chose the same, and how far beyond chance that is."""

    ideas: int
    same: int
    percent: Measured
    kappa: Measured
    alpha: Measured
    shared: Measured | None = None  # the mean F1 of all the themes that both gave

    @property
    def is_small(self) -> bool:
        return self.ideas < FEWEST


MEASURES: tuple[Measure, ...] = (percent_agreement, cohen_kappa, krippendorff_alpha)


def agreement(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> Agreement:
    """Of the codes that two gave the same ideas in the same order, at least one to each."""
    table, draws = _drawn(first, second)
    found = _agreement(table, draws)
    scores = [f1(one, other) for one, other in zip(first, second, strict=True)]
    return Agreement(
        found.ideas, found.same, found.percent, found.kappa, found.alpha, _mean(scores)
    )


def agreement_by_code(
    first: Sequence[Sequence[str]], second: Sequence[Sequence[str]], codes: Iterable[str]
) -> dict[str, Agreement]:
    """For each code alone: whether an idea is mostly about it, or about any other."""
    table, draws = _drawn(first, second)
    return {
        code: _agreement(_folded(table, code), [_folded(one, code) for one in draws])
        for code in codes
    }


def _drawn(
    first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]
) -> tuple[Table, list[Table]]:
    """How often each pair of main codes is there, and in each sample drawn from them anew."""
    table = Counter((one[0], other[0]) for one, other in zip(first, second, strict=True))
    pairs, size = sorted(table), sum(table.values())
    weights = list(accumulate(table[pair] for pair in pairs))
    chance = Random(SEED)  # noqa: S311 - no secret hangs on it
    return table, [
        Counter(chance.choices(pairs, cum_weights=weights, k=size))
        for _ in range(DRAWS if size else 0)
    ]


def _folded(table: Table, code: str) -> Table:
    folded: Counter[Pair] = Counter()
    for pair, number in table.items():
        one, other = (each if each == code else ALL_BUT for each in pair)
        folded[one, other] += number
    return folded


def _agreement(table: Table, draws: Sequence[Table]) -> Agreement:
    same = sum(table[pair] for pair in table if pair[0] == pair[1])
    percent, kappa, alpha = (
        _with_interval(measure(table), map(measure, draws)) for measure in MEASURES
    )
    return Agreement(sum(table.values()), same, percent, kappa, alpha)


def _mean(scores: Sequence[float]) -> Measured:
    if not scores:
        return Measured(None)
    chance, size = Random(SEED), len(scores)  # noqa: S311
    drawn = (sum(chance.choices(scores, k=size)) / size for _ in range(DRAWS))
    return _with_interval(sum(scores) / size, drawn)


def _with_interval(value: float | None, drawn: Iterable[float | None]) -> Measured:
    """Between the 2.5th and the 97.5th percentile of those drawn of which it could be told."""
    told = sorted(one for one in drawn if one is not None)
    if value is None or not told:
        return Measured(value)
    last = len(told) - 1
    return Measured(value, told[round(0.025 * last)], told[round(0.975 * last)])
