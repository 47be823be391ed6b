"""The cells of a sheet of answers: what each says, or why it cannot be read."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from surveys.admin.sheets import DayWidget, YesNoWidget, shortened
from surveys.admin.uploads import MAX_COLUMNS, BadSheet, SheetCSV, SheetXLSX
from surveys.models import Picture

MOST_ROWS = 5_000
MERGED = (
    "This sheet has merged cells, so nobody can tell which rows their words belong to. "
    "Take the cells apart, and fill in every row."
)
FORMULA = "This cell has a formula. Put in its place what it says."


class Formula:
    """Stands for a cell that works something out, or fails to."""

    def __str__(self) -> str:
        return "a formula"


class AnswersXLSX(SheetXLSX):
    most_rows = MOST_ROWS
    data_only = False

    def rows_of(self, sheet: Any) -> Iterable[Any]:
        """The values of the cells; of a formula only that it is one, for it may be out of date."""
        with sheet._get_source() as source:
            if b"<mergeCell" in source.read():
                raise BadSheet(MERGED)
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
            yield [Formula() if cell.data_type in ("f", "e") else cell.value for cell in row]


class AnswersCSV(SheetCSV):
    most_rows = MOST_ROWS


class Cells:
    """The cells of one row, read one by one; `errors` gathers what cannot be read, by column."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self.errors: dict[str, str] = {}

    def _read(self, column: str, read: Callable[[Any], Any], empty: Any) -> Any:
        value = self.row.get(column, "")
        try:
            if isinstance(value, Formula):
                raise ValueError(FORMULA)
            return read(value)
        except ValueError as error:
            self.errors[column] = str(error)
            return empty

    def text(self, column: str) -> str:
        return self._read(column, text_of, "")

    def day(self, column: str) -> date:
        return self._read(column, day_in, date.min)

    def yes_or_no(self, column: str) -> bool | None:
        return self._read(column, YesNoWidget().clean, None)

    def choice(self, column: str, choices: Iterable[tuple[Any, Any]]) -> str:
        """The value of a choice, written as it is stored or as it is shown."""
        offered = list(choices)
        return self._read(column, lambda value: chosen(text_of(value), offered), "")

    def pictures(self, column: str, offered: dict[str, Picture]) -> list[int]:
        """Pictures by their labels, with a semicolon between them."""
        return self._read(column, lambda value: ticked(text_of(value), offered), [])


def text_of(value: Any) -> str:
    """A cell as text; a spreadsheet makes 12 a number, and 3-12 a date, which is lost."""
    if isinstance(value, date | datetime):
        sentence = "The spreadsheet made a date of this. Mark the cell as text and write it again."
        raise ValueError(sentence)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def day_in(value: Any) -> date:
    found = DayWidget().clean(value)
    if found is None:
        raise ValueError("Give the day on which it reached us, such as 2026-11-22 or 22/11/2026.")
    return found


def chosen(text: str, choices: list[tuple[Any, Any]]) -> str:
    typed = text.strip().lower()
    for value, label in choices:
        if typed in (str(value).lower(), str(label).lower()):
            return str(value)
    if not typed:
        return ""
    offered = ", ".join(str(value) for value, _ in choices)
    raise ValueError(f"“{shortened(text)}” is none of the choices: {offered}.")


def ticked(text: str, offered: dict[str, Picture]) -> list[int]:
    labels = [label.strip() for label in text.split(";") if label.strip()]
    for label in labels:
        if label.lower() not in offered:
            raise ValueError(f"The survey has no picture “{shortened(label)}”.")
    return [offered[label.lower()].pk for label in labels]
