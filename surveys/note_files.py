"""Files of workshop notes: XLSX, CSV, DOCX and plain text, read as lines. Nothing is kept.

A file is judged before a library reads it: its size, what it says it unpacks to, and whether it
declares XML entities, which no office program does. What the libraries stumble over is refused.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

from surveys.note_lines import MOST_NOTES, Line, Unreadable, line_of, lines_of

MEGABYTE = 1024 * 1024
MAX_SIZE = 5 * MEGABYTE
MAX_UNPACKED = 30 * MEGABYTE
MAX_TAGS = 1_000_000
MAX_COLUMNS = 50
DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
LOCKED = b"\xd0\xcf\x11\xe0"  # a compound file: encrypted, or an old .doc or .xls
KINDS = {
    "": "said",
    "said": "said",
    "what was said": "said",
    "exact": "exact",
    "exact words": "exact",
    "view": "facilitator",
    "facilitator": "facilitator",
    "facilitators view": "facilitator",
    "dots": "dots",
    "votes": "dots",
    "dots or votes": "dots",
}

CHOOSE = "Choose a file that ends in .xlsx, .csv, .docx or .txt."
TOO_LARGE = "This file is larger than 5 MB. Take out pictures, or divide it into smaller files."
EMPTY = "There is nothing in this file."
TOO_LARGE_UNPACKED = (
    "This file holds more than 30 MB once unpacked. Copy its words into a new document, and send "
    "that."
)
IS_LOCKED = (
    "This file is locked with a password, or comes from an old version of Word or Excel. "
    "Open it, take the password off, and save it as .docx or .xlsx."
)
NOT_ITS_NAME = (
    "This file is not what its name says. Open it in Word or Excel, save it again, and send that."
)
NOT_TEXT = (
    "This file holds more than plain text, or its letters cannot be told. Save it again as UTF-8 "
    "text, or send a Word document."
)
HAS_MACROS = "This Word document holds macros. Save it as an ordinary .docx, and send that."
NOT_CSV = "This CSV file cannot be read. Save it again as “CSV UTF-8”, or send it as .xlsx."
NO_NAMES = (
    "The first row of this sheet does not name its columns. Write text, kind and dots in it; or "
    "leave one column, with a note in each row."
)
WINDOWS = (
    "This file is not in UTF-8. It was read as Windows text: check that letters such as £ and ’ "
    "are right."
)


@dataclass(frozen=True)
class Found:
    """What a file holds, and what somebody should know about how it was read."""

    lines: list[Line]
    notice: str = ""


def read(name: str, data: bytes, *, by_paragraph: bool = False) -> Found:
    """The lines of a file. `by_paragraph` is for plain text."""
    ending = PurePath(name.lower()).suffix
    if ending not in {".xlsx", ".csv", ".docx", ".txt"}:
        raise Unreadable(CHOOSE)
    if len(data) > MAX_SIZE:
        raise Unreadable(TOO_LARGE)
    if not data.strip():
        raise Unreadable(EMPTY)
    if data.startswith(LOCKED):
        raise Unreadable(IS_LOCKED)
    if ending in {".xlsx", ".docx"}:
        _judge_packed(data, "word/" if ending == ".docx" else "xl/")
        return _of_word(data) if ending == ".docx" else _of_excel(data)
    text, notice = decoded(data)
    if ending == ".csv":
        return Found(_of_csv(text), notice)
    return Found(lines_of(text, by_paragraph=by_paragraph), notice)


# Plain text and CSV.


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and a notice when its encoding had to be guessed."""
    if data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf")):
        raise Unreadable(NOT_ITS_NAME)
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for code, notice in [("utf-16", "")] if marked else [("utf-8-sig", ""), ("cp1252", WINDOWS)]:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if any(letter < " " and letter not in "\t\n\v\f\r" for letter in text):
            raise Unreadable(NOT_TEXT)
        return text, notice
    raise Unreadable(NOT_TEXT)


def _of_csv(text: str) -> list[Line]:
    """Columns told apart by commas, semicolons or tabs: whichever the first row has most of."""
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        return _of_rows(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise Unreadable(NOT_CSV) from error


# Spreadsheets.


def _of_excel(data: bytes) -> Found:
    """The sheet that was open when the file was saved. Macros are not looked at."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.active
        sheet.reset_dimensions()  # the file may claim any size
        lines = _of_rows(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True))
        count, name = len(book.sheetnames), sheet.title
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise Unreadable(NOT_ITS_NAME) from error
    notice = f"Only the sheet “{name}” was read; the book has {count}." if count > 1 else ""
    return Found(lines, notice)


def _of_rows(rows: Iterable[Iterable[Any]]) -> list[Line]:
    """A line for each row below the names of the columns; for each row when there is one column."""
    cells: list[tuple[int, list[str]]] = []
    for number, row in enumerate(rows, start=1):
        shown = [_shown(cell) for cell in row]
        if any(shown):
            cells.append((number, shown))
        if len(cells) > MOST_NOTES + 1 or number > 50 * MOST_NOTES:
            raise Unreadable(
                f"This sheet has more than {MOST_NOTES:,} rows. Divide it, and delete empty rows."
            )
    if not cells:
        return []
    names = [name.lower().rstrip("s") for name in cells[0][1]]
    if not {"text", "note"} & set(names):
        return [line_of(f"row {number}", _only(row)) for number, row in cells]
    at = names.index("text") if "text" in names else names.index("note")
    kind, dots = (names.index(name) if name in names else None for name in ("kind", "dot"))
    found = [_of_row(number, row, at, kind, dots) for number, row in cells[1:]]
    return [line for line in found if line.text]


def _shown(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _only(row: list[str]) -> str:
    said = [cell for cell in row if cell]
    if len(said) > 1:
        raise Unreadable(NO_NAMES)
    return said[0]


def _of_row(number: int, row: list[str], at: int, kind: int | None, dots: int | None) -> Line:
    """What is wrong with the kind or the number is said beside the line, where it can be mended."""

    def cell(place: int | None) -> str:
        return row[place] if place is not None and place < len(row) else ""

    where = f"row {number}"
    said, count = cell(kind), cell(dots)
    word = " ".join(said.lower().replace("'", "").replace("’", "").split())
    line = Line(where, cell(at), KINDS.get(word, "said"))
    if not said:
        line = line_of(where, line.text)
    if word not in KINDS:
        line = line.warned(f"“{said[:40]}” is no kind: choose one.")
    if not count:
        return line
    if not (count.isdecimal() and len(count) < 7):
        return line.warned(f"“{count[:40]}” is no number of dots.")
    return replace(line, dots=int(count), kind="dots" if not said else line.kind)


# Word documents.

P, T, TAB = qn("w:p"), qn("w:t"), qn("w:tab")
BREAKS = {qn("w:br"), qn("w:cr")}
NOT_THERE = {  # moved away, settings of a paragraph, and the second copy of a text box
    qn("w:moveFrom"),
    qn("w:pPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def _of_word(data: bytes) -> Found:
    """Paragraphs, list items and table cells in their order. python-docx resolves no entities."""
    try:
        body = docx.Document(io.BytesIO(data)).element.body
        found = list(_paragraphs(body))
    except Exception as error:  # python-docx and lxml raise whatever they stumble over
        raise Unreadable(HAS_MACROS if "macroEnabled" in str(error) else NOT_ITS_NAME) from error
    lines = []
    for number, (text, is_heading) in enumerate(found, start=1):
        line = line_of(f"paragraph {number}", text)
        if line.text and is_heading:
            line = line.warned("A heading. Tick it if somebody said it.", take=False)
        lines.append(line)
    return Found([line for line in lines if line.text])


def _paragraphs(element: Any) -> Iterator[tuple[str, bool]]:
    """Every paragraph below, also in tables, text boxes and forms; each with whether it heads."""
    for child in element:
        if child.tag in NOT_THERE:
            continue
        if child.tag == P:
            style = child.style or ""
            yield "".join(_words(child)), style.startswith(("Heading", "Title", "Subtitle"))
        yield from _paragraphs(child)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == T:
            yield child.text or ""
        elif child.tag == TAB:
            yield "\t"
        elif child.tag in BREAKS:
            yield "\n"
        elif child.tag not in NOT_THERE and child.tag != P:
            yield from _words(child)


# Before a library reads a packed file.


def _judge_packed(data: bytes, folder: str) -> None:
    """Refuses what is no such file, unpacks to too much, is locked, or declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable(IS_LOCKED)
            if not any(entry.filename.startswith(folder) for entry in entries):
                raise Unreadable(NOT_ITS_NAME)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Unreadable(TOO_LARGE_UNPACKED)
            tags = sum(_tags(archive.read(entry)) for entry in entries)
    except Unreadable:
        raise
    except Exception as error:  # zipfile and what unpacks for it raise many kinds
        raise Unreadable(NOT_ITS_NAME) from error
    if tags > MAX_TAGS:
        raise Unreadable(TOO_LARGE_UNPACKED)


def _tags(part: bytes) -> int:
    """How many tags a part has; zipfile never unpacks more of it than the file says."""
    if any(doctype in part for doctype in DOCTYPES):
        raise Unreadable(NOT_ITS_NAME)
    return part.count(b"<")
