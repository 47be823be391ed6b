"""Whom a consultation means to hear and whom it has heard: a page, targets and a checklist."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone

from surveys import actions
from surveys.admin.deciding import Decision
from surveys.admin.pages import PortalAdmin
from surveys.models import Consultation, ReachTarget, Response, Stakeholder

CHANGE = "surveys.change_consultation"


class ReachTargetInline(admin.StackedInline):
    model = ReachTarget
    extra = 0
    fields = [("audience", "people")]
    verbose_name_plural = "targets: how many people to hear"


class StakeholderInline(admin.StackedInline):
    model = Stakeholder
    extra = 0
    fields = [("name", "order"), ("how", "invited_on"), "note"]
    classes = ["collapse"]
    verbose_name_plural = "whom to invite"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note" and field:
            field.widget.attrs["rows"] = 2
        return field


class AddStandardList(Decision):
    path = "standard-list"
    label = "Add the standard list of whom to invite"
    permission = "surveys.add_stakeholder"
    done = "The standard list is added. Check it against the law as it stands."
    at_once = True

    @classmethod
    def fits(cls, row: Consultation) -> bool:
        there = set(row.stakeholders.values_list("name", flat=True))
        return not there.issuperset(actions.STANDARD_LIST)

    def decide(self, *, by: Any, now: datetime) -> Consultation:
        actions.add_standard_stakeholders(consultation=self.row)
        return self.row  # type: ignore[no-any-return]


class ReachPages(PortalAdmin):
    """The live page of a consultation's reach, for those who run it."""

    def get_urls(self) -> list[URLPattern]:
        return [self.address("<int:object_id>/reach/", self.reach, "reach"), *super().get_urls()]

    def reach(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.find(request, object_id)
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return self.show(
            request,
            "surveys/reach",
            row,
            title=f"Reach: {row}",
            tools=[tool for tool in self.tools(request, row) if "standard-list" in tool["url"]],
            rounds=actions.rounds_reached(consultation=row, now=timezone.now()),
            channels=Response.Channel.labels,
            rooms=actions.rooms(consultation=row),
            stakeholders=row.stakeholders.all(),
            invited=row.stakeholders.filter(invited_on__isnull=False).count(),
        )
