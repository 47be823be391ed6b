"""The audit log: read, filtered and taken away as a sheet; never changed."""

import csv
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from surveys import actions
from surveys.admin.pages import WrittenElsewhere
from surveys.admin.sheets import no_formula
from surveys.models import AuditEvent

EXPORT = "surveys.export_auditevent"
WORK = "surveys.work_concern"
# What tells that there is a concern begins so.
CONCERNS = "surveys.concern"
COLUMNS = ["number", "at", "by", "what", "about", "detail", "previous", "digest"]


class WhatWasDone(admin.AllValuesFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what was done"


class Person(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "person"


class Days(admin.ListFilter):
    """From one day to another, both typed."""

    title = "day"
    template = "admin/surveys/auditevent/_days.html"
    names = ("from", "until")

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.names:
            self.used_parameters[name] = params.pop(name, [""])[-1]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:
        return list(self.names)

    def choices(self, changelist: Any) -> list[dict[str, Any]]:
        """Its form's fields; what else the list is filtered by is sent along."""
        gone = [*self.names, "p", "e"]
        kept = [pair for pair in changelist.params.items() if pair[0] not in gone]
        return [{"days": [(name, self.used_parameters[name]) for name in self.names], "kept": kept}]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = (_day(self.used_parameters[name]) for name in self.names)
        if first:
            queryset = queryset.filter(at__gte=_begin(first))
        return queryset.filter(at__lt=_begin(last + timedelta(days=1))) if last else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(WrittenElsewhere):
    about = "Who decided, exported or read what, and when. Nobody can change it unseen."
    list_display = ["number", "at", "by", "what", "about_row", "detail"]
    list_filter = [Days, ("what", WhatWasDone), ("by", Person)]
    list_select_related = ["by"]
    list_display_links = None
    search_fields = ["about", "detail"]
    search_help_text = "A row, such as “surveys.survey 12”, or a word of the detail."
    change_list_template = "admin/surveys/auditevent/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(WORK)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """That there is a concern is told only to those who work it, who by that role read of
        nothing else, and to those who watch over the log."""
        rows = super().get_queryset(request)
        if not super().has_view_permission(request):
            return rows.filter(about__startswith=CONCERNS)
        if request.user.has_perm(EXPORT) or request.user.has_perm(WORK):
            return rows
        return rows.exclude(about__startswith=CONCERNS)

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
            writer.writerow([no_formula(getattr(row, name)) for name in COLUMNS])
        if last:
            actions.record(
                what="exported the audit log", about=last, by=request.user, now=timezone.now()
            )
        return response

    @admin.display(description="about", ordering="about")
    def about_row(self, row: AuditEvent) -> str:
        return row.about


def _day(value: str) -> date | None:
    """None for what no day is written like."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
