"""What is about one child or family, and complaints: a list to hand over, never published."""

import csv
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin.inbox_filters import Filter
from outcomes.admin.ledger import CODE, LedgerPages
from outcomes.models import SOURCES, Disposition
from outcomes.unfinished import readable, to_hand_on
from surveys.actions import record
from surveys.admin.deciding import Decision, line
from surveys.admin.pages import WrittenElsewhere, number_of
from surveys.admin.sheets import no_formula
from surveys.models import Answer, Consultation, Note
from surveys.refusals import Refusal

COLUMNS = ["where", "what", "words", "why", "decided by", "decided at"]
PLACES = (
    "by",
    "handed_by",
    *(f"passage__{path}" for path in ("answer__response__survey", "note__session")),
    *(f"idea__{path}" for path in SOURCES),
)
EXPORTED = "exported the hand-over list"
# Spreadsheets count days and minutes; seconds tell nobody more.
MOMENT = "%Y-%m-%d %H:%M"


class HandOn(Decision):
    path = "hand-on"
    label = "It was handed on"
    permission = CODE
    button = "Keep the record"
    about = (
        "Nothing is sent from here. Give it to the team in the way your area does, then keep the "
        "record of it. It is never published."
    )
    done = "Kept: it was handed on."

    to = line("Which team it was given to", most=200, about="By its name, such as the SEND team.")

    @classmethod
    def fits(cls, row: Disposition) -> bool:
        return row.handed_at is None

    def decide(self, *, by: Any, now: datetime) -> Disposition:
        return actions.hand_on(disposition=self.row, by=by, now=now, **self.cleaned_data)


class HandSeveral(HandOn):
    """`row` is the list of them."""

    path = "hand-on-several"

    @property
    def title(self) -> str:
        return f"Hand on {len(self.row)} together"

    def warning(self) -> str:
        return "; ".join(f"{place_of(one)} ({kind_of(one)})" for one in self.row)


class HandedFilter(Filter):
    title = "handed on"
    parameter_name = "handed"
    offered = [("no", "not yet"), ("yes", "handed on")]

    def narrow(self, rows: QuerySet[Disposition], value: str) -> Any:
        return rows.filter(handed_at__isnull=value == "no")


class KindFilter(Filter):
    title = "what it is"
    parameter_name = "kind"
    offered = [("case", "about one child or family"), ("complaint", "a complaint")]

    def narrow(self, rows: QuerySet[Disposition], value: str) -> Any:
        return rows.filter(what=value)


def source_of(row: Disposition) -> Answer | Note:
    about = row.passage or row.idea
    assert about is not None  # noqa: S101 - disposition_of_one_thing
    return about.source  # type: ignore[no-any-return]


def kind_of(row: Disposition) -> str:
    """about one child or family; a complaint"""
    return row.get_what_display().split(":")[0]


def words_of(row: Disposition) -> str:
    """As staff may read them."""
    return row.passage.words if row.passage else str(row.idea)


def place_of(row: Disposition) -> str:
    """By what staff find it again."""
    source = source_of(row)
    if isinstance(source, Answer):
        return f"response {source.response.reference}"
    return f"workshop “{source.session}”, note {source.order}"


@admin.register(Disposition)
class DispositionAdmin(LedgerPages, WrittenElsewhere):
    index_name = "To hand on"
    about = "What is about one child or family, and complaints. Given to the team for it."
    page = "outcomes/disposition/page"
    change_list_template = "admin/outcomes/disposition/list.html"
    decisions = (HandOn,)
    actions = ("hand_on_several",)
    list_display = ["place", "what_kind", "words", "why", "handed"]
    list_filter = [HandedFilter, KindFilter]
    list_per_page = 50
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address(f"{HandSeveral.path}/", self.several, HandSeveral.path),
            self.address("sheet/", self.sheet, "sheet"),
            self.address("paper/", self.paper, "paper"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disposition]:
        """What is not handed on yet comes first, the oldest before the newest."""
        rows = readable(Disposition.objects.current().filter(what__in=Disposition.HANDED_ON))
        return rows.select_related(*PLACES)

    def get_ordering(self, request: HttpRequest) -> Sequence[Any]:
        return (F("handed_at").desc(nulls_first=True), "at", "pk")

    def has_code_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CODE)

    def waits(self, request: HttpRequest) -> str:
        return number_of((to_hand_on().count(), "to hand on"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra = {
            "title": "Individual cases and complaints",
            "consultations": Consultation.objects.all(),
            "may_take": self.has_code_permission(request),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    @admin.display(description="where")
    def place(self, row: Disposition) -> str:
        return place_of(row)

    @admin.display(description="what")
    def what_kind(self, row: Disposition) -> str:
        return kind_of(row)

    @admin.display(description="words")
    def words(self, row: Disposition) -> str:
        return words_of(row)

    @admin.display(description="why", empty_value="not said")
    def why(self, row: Disposition) -> str | None:
        return row.reason or None

    @admin.display(description="handed on", empty_value="not yet")
    def handed(self, row: Disposition) -> str | None:
        if row.handed_at is None:
            return None
        day = timezone.localtime(row.handed_at)
        return f"to {row.handed_to}, {day.day} {day:%B %Y}, by {row.handed_by}"

    def facts(self, request: HttpRequest, row: Disposition) -> dict[str, Any]:
        return {
            "title": f"{kind_of(row).capitalize()}, {place_of(row)}",
            "words": words_of(row),
            "source": source_of(row),
            "handed": self.handed(row),
        }

    @admin.action(permissions=["code"], description="They were handed on…")
    def hand_on_several(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Leads to the page that asks to whom."""
        keys = ",".join(str(key) for key in queryset.order_by("pk").values_list("pk", flat=True))
        name = f"admin:outcomes_disposition_{HandSeveral.path}"
        return redirect(f"{reverse(name)}?ids={keys}")

    def several(self, request: HttpRequest) -> HttpResponse:
        """Hands on all in `?ids=` that were not handed on yet, to one team."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        keys = [key for key in request.GET.get("ids", "").split(",") if key.isascii()]
        short = [int(key) for key in keys if key.isdecimal() and len(key) < 12]
        chosen = list(to_hand_on().filter(pk__in=short).select_related(*PLACES).order_by("pk"))
        if not chosen:
            messages.error(request, "Choose what was handed on. It may have been already.")
            return redirect("admin:outcomes_disposition_changelist")
        data = request.POST if request.method == "POST" else None
        form = HandSeveral(data, row=chosen, user=request.user)
        if form.is_bound and form.is_valid():
            return self._hand_on(request, chosen, form.cleaned_data["to"])
        return self.show(request, "decision", form=form, title=form.title)

    def _hand_on(self, request: HttpRequest, rows: list[Disposition], to: str) -> HttpResponse:
        done = 0
        for row in rows:
            try:
                actions.hand_on(disposition=row, to=to, by=request.user, now=timezone.now())  # type: ignore[arg-type]
            except Refusal:
                continue  # somebody else was quicker
            done += 1
        messages.success(request, f"Kept: {done} handed on to {to}.")
        if done < len(rows):
            messages.warning(request, f"{len(rows) - done} were handed on by others meanwhile.")
        return redirect("admin:outcomes_disposition_changelist")

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """What is not handed on yet, to give away."""
        rows = self._taken_away(request, "as CSV")
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="hand-over.csv"'
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        for row in rows:
            at = timezone.localtime(row.at).strftime(MOMENT)
            cells = [place_of(row), kind_of(row), words_of(row), row.reason, str(row.by), at]
            writer.writerow([no_formula(cell) for cell in cells])
        return response

    def paper(self, request: HttpRequest) -> HttpResponse:
        """The same to be printed."""
        rows = self._taken_away(request, "to print")
        shown = [(kind_of(row), place_of(row), words_of(row), row) for row in rows]
        return self.show(
            request,
            "outcomes/disposition/paper",
            rows=shown,
            title="Cases and complaints to hand on",
        )

    def _taken_away(self, request: HttpRequest, how: str) -> list[Disposition]:
        """That words were taken away is kept, not which."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        rows = list(to_hand_on().select_related(*PLACES).order_by("at", "pk"))
        if rows:
            detail = f"{len(rows)} of them, {how}"
            record(
                what=EXPORTED, about=rows[-1], by=request.user, now=timezone.now(), detail=detail
            )  # type: ignore[arg-type]
        return rows
