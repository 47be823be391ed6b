"""Clusters: what people adopted, and each of their decisions about it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse

from outcomes.admin import cluster_facts
from outcomes.admin.board import BoardPages
from outcomes.admin.cluster_decisions import (
    CURATE,
    ChangeTheme,
    Contradict,
    MarkCampaign,
    Rename,
    SetAside,
    TakeUpAgain,
    Undo,
    Unlink,
    UnmarkCampaign,
)
from outcomes.admin.cluster_parting import BringIn, Merge, MoveIdeas, Split, TakeIn, keys_of
from outcomes.admin.comments import Say, what_reviewers_say
from outcomes.admin.counting import PeopleColumns
from outcomes.admin.picture import PicturePages
from outcomes.admin.wording import DraftOutcome
from outcomes.models import Cluster
from surveys.admin.pages import WrittenElsewhere, carry_out


@admin.register(Cluster)
class ClusterAdmin(BoardPages, PicturePages, PeopleColumns, WrittenElsewhere):
    about = "Groups of ideas that people adopted under their own names."
    page = "outcomes/cluster/page"
    decisions = (
        DraftOutcome,
        Rename,
        ChangeTheme,
        MoveIdeas,
        Split,
        BringIn,
        TakeIn,
        MarkCampaign,
        UnmarkCampaign,
        Contradict,
        Unlink,
        SetAside,
        TakeUpAgain,
        Undo,
        Say,
    )
    actions = ["merge_into_one"]
    list_display = ["name", "theme", "state", "ideas_count", *PeopleColumns.people_display]
    list_filter = ["theme", "state"]
    list_select_related = ["theme", "consultation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cluster]:
        rows = Cluster.objects.with_people()
        return rows.select_related("theme", "consultation", "merged_into", "adopted_from")

    def get_urls(self) -> list[URLPattern]:
        return [self.address("merge/", self.merge, "merge"), *super().get_urls()]

    def find(self, request: HttpRequest, object_id: Any) -> Any:
        """With what the address asked for, such as the ideas ticked on the cluster's page."""
        row = super().find(request, object_id)
        row.asked = request.GET
        return row

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
        keys = keys_of(request.GET.get("ids", "").split(","))
        chosen = Cluster.objects.filter(pk__in=keys).select_related("theme")
        if len(chosen) < 2:
            messages.error(request, "Choose two or more clusters to merge.")
            return redirect("admin:outcomes_cluster_changelist")
        data = request.POST if request.method == "POST" else None
        form = Merge(data, row=chosen, user=request.user)
        return carry_out(request, form) or self.show(
            request, "decision", form=form, title=form.title
        )

    def facts(self, request: HttpRequest, row: Cluster) -> dict[str, Any]:
        adopted = row.state == Cluster.State.ADOPTED
        contradicts = list(row.contradicts.select_related("merged_into"))
        shown = cluster_facts.facts(request, row) | what_reviewers_say(request, row)
        return shown | {
            "may_curate": adopted and self.has_curate_permission(request),
            "decisions": row.decisions.select_related("by", "other").order_by("-pk"),
            "outcomes": row.outcomes.select_related("theme").prefetch_related("wordings"),
            "merged_from": row.merged_from.all(),
            "contradicts": contradicts,
            "opposed": cluster_facts.opposed_by_machine(row, contradicts) if adopted else [],
        }
