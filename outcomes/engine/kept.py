"""What was read of texts, kept on disk so that a second analysis need not read them again.

A reading is found by a hash of the text's content and of everything that decides its reading.
What is kept holds places and numbers, never the words: a concern, whose reason quotes them, is
judged anew from what is kept. Each scope's file holds only the texts of its latest analysis, so
what people took back goes with the next one, or with `forget`.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from outcomes.engine import VERSION
from outcomes.engine.adapter import TRAINED, read_arrays, sha256
from outcomes.engine.errors import EngineError
from outcomes.engine.reading import Reading
from outcomes.engine.records import Detail
from outcomes.engine.screening import Screen
from outcomes.engine.vectors import WIDTH

Content = tuple[str, tuple[tuple[int, int], ...] | None]


class KeptReadings:
    """Without a folder nothing is kept. A damaged file is as good as none."""

    def __init__(self, folder: Path | None, scope: str) -> None:
        name = hashlib.sha256(scope.encode()).hexdigest()[:16]
        self.path = folder / f"readings-{name}.npz" if folder else None

    def read(self, contents: Iterable[Content]) -> dict[Content, Reading]:
        """The readings of those contents that are kept."""
        if self.path is None or not self.path.exists():
            return {}
        try:
            arrays = read_arrays(self.path)
            table, vectors = json.loads(bytes(arrays["table"])), arrays["vectors"]
        except (EngineError, ValueError, KeyError):
            return {}
        hashed = {_hash(content): content for content in contents}
        found = {hashed[name]: row for name, row in table.items() if name in hashed}
        spans = [tuple((start, end) for start, end in row["spans"]) for row in found.values()]
        rows = [vectors[row["start"] : row["start"] + len(row["spans"])] for row in found.values()]
        concerns = Screen().judge([text for text, _ in found], spans, rows)
        return {
            content: Reading(*parts, row["language"], concern, _details(row))
            for (content, row), parts, concern in zip(
                found.items(), zip(spans, rows, strict=True), concerns, strict=True
            )
        }

    def write(self, readings: Mapping[Content, Reading]) -> None:
        """Written beside and moved into place, so that nobody reads half a file."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        starts = np.cumsum([0, *(len(reading.spans) for reading in readings.values())]).tolist()
        # Also found by a later analysis, which keeps the ideas that this one split.
        table = {
            _hash(known): _row(reading, start)
            for (content, reading), start in zip(readings.items(), starts, strict=False)
            for known in {content, (content[0], reading.spans)}
        }
        rows = [reading.vectors for reading in readings.values()]
        partial = self.path.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as file:
            np.savez(
                file,
                table=np.frombuffer(json.dumps(table).encode(), np.uint8),
                vectors=np.concatenate([np.zeros((0, WIDTH), np.float32), *rows]),
            )
        partial.replace(self.path)

    def forget(self) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def _hash(content: Content) -> str:
    parts = json.dumps([content, _maker()]).encode()
    return hashlib.sha256(parts).hexdigest()


def _maker() -> list[str]:
    """Everything beside the words that decides a reading."""
    return [VERSION, *(sha256(path) for path in sorted(TRAINED.glob("*.npz")))]


def _row(reading: Reading, start: int) -> dict[str, Any]:
    return {
        "start": start,
        "spans": reading.spans,
        "language": reading.language,
        "details": [asdict(detail) for detail in reading.details],
    }


def _details(row: dict[str, Any]) -> tuple[Detail, ...]:
    return tuple(Detail(**detail) for detail in row["details"])
