"""Rows as files that a spreadsheet program opens right, and takes nothing in for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook

from surveys.admin.sheets import FORMULA

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"  # without it, Excel reads a CSV file in the letters of another age
MOST_IN_A_CELL = 32_767  # of a spreadsheet
NO_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Row = Sequence[Any]
# Told of each row as it is written, by who wants to know how far a file is.
Watch = Callable[[Iterable[Any]], Iterator[Any]]


def csv_file(columns: Row, rows: Iterable[Row]) -> tuple[bytes, int]:
    """The file, and how many rows it has below the names of the columns."""
    out, count = io.StringIO(newline=""), 0
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return out.getvalue().encode(), count


def xlsx_file(columns: Row, rows: Iterable[Row]) -> tuple[bytes, int]:
    book, out, count = Workbook(write_only=True), io.BytesIO(), 0
    sheet = book.create_sheet("Rows")
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_fitting(cell(value)) for value in row])
        count += 1
    book.save(out)
    return out.getvalue(), count


def cell(value: Any) -> str | int | float:
    """Words that a spreadsheet would take for a formula stand behind a '."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def _fitting(value: str | int | float) -> str | int | float:
    """As XLSX can hold it."""
    return NO_CELL.sub("\ufffd", value)[:MOST_IN_A_CELL] if isinstance(value, str) else value


def download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
