"""Ideas with themes that come back in a sheet: compared, shown, then decided all together."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from import_export.results import RowResult

from outcomes import actions
from outcomes.actions.coding import check_themes, consultation_of
from outcomes.admin.sheets_compared import (
    ComparedResource,
    no_theme,
    number_of,
    themes_by_area,
    whole,
)
from outcomes.models import Coding, Idea
from surveys.admin.uploads import MEGABYTE, SheetCSV, SheetXLSX, UploadForm
from surveys.models import Consultation, Theme
from surveys.refusals import Refusal

NEEDED = ["idea", "theme", "second", "third", "seen"]
THEMES = ("theme", "second", "third")
AT_A_TIME = 2_000
MOST_ROWS = 100_000
MOST_MEGABYTES, MOST_MEGABYTES_OF_OTHERS = 30, 5
TOO_LARGE = (
    "This file is larger than {} MB. Only the columns named below are needed: take the others out, "
    "or divide it."
)
# Read while the person waits; a larger file is the worker's, and so are more rows to decide.
LARGE = MEGABYTE // 4
MANY_ROWS = 2_000
GONE = "No idea here has this number. It was cut anew, taken back, or is not yours to read."


class ThemesXLSX(SheetXLSX):
    most_rows = MOST_ROWS


class ThemesCSV(SheetCSV):
    most_rows = MOST_ROWS


class LargeXLSX(ThemesXLSX):
    """As the worker reads it, which nobody waits for: all the columns of all the ideas."""

    most_unpacked = 200 * MEGABYTE
    most_tags = 10_000_000


FORMATS = {"xlsx": LargeXLSX, "csv": ThemesCSV}


class ThemesUpload(UploadForm):
    """Sheets of ideas hold all their words, so they may be larger than others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource"].label = "What is in it"
        self.fields["import_file"].label = "The sheet"

    def clean_import_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["import_file"]
        is_of_themes = self.cleaned_data.get("resource") in ("", "0")
        most = MOST_MEGABYTES if is_of_themes else MOST_MEGABYTES_OF_OTHERS
        if file.size is None or file.size > most * MEGABYTE:
            raise forms.ValidationError(TOO_LARGE.format(most))
        return file


class ThemesResource(ComparedResource):
    """Rows of ideas with themes."""

    most_changes = None
    explained = {
        "idea, seen": "As they were in the sheet “Ideas with themes” that you took out. They say "
        "which idea it is, and which decision you saw.",
        "theme": "What the idea is mostly about: the code of a theme, such as health, or its name. "
        "Empty: not sure, or a code taken back.",
        "second, third": "What it is about too; both may be empty.",
    }

    class Meta(ComparedResource.Meta):
        model = Coding
        name = "Ideas with themes"

    def needed(self) -> list[str]:
        return NEEDED

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        keys = sorted({key for row in dataset["idea"] if (key := number_of(row))})
        self.ideas = {idea.pk: idea for idea in ideas_of(keys)}
        self.current = actions.current_codings(keys)
        self.themes = themes_by_area()
        self.brought: dict[int, list[actions.Brought]] = {}

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        idea = self.ideas.get(number_of(row["idea"]) or 0)
        if idea is None:
            raise ValidationError({"idea": GONE})
        self.once(idea.pk, number, "idea", "idea")
        consultation = consultation_of(idea)
        seen = whole(row, "seen")
        brought = actions.Brought(idea.pk, self._themes(row, consultation), seen)
        current = self.current.get(idea.pk)
        kind = actions.says(current, brought)
        told = ", ".join(theme.label for theme in brought.themes) or "none"
        self.tell(result, kind, (number, idea, _said(current, kind), told))
        if kind == "change":
            self.brought.setdefault(consultation.pk, []).append(brought)

    def _themes(self, row: dict[str, Any], consultation: Consultation) -> tuple[Theme, ...]:
        known = self.themes.get(consultation.area_id, {})
        found, wrong = [], {}
        for column in THEMES:
            word = str(row[column]).strip()
            if word and word.lower() not in known:
                wrong[column] = no_theme(word, known)
            elif word:
                found.append(known[word.lower()])
        if wrong:
            raise ValidationError(wrong)
        try:
            check_themes(found)
        except Refusal as refusal:
            raise ValidationError({"theme": refusal.sentence}) from refusal
        return tuple(found)

    def decide(self, by: User) -> int:
        consultations = Consultation.objects.in_bulk(list(self.brought))
        return sum(
            actions.bring_in_codes(
                consultation=consultations[key], rows=rows, by=by, now=timezone.now()
            )
            for key, rows in sorted(self.brought.items())
        )


def ideas_of(keys: list[int]) -> Iterator[Idea]:
    """Those that staff may read; of the rest nothing is told, not even that they are there."""
    for start in range(0, len(keys), AT_A_TIME):
        rows = Idea.objects.filter(pk__in=keys[start : start + AT_A_TIME]).with_source()
        yield from rows.select_related(
            "answer__response__survey__consultation", "note__session__consultation"
        )


def _said(current: Coding | None, kind: str) -> str:
    if current is None:
        return "taken back" if kind == "meanwhile" else "not coded"
    return f"{current} ({current.by})" if kind == "meanwhile" else str(current)
