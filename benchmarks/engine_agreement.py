"""How far two coders agree who did not see each other's work: the most that can be asked for."""

from collections.abc import Sequence

from benchmarks import engine_data as data
from benchmarks import engine_scores as scores
from benchmarks.document import table
from benchmarks.engine_data import Row
from benchmarks.engine_parts import ALARMS, ANSWERS, SETS, detail_counts


def agreement() -> str:
    lines = [line for name in SETS if name != "seed" for line in _ideas(name)]
    lines += [line for name in ANSWERS for line in _answers(name)]
    lines += [line for name in ALARMS for line in _screening(name)]
    return table(["set", "coded", "agreement"], [*lines, *_details()])


def _both(name: str) -> tuple[list[Row], list[Row]] | None:
    rows = data.read(data.DATA / f"{name}.jsonl")
    second = data.second_coder(name, rows)
    return None if second is None else (rows, second)


def _ideas(name: str) -> list[list[str]]:
    both = _both(name)
    if both is None:
        return []
    lines = [[name, field, _labels(*_columns(both, field))] for field in ("theme", "kind")]
    one, other = _columns(both, "cluster")
    rand, pairs = scores.rand_index(one, other), scores.pairwise_f1(one, other)
    lines.append([name, "groups", f"adjusted Rand index {rand:.2f}, pairwise F1 {pairs:.2f}"])
    return lines


def _columns(both: tuple[list[Row], list[Row]], field: str) -> tuple[list[str], list[str]]:
    one, other = ([row[field] for row in rows] for rows in both)
    return one, other


def _labels(one: Sequence[str], other: Sequence[str]) -> str:
    return f"{scores.accuracy(one, other):.0%}, kappa {scores.kappa(one, other):.2f}"


def _answers(name: str) -> list[list[str]]:
    both = _both(name)
    if both is None:
        return []
    cuts, ideas = (
        scores.f1_of(
            [score(a["text"], data.spans(a), data.spans(b)) for a, b in zip(*both, strict=True)], 0
        ).value
        for score in (scores.inner_cuts, scores.exact_spans)
    )
    return [[name, "ideas of an answer", f"cuts F1 {cuts:.2f}, whole ideas F1 {ideas:.2f}"]]


def _screening(name: str) -> list[list[str]]:
    both = _both(name)
    if both is None:
        return []
    risk = [[str(row["risk"]) for row in rows] for rows in both]
    kinds = [[str(row["category"]) for row in rows] for rows in both]
    return [
        [name, "risk or none", _labels(*risk)],
        [name, "category or none", _labels(*kinds)],
    ]


def _details() -> list[list[str]]:
    both = _both("details")
    if both is None:
        return []
    everything, people = (
        scores.f1_of(detail_counts(*both, kind), 0).value for kind in (None, "person")
    )
    return [["details", "spans", f"overlap F1 {everything:.2f}, people {people:.2f}"]]
