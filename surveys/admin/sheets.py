"""Registers in and out as spreadsheets: previewed, then confirmed."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from import_export import fields, resources, results, widgets
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.results import RowResult

from surveys import actions
from surveys.admin.pages import PortalAdmin
from surveys.admin.uploads import (
    NOT_WAITING,
    NOT_XLSX,
    BadSheet,
    ConfirmUploadForm,
    SheetCSV,
    SheetXLSX,
    UploadForm,
    Uploads,
)
from surveys.models import Area
from surveys.refusals import Refusal

PROBLEMS_SHOWN = 50


class AreaWidget(widgets.ForeignKeyWidget):
    """An area by its slug; the only one there is where the column is empty."""

    def __init__(self) -> None:
        super().__init__(Area, "slug")
        self.met: dict[Any, Area] = {}  # each import has a widget of its own

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Area:
        if value not in self.met:
            self.met[value] = self.find(value)
        return self.met[value]

    def find(self, value: Any) -> Area:
        areas = Area.objects.filter(slug=value) if value else Area.objects.all()
        try:
            return areas.get()
        except (ObjectDoesNotExist, Area.MultipleObjectsReturned) as error:
            raise ValueError(f"Write the area’s slug: “{value or ''}” names none.") from error


class WholeNumberWidget(widgets.IntegerWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        if self.is_empty(value):
            return None
        try:
            number = Decimal(str(value).strip())
            if number == number.to_integral_value() and abs(number) < 10**18:
                return int(number)
        except InvalidOperation:
            pass  # no number at all, or none that ends
        raise ValueError(f"“{shortened(value)}” is not a whole number.")


class YesNoWidget(widgets.BooleanWidget):
    WORDS = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        word = str(value).strip().lower()
        if word and word not in self.WORDS:
            raise ValueError(f"“{shortened(value)}” is neither yes nor no. Write 1 or 0.")
        return self.WORDS.get(word)


class DayWidget(widgets.DateWidget):
    """A day as it is written here, never the American way."""

    FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.formats = self.FORMATS

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()  # as XLSX has it
        try:
            return super().clean(value.strip() if isinstance(value, str) else value)
        except ValueError as error:
            sentence = f"“{shortened(value)}” is not a date. Write it as 2026-11-22 or 22/11/2026."
            raise ValueError(sentence) from error


def shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


# A spreadsheet takes a cell that begins so for a formula. The library's setting knows only "=".
# An apostrophe is put before each; and before one more apostrophe where there are some already,
# so that taking one off again always gives the text that went out.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
ESCAPED = re.compile(f"'{FORMULA.pattern}")
BROKEN_RULE = re.compile(r"Constraint “(\w+)” is violated\.")


class SheetResult(results.Result):
    """What an import found. `numbers` says where in the sheet each row stands."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []

    def problems(self) -> list[tuple[int | None, str, str]]:
        """Row, column and sentence of all that is wrong, in the order of the sheet."""
        found = [(None, "", sentence_of(one.error)) for one in self.base_errors]
        return found or sorted(self._of_rows(), key=lambda problem: problem[0])

    def _of_rows(self) -> Iterator[tuple[int, str, str]]:
        for broken in self.error_rows:
            for one in broken.errors:
                yield self.numbers[broken.number - 1], "", sentence_of(one.error)
        for invalid in self.invalid_rows:
            for name, sentences in invalid.error_dict.items():
                column = "" if name == NON_FIELD_ERRORS else name
                for sentence in sentences:
                    yield self.numbers[invalid.number - 1], column, without_code(sentence)

    def first_problems(self) -> list[tuple[int | None, str, str]]:
        return self.problems()[:PROBLEMS_SHOWN]

    def more_problems(self) -> int:
        return max(0, len(self.problems()) - PROBLEMS_SHOWN)


def sentence_of(error: Exception) -> str:
    """Our own sentences; of any other exception nothing is shown, for it was meant for nobody."""
    if isinstance(error, Refusal):
        return error.sentence
    return "This row could not be imported. Compare it with a row that could."


def without_code(sentence: str) -> str:
    """The rule of the database that a row breaks, in words."""
    return BROKEN_RULE.sub(
        lambda rule: f"This breaks the rule “{rule[1].replace('_', ' ')}”.", sentence
    )


class SheetResource(resources.ModelResource):
    """What all our sheets share. A text like a formula goes out, and comes in, behind a '."""

    WIDGETS_MAP = resources.ModelResource.WIDGETS_MAP | {
        "PositiveSmallIntegerField": WholeNumberWidget,
        "BooleanField": YesNoWidget,
        "DateField": DayWidget,
        "TextField": widgets.CharWidget,
    }

    @classmethod
    def get_result_class(cls) -> type[SheetResult]:
        return SheetResult

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.numbers, self.met = dataset.numbers, {}
        missing = [f"“{name}”" for name in self.needed() if name not in dataset.headers]
        if missing:
            raise BadSheet(f"The sheet has no column {' and '.join(missing)} in its first row.")

    def needed(self) -> list[str]:
        """The columns without which nothing can be imported."""
        return list(self.get_import_id_fields())

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for name, value in row.items():
            if isinstance(value, str) and ESCAPED.match(value):
                row[name] = value[1:]

    def get_instance(self, *args: Any, **kwargs: Any) -> Any:
        """None for a key that cannot be read: its column is named when the fields are read."""
        try:
            return super().get_instance(*args, **kwargs)
        except ValueError:
            return None

    def after_import_row(
        self, row: dict[str, Any], row_result: Any, row_number: int = 0, **kwargs: Any
    ) -> None:
        """Two rows about the same thing: nobody knows which is meant."""
        number = self.numbers[row_number - 1]
        earlier = self.met.setdefault(row_result.object_id, number)
        if earlier != number:
            raise ValidationError(f"This row is about the same as row {earlier}. Keep one of them.")

    def after_import(self, dataset: Any, result: SheetResult, **kwargs: Any) -> None:
        result.numbers = dataset.numbers
        super().after_import(dataset, result, **kwargs)

    def export_field(self, *args: Any, **kwargs: Any) -> Any:
        return no_formula(super().export_field(*args, **kwargs))


def no_formula(value: Any) -> Any:
    """As it is safe in a cell. Nothing is an empty cell: XLSX would say “None”."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


class JudgedResource(SheetResource):
    """Rows that an action decides on, all together, once each was judged."""

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        """Read one row, and say what becomes of it, or what is wrong with it and where."""
        result = RowResult()
        result.row_values = row
        try:
            self.before_import_row(row, **kwargs)
            self.judge(row, result, self.numbers[kwargs["row_number"] - 1])
        except ValidationError as error:
            result.import_type, result.validation_error = result.IMPORT_TYPE_INVALID, error
        except Exception as error:  # as the library does: the row is named, the rest is read
            result.import_type = result.IMPORT_TYPE_ERROR
            result.errors.append(self.get_error_result_class()(error, row, kwargs["row_number"]))
        return result

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        """Say in `result` what becomes of the row; a ValidationError says what is wrong."""
        raise NotImplementedError


class AreaResource(SheetResource):
    """Rows that belong to an area."""

    area = fields.Field(column_name="area", attribute="area", widget=AreaWidget())

    def needed(self) -> list[str]:
        return [name for name in super().needed() if name != "area"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """A sheet without the column `area` is about the only area there is."""
        super().before_import(dataset, **kwargs)
        if "area" not in dataset.headers:
            dataset.append_col([""] * len(dataset), header="area")


class SheetAdmin(ImportExportMixin, PortalAdmin):
    """XLSX and CSV. Importing needs the right to add and change; exporting, to see.

    A sheet is imported as a whole or not at all, and only after its preview was confirmed.
    """

    import_formats = [SheetXLSX, SheetCSV]
    export_formats = [XLSX, CSV]
    import_form_class = UploadForm
    confirm_form_class = ConfirmUploadForm
    export_form_class = ExportForm  # the other one has scripts and styles in its page

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(self, file_format: Any, request: HttpRequest, *args: Any, **kw: Any) -> Any:
        data = super().get_export_data(file_format, request, *args, **kw)
        self._keep_sheet(request, "took away a sheet", file_format.get_title())
        return data

    def _keep_sheet(self, request: HttpRequest, what: str, detail: str) -> None:
        actions.record(
            what=what,
            about=self.model(),
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            detail=detail,
        )

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: UploadForm, error: Exception) -> None:
        form.add_error("import_file", error.sentence if isinstance(error, BadSheet) else NOT_XLSX)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The upload form, then the preview. A sheet that nobody can confirm is not kept."""
        response = super().import_action(request, **kwargs)
        name = getattr(request.FILES.get("import_file"), "tmp_storage_name", None)
        if name and "confirm_form" not in response.context_data:
            Uploads(name=name).remove()
        return response

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The preview was confirmed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_import_permission(request):
            raise PermissionDenied
        try:
            result = self.import_confirmed(request, **kwargs)
        except BadSheet as refusal:
            messages.error(request, refusal.sentence)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        self._keep_sheet(request, "brought in a sheet", f"{len(result.rows)} rows")
        return self.process_result(result, request)

    def import_confirmed(self, request: HttpRequest, **kwargs: Any) -> SheetResult:
        form = self.create_confirm_form(request)
        if not form.is_valid():
            raise BadSheet(NOT_WAITING)
        data = Uploads(name=form.cleaned_data["import_file_name"]).take()
        sheet = self.get_import_formats()[int(form.cleaned_data["format"])]()
        result = self.process_dataset(sheet.create_dataset(data), form, request, **kwargs)
        for row, column, sentence in result.problems():
            place = ", ".join(filter(None, [f"row {row}" if row else "", column]))
            raise BadSheet(
                f"Nothing was imported: since the preview something has changed. "
                f"{place.capitalize()}: {sentence} Choose the file again."
            )
        return result
