"""The area, its themes, and the consultation with its page."""

from datetime import datetime
from typing import Any

from django.contrib import admin

from surveys import actions
from surveys.admin.deciding import Decision
from surveys.admin.pages import FIELDS, PortalAdmin
from surveys.admin.reach import (
    AddStandardList,
    ReachPages,
    ReachTargetInline,
    StakeholderInline,
)
from surveys.models import Area, Consultation, Document, Theme, TimelineEvent


@admin.register(Area)
class AreaAdmin(PortalAdmin):
    about = "Whose site this is, and how to reach them."
    list_display = ["name", "host_name", "is_demonstration"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Theme)
class ThemeAdmin(PortalAdmin):
    about = "The headings of the plan, and “none of the four”."
    list_display = ["label", "code", "prefix", "area", "order", "is_none"]
    list_select_related = ["area"]


class DocumentInline(admin.StackedInline):
    model = Document
    fields = ["title", "note", ("url", "order")]
    formfield_overrides = FIELDS
    extra = 1


class TimelineEventInline(admin.StackedInline):
    model = TimelineEvent
    formfield_overrides = FIELDS
    extra = 1
    fields = [
        ("section", "status", "order"),
        "title",
        "body",
        ("starts_on", "ends_on", "precision"),
        "display_date",
        "survey",
    ]


class Publish(Decision):
    path = "publish"
    label = "Publish the page"
    permission = "surveys.change_consultation"
    done = "“{}” is published: everyone can see its page."
    at_once = True

    @classmethod
    def fits(cls, row: Consultation) -> bool:
        return row.published_at is None

    def decide(self, *, by: Any, now: datetime) -> Consultation:
        return actions.publish_consultation(consultation=self.row, by=by, now=now)


@admin.register(Consultation)
class ConsultationAdmin(ReachPages):
    about = "The page people see first: why we ask, what can change, what happens next."
    change_form_template = "admin/surveys/consultation/change.html"
    decisions = (Publish, AddStandardList)
    list_display = ["title", "area", "published_at"]
    list_select_related = ["area"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["published_at", "published"]
    inlines = [DocumentInline, TimelineEventInline, ReachTargetInline, StakeholderInline]

    @admin.display(description="published by")
    def published(self, consultation: Consultation) -> str:
        """A name: the page of the account is not everyone's to open."""
        return str(consultation.published_by or "-")
