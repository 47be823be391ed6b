"""The sets that the engine is measured on. Nothing is trained on them.

Each line was written and coded by one hand and coded again by a second, blind (`second/`).
"""

import json
from pathlib import Path
from typing import Any

from benchmarks.document import ROOT
from outcomes.engine.records import Text

DATA = ROOT / "benchmarks" / "data"
SECOND = DATA / "second"
SEED_IDEAS = ROOT / "outcomes" / "demo" / "corpus_seed.jsonl"
TRAINING_ANSWERS = ROOT / "training" / "data" / "answers.jsonl"
SEED_THEMES = {
    "Supporting families": "families",
    "Healthy lives": "health",
    "Great education": "education",
    "Positive activities": "activities",
    "None of the four": "none",
}

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def ideas(name: str) -> list[Row]:
    """`ideas_a`, `_b`, `_c`, or `seed`: the demonstration’s ideas under those themes."""
    if name != "seed":
        return read(DATA / f"{name}.jsonl")
    return [row | {"theme": SEED_THEMES[row["theme"]]} for row in read(SEED_IDEAS)]


def second_coder(name: str, rows: list[Row]) -> list[Row] | None:
    """The second coder's rows in the order of `rows`; None where there was none."""
    path = SECOND / f"coded_{name}.jsonl"
    if not path.exists():
        return None
    by_id = {row["id"]: row for row in read(path)}
    return [by_id[row["id"]] for row in rows]


def whole(rows: list[Row]) -> list[Text]:
    """Each row as one idea."""
    return [
        Text(row["id"], row["text"], row.get("audience"), spans=((0, len(row["text"])),))
        for row in rows
    ]


def unsplit(rows: list[Row]) -> list[Text]:
    return [Text(row["id"], row["text"], row.get("audience"), row.get("question")) for row in rows]


def spans(row: Row) -> list[tuple[int, int]]:
    return [(start, end) for start, end in row["spans"]]


def details(row: Row, kind: str | None = None) -> list[tuple[int, int]]:
    """The spans of personal details, of one kind or of any."""
    return [(d["start"], d["end"]) for d in row["details"] if kind in (None, d["kind"])]
