"""A file that leaves a consultation: what it is called, how large it is, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone

from outcomes.admin.sheets_elsewhere import FILES, Elsewhere, file_name
from outcomes.admin.sheets_files import CSV_TYPE, XLSX_TYPE, Watch, csv_file, xlsx_file
from outcomes.admin.sheets_out import TABLES, Table
from surveys.models import Consultation

# Who sorts what people said may take it out; who only reads it, or publishes, may not.
MAY = ("outcomes.view_idea", "outcomes.view_coding", "surveys.view_answer", "outcomes.code_idea")
WRITERS = {"csv": (csv_file, CSV_TYPE), "xlsx": (xlsx_file, XLSX_TYPE)}
# Rows that take a few seconds; files of more are the worker's.
MOST_AT_ONCE = 5_000


@dataclass(frozen=True)
class Leaving:
    """`make` gives the file, and how many rows or texts it has."""

    label: str
    name: str
    type: str
    size: int
    make: Callable[[Watch], tuple[bytes, int]]

    @property
    def is_large(self) -> bool:
        return self.size > MOST_AT_ONCE


def leaving(consultation: Consultation, what: str, kind: str, now: datetime) -> Leaving | None:
    """The file that `what` names, as `kind` where it can be several; None for none."""
    table = next((one for one in TABLES if one.path == what), None)
    if table and kind in WRITERS:
        return _of_table(consultation, table, kind, now)
    other = next((one for one in FILES if one.path == what), None)
    known = other and kind in (other.ending, *WRITERS)
    return _of_other(consultation, other, now) if other and known else None


def label_of(what: str, kind: str) -> str:
    """Such as: Ideas with themes, XLSX"""
    labels = {one.path: f"{one.label}, {kind.upper()}" for one in TABLES}
    labels |= {one.path: f"{one.label}, {one.ending.upper()}" for one in FILES}
    return labels.get(what, what)


def _of_table(consultation: Consultation, table: Table, kind: str, now: datetime) -> Leaving:
    write, content_type = WRITERS[kind]

    def make(watch: Watch) -> tuple[bytes, int]:
        return write(table.columns, watch(table.rows(consultation)))

    name = file_name(consultation, table.path, kind, timezone.localtime(now))
    return Leaving(table.label, name, content_type, table.size(consultation), make)


def _of_other(consultation: Consultation, one: Elsewhere, now: datetime) -> Leaving:
    name = file_name(consultation, one.path, one.ending, timezone.localtime(now))
    make = partial(one.make, consultation, now)
    return Leaving(one.label, name, one.kind, one.size(consultation), make)
