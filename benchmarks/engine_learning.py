"""What officers' decisions bring: with the codebook, and in other fields from labels alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import engine_data as data
from benchmarks import labelled
from benchmarks.document import table
from benchmarks.engine_scores import accuracy
from outcomes.engine.checking import expected_gain, propose
from outcomes.engine.pipeline import Pipeline
from outcomes.engine.records import FoundIdea, Label
from outcomes.engine.vectors import SentenceVectors

SETS = ("ideas_a", "ideas_b", "ideas_c")
DECISIONS, ROUND, DRAWS = 100, 20, 5

Choose = Callable[[Sequence[FoundIdea], set[int]], list[int]]


@dataclass(frozen=True)
class Learned:
    """Shares of ideas with the right theme; `rest` are those that nobody decided."""

    before: float
    after: float
    rest_before: float
    rest_after: float


def learning(cache: Path) -> str:
    head = [
        "set",
        f"{DECISIONS} decisions chosen",
        "right before, all ideas",
        "after",
        "right before, ideas not decided",
        "after",
    ]
    lines = [line for name in SETS for line in _lines(name, cache)]
    return table(head, lines)


def _lines(name: str, cache: Path) -> list[list[str]]:
    rows = data.ideas(name)
    vectors = SentenceVectors().transform([row["text"] for row in rows])

    def by_engine(found: Sequence[FoundIdea], decided: set[int]) -> list[int]:
        scores = _scores(found)
        groups = [idea.group for idea in found]
        return [one.row for one in propose(vectors, scores, decided, groups, ROUND)]

    chosen = taught(rows, by_engine, cache)
    first = Pipeline(cache_dir=cache).analyse(data.whole(rows)).ideas
    gain = expected_gain(
        vectors,
        _scores(first),
        (),
        [one.row for one in propose(vectors, _scores(first), (), None, DECISIONS)],
    )
    drawn = [taught(rows, by_chance(seed), cache) for seed in range(DRAWS)]
    return [
        [name, "by the engine, 20 at a time", *_cells([chosen])],
        ["", f"by chance, mean of {DRAWS} draws", *_cells(drawn)],
        ["", "as the engine expected", f"{gain.before:.2f}", f"{gain.after:.2f}", "", ""],
    ]


def _cells(each: Sequence[Learned]) -> list[str]:
    fields = ("before", "after", "rest_before", "rest_after")
    return [f"{np.mean([getattr(one, field) for one in each]):.2f}" for field in fields]


def by_chance(seed: int) -> Choose:
    chance = np.random.default_rng(seed)

    def choose(found: Sequence[FoundIdea], decided: set[int]) -> list[int]:
        free = [row for row in range(len(found)) if row not in decided]
        chosen: list[int] = chance.choice(free, min(ROUND, len(free)), replace=False).tolist()
        return chosen

    return choose


def taught(rows: list[data.Row], choose: Choose, cache: Path) -> Learned:
    """Decide a few ideas as the set says, let the engine learn, and again until all are spent."""
    gold = [row["theme"] for row in rows]
    texts = data.whole(rows)
    found = first = Pipeline(cache_dir=cache).analyse(texts).ideas
    decided: set[int] = set()
    while len(decided) < DECISIONS:
        decided |= set(choose(found, decided))
        labels = [Label(rows[row]["text"], gold[row]) for row in sorted(decided)]
        found = Pipeline(cache_dir=cache, labels=labels).analyse(texts).ideas
    rest = [row for row in range(len(rows)) if row not in decided]
    return Learned(
        _right(gold, first, range(len(rows))),
        _right(gold, found, range(len(rows))),
        _right(gold, first, rest),
        _right(gold, found, rest),
    )


def _right(gold: Sequence[str], found: Sequence[FoundIdea], rows: Sequence[int]) -> float:
    return accuracy([gold[row] for row in rows], [found[row].theme for row in rows])


def _scores(found: Sequence[FoundIdea]) -> np.ndarray:
    themes = sorted({theme for idea in found for theme in idea.scores})
    return np.array([[idea.scores.get(theme, 0.0) for theme in themes] for idea in found])


def other_fields() -> str:
    if not (labelled.DATA / "nhs_feedback_train.jsonl").is_file():
        return (
            "Not measured in this run: the labelled sets (NHS patient feedback, BANKING77) are no "
            "part of the project and were not beside it."
        )
    lines = [figures.row() for figures in labelled.nhs(labelled.read_nhs())]
    train, test = labelled.read_banking("train"), labelled.read_banking("test")
    lines.append(labelled.banking(train, test).row())
    return "\n".join([labelled.HEAD, "|---" * (labelled.HEAD.count("|") - 1) + "|", *lines])
