"""The command's files: answers read from JSON lines, what was found written as JSON lines.

A row is a line of the file, counted from one. What is wrong with a row is said in a sentence that
begins with its number; it stops no other row.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outcomes.engine.errors import EngineError
from outcomes.engine.records import Analysis, FoundIdea, FoundText, Text

Row = dict[str, Any]

# Half of a character, and what some programs take for the end of a line: written as \uXXXX.
ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
# Characters of a value quoted in a sentence about it.
QUOTED = 60


class BadRow(EngineError):
    """What is wrong with one row, without its number."""


@dataclass(frozen=True)
class Given:
    """A text to analyse, and its id as it was given: text or a whole number."""

    id: str | int
    text: Text


def read_texts(path: Path) -> tuple[list[Given], list[str]]:
    """The rows that are sound, and a sentence for each that is not."""
    read: list[Given] = []
    troubles: list[str] = []
    first: dict[str, int] = {}
    for number, row in read_rows(path):
        try:
            given = _given(row)
            key = given.text.id
            if key in first:
                raise BadRow(f"the id {quoted(key)} is that of row {first[key]} too")
        except BadRow as trouble:
            troubles.append(f"Row {number}: {trouble}.")
        else:
            first[key] = number
            read.append(given)
    return read, troubles


def read_rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """Each line that is not blank with its number; a BadRow where it is no object."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number == 1:
                    line = _without_mark(path, line)
                if line.strip():
                    yield number, _object(line)
    except OSError as error:
        raise EngineError(f"{path} could not be read: {error.strerror}.") from error


def field(row: Row, name: str) -> str | None:
    """Text, or nothing when it is missing or null."""
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRow(f"the field “{name}” is not text")
    return value


def quoted(value: str) -> str:
    """The value on one line, cut when long."""
    line = " ".join(value.split())
    return f"“{line[:QUOTED]}…”" if len(line) > QUOTED else f"“{line}”"


def _without_mark(path: Path, line: bytes) -> bytes:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EngineError(f"{path} is UTF-16 text. Save it as UTF-8.")
    return line.removeprefix(b"\xef\xbb\xbf")


def _object(line: bytes) -> Row | BadRow:
    try:
        row = json.loads(line.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError as error:
        return BadRow(f"not UTF-8 text (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return BadRow(f"not valid JSON ({error.msg}, character {error.pos + 1})")
    except (ValueError, RecursionError):
        return BadRow("not valid JSON (a number too long, or brackets too deep)")
    if not isinstance(row, dict):
        return BadRow("not an object with named fields")
    return row


def _given(row: Row | BadRow) -> Given:
    if isinstance(row, BadRow):
        raise row
    given_id = _id(row)
    text = field(row, "text")
    if text is None:
        raise BadRow("the field “text” is missing")
    whole = row.get("given_idea")
    if whole is not None and not isinstance(whole, bool):
        raise BadRow("the field “given_idea” is neither true nor false")
    found = Text(
        id=str(given_id),
        text=text,
        audience=field(row, "audience"),
        question=field(row, "question"),
        spans=_whole(text) if whole else None,
    )
    return Given(given_id, found)


def _id(row: Row) -> str | int:
    value = row.get("id")
    if value is None or value == "":
        raise BadRow("the field “id” is missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow("the field “id” is neither text nor a whole number")
    return value


def _whole(text: str) -> tuple[tuple[int, int], ...]:
    return ((0, len(text)),) if text.strip() else ()


def found_rows(given: Sequence[Given], analysis: Analysis) -> Iterator[Row]:
    """A row for each text, in the order given."""
    names = {group.number: group.name for group in analysis.groups}
    ids = {one.text.id: one.id for one in given}
    ideas: dict[str, list[Row]] = {}
    for idea in analysis.ideas:
        ideas.setdefault(idea.text_id, []).append(_idea_row(idea, names))
    of_text = {found.text_id: found for found in analysis.texts}
    for one in given:
        found = of_text[one.text.id]
        row = {"id": one.id, "ideas": ideas.get(one.text.id, []), **_text_row(found)}
        if found.near_duplicate_of is not None:
            row["near_duplicate_of"] = ids[found.near_duplicate_of]
        yield row | {"language": found.language}


def _idea_row(idea: FoundIdea, names: dict[int, str]) -> Row:
    return {
        "start": idea.start,
        "end": idea.end,
        "theme": idea.theme,
        "theme_scores": idea.scores,
        "topic": idea.topic,
        "cluster": idea.group,
        "cluster_label": None if idea.group is None else names[idea.group],
        "kind": idea.kind,
        "kind_score": idea.kind_score,
        "reason": idea.reason,
        "sure": idea.sure,
    }


def _text_row(found: FoundText) -> Row:
    concern = found.concern
    return {
        "concern": {
            "flag": concern.flag,
            "score": concern.score,
            "category": concern.category,
            "reason": concern.reason,
        },
        "personal_details": [
            {"start": one.start, "end": one.end, "kind": one.kind, "score": one.score}
            for one in found.details
        ],
    }


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """All of them or none: written beside and moved into place, so no half a file is ever read."""
    if path.exists() and not path.is_file():  # a pipe, or /dev/stdout
        _write(path, rows)
        return
    partial = _partial(path)
    try:
        _write(partial, rows)
        partial.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def require_writable(path: Path) -> None:
    """Refuse before the work what could not be written after it."""
    if path.is_dir():
        raise EngineError(f"{path} is a folder; name a file to write to.")
    if path.exists() and not path.is_file():
        return
    partial = _partial(path)
    try:
        partial.touch()
        partial.unlink()
    except OSError as error:
        raise _cannot_write(path, error) from error


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _cannot_write(path: Path, error: OSError) -> EngineError:
    return EngineError(f"{path} could not be written: {error.strerror}.")


def _write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, allow_nan=False)
            file.write(ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", line) + "\n")
