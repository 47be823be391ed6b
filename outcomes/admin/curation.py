"""Clusters: what people adopted, and each of their decisions about it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse

from outcomes import actions
from outcomes.admin.counting import PeopleColumns, people
from outcomes.admin.wording import DraftOutcome
from outcomes.models import Cluster, Idea
from surveys.admin.deciding import Decision, line, reason
from surveys.admin.pages import WrittenElsewhere, carry_out, page_of_rows
from surveys.models import Theme

CURATE = "outcomes.curate_cluster"


class OfAdopted(Decision):
    """A decision about a cluster that is neither merged nor set aside."""

    permission = CURATE

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return row.state == Cluster.State.ADOPTED


class Rename(OfAdopted):
    path = "rename"
    label = "Rename"
    about = "The earlier name stays in the decisions below."
    done = "It is called “{}” now."

    name = line("Name", most=120, about="In plain words, 12 at most.")
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.row.name

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.rename(cluster=self.row, by=by, now=now, **self.cleaned_data)


class ChangeTheme(OfAdopted):
    path = "theme"
    label = "Change theme"
    done = "“{}” is under another theme now."

    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = Theme.objects.filter(area=self.row.consultation.area_id)
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["theme"].initial = self.row.theme_id

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.change_theme(cluster=self.row, by=by, now=now, **self.cleaned_data)


class MoveIdeas(OfAdopted):
    path = "move-ideas"
    label = "Take ideas out"
    about = (
        "For ideas that do not belong here. They go to another cluster, or to none, where a later "
        "analysis can suggest them again. What is published counts only the ideas that stay."
    )
    done = "The ideas are taken out of “{}”."

    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(),
        label="Ideas to take out",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the ideas to take out."},
    )
    into = forms.ModelChoiceField(
        Cluster.objects.none(), label="Move them to", required=False, empty_label="no cluster"
    )
    reason = reason("Why they do not belong here")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ideas = Idea.objects.with_source().filter(membership__cluster=self.row)
        adopted = Cluster.objects.adopted().filter(consultation=self.row.consultation_id)
        self.fields["ideas"].queryset = ideas  # type: ignore[attr-defined]
        self.fields["into"].queryset = adopted.exclude(pk=self.row.pk)  # type: ignore[attr-defined]

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.move_ideas(out_of=self.row, by=by, now=now, **self.cleaned_data)


class SetAside(OfAdopted):
    path = "set-aside"
    label = "Set aside"
    about = (
        "It is not taken forward. Its ideas stay in it, and its name and your reason are "
        "published with the framework under “not taken forward”. After the survey has closed, "
        "the people whose ideas these are read both beside their own words."
    )
    done = "“{}” is set aside. It can be taken up again."

    reason = reason(
        about="Published, and shown to the people whose words these are, so write it for them."
    )

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.set_aside(cluster=self.row, by=by, now=now, **self.cleaned_data)


class TakeUpAgain(Decision):
    path = "take-up"
    label = "Take up again"
    permission = CURATE
    about = "It is an adopted cluster again. Both decisions stay on record."
    done = "“{}” is taken up again."

    reason = reason(required=False)

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return row.state == Cluster.State.SET_ASIDE

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.take_up_again(cluster=self.row, by=by, now=now, **self.cleaned_data)


class Merge(Decision):
    """Several clusters into one of them; `row` is the list of them."""

    path = "merge"
    label = "Merge into one"
    permission = CURATE
    about = (
        "All ideas, and the outcomes drawn from them, go to the one you keep. The others stay "
        "on record as merged into it."
    )
    button = "Merge"
    done = "Merged into “{}”."

    keep = forms.ModelChoiceField(
        Cluster.objects.none(),
        label="Keep the name and theme of",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the one to keep."},
    )
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].queryset = self.row  # type: ignore[attr-defined]
        self.fields["keep"].label_from_instance = _with_theme  # type: ignore[attr-defined]

    @property
    def title(self) -> str:
        return f"Merge {len(self.row)} clusters into one"

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        keep = self.cleaned_data["keep"]
        others = [cluster for cluster in self.row if cluster != keep]
        why = self.cleaned_data["reason"]
        return actions.merge(keep=keep, others=others, by=by, now=now, reason=why)


def _with_theme(cluster: Model) -> str:
    return f"{cluster} ({cluster.theme})"  # type: ignore[attr-defined]


@admin.register(Cluster)
class ClusterAdmin(PeopleColumns, WrittenElsewhere):
    about = "Groups of ideas that people adopted under their own names."
    page = "outcomes/cluster/page"
    decisions = (DraftOutcome, Rename, ChangeTheme, MoveIdeas, SetAside, TakeUpAgain)
    actions = ["merge_into_one"]
    list_display = ["name", "theme", "state", "ideas_count", *PeopleColumns.people_display]
    list_filter = ["theme", "state"]
    list_select_related = ["theme", "consultation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        rows = Cluster.objects.with_people()
        return rows.select_related("theme", "consultation", "merged_into", "adopted_from")

    def get_urls(self) -> list[URLPattern]:
        return [self.address("merge/", self.merge, "merge"), *super().get_urls()]

    def has_curate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CURATE)

    @admin.display(description="ideas", ordering="ideas_count")
    def ideas_count(self, cluster: Cluster) -> int:
        return cluster.ideas_count  # type: ignore[attr-defined]

    @admin.action(description="Merge into one…", permissions=["curate"])
    def merge_into_one(self, request: HttpRequest, queryset: QuerySet[Cluster]) -> HttpResponse:
        """Leads to the page that asks which to keep."""
        keys = ",".join(str(key) for key in queryset.order_by("pk").values_list("pk", flat=True))
        return redirect(f"{reverse('admin:outcomes_cluster_merge')}?ids={keys}")

    def merge(self, request: HttpRequest) -> HttpResponse:
        """Asks which of the clusters in `?ids=` to keep, and merges the others into it."""
        if not (self.has_view_permission(request) and self.has_curate_permission(request)):
            raise PermissionDenied
        keys = [key for key in request.GET.get("ids", "").split(",") if key.isdecimal()]
        short = [int(key) for key in keys if len(key) < 12]
        chosen = Cluster.objects.filter(pk__in=short).select_related("theme")
        if len(chosen) < 2:
            messages.error(request, "Choose two or more clusters to merge.")
            return redirect("admin:outcomes_cluster_changelist")
        data = request.POST if request.method == "POST" else None
        form = Merge(data, row=chosen, user=request.user)
        return carry_out(request, form) or self.show(
            request, "decision", form=form, title=form.title
        )

    def facts(self, request: HttpRequest, row: Cluster) -> dict[str, Any]:
        sources = ("idea__answer__response__survey", "idea__note__session", "came_from")
        members = row.members.select_related(*sources).order_by("idea")
        return {
            "people": people(row),
            "members": page_of_rows(request, members),
            "decisions": row.decisions.select_related("by", "other").order_by("-at", "-pk"),
            "outcomes": row.outcomes.select_related("theme"),
            "merged_from": row.merged_from.all(),
        }
