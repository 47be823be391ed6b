"""Checks an area's own code book: read, compared with its themes, learned, and tried.

Only a worker process imports this module.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from outcomes.engine.codebook import SEND_CODEBOOK, BadCodebook, Codebook, LineError
from outcomes.engine.errors import EngineError
from outcomes.engine.held_out import held_out
from outcomes.engine.rows import BadRow, Row, read_rows
from outcomes.engine.vectors import SentenceVectors
from outcomes.models import CodeBook
from surveys.texts import storable

FILE = "code-book.jsonl"
HALF = re.compile("[\x00\ud800-\udfff]")  # what no database keeps
MOST_TOPICS = 300
MOST_EXAMPLES = 50_000
LONGEST = {"topic": 100, "label": 120, "text": 2_000}
LONGEST_WORDS = 4_000
MOST_IN_A_LINE = 1_000  # fields, and names in their lists
LONGEST_SENTENCE = 500
WARNINGS_KEPT = 50
UTF_16 = "The file is UTF-16 text. Save it as UTF-8."
TOO_MANY_LINES = "This has more lines than {:,} topics and {:,} examples. No code book is so long."
SAME_AS_SEND = "This is the code book that the portal brings: nothing in it differs."

__all__ = ["BadCodebook", "Checked", "EngineError", "check", "file_of"]


@dataclass(frozen=True)
class Checked:
    """`found`: how many topics and examples there are, by theme; warnings; how often it was right
    on examples that were kept from learning."""

    lines: str
    fingerprint: str
    found: dict[str, Any]


def check(data: bytes, themes: dict[str, str], report: Callable[[str, int, int], None]) -> Checked:
    """`data` is JSON lines; `themes` are the area's, by their codes. EngineError, BadCodebook."""
    report("Reading the code book", 0, 0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EngineError(UTF_16)
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(data)
        try:
            book = _read(path, themes)
        except BadCodebook:
            raise
        except EngineError as error:
            raise EngineError(_told(str(error))) from error
    if book.fingerprint == Codebook.read(SEND_CODEBOOK).fingerprint:
        raise EngineError(SAME_AS_SEND)
    sentences = SentenceVectors(cache_dir=Path(settings.DATA_DIR) / "engine")
    # A bar that is full, and then long nothing, would look broken.
    learning = "Learning the code book and trying it; the last part takes a minute"
    tried = held_out(book, sentences, lambda done, total: report(learning, done, total))
    warnings = [*_unused(book, themes), *book.warnings]
    found = {
        "topics": len(book.topics),
        "examples": len(book.examples),
        "themes": _by_theme(book),
        "warnings": [_told(one) for one in warnings[:WARNINGS_KEPT]],
        "more_warnings": max(0, len(warnings) - WARNINGS_KEPT),
        "held_out": asdict(tried),
    }
    return Checked("\n".join(_lines(book)), book.fingerprint, found)


@contextmanager
def file_of(book: CodeBook) -> Iterator[Path]:
    """The book as a file, which the engine reads."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(book.lines, encoding="utf-8", newline="\n")
        yield path


def _read(path: Path, themes: dict[str, str]) -> Codebook:
    """What the engine says of it and what the area says, told together."""
    mistakes = list(_of_the_area(path, themes))
    try:
        book = Codebook.read(path)
    except BadCodebook as bad:
        mistakes += bad.mistakes
    if mistakes:
        mistakes = [LineError(one.number, _told(one.sentence), _told(str(one))) for one in mistakes]
        raise BadCodebook(sorted(mistakes, key=lambda one: one.number))
    if len(book.topics) > MOST_TOPICS or len(book.examples) > MOST_EXAMPLES:
        raise EngineError(
            f"This code book has {len(book.topics):,} topics and {len(book.examples):,} examples. "
            f"It may have up to {MOST_TOPICS:,} and {MOST_EXAMPLES:,}."
        )
    return book


def _told(sentence: str) -> str:
    """As it can be kept and shown, however long what it quotes is."""
    told = storable(sentence.replace(f"{FILE}, ", ""))
    return told if len(told) <= LONGEST_SENTENCE else f"{told[:LONGEST_SENTENCE]}…"


def _of_the_area(path: Path, themes: dict[str, str]) -> Iterator[LineError]:
    known = ", ".join(f"{code} ({label})" for code, label in themes.items())
    for lines, (number, row) in enumerate(read_rows(path), 1):
        if lines > MOST_TOPICS + MOST_EXAMPLES:
            raise EngineError(TOO_MANY_LINES.format(MOST_TOPICS, MOST_EXAMPLES))
        if isinstance(row, BadRow):
            continue
        lists = [value for value in row.values() if isinstance(value, list)]
        if len(row) + sum(map(len, lists)) > MOST_IN_A_LINE:
            raise EngineError(f"Line {number} has more than {MOST_IN_A_LINE:,} fields or names.")
        for sentence in _mistakes(row, themes, known):
            yield LineError(number, sentence, f"line {number}: {sentence}")


def _mistakes(row: Row, themes: dict[str, str], known: str) -> Iterator[str]:
    theme = row.get("theme")
    if isinstance(theme, str) and theme.strip() and theme.strip() not in themes:
        yield f"the area has no theme “{theme.strip()[:60]}”. It has: {known}."
    if "label" in row and "," in str(row.get("topic", ""))[:LONGEST_WORDS]:
        yield "“topic” has a comma. Take it out: sheets write one between two topics."
    for name, value in row.items():
        most = LONGEST.get(name, LONGEST_WORDS)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and len(text) > most:
                yield f"“{name[:60]}” has {len(text):,} characters; it may have {most:,}."
            if isinstance(text, str) and HALF.search(text):
                yield f"“{name[:60]}” holds half of a character, or none. Write it again."


def _unused(book: Codebook, themes: dict[str, str]) -> list[str]:
    return [
        f"No topic is in the theme “{label}”, so the machine will never suggest it."
        for code, label in themes.items()
        if code not in book.themes
    ]


def _by_theme(book: Codebook) -> dict[str, list[int]]:
    """Theme: how many topics, how many examples."""
    topics = Counter(topic.theme for topic in book.topics.values())
    examples = Counter(book.topics[one.topic].theme for one in book.examples)
    return {theme: [topics[theme], examples[theme]] for theme in book.themes}


def _lines(book: Codebook) -> Iterable[str]:
    for topic in book.topics.values():
        row = asdict(topic)
        yield _line({"topic": row.pop("id"), **row})
    for example in book.examples:
        yield _line(asdict(example))


def _line(row: dict[str, Any]) -> str:
    """Without what is empty, and without whose hand wrote it."""
    told = {name: value for name, value in row.items() if value and name != "hand"}
    # Escaped, so that no character in it ends a line or is half of one.
    return json.dumps(told, ensure_ascii=True)
