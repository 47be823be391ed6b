"""The list of ideas. Each is read, and decided on, in the passage that it is a span of."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern

from outcomes.admin.inbox_bulk import BulkCoding
from outcomes.admin.inbox_checking import Checking
from outcomes.admin.inbox_filters import ConsultationFilter, Filter, shown_to, themes
from outcomes.admin.passage_cutting import IdeaBorders
from outcomes.admin.passage_facts import Piece, pieces
from outcomes.admin.passage_way import address_of
from outcomes.ledger import State, with_state
from outcomes.models import AnalysisRun, Coding, Idea, ThemeSuggestion
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.models import Answer, Audience, Note, Passage, Response

__all__ = ["IdeaAdmin", "Piece", "pieces"]


class RunFilter(admin.SimpleListFilter):
    title = "analysis"
    parameter_name = "run"
    template = Filter.template

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        return [(run.pk, str(run)) for run in AnalysisRun.objects.done()[:10]]

    def queryset(self, request: HttpRequest, rows: QuerySet[Idea]) -> QuerySet[Idea]:
        """By a finished run, also one that is too old to be offered: its own page leads here."""
        runs = {str(run.pk): run for run in AnalysisRun.objects.done()}
        run = runs.get(self.value())
        return rows.filter(suggestions__run=run) if run else rows


class ThemeFilter(Filter):
    title = "suggested theme"
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return themes()

    def narrow(self, rows: QuerySet[Idea], value: str) -> QuerySet[Idea]:
        return rows.filter(theme_code=value)


class CodedFilter(Filter):
    title = "theme that people gave"
    parameter_name = "coded"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "none yet"), *themes()]

    def narrow(self, rows: QuerySet[Idea], value: str) -> QuerySet[Idea]:
        current = Coding.everything.current().filter(theme__isnull=False).order_by()
        if value == "none":
            return rows.exclude(pk__in=current.values("idea"))
        return rows.filter(pk__in=current.filter(theme__code=value).values("idea"))


class AudienceFilter(Filter):
    title = "audience"
    parameter_name = "audience"
    offered = [(str(value), str(label)) for value, label in Audience.choices]

    def narrow(self, rows: QuerySet[Idea], value: str) -> QuerySet[Idea]:
        return rows.filter(audience=value)


class ClusterFilter(Filter):
    title = "cluster"
    parameter_name = "in_cluster"
    offered = [("yes", "in a cluster"), ("no", "in no cluster yet")]

    def narrow(self, rows: QuerySet[Idea], value: str) -> QuerySet[Idea]:
        return rows.filter(membership__isnull=value == "no")


class StateFilter(Filter):
    title = "where it stands"
    parameter_name = "standing"
    offered = [(str(one.value), str(one.label)) for one in State if one != State.WITHHELD]

    def narrow(self, rows: QuerySet[Idea], value: str) -> QuerySet[Idea]:
        return with_state(rows).filter(stands=value)


@admin.register(Idea)
class IdeaAdmin(BulkCoding, Checking, IdeaBorders, WrittenElsewhere):
    about = (
        "Every single thing that somebody said, and where it is. Several at once are coded here."
    )
    list_display = ["idea", "said_by", "theme_suggested", "theme_given", "cluster"]
    list_filter = [
        ConsultationFilter,
        ThemeFilter,
        CodedFilter,
        AudienceFilter,
        ClusterFilter,
        StateFilter,
        RunFilter,
    ]
    search_fields = ["answer__passage__words", "note__passage__words"]
    search_help_text = "Words anywhere in the answers and notes that the ideas come from."

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("answer/<int:key>/", self.answer, "answer"),
            self.address("note/<int:key>/", self.note, "note"),
            self.address("check/", self.check_next, "check"),
            self.address("together/", self.together, "together"),
            self.address("together/undo/", self.undo_together, "undo-together"),
            self.address("<int:object_id>/decide/", self.decide_idea, "decide"),
            self.address("<int:object_id>/borders/", self.borders, "borders"),
            self.address("<int:object_id>/cut/", self.cut, "cut"),
            self.address("<int:object_id>/join/", self.join, "join"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Idea]:
        """Ideas with the theme that the newest run which read them suggests."""
        newest = _by_done_runs().filter(idea=OuterRef("pk")).order_by("-run__asked_at", "-run")
        given = Prefetch(
            "codings",
            Coding.objects.current().select_related("theme", "second", "third"),
            to_attr="current",
        )
        rows = Idea.objects.with_source().with_audience().select_related("membership__cluster")
        return (
            shown_to(request, rows)
            .prefetch_related(given)
            .annotate(
                theme_code=Subquery(newest.values("theme__code")[:1]),
                theme_label=Subquery(newest.values("theme__label")[:1]),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the passages that say it, as in the inbox."""
        sought = search_term.strip()
        if not sought:
            return queryset, False
        said = Passage.objects.said(sought).order_by()
        answers = said.filter(answer__isnull=False).values("answer")
        notes = said.filter(note__isnull=False).values("note")
        return queryset.filter(Q(answer__in=answers) | Q(note__in=notes)), False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """An idea is read in its passage."""
        row = self.find(request, object_id)
        if not hasattr(row.source, "passage"):
            raise Http404
        return redirect(address_of(row.source.passage, idea=row))

    @admin.display(description="idea")
    def idea(self, row: Idea) -> str:
        return row.text

    @admin.display(description="said by")
    def said_by(self, row: Idea) -> str:
        return row.said_by

    @admin.display(description="theme the machine suggests", empty_value="none yet")
    def theme_suggested(self, row: Idea) -> str | None:
        return row.theme_label  # type: ignore[attr-defined]

    @admin.display(description="theme people gave", empty_value="none yet")
    def theme_given(self, row: Idea) -> str | None:
        current = [str(one) for one in row.current if one.themes]  # type: ignore[attr-defined]
        return current[0] if current else None

    @admin.display(description="cluster people put it in", empty_value="none yet")
    def cluster(self, row: Idea) -> str | None:
        return str(row.membership.cluster) if hasattr(row, "membership") else None

    def answer(self, request: HttpRequest, key: int) -> HttpResponse:
        """To the passage of an answer. That of a draft or a trial is nobody's to read."""
        self._must_read(request, "surveys.view_answer")
        sent = Answer.objects.readable().filter(response__in=Response.objects.sent())
        answer = get_object_or_404(sent.select_related("passage", "response"), pk=key)
        return redirect(page_of(getattr(answer, "passage", answer.response)))

    def note(self, request: HttpRequest, key: int) -> HttpResponse:
        """To the passage of a note."""
        self._must_read(request, "surveys.view_note")
        notes = Note.objects.readable().select_related("passage", "session")
        note = get_object_or_404(notes, pk=key)
        return redirect(page_of(getattr(note, "passage", note.session)))

    def _must_read(self, request: HttpRequest, permission: str) -> None:
        if not (self.has_view_permission(request) and request.user.has_perm(permission)):
            raise PermissionDenied


def _by_done_runs() -> QuerySet[ThemeSuggestion]:
    return ThemeSuggestion.objects.filter(run__state=AnalysisRun.State.DONE)
