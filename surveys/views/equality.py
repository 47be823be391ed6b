"""The equality questions, after the answers were sent: asked once, and never again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from surveys.actions import record_equality
from surveys.equality import questions_for
from surveys.forms.equality import EqualityForm, GateForm
from surveys.models import Audience, Response, Survey
from surveys.views.caching import unstored
from surveys.views.respondent import find_survey, sent_of


@unstored
def gate(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether they want to answer them. The answers are sent already."""
    survey = find_survey(slug)
    response = _to_ask(request, survey)
    if response is None:
        return redirect("sent", slug)
    form = GateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["answer"] == "yes":
            return redirect("equality_questions", slug)
        record_equality(response=response, choices={}, now=timezone.now())
        return redirect("sent", slug)
    return _page(request, "surveys/equality.html", response, form)


@unstored
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them on one page, each of which may be left empty."""
    survey = find_survey(slug)
    response = _to_ask(request, survey)
    if response is None:
        return redirect("sent", slug)
    asked = questions_for(response)
    if request.method != "POST":
        form = EqualityForm(questions=asked)
        return _page(request, "surveys/equality_questions.html", response, form)
    form = EqualityForm(request.POST, questions=asked)
    if not form.is_valid():
        return _page(request, "surveys/equality_questions.html", response, form)
    record_equality(response=response, choices=form.cleaned_data, now=timezone.now())
    return redirect("sent", slug)


def _to_ask(request: HttpRequest, survey: Survey) -> Response | None:
    """What was sent, where its sender has not yet answered or skipped the questions."""
    response = sent_of(request, survey)
    if response is None or not response.is_sent or response.asked_equality:
        return None
    return response if questions_for(response) else None


def _page(
    request: HttpRequest, template: str, response: Response, form: GateForm | EqualityForm
) -> HttpResponse:
    survey = response.survey
    context = {"survey": survey, "response": response, "form": form}
    context["of_parents"] = survey.audience == Audience.PARENT_CARER
    return render(request, template, context, status=422 if form.errors else 200)
