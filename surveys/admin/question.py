"""A question's page: how it is put in each form and language, and its pictures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.html import format_html

from surveys.admin.before_opening import WordingInline, is_fixed, too_late
from surveys.admin.overview import reading_words
from surveys.admin.pages import PortalAdmin, page_of
from surveys.admin.pictures import PictureInline
from surveys.models import Form, Picture, Question, QuestionWording
from surveys.models.survey import ENGLISH


class Wordings(BaseInlineFormSet):
    """All the ways of putting one question."""

    def clean(self) -> None:
        super().clean()
        standard = [form for form in self.forms if _is_standard(form)]
        same = standard and not any(form.has_changed() for form in standard)
        if self.instance.has_verdict and not same:
            raise ValidationError(
                "The standard wording in English is the exact words of an outcome. Leave it."
            )
        if self.instance.survey.opens_on and not standard:
            raise ValidationError(
                "The survey has its dates, so this question needs its standard wording in English."
            )


def _is_standard(form: Any) -> bool:
    """As it would be saved, or as it was before somebody made it another."""
    facts = getattr(form, "cleaned_data", None) or {}
    return (facts.get("form"), facts.get("language")) == (Form.STANDARD, ENGLISH)


class QuestionWordingInline(WordingInline):
    model = QuestionWording
    formset = Wordings
    fields = [("form", "language"), "text", "hint", "reads"]
    readonly_fields = ["reads"]
    verbose_name_plural = "how it is put"

    @admin.display(description="how it reads")
    def reads(self, put: QuestionWording) -> str:
        if not put.pk:
            return "Shown once it is saved."
        return reading_words(f"{put.text}\n{put.hint}", put.language, put.question.survey)


@admin.register(Question)
class QuestionAdmin(PortalAdmin):
    """Opened from its survey; it has no line on the index."""

    change_form_template = "admin/surveys/question/change.html"
    list_display = ["label", "survey", "order"]
    list_select_related = ["survey"]
    fields = ["of_survey", "construct", "order", "label", "background", "max_chars"]
    inlines = [QuestionWordingInline, PictureInline]

    def get_urls(self) -> list[URLPattern]:
        route = "picture/<int:picture_id>/"
        return [self.address(route, self.picture, "picture"), *super().get_urls()]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # added on its survey's page

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_fixed(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("survey")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Which question it is, is settled on the page of its survey."""
        return ["of_survey", "construct", "order"]

    @admin.display(description="survey")
    def of_survey(self, question: Question) -> str:
        return format_html('<a href="{}">{}</a>', page_of(question.survey), question.survey)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may = super().has_change_permission(request, row)
        if row and request.method == "POST" and may and is_fixed(row):
            return too_late(self, request, row)
        return super().change_view(request, object_id, form_url, extra_context)

    def picture(self, request: HttpRequest, picture_id: int) -> HttpResponse:
        """A picture that an officer uploaded."""
        picture = get_object_or_404(Picture, pk=picture_id)
        self.find(request, picture.question_id)
        if not picture.image:
            raise Http404
        return HttpResponse(bytes(picture.image), content_type="image/png")
