"""The surveys and their questions."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from surveys import actions
from surveys.admin.deciding import Decision, reason
from surveys.admin.pages import PortalAdmin, page_of
from surveys.models import DeadlineChange, Question, QuestionWording, Survey


def has_opened(survey: Survey | None, at: datetime) -> bool:
    """From then on its questions and dates stay as people saw them."""
    return bool(survey and survey.opens_at and survey.opens_at <= at)


class QuestionInline(admin.TabularInline):
    model = Question
    extra = 0
    fields = ["order", "construct", "label", "max_chars", "put_as"]
    readonly_fields = ["put_as"]
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).prefetch_related("wordings")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and not _fixed(obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _fixed(obj)

    @admin.display(description="how it is put")
    def put_as(self, question: Question) -> str:
        if not question.pk:
            return "Save the survey, then open the question to write its wordings."
        lines = [(one.get_form_display(), one.text) for one in question.wordings.all()]
        return format_html(
            '{} <a href="{}">Open “{}”</a>',
            format_html_join("", "<p>{}: {}</p>", lines),
            page_of(question),
            question.label,
        )


class DeadlineChangeInline(admin.TabularInline):
    model = DeadlineChange
    verbose_name_plural = "changes of the closing date"
    fields = readonly_fields = ["closed_on_before", "closes_on_now", "reason", "changed_by", "at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="by")
    def changed_by(self, change: DeadlineChange) -> str:
        return str(change.by)


class Extend(Decision):
    path = "extend"
    label = "Extend the closing date"
    permission = "surveys.change_survey"
    about = "The new date and your reason are shown on the survey. A date is never moved earlier."
    button = "Extend"
    done = "“{}” has a new closing date."

    closes_on = forms.DateField(
        label="New last day",
        help_text="The survey stays open until 11:59pm on this day.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = reason(about="Shown to everyone on the survey’s page.")

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return row.closes_on is not None

    def warning(self) -> str:
        return f"It closes at {self.row.closes_words} now." if self.row.closes_on else ""

    def decide(self, *, by: Any, now: datetime) -> Survey:
        actions.extend_survey(survey=self.row, by=by, now=now, **self.cleaned_data)
        return Survey.objects.get(pk=self.row.pk)


@admin.register(Survey)
class SurveyAdmin(PortalAdmin):
    about = "The questions for each audience, and when they can be answered."
    change_form_template = "admin/surveys/survey/change.html"
    decisions = (Extend,)
    list_display = ["title", "audience", "state_now", "opens_on", "closes_on"]
    list_filter = ["consultation"]
    fields = [
        "title",
        "consultation",
        ("audience", "round"),
        "slug",
        ("opens_on", "closes_on", "grace_minutes"),
        "card_text",
        "intro",
        "safety_text",
        "how_to_hear_more",
        "order",
    ]
    inlines = [QuestionInline, DeadlineChangeInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list[str]:
        if not _fixed(obj):
            return []
        dates = ["opens_on", "closes_on", "grace_minutes"]
        return ["consultation", "audience", "round", "slug", *dates]

    @admin.display(description="state")
    def state_now(self, survey: Survey) -> str:
        return Survey.State(survey.state(timezone.now())).label


class QuestionWordingInline(admin.StackedInline):
    model = QuestionWording
    extra = 1
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and _fixed(obj.survey))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and _fixed(obj.survey))


@admin.register(Question)
class QuestionAdmin(PortalAdmin):
    """Opened from its survey; it has no line on the index."""

    list_display = ["label", "survey", "order"]
    list_select_related = ["survey"]
    inlines = [QuestionWordingInline]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # added on its survey's page

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and _fixed(obj.survey))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["survey"]


def _fixed(survey: Any) -> bool:
    return has_opened(survey, timezone.now())
