"""What the machine suggests: runs and their groups. Asked for and read here, never edited."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin.counting import PEOPLE_HEADINGS, PeopleColumns, people
from outcomes.models import (
    AnalysisRun,
    Cluster,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
    people_columns,
    readable,
)
from surveys.admin.deciding import Decision, line
from surveys.admin.pages import WrittenElsewhere, carry_out, page_of, page_of_rows
from surveys.models import Consultation, Theme
from surveys.refusals import Refusal


class Cancel(Decision):
    path = "cancel"
    label = "Cancel this analysis"
    permission = "outcomes.ask_analysisrun"
    done = "{} was cancelled. What it had found is not kept."
    at_once = True

    @classmethod
    def fits(cls, row: AnalysisRun) -> bool:
        return row.is_under_way

    def decide(self, *, by: Any, now: datetime) -> AnalysisRun:
        return actions.cancel_analysis(run=self.row, now=now)


@admin.register(AnalysisRun)
class AnalysisRunAdmin(WrittenElsewhere):
    about = "Ask the machine to sort what people said, watch it work, read what it suggests."
    page = "outcomes/analysisrun/page"
    change_list_template = "admin/outcomes/analysisrun/list.html"
    decisions = (Cancel,)
    list_display = ["__str__", "consultation", "state", "asked_at", "asked_by", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["consultation", "asked_by"]

    def get_urls(self) -> list[URLPattern]:
        return [self.address("ask/<int:consultation_id>/", self.ask, "ask"), *super().get_urls()]

    def ask(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """Queue an analysis; a button sends it here."""
        if not request.user.has_perm("outcomes.ask_analysisrun"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        consultation = get_object_or_404(Consultation, pk=consultation_id)
        try:
            run = actions.ask_for_analysis(
                consultation=consultation,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("admin:outcomes_analysisrun_changelist")
        return redirect(page_of(run))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_ask = request.user.has_perm("outcomes.ask_analysisrun")
        asks = Consultation.objects.all() if may_ask else Consultation.objects.none()
        return super().changelist_view(request, {"asks": asks} | (extra_context or {}))

    def facts(self, request: HttpRequest, row: AnalysisRun) -> dict[str, Any]:
        facts = {
            "silent": row.is_silent(timezone.now()),
            "percent": 100 * row.done // row.total if row.total else None,
        }
        return facts | (_found(row) if row.state == AnalysisRun.State.DONE else {})


def _found(run: AnalysisRun) -> dict[str, Any]:
    """What a run suggests, theme by theme."""
    counted = ThemeSuggestion.objects.filter(run=run).values_list("theme").annotate(Count("pk"))
    ideas = dict(counted.order_by())
    groups = _with_people(GroupSuggestion.objects.filter(run=run)).select_related("cluster")
    by_theme: dict[int, list[GroupSuggestion]] = {}
    for group in groups:
        group.people = people(group)  # type: ignore[attr-defined]
        by_theme.setdefault(group.theme_id, []).append(group)
    themes = Theme.objects.filter(area=run.consultation.area_id)
    return {
        "headings": PEOPLE_HEADINGS,
        "ideas_count": sum(ideas.values()),
        "themeless": ideas.get(None, 0),
        "alone": ThemeSuggestion.objects.filter(run=run, group__isnull=True).count(),
        "themes": [(one, ideas.get(one.pk, 0), by_theme.get(one.pk, [])) for one in themes],
    }


def _with_people(groups: QuerySet[GroupSuggestion]) -> QuerySet[GroupSuggestion]:
    counts = people_columns("members__idea")
    may = readable("members__idea__")
    taken = may & Q(members__idea__membership__isnull=False)
    return groups.annotate(
        ideas_count=Count("members", distinct=True, filter=may),
        taken=Count("members", distinct=True, filter=taken),
        **counts,
    )


class Adopt(Decision):
    """On the group's own page."""

    path = "adopt"
    label = "Adopt as a cluster"
    permission = "outcomes.curate_cluster"
    done = "You adopted “{}”. What happens to it from here on is people’s decision."

    name = line("Your name for it", most=120, about="In plain words, 12 at most.")
    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.row.run.consultation.area_id
        self.fields["theme"].queryset = Theme.objects.filter(area=area)  # type: ignore[attr-defined]
        self.fields["theme"].initial = self.row.theme_id

    @classmethod
    def fits(cls, row: GroupSuggestion) -> bool:
        adopted = Cluster.objects.filter(adopted_from=row).exists()
        free = Idea.objects.in_no_cluster().filter(suggestions__group=row)
        return not adopted and free.exists()

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.adopt(suggestion=self.row, by=by, now=now, **self.cleaned_data)


@admin.register(GroupSuggestion)
class GroupSuggestionAdmin(PeopleColumns, WrittenElsewhere):
    """Opened from its run; it has no line on the index."""

    page = "outcomes/groupsuggestion/page"
    list_display = ["name", "theme", "run", "ideas_count", *PeopleColumns.people_display]
    list_filter = ["run", "theme"]
    list_select_related = ["theme", "run"]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupSuggestion]:
        rows = _with_people(super().get_queryset(request))
        return rows.select_related("run__consultation", "theme", "cluster")

    def get_urls(self) -> list[URLPattern]:
        route = f"<int:object_id>/{Adopt.path}/"
        return [self.address(route, self.adopt, Adopt.path), *super().get_urls()]

    @admin.display(description="ideas", ordering="ideas_count")
    def ideas_count(self, group: GroupSuggestion) -> int:
        return group.ideas_count  # type: ignore[attr-defined]

    def adopt(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Where the form of the group's page is sent; refused, the page shows again."""
        row = self.find(request, object_id)
        if not request.user.has_perm(Adopt.permission):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(page_of(row))
        form = Adopt(request.POST, row=row, user=request.user)
        page = {"form": form}
        return carry_out(request, form) or self.show(
            request, self.page, row, **(self.facts(request, row) | page)
        )

    def facts(self, request: HttpRequest, row: GroupSuggestion) -> dict[str, Any]:
        may_adopt = request.user.has_perm(Adopt.permission) and Adopt.fits(row)
        members = _members(row)
        return {
            "people": people(row),
            "cluster": Cluster.objects.filter(adopted_from=row).first(),
            "form": Adopt(row=row, user=request.user) if may_adopt else None,
            "adopt_url": reverse("admin:outcomes_groupsuggestion_adopt", args=[row.pk]),
            "members": page_of_rows(request, members),
            "taken": members.filter(idea__membership__isnull=False).count(),
        }


def _members(group: Model) -> QuerySet[ThemeSuggestion]:
    """The group's ideas in the order of what was read, with all that the page says of each."""
    sources = ("idea__answer__response__survey", "idea__note__session", "idea__membership__cluster")
    return ThemeSuggestion.objects.filter(group=group).select_related(*sources).order_by("idea")
