"""Take out and bring in: every file that leaves a consultation, and what comes into it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes.admin.carrying import CURATE, CarryPages
from outcomes.admin.sheets_elsewhere import FILES, Elsewhere, file_name
from outcomes.admin.sheets_files import CSV_TYPE, XLSX_TYPE, csv_file, xlsx_file
from outcomes.admin.sheets_out import TABLES, Table, unscreened
from outcomes.admin.sheets_themes import (
    ThemesCSV,
    ThemesResource,
    ThemesResult,
    ThemesUpload,
    ThemesXLSX,
)
from outcomes.models import Coding
from surveys.actions import record
from surveys.admin.pages import WrittenElsewhere
from surveys.admin.sheets import SheetAdmin
from surveys.models import Consultation
from surveys.refusals import Refusal

# Who sorts what people said may take it out; who only reads it, or publishes, may not.
MAY = ("outcomes.view_idea", "outcomes.view_coding", "surveys.view_answer", "outcomes.code_idea")
WRITERS = {"csv": (csv_file, CSV_TYPE), "xlsx": (xlsx_file, XLSX_TYPE)}


@admin.register(Coding)
class CodingAdmin(CarryPages, SheetAdmin, WrittenElsewhere):
    """One page for each consultation. Single codes are read beside their ideas."""

    index_name = "Take out and bring in"
    about = "Sheets of answers, ideas, clusters and decisions; files for other programs; themes in."

    resource_classes = [ThemesResource]
    import_formats = [ThemesXLSX, ThemesCSV]
    import_form_class = ThemesUpload
    import_template_name = "admin/outcomes/exchange/import.html"
    skip_admin_log = True  # each code says who gave it and when; the audit log tells of the sheet

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perms(MAY)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False  # what leaves is listed here, each with what is in it

    def get_urls(self) -> list[URLPattern]:
        stock = [one for one in super().get_urls() if not str(one.name).endswith("_export")]
        return [
            self.address("of/<int:consultation_id>/", self.of, "of"),
            self.address("of/<int:consultation_id>/file/", self.file, "file"),
            *stock,
        ]

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._must(request)
        return redirect("admin:outcomes_coding_changelist")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Which consultation?"""
        self._must(request)
        rows = Consultation.objects.select_related("area").order_by("-pk")
        title = {"title": self.index_name, "consultations": rows}
        return self.show(request, "outcomes/exchange/list", **title)

    def of(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """All that can be taken out of a consultation and brought into it."""
        consultation = self._find(request, consultation_id)
        return self.show(
            request,
            "outcomes/exchange/page",
            title=f"{self.index_name}: {consultation}",
            consultation=consultation,
            tables=TABLES,
            files=FILES,
            unscreened=unscreened(consultation),
            may_carry=request.user.has_perm(CURATE),
        )

    def file(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """The file that `?what=` names, as `?as=` says. That it was taken is in the audit log."""
        consultation = self._find(request, consultation_id)
        what, kind = request.GET.get("what"), request.GET.get("as", "csv")
        table = next((one for one in TABLES if one.path == what), None)
        other = next((one for one in FILES if one.path == what), None)
        try:
            if table and kind in WRITERS:
                return self._table(request, consultation, table, kind)
            if other:
                return self._other(request, consultation, other)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect("admin:outcomes_coding_of", consultation.pk)

    def add_success_message(self, result: ThemesResult, request: HttpRequest) -> None:
        left = result.kinds["meanwhile"] + result.kinds["change"] - result.changed
        message = f"{result.changed:,} changed, {result.kinds['same']:,} were the same already."
        if left:
            message += f" {left:,} were decided anew since the sheet was taken out, and stay so."
        messages.success(request, message)

    def _table(
        self, request: HttpRequest, consultation: Consultation, table: Table, kind: str
    ) -> HttpResponse:
        write, content_type = WRITERS[kind]
        data, count = write(table.columns, table.rows(consultation))
        name = file_name(consultation, table.path, kind, timezone.localtime())
        return _leaves(request, consultation, data, content_type, name, f"{count} rows")

    def _other(
        self, request: HttpRequest, consultation: Consultation, one: Elsewhere
    ) -> HttpResponse:
        data, count = one.make(consultation, timezone.now())
        name = file_name(consultation, one.path, one.ending, timezone.localtime())
        return _leaves(request, consultation, data, one.kind, name, f"{count} rows")

    def _must(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _find(self, request: HttpRequest, consultation_id: int) -> Consultation:
        self._must(request)
        rows = Consultation.objects.select_related("area")
        return get_object_or_404(rows, pk=consultation_id)


def _leaves(
    request: HttpRequest,
    consultation: Consultation,
    data: bytes,
    content_type: str,
    name: str,
    rows: str,
) -> HttpResponse:
    """The file, once it is recorded who took it."""
    record(
        what="exported",
        about=consultation,
        by=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
        detail=f"{name}: {rows}",
    )
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
