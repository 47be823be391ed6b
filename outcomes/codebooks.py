"""Code books as rows: the one that the portal brings, and an area's own that is used instead."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from outcomes.models import CodeBook
from surveys.models import Area

SEND = Path(settings.BASE_DIR) / "outcomes" / "codebook" / "send"
SEND_NAME = "the code book that the portal brings"

Row = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """What one code book has otherwise than another: labels of topics, numbers of examples."""

    new: list[str]
    gone: list[str]
    moved: list[str]  # to another theme
    reworded: list[str]
    new_examples: int
    gone_examples: int

    @property
    def same(self) -> bool:
        return not any(vars(self).values())


def used_by(area: Area) -> CodeBook | None:
    """None where the area uses the one that the portal brings."""
    return CodeBook.objects.filter(area=area, in_use=True).first()


def rows_of(book: CodeBook | None) -> Iterator[Row]:
    """Topics (with a `label`) and examples (with a `text`), each topic before its examples."""
    rows = [json.loads(line) for line in _lines(book) if line.strip()]
    examples: dict[str, list[Row]] = {}
    for row in rows:
        if "text" in row:
            examples.setdefault(row["topic"], []).append(row)
    for topic in sorted((row for row in rows if "label" in row), key=_theme_and_label):
        yield topic
        yield from examples.get(topic["topic"], [])


def _lines(book: CodeBook | None) -> Iterator[str]:
    if book:
        yield from book.lines.split("\n")
        return
    for path in sorted(SEND.glob("*.jsonl")):
        yield from path.read_text(encoding="utf-8").split("\n")


def _theme_and_label(topic: Row) -> tuple[str, str]:
    return topic["theme"], topic["label"]


def compared(before: Sequence[Row], after: Sequence[Row]) -> Compared:
    old, new = _topics(before), _topics(after)
    both = [topic for topic in new if topic in old]
    said, says = _examples(before), _examples(after)
    return Compared(
        new=[row["label"] for topic, row in new.items() if topic not in old],
        gone=[row["label"] for topic, row in old.items() if topic not in new],
        moved=[new[one]["label"] for one in both if old[one]["theme"] != new[one]["theme"]],
        reworded=[new[one]["label"] for one in both if _words(old[one]) != _words(new[one])],
        new_examples=(says - said).total(),
        gone_examples=(said - says).total(),
    )


def _topics(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["topic"]: row for row in rows if "label" in row}


def _examples(rows: Sequence[Row]) -> Counter[tuple[str, str]]:
    return Counter((row["topic"], " ".join(row["text"].split())) for row in rows if "text" in row)


def _words(topic: Row) -> list[Any]:
    names = ("label", "definition", "includes", "excludes")
    return [topic.get(name) or "" for name in names]
