"""Ideas with themes that come back in a sheet: compared, shown, then decided all together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from import_export.results import RowResult

from outcomes import actions
from outcomes.actions.coding import check_themes
from outcomes.models import Coding, Idea
from surveys.admin.sheets import SheetResource, SheetResult, WholeNumberWidget, shortened
from surveys.admin.uploads import MEGABYTE, SheetCSV, SheetXLSX, UploadForm
from surveys.models import Consultation, Theme
from surveys.refusals import Refusal

NEEDED = ["idea", "theme", "second", "third", "seen"]
THEMES = ("theme", "second", "third")
AT_A_TIME = 2_000
ROWS_SHOWN = 50
MOST_ROWS = 10_000
MOST_MEGABYTES = 10
GONE = "No idea here has this number. It was cut anew, taken back, or is not yours to read."
TWICE = "Row {} is about this idea already. Keep one of them."
NOT_KNOWN = "“{}” is no theme of this area. Write one of: {}."


class ThemesXLSX(SheetXLSX):
    most_rows = MOST_ROWS


class ThemesCSV(SheetCSV):
    most_rows = MOST_ROWS


class ThemesUpload(UploadForm):
    """Sheets of ideas hold all their words, so they may be larger than others."""

    def clean_import_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["import_file"]
        if file.size is None or file.size > MOST_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(
                f"This file is larger than {MOST_MEGABYTES} MB. Only the columns "
                f"{', '.join(NEEDED)} are needed: take the others out, or divide it."
            )
        return file


class ThemesResult(SheetResult):
    """What the preview shows: what changes, what stays, and what somebody else decided since."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Counter[str] = Counter()
        self.changes: list[tuple[int, str, str, str]] = []
        self.meanwhile: list[tuple[int, str, str, str]] = []
        self.changed = 0  # once it was confirmed

    def more_changes(self) -> int:
        return max(0, self.kinds["change"] - len(self.changes))

    def more_meanwhile(self) -> int:
        return max(0, self.kinds["meanwhile"] - len(self.meanwhile))


class ThemesResource(SheetResource):
    """Rows of ideas with themes. Columns beyond the five needed are not read."""

    class Meta:
        model = Coding
        fields: list[str] = []  # nothing is set field by field: an action decides
        use_bulk = True

    @classmethod
    def get_result_class(cls) -> type[ThemesResult]:
        return ThemesResult

    def needed(self) -> list[str]:
        return NEEDED

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        keys = sorted({key for row in dataset["idea"] if (key := _number(row))})
        self.ideas = {idea.pk: idea for idea in _ideas(keys)}
        self.current = actions.current_codings(keys)
        self.themes: dict[int, dict[str, Theme]] = {}
        for theme in Theme.objects.all():
            names = self.themes.setdefault(theme.area_id, {})
            names |= {theme.code.lower(): theme, theme.label.lower(): theme}
        self.brought: dict[int, list[actions.Brought]] = {}
        self.told: list[tuple[str, tuple[int, str, str, str]]] = []

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        """Read one row, and say what becomes of it, or what is wrong with it and where."""
        result = RowResult()
        result.row_values = row
        try:
            self.before_import_row(row, **kwargs)
            self._judge(row, result, self.numbers[kwargs["row_number"] - 1])
        except ValidationError as error:
            result.import_type, result.validation_error = result.IMPORT_TYPE_INVALID, error
        except Exception as error:  # as the library does: the row is named, the rest is read
            result.import_type = result.IMPORT_TYPE_ERROR
            result.errors.append(self.get_error_result_class()(error, row, kwargs["row_number"]))
        return result

    def _judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        key = _number(row["idea"])
        idea = self.ideas.get(key) if key else None
        if idea is None:
            raise ValidationError({"idea": GONE})
        earlier = self.met.setdefault(idea.pk, number)
        if earlier != number:
            raise ValidationError({"idea": TWICE.format(earlier)})
        consultation = consultation_of(idea)
        brought = actions.Brought(idea.pk, self._themes(row, consultation), _seen(row["seen"]))
        current = self.current.get(idea.pk)
        kind = actions.says(current, brought)
        changes = kind == "change"
        result.import_type = result.IMPORT_TYPE_UPDATE if changes else result.IMPORT_TYPE_SKIP
        told = ", ".join(theme.label for theme in brought.themes) or "none"
        self.told.append((kind, (number, idea.text, _said(current, kind), told)))
        if changes:
            self.brought.setdefault(consultation.pk, []).append(brought)

    def _themes(self, row: dict[str, Any], consultation: Consultation) -> tuple[Theme, ...]:
        known = self.themes.get(consultation.area_id, {})
        found, wrong = [], {}
        for column in THEMES:
            word = str(row[column]).strip()
            if word and word.lower() not in known:
                codes = ", ".join(dict.fromkeys(theme.code for theme in known.values()))
                wrong[column] = NOT_KNOWN.format(shortened(word), codes)
            elif word:
                found.append(known[word.lower()])
        if wrong:
            raise ValidationError(wrong)
        try:
            check_themes(found)
        except Refusal as refusal:
            raise ValidationError({"theme": refusal.sentence}) from refusal
        return tuple(found)

    def after_import(self, dataset: Any, result: ThemesResult, **kwargs: Any) -> None:
        """Decide what changes, all together, once it was confirmed and every row can be read."""
        super().after_import(dataset, result, **kwargs)
        result.kinds = Counter(kind for kind, _ in self.told)
        for kind, shown in (("change", result.changes), ("meanwhile", result.meanwhile)):
            shown += [line for of, line in self.told if of == kind][:ROWS_SHOWN]
        if kwargs["dry_run"] or result.has_errors() or result.has_validation_errors():
            return
        consultations = Consultation.objects.in_bulk(list(self.brought))
        result.changed = sum(
            actions.bring_in_codes(
                consultation=consultations[key], rows=rows, by=kwargs["user"], now=timezone.now()
            )
            for key, rows in sorted(self.brought.items())
        )


def _ideas(keys: list[int]) -> Iterator[Idea]:
    """Those that staff may read; of the rest nothing is told, not even that they are there."""
    for start in range(0, len(keys), AT_A_TIME):
        rows = Idea.objects.filter(pk__in=keys[start : start + AT_A_TIME]).with_source()
        yield from rows.select_related(
            "answer__response__survey__consultation", "note__session__consultation"
        )


def consultation_of(idea: Idea) -> Consultation:
    if idea.answer:
        return idea.answer.response.survey.consultation
    return idea.note.session.consultation  # type: ignore[union-attr]


def _number(value: Any) -> int | None:
    try:
        return WholeNumberWidget().clean(value)
    except ValueError:
        return None


def _seen(value: Any) -> int | None:
    try:
        return WholeNumberWidget().clean(value)
    except ValueError as error:
        raise ValidationError({"seen": str(error)}) from error


def _said(current: Coding | None, kind: str) -> str:
    if current is None:
        return "taken back" if kind == "meanwhile" else "not coded"
    return f"{current} ({current.by})" if kind == "meanwhile" else str(current)
