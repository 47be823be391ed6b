"""The empty sheet for answers, with what each of its columns takes."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from surveys.about_you import QUESTIONS
from surveys.admin.response_sheet import CHANNELS, COLUMNS, TEXTS, surveys
from surveys.models import Form, Response


def _or(choices: Iterable[tuple[object, object]]) -> str:
    return ", ".join(
        f"{value}" if value == label else f"{value} ({label})" for value, label in choices
    )


def explained() -> dict[str, str]:
    """What each column takes."""
    return {
        "survey": "The end of the survey’s address, such as parents. Needed.",
        "number": "The number written on the paper, once in a survey. Needed.",
        "channel": f"How it came: {_or(CHANNELS)}. Needed.",
        "received_on": "The day on which it reached us: 2026-11-22 or 22/11/2026. Needed.",
        "form": f"How the questions were put: {_or(Form.choices)}. Empty: the survey’s first.",
        "language": "The language of the paper, such as en. Empty: en.",
        "what_matters": "The words of the first question.",
        "difference": "The words of the second question.",
        "how_know": "The words of the third question.",
        "pictures": "The words under the pictures that were ticked, with a semicolon between them.",
        "may_quote": "Whether their words may be published: yes or no. Empty: they did not say.",
        **{
            one.key: f"{one.text} {_or(one.choices) or 'A place from the area’s list'}"
            for one in QUESTIONS
        },
        "help": f"Whether somebody helped: {_or(Response.Help.choices)}.",
        "helper": f"Who helped: {_or(Response.Helper.choices)}.",
        "helper_words": "What the helper thinks they meant. Kept apart from the person’s words.",
        "late": f"Only if it came after closing: {_or(Response.Late.choices)}.",
        "late_reason": "Why it is counted or not. Needed if it came after closing.",
    }


def empty_sheet() -> bytes:
    """A workbook: a sheet to fill in, one that explains the columns, one with the surveys."""
    book, out = Workbook(), io.BytesIO()
    answers = book.active
    _fill(answers, "Answers", [COLUMNS], [60 if name in TEXTS else 16 for name in COLUMNS])
    for name in ("number", *TEXTS):  # as text: no spreadsheet makes a date of 3-12
        letter = get_column_letter(COLUMNS.index(name) + 1)
        answers.column_dimensions[letter].number_format = "@"
    rows = [["Column", "What it takes"], *map(list, explained().items())]
    _fill(book.create_sheet(), "Columns", rows, [18, 110])
    rows = [["survey", "Title"], *([one.slug, str(one)] for one in surveys())]
    _fill(book.create_sheet(), "Surveys", rows, [24, 80])
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, title: str, rows: list[list[str]], widths: list[int]) -> None:
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s"  # words, even where they begin with =
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
