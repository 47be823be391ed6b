"""The codebook: the topics of a field, and examples of how people speak of each."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from outcomes.engine.errors import EngineError

THEMES = ("families", "health", "education", "activities", "none")

Row = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Topic:
    id: str
    label: str
    theme: str


@dataclass(frozen=True)
class Example:
    topic: str
    text: str


@dataclass(frozen=True)
class Codebook:
    """Topics by id and their examples, both in an order that does not depend on the files'."""

    topics: dict[str, Topic]
    examples: tuple[Example, ...]

    @classmethod
    def read(cls, folder: Path) -> "Codebook":
        """Every `*_topics.jsonl` and `*.jsonl` in the folder; a mistake is refused by line."""
        paths = sorted(Path(folder).glob("*.jsonl"))
        if not paths:
            raise EngineError(f"No codebook was found: {folder} holds no .jsonl file.")
        of_topics = [path for path in paths if path.stem.endswith("_topics")]
        topics: dict[str, Topic] = {}
        for place, row in _rows(of_topics):
            _add_topic(topics, place, row)
        examples = [
            _example(topics, place, row)
            for place, row in _rows([path for path in paths if path not in of_topics])
        ]
        _require_examples(topics, examples)
        ordered = sorted(examples, key=lambda example: (example.topic, example.text))
        return cls(dict(sorted(topics.items())), tuple(ordered))

    @cached_property
    def fingerprint(self) -> str:
        content = [[t.id, t.label, t.theme] for t in self.topics.values()]
        content += [[example.topic, example.text] for example in self.examples]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _rows(paths: list[Path]) -> Iterator[Row]:
    """Each line that is not blank, with where it stands: "health.jsonl, line 3"."""
    for path in paths:
        with path.open(encoding="utf-8") as file:
            try:
                lines = file.read().splitlines()
            except UnicodeDecodeError as error:
                raise EngineError(f"{path.name} is not UTF-8 text: {error.reason}.") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _row(f"{path.name}, line {number}", line)


def _row(place: str, line: str) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EngineError(f"{place}: not valid JSON ({error.msg}).") from error
    if not isinstance(row, dict):
        raise EngineError(f"{place}: expected an object with named fields.")
    return place, row


def _field(place: str, row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise EngineError(f"{place}: the field “{name}” is missing or is not text.")
    return value


def _add_topic(topics: dict[str, Topic], place: str, row: dict[str, Any]) -> None:
    topic = Topic(*(_field(place, row, name) for name in ("topic", "label", "theme")))
    if topic.theme not in THEMES:
        raise EngineError(f"{place}: “{topic.theme}” is not a theme; use {', '.join(THEMES)}.")
    if topic.id in topics:
        raise EngineError(f"{place}: the topic “{topic.id}” is already described above.")
    topics[topic.id] = topic


def _example(topics: dict[str, Topic], place: str, row: dict[str, Any]) -> Example:
    example = Example(_field(place, row, "topic"), _field(place, row, "text"))
    topic = topics.get(example.topic)
    if topic is None:
        raise EngineError(f"{place}: no topic “{example.topic}” is described in the codebook.")
    if row.get("theme", topic.theme) != topic.theme:
        raise EngineError(
            f"{place}: theme “{row['theme']}”, but the topic “{topic.id}” is in “{topic.theme}”."
        )
    return example


def _require_examples(topics: dict[str, Topic], examples: list[Example]) -> None:
    counts = Counter(example.topic for example in examples)
    for topic in topics:
        if not counts[topic]:
            raise EngineError(f"The codebook has no example for the topic “{topic}”.")
    if len(topics) < 2:
        raise EngineError("The codebook needs two topics or more.")
