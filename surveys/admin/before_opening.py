"""What may be changed only until the survey opens: from then on it stays as people saw it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from surveys.admin.pages import FIELDS, PortalAdmin
from surveys.models import Question, Survey, SurveyWording


def is_fixed(row: Any) -> bool:
    """Whether the survey, or the survey of the question, has opened."""
    survey = row.survey if isinstance(row, Question) else row
    return isinstance(survey, Survey) and survey.has_opened(timezone.now())


class BeforeOpening:
    """For inlines on the page of a survey or a question."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and not is_fixed(obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_fixed(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_fixed(obj)  # type: ignore[misc]


class WordingInline(BeforeOpening, admin.StackedInline):
    """Words in another form or language: one of those in which the pages are."""

    extra = 0
    can_delete = False
    formfield_overrides = FIELDS

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "language":
            return forms.ChoiceField(choices=settings.LANGUAGES)
        if db_field.name == "text":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def too_late(pages: PortalAdmin, request: HttpRequest, row: Model) -> HttpResponse:
    """It opened while somebody wrote: nothing is changed, and nothing typed is lost."""
    page = pages.show(request, "surveys/survey/too_late", row, typed=typed(request))
    page.status_code = 409
    return page


WORDS = {"text", "hint", "label", "background", *SurveyWording.WORDS}


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The words that somebody sent too late, to show them back."""
    return [
        (name.replace("_", " ").replace("-", " "), str(text))
        for name, text in request.POST.items()
        if name.rpartition("-")[2] in WORDS and str(text).strip()
    ]
