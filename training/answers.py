"""Answers in which people marked the ideas by hand, and the fifth of them that is kept back."""

import json
from pathlib import Path
from random import Random

from training.boundary_states import SEED, Row, without_marks

DATA = Path(__file__).parent / "data"
ANSWERS = DATA / "answers.jsonl"
# What a reading of ideas' borders tells that never saw the fifth; made by training.borders.
HELD = DATA / "borders_held.npz"
# Kinds of answers that nobody would type without marks.
MARKED_KINDS = ("list", "comma", "short", "nothing")


def marked_rows() -> list[Row]:
    return [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]


def held_rows(rows: list[Row]) -> list[int]:
    """Which rows are kept back to choose settings by: a fifth."""
    order = list(range(len(rows)))
    Random(SEED).shuffle(order)  # noqa: S311 - repeatable on purpose
    return sorted(order[::5])


def unmarked(rows: list[Row]) -> list[Row]:
    """The answers as somebody types them who never stops."""
    return [without_marks(row) for row in rows if row["kind"] not in MARKED_KINDS]
