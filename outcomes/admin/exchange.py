"""Take out and bring in: every file that leaves a consultation, and what comes into it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.admin.carrying import CURATE, CarryPages
from outcomes.admin.jobs import LargeSheets
from outcomes.admin.sheets_clusters import ClustersResource, MembersResource
from outcomes.admin.sheets_compared import ComparedResult
from outcomes.admin.sheets_elsewhere import FILES
from outcomes.admin.sheets_ends import EndsResource
from outcomes.admin.sheets_files import download
from outcomes.admin.sheets_leaving import MAY, Leaving, leaving
from outcomes.admin.sheets_out import TABLES, unscreened
from outcomes.admin.sheets_themes import (
    ThemesCSV,
    ThemesResource,
    ThemesUpload,
    ThemesXLSX,
)
from outcomes.models import Coding
from surveys.actions import record
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.admin.sheets import SheetAdmin
from surveys.admin.uploads import ConfirmUploadForm
from surveys.models import Consultation
from surveys.refusals import Refusal

SHEETS = [ThemesResource, EndsResource, MembersResource, ClustersResource]


class ConfirmSheet(ConfirmUploadForm):
    resource = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(str(one), "") for one in range(len(SHEETS))]
    )


@admin.register(Coding)
class CodingAdmin(CarryPages, LargeSheets, SheetAdmin, WrittenElsewhere):
    """One page for each consultation. Single codes are read beside their ideas."""

    index_name = "Take out and bring in"
    about = "Sheets of answers, ideas, clusters and decisions, out and in; files for others."

    resource_classes = SHEETS
    confirm_form_class = ConfirmSheet
    import_formats = [ThemesXLSX, ThemesCSV]
    import_form_class = ThemesUpload
    import_template_name = "admin/outcomes/exchange/import.html"
    skip_admin_log = True  # each code says who gave it and when; the audit log tells of the sheet

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perms(MAY)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm(CURATE)

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
            may_bring_book=request.user.has_perm("outcomes.bring_codebook"),
        )

    def file(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """The file that `?what=` names, as `?as=` says; a large one is the worker's."""
        consultation = self._find(request, consultation_id)
        what, kind = request.GET.get("what", ""), request.GET.get("as", "csv")
        file = leaving(consultation, what, kind, timezone.now())
        try:
            if file and not file.is_large:
                return self._leaves(request, consultation, file)
            if file and request.method == "POST":
                job = actions.ask_for_file(
                    consultation=consultation,
                    what=what,
                    kind=kind,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                )
                return redirect(page_of(job))
            if file:
                page = {"title": f"Take out: {file.label}", "consultation": consultation}
                return self.show(request, "outcomes/exchange/large", **page, file=file)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect("admin:outcomes_coding_of", consultation.pk)

    def get_import_form_initial(self, request: HttpRequest) -> dict[str, Any]:
        """`?sheet=` says which is meant."""
        return {"resource": request.GET.get("sheet", "0")}

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheets = [(one.get_display_name(), one.explained) for one in SHEETS]
        return super().get_import_context_data(**kwargs) | {"sheets": sheets}

    def add_success_message(self, result: ComparedResult, request: HttpRequest) -> None:
        left = result.kinds["meanwhile"] + result.kinds["change"] - result.changed
        message = f"{result.changed:,} changed, {result.kinds['same']:,} were the same already."
        if left:
            message += f" {left:,} were decided anew since the sheet was taken out, and stay so."
        messages.success(request, message)

    def _leaves(
        self, request: HttpRequest, consultation: Consultation, file: Leaving
    ) -> HttpResponse:
        """That it was taken is in the audit log."""
        data, rows = file.make(iter)
        record(
            what="exported",
            about=consultation,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            detail=f"{file.name}: {rows} rows",
        )
        return download(data, file.type, file.name)

    def _must(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _find(self, request: HttpRequest, consultation_id: int) -> Consultation:
        self._must(request)
        rows = Consultation.objects.select_related("area")
        return get_object_or_404(rows, pk=consultation_id)
