"""A survey as people would see it, before it opens: every page, one below the other, read-only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from surveys.forms.about_you import AboutYouForm
from surveys.forms.answering import AnswerForm, form_for
from surveys.models import Form, Picture, Question, QuestionWording, Survey
from surveys.models.survey import ENGLISH
from surveys.worded import LARGE, words_of


@dataclass(frozen=True)
class Page:
    """One question as somebody would meet it."""

    question: Question
    number: int
    asked: QuestionWording
    form: AnswerForm


def preview(request: HttpRequest, survey: Survey) -> HttpResponse:
    """In the form and language that the address asks for; nothing can be filled in or sent."""
    form = _one_of(request.GET.get("form"), Form.values, survey.first_form)
    languages = dict(settings.LANGUAGES)
    language = _one_of(request.GET.get("language"), languages, ENGLISH)
    with translation.override(language):
        context = {
            "survey": survey,
            "words": words_of(survey, form),
            "form_choices": Form.choices,
            "chosen": form,
            "language_choices": settings.LANGUAGES,
            "language": language,
            "pages": list(_pages(survey, form, language)),
            "about_you": AboutYouForm(survey=survey, prefix="about_you"),
            "easy": form in LARGE,
        }
        return render(request, "admin/surveys/survey/preview.html", context)


def _one_of(asked: str | None, offered: Any, otherwise: str) -> str:
    return asked if asked in offered else otherwise  # type: ignore[return-value]


def _pages(survey: Survey, form: str, language: str) -> Iterator[Page]:
    questions = survey.questions.prefetch_related("wordings", "pictures")
    for number, question in enumerate(questions, start=1):
        asked = question.wording(form, language)
        name = f"question-{number}"  # each question's fields have names of their own
        put = form_for(question, asked, prefix=name, easy=form in LARGE, source_of=source_of)
        yield Page(question, number, asked, put)


def source_of(picture: Picture) -> str:
    """Where a picture is, for an officer: an upload is at an address of the admin."""
    if picture.image:
        return reverse("admin:surveys_question_picture", args=[picture.pk])
    return static(f"drawings/{picture.drawing}.svg")
