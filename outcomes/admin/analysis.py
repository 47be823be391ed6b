"""What the machine suggests: runs and their groups. Asked for and read here, never edited."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin import run_facts
from outcomes.admin.cluster_decisions import CURATE, NAME, choose, name_help
from outcomes.admin.counting import PeopleColumns, people
from outcomes.admin.watching import Watched
from outcomes.models import (
    SOURCES,
    AnalysisRun,
    Cluster,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)
from outcomes.proposals import proposals, undecided
from surveys.admin.deciding import Decision, line
from surveys.admin.pages import WrittenElsewhere, carry_out, page_of, page_of_rows
from surveys.models import Consultation, Theme
from surveys.refusals import BadText, Refusal


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
class AnalysisRunAdmin(Watched, WrittenElsewhere):
    long_wait = timedelta(minutes=2)
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
        may_ask = {"may_ask": request.user.has_perm("outcomes.ask_analysisrun")}
        facts = self.progress(request, row) | may_ask
        return facts | (run_facts.found(row) if row.state == AnalysisRun.State.DONE else {})


class Adopt(Decision):
    """On the group's own page."""

    path = "adopt"
    label = "Adopt as a cluster"
    permission = CURATE
    done = "You adopted “{}”. What happens to it from here on is people’s decision."

    name = line("Your name for it", most=120, about=NAME)
    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.row.run.consultation.area_id
        choose(self.fields["theme"], Theme.objects.filter(area=area), self.row.theme_id)
        self.fields["name"].help_text = name_help(self.data.get("name", ""))

    @classmethod
    def fits(cls, row: GroupSuggestion) -> bool:
        return not Cluster.objects.filter(adopted_from=row).exists() and free_of(row).exists()

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.adopt(suggestion=self.row, by=by, now=now, **self.cleaned_data)


class AddTo(Decision):
    """One press: what of the group is free goes into the cluster that most of it is in."""

    path = "add-to"
    label = "Add to the cluster"
    permission = CURATE
    done = "They are in “{}” now. It can be undone."
    at_once = True

    @classmethod
    def fits(cls, row: GroupSuggestion) -> bool:
        return False  # a button of its own beside the preview

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        """Into the cluster that the page showed, and no other idea than it showed."""
        proposal = proposals([self.row]).get(self.row.pk)
        shown = (self.data.get("cluster"), self.data.get("new"))
        if proposal is None or shown != (str(proposal.cluster.pk), str(proposal.new)):
            raise BadText("What is proposed changed meanwhile. Nothing was added: look again.")
        ideas = list(free_of(self.row))
        return actions.bring_in(cluster=proposal.cluster, ideas=ideas, by=by, now=now)


def free_of(group: GroupSuggestion) -> QuerySet[Idea]:
    """The ideas of a group that people can still take into a cluster."""
    return undecided(Idea.objects.filter(suggestions__group=group))


@admin.register(GroupSuggestion)
class GroupSuggestionAdmin(PeopleColumns, WrittenElsewhere):
    """Opened from its run; it has no line on the index."""

    page = "outcomes/groupsuggestion/page"
    decisions = (AddTo,)
    list_display = ["name", "theme", "run", "ideas_count", *PeopleColumns.people_display]
    list_filter = ["run", "theme"]
    list_select_related = ["theme", "run"]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupSuggestion]:
        rows = run_facts.with_people(super().get_queryset(request))
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
        may_curate = request.user.has_perm(CURATE)
        members, proposal = _members(row), proposals([row]).get(row.pk)
        new = members.filter(idea__in=free_of(row)) if proposal else members.none()
        return {
            "people": people(row),
            "cluster": Cluster.objects.filter(adopted_from=row).first(),
            "form": Adopt(row=row, user=request.user) if may_curate and Adopt.fits(row) else None,
            "adopt_url": reverse("admin:outcomes_groupsuggestion_adopt", args=[row.pk]),
            "members": page_of_rows(request, members),
            "taken": members.filter(idea__membership__isnull=False).count(),
            "may_curate": may_curate,
            "proposal": proposal,
            "new": list(new[: run_facts.MOST_NEW]),
            "opposes": row.opposes.select_related("theme", "cluster"),
        }


def _members(group: Model) -> QuerySet[ThemeSuggestion]:
    """The group's ideas in the order of what was read, with all that the page says of each."""
    sources = (*(f"idea__{path}" for path in SOURCES), "idea__membership__cluster")
    return ThemeSuggestion.objects.filter(group=group).select_related(*sources).order_by("idea")
