"""A spreadsheet that somebody sends: how large it may be, how it is read, and where it waits."""

import csv
import io
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.forms import ValidationError
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import BaseStorage
from tablib import Dataset

from surveys.refusals import Refusal
from surveys.waiting import folder, forget_old

MEGABYTE = 1024 * 1024
MAX_SIZE = 2 * MEGABYTE
MAX_UNPACKED = 20 * MEGABYTE
MAX_STYLES = 2 * MEGABYTE
CELLS = ("xl/worksheets/", "xl/sharedStrings", "xl/calcChain", "xl/media/", "xl/drawings/")
MAX_TAGS = 1_000_000  # a cell has about four
DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"))  # no spreadsheet program writes one
MAX_ROWS = 1_000
MAX_COLUMNS = 100
OUR_NAME = re.compile(r"[0-9a-f]{32}")

TOO_LARGE = "This file is larger than 2 MB. Divide it into smaller files."
TOO_LARGE_UNPACKED = (
    "This XLSX file holds more than can be read here once unpacked. "
    "Take out pictures and empty rows, or divide it into smaller files."
)
TOO_MANY_CELLS = (
    "This XLSX file has too many cells. Delete its empty rows and columns and its other sheets, "
    "or divide it into smaller files."
)
TOO_MUCH_STYLE = (
    "This XLSX file holds more than 2 MB of styles and settings. "
    "Copy its cells into a new sheet without their formats, and send that."
)
TOO_MANY_ROWS = (
    "This sheet has more than {most:,} rows. Divide it into smaller files, "
    "and delete empty rows at its end."
)
TOO_MANY_COLUMNS = "This sheet has more than 100 columns."
NOT_CSV = (
    "This is not a CSV file: it holds more than text. "
    "Check that you chose the right file, and the format that it has."
)
NOT_UTF8 = (
    "The text of this CSV file is not in UTF-8. Save it again as “CSV UTF-8”, or send it as XLSX."
)
NOT_XLSX = (
    "This is not an XLSX file that can be read. Check that you chose the right file, and the "
    "format that it has; or open it in your spreadsheet program and save it as XLSX again."
)
EMPTY = "There are no rows in this sheet. Its first row names the columns, the rows follow."
NOT_WAITING = (
    "Nothing was imported: this sheet was confirmed already, or it was sent more than a day ago. "
    "To import it, choose the file again."
)


class BadSheet(Refusal):
    """An upload that cannot be read as a sheet, or that is not here."""


class Uploads(BaseStorage):
    """Sheets that wait for their confirmation, in a folder that only the portal reads."""

    @property
    def path(self) -> Path:
        if not OUR_NAME.fullmatch(self.name or ""):
            raise BadSheet(NOT_WAITING)
        return folder() / self.name

    def save(self, data: bytes) -> None:
        """Under a new random name; what waited too long is deleted first."""
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_old()
        self.name = secrets.token_hex(16)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)

    def read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError as error:
            raise BadSheet(NOT_WAITING) from error

    def take(self) -> bytes:
        """Read it and delete it. Of two who take the same upload at once, one is refused."""
        data = self.read()
        try:
            self.path.unlink()
        except FileNotFoundError as error:
            raise BadSheet(NOT_WAITING) from error
        return data

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


class UploadForm(ImportForm):
    """The file and its format."""

    def clean_import_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["import_file"]
        if file.size is None or file.size > MAX_SIZE:
            raise ValidationError(TOO_LARGE)
        return file


class ConfirmUploadForm(ConfirmImportForm):
    """What the preview sends back. Nothing but what the preview wrote there is taken."""

    import_file_name = forms.CharField(
        widget=forms.HiddenInput, validators=[RegexValidator(rf"\A{OUR_NAME.pattern}\Z")]
    )
    format = forms.ChoiceField(widget=forms.HiddenInput, choices=[("0", "XLSX"), ("1", "CSV")])
    resource = forms.ChoiceField(widget=forms.HiddenInput, choices=[("0", "0")], required=False)


class SheetXLSX(XLSX):
    most_rows = MAX_ROWS
    most_unpacked = MAX_UNPACKED
    most_tags = MAX_TAGS
    data_only = True  # of a formula, what it came to

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The first sheet, read row by row, so that a sheet too long is never read to its end."""
        refuse_large(in_stream, self.most_unpacked, self.most_tags)
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(in_stream), read_only=True, data_only=self.data_only
            )
            sheet = book.active
            sheet.reset_dimensions()  # the file may claim any size
            return dataset_of(self.rows_of(sheet), self.most_rows)
        except BadSheet:
            raise
        except Exception as error:  # openpyxl raises whatever it stumbles over
            raise BadSheet(NOT_XLSX) from error

    def rows_of(self, sheet: Any) -> Iterable[Any]:
        """The values of the cells, row by row."""
        return sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)


def refuse_large(
    packed: bytes, most_unpacked: int = MAX_UNPACKED, most_tags: int = MAX_TAGS
) -> None:
    """Before openpyxl, which takes much longer, reads any of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            sizes = [(one.filename, one.file_size) for one in archive.infolist()]
            refuse_large_parts(sizes, most_unpacked)
            parts = [archive.read(one) for one in archive.infolist() if is_xml(one.filename)]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadSheet(NOT_XLSX) from error
    if any(doctype in part for part in parts for doctype in DOCTYPES):
        raise BadSheet(NOT_XLSX)
    if sum(part.count(b"<") for part in parts) > most_tags:
        raise BadSheet(TOO_MANY_CELLS)


def refuse_large_parts(sizes: list[tuple[str, int]], most: int) -> None:
    """By what the file says it unpacks to; zipfile never unpacks more than that.

    Styles and settings have a limit of their own, for openpyxl takes them all in at once.
    """
    if sum(size for _, size in sizes) > most:
        raise BadSheet(TOO_LARGE_UNPACKED)
    if sum(size for name, size in sizes if not name.startswith(CELLS)) > MAX_STYLES:
        raise BadSheet(TOO_MUCH_STYLE)


def is_xml(name: str) -> bool:
    """All but pictures is taken for XML."""
    return not name.startswith("xl/media/")


class SheetCSV(CSV):
    most_rows = MAX_ROWS

    def create_dataset(self, in_stream: bytes) -> Dataset:
        if in_stream.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
            raise BadSheet(NOT_UTF8)
        if b"\0" in in_stream:
            raise BadSheet(NOT_CSV)
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadSheet(NOT_UTF8) from error
        try:
            return dataset_of(csv.reader(io.StringIO(text, newline="")), self.most_rows)
        except csv.Error as error:
            raise BadSheet(NOT_CSV) from error


def dataset_of(rows: Iterable[Any], most: int = MAX_ROWS) -> Dataset:
    """The rows below the names of the columns. `numbers` says where in the sheet each stands."""
    dataset, names = Dataset(), []
    dataset.numbers = []
    for number, row in enumerate(rows, start=1):
        if number > most + 1:
            raise BadSheet(TOO_MANY_ROWS.format(most=most))
        cells = ["" if cell is None else cell for cell in row]
        if number == 1:
            names = dataset.headers = names_of_columns(cells)
        elif any(cell != "" for cell in cells):
            dataset.append(fitted(cells, len(names), number))
            dataset.numbers.append(number)
    if not dataset.numbers:
        raise BadSheet(EMPTY)
    return dataset


def names_of_columns(cells: list[Any]) -> list[str]:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise BadSheet(EMPTY)
    if len(names) > MAX_COLUMNS:
        raise BadSheet(TOO_MANY_COLUMNS)
    for name in names:
        if name and names.count(name) > 1:
            raise BadSheet(f"The column “{name[:60]}” is there twice.")
    return names


def fitted(cells: list[Any], width: int, number: int) -> list[Any]:
    """As many cells as there are columns."""
    if any(cell != "" for cell in cells[width:]):
        raise BadSheet(f"Row {number} has more cells than the first row names columns.")
    return [*cells[:width], *[""] * (width - len(cells))]
