"""What people said, cut into ideas: the list of ideas, and each original with its spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse

from outcomes.admin.safeguarding import raise_address
from outcomes.models import AnalysisRun, Idea, ThemeSuggestion
from surveys.admin.pages import WrittenElsewhere
from surveys.models import Answer, Audience, Consultation, Note, Response, Theme


@dataclass(frozen=True)
class Piece:
    """A stretch of an original: inside one idea, or between two."""

    text: str
    number: int | None = None


def pieces(text: str, ideas: Sequence[Idea]) -> Iterator[Piece]:
    """The text cut where ideas begin and end, in order. Put together again it is the text."""
    at = 0
    for number, idea in enumerate(ideas, start=1):
        if idea.start > at:
            yield Piece(text[at : idea.start])
        yield Piece(text[idea.start : idea.end], number)
        at = idea.end
    if at < len(text):
        yield Piece(text[at:])


def source_page(idea: Idea) -> str:
    """The address of the original that an idea is a span of."""
    kind, key = ("answer", idea.answer_id) if idea.answer_id else ("note", idea.note_id)
    return reverse(f"admin:outcomes_idea_{kind}", args=[key])


class RunFilter(admin.SimpleListFilter):
    title = "analysis"
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        return [(run.pk, str(run)) for run in AnalysisRun.objects.done()[:10]]

    def queryset(self, request: HttpRequest, rows: QuerySet[Idea]) -> QuerySet[Idea]:
        """By a finished run, also one that is too old to be offered: its own page leads here."""
        runs = {str(run.pk): run for run in AnalysisRun.objects.done()}
        run = runs.get(self.value())
        return rows.filter(suggestions__run=run) if run else rows


class ThemeFilter(admin.SimpleListFilter):
    title = "suggested theme"
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Theme.objects.values_list("code", "label"))

    def queryset(self, request: HttpRequest, rows: QuerySet[Idea]) -> QuerySet[Idea]:
        return rows.filter(theme_code=self.value()) if self.value() else rows


class AudienceFilter(admin.SimpleListFilter):
    title = "audience"
    parameter_name = "audience"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Audience.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet[Idea]) -> QuerySet[Idea]:
        return rows.filter(audience=self.value()) if self.value() else rows


class ClusterFilter(admin.SimpleListFilter):
    title = "cluster"
    parameter_name = "in_cluster"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "in a cluster"), ("no", "in no cluster yet")]

    def queryset(self, request: HttpRequest, rows: QuerySet[Idea]) -> QuerySet[Idea]:
        if self.value() == "yes":
            return rows.filter(membership__isnull=False)
        return rows.in_no_cluster() if self.value() == "no" else rows  # type: ignore[attr-defined]


@admin.register(Idea)
class IdeaAdmin(WrittenElsewhere):
    about = "Every single thing that somebody said, and where it is now."
    list_display = ["idea", "said_by", "theme_suggested", "cluster"]
    list_filter = [ThemeFilter, AudienceFilter, ClusterFilter, RunFilter]
    search_fields = ["answer__text", "note__text"]
    search_help_text = "Words anywhere in the answers and notes that the ideas come from."

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("answer/<int:key>/", self.answer, "answer"),
            self.address("note/<int:key>/", self.note, "note"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Idea]:
        """Ideas with the theme that the newest run which read them suggests."""
        newest = _by_done_runs().filter(idea=OuterRef("pk")).order_by("-run__asked_at", "-run")
        rows = Idea.objects.with_source().with_audience().select_related("membership__cluster")
        return rows.annotate(
            theme_code=Subquery(newest.values("theme__code")[:1]),
            theme_label=Subquery(newest.values("theme__label")[:1]),
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """An idea is read in its original."""
        row = self.find(request, object_id)
        return redirect(f"{source_page(row)}#idea-{row.pk}")

    @admin.display(description="idea")
    def idea(self, row: Idea) -> str:
        return row.text

    @admin.display(description="said by")
    def said_by(self, row: Idea) -> str:
        return row.said_by

    @admin.display(description="theme the machine suggests", empty_value="none yet")
    def theme_suggested(self, row: Idea) -> str | None:
        return row.theme_label  # type: ignore[attr-defined]

    @admin.display(description="cluster people put it in", empty_value="none yet")
    def cluster(self, row: Idea) -> str | None:
        return str(row.membership.cluster) if hasattr(row, "membership") else None

    def answer(self, request: HttpRequest, key: int) -> HttpResponse:
        """An answer as it was typed. That of a draft or a trial is nobody's to read."""
        self._must_read(request, "surveys.view_answer")
        sent = Answer.objects.readable().filter(response__in=Response.objects.sent())
        answer = get_object_or_404(
            sent.select_related("response__survey__consultation", "question"), pk=key
        )
        survey = answer.response.survey
        facts = {
            "title": f"Answer of response {answer.response.reference}",
            "said_by": survey.get_audience_display(),
            "asked": answer.question.wording(
                answer.response.wording_form, answer.response.language
            ).text,
            "response": answer.response,
        }
        return self._source(request, answer, survey.consultation, facts)

    def note(self, request: HttpRequest, key: int) -> HttpResponse:
        """A note as it was taken down."""
        self._must_read(request, "surveys.view_note")
        note = get_object_or_404(
            Note.objects.readable().select_related("session__consultation"), pk=key
        )
        facts = {
            "title": f"Note {note.order} of {note.session}",
            "said_by": f"workshop: {note.session.get_audience_display()}",
            "asked": note.get_kind_display(),
            "session": note.session,
        }
        return self._source(request, note, note.session.consultation, facts)

    def _must_read(self, request: HttpRequest, permission: str) -> None:
        if not (self.has_view_permission(request) and request.user.has_perm(permission)):
            raise PermissionDenied

    def _source(
        self,
        request: HttpRequest,
        source: Answer | Note,
        consultation: Consultation,
        facts: dict[str, Any],
    ) -> HttpResponse:
        run = AnalysisRun.objects.filter(consultation=consultation).done().first()
        ideas = _ideas_of(source, run)
        rows = [_row(number, idea) for number, idea in enumerate(ideas, start=1)]
        drawn = list(pieces(source.text, ideas))
        page = {"source": source, "run": run, "rows": rows, "pieces": drawn}
        page["raise_address"] = raise_address(source)
        return self.show(request, "outcomes/idea/source", **(page | facts))


def _by_done_runs() -> QuerySet[ThemeSuggestion]:
    return ThemeSuggestion.objects.filter(run__state=AnalysisRun.State.DONE)


def _ideas_of(source: Answer | Note, run: AnalysisRun | None) -> list[Idea]:
    """The spans of one original in order, each with what the newest run suggests."""
    of_source = {"answer" if isinstance(source, Answer) else "note": source}
    suggested = ThemeSuggestion.objects.filter(run=run).select_related("theme", "group")
    ideas = Idea.objects.filter(**of_source).with_source().select_related("membership__cluster")
    newest = Prefetch("suggestions", queryset=suggested, to_attr="newest")
    return list(ideas.order_by("start").prefetch_related(newest))


def _row(number: int, idea: Idea) -> dict[str, Any]:
    """One line of the table beside the original."""
    suggestion = next(iter(idea.newest), None)  # type: ignore[attr-defined]
    theme = suggestion.theme if suggestion else None
    score = suggestion.scores.get(theme.code) if theme else None
    return {
        "number": number,
        "idea": idea,
        "suggestion": suggestion,
        "percent": None if score is None else round(100 * score),
        "cluster": idea.membership.cluster if hasattr(idea, "membership") else None,
    }
