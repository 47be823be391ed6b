"""The audit log: read, filtered and taken away as a sheet; never changed."""

import csv
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from surveys import actions
from surveys.admin.pages import WrittenElsewhere
from surveys.models import AuditEvent

EXPORT = "surveys.export_auditevent"
COLUMNS = ["number", "at", "by", "what", "about", "detail", "previous", "digest"]
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@admin.register(AuditEvent)
class AuditEventAdmin(WrittenElsewhere):
    about = "Who decided, exported or read what, and when. Nobody can change it unseen."
    list_display = ["number", "at", "by", "what", "about_row", "detail"]
    list_filter = ["what", ("by", admin.RelatedOnlyFieldListFilter), "at"]
    list_select_related = ["by"]
    list_display_links = None
    search_fields = ["about", "detail"]
    search_help_text = "A row, such as “surveys.concern 12”, or a word of the detail."
    change_list_template = "admin/surveys/auditevent/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """That there is a concern is told only to those who work it or watch over the log."""
        rows = super().get_queryset(request)
        if request.user.has_perm(EXPORT) or request.user.has_perm("surveys.work_concern"):
            return rows
        return rows.exclude(about__startswith="surveys.concern ")

    def get_urls(self) -> list[URLPattern]:
        return [self.address("sheet/", self.sheet, "sheet"), *super().get_urls()]

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:surveys_auditevent_changelist")

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """The events of the list as it is filtered; that it was taken away is an event too."""
        if not self.has_view_permission(request) or not request.user.has_perm(EXPORT):
            raise PermissionDenied
        rows: QuerySet[AuditEvent] = self.get_changelist_instance(request).get_queryset(request)
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="audit.csv"'
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        last = None
        for row in rows.select_related("by").order_by("number").iterator(chunk_size=2_000):
            last = row
            writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
        if last:
            actions.record(
                what="exported the audit log", about=last, by=request.user, now=timezone.now()
            )
        return response

    @admin.display(description="about", ordering="about")
    def about_row(self, row: AuditEvent) -> str:
        return row.about


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
