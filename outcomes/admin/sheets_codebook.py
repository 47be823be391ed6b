"""A code book as a sheet: rows with a label are topics, rows with a text are examples."""

import json
from collections.abc import Iterator
from typing import Any

from outcomes.admin.sheets_themes import FORMATS
from outcomes.codebooks import rows_of
from outcomes.models import CodeBook
from surveys.admin.sheets import ESCAPED
from surveys.admin.uploads import BadSheet

OF_TOPIC = ("label", "definition", "includes", "excludes", "opposes", "improvement_priorities")
OF_EXAMPLE = ("text", "kind", "audience")
COLUMNS = ("theme", "topic", *OF_TOPIC, *OF_EXAMPLE)
LISTS = ("opposes", "improvement_priorities")
JSON_LINES = "jsonl"
NEEDED = ("theme", "topic", "label", "text")
MISSING = "These columns are missing: {}. Take the code book out as it is, and change that sheet."
ENDINGS = (*FORMATS, JSON_LINES)


def sheet_rows(book: CodeBook | None) -> Iterator[tuple[Any, ...]]:
    theme = ""
    for row in rows_of(book):
        theme = row["theme"] if "label" in row else theme
        listed = {name: ", ".join(str(one) for one in _listed(row, name)) for name in LISTS}
        told = row | listed | {"theme": theme}
        yield tuple(told.get(name) or "" for name in COLUMNS)


def _listed(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    return list(value) if isinstance(value, list) else [value]


def json_lines(book: CodeBook | None) -> tuple[bytes, int]:
    """The file for the engine's own command, and how many lines it has."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows_of(book)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"), len(lines)


def lines_of_sheet(data: bytes, kind: str) -> bytes:
    """As JSON lines, each in the line that its row has in the sheet. BadSheet where it is none."""
    if kind == JSON_LINES:
        return data
    sheet = FORMATS[kind]().create_dataset(data)
    if missing := [name for name in NEEDED if name not in sheet.headers]:
        raise BadSheet(MISSING.format(", ".join(missing)))
    lines: dict[int, str] = {
        number: json.dumps(_row(cells))
        for number, cells in zip(sheet.numbers, sheet.dict, strict=True)
    }
    last = max(lines)
    return "\n".join(lines.get(number, "") for number in range(1, last + 1)).encode()


def _row(cells: dict[str, Any]) -> dict[str, Any]:
    """Without the columns that are empty, for a column is there for topics or for examples."""
    told: dict[str, Any] = {name: _plain(value) for name, value in cells.items() if name}
    told = {name: value for name, value in told.items() if value}
    for name in LISTS:
        if name in told:
            parts = [part.strip() for part in told[name].split(",") if part.strip()]
            told[name] = [_number(part) if name != "opposes" else part for part in parts]
    return told


def _plain(value: Any) -> str:
    """What the cell says; without the ' that keeps words from being taken for a formula."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return (text[1:] if ESCAPED.match(text) else text).strip()


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else text
