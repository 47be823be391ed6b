"""Sending a survey: check the answers, send them, keep the receipt, leave the device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from surveys.actions import send_response
from surveys.forms.answering import SendForm
from surveys.models import Response, Survey
from surveys.refusals import NothingAnswered, SurveyClosed
from surveys.views.closed import closed, others_sent
from surveys.views.respondent import (
    answers_of,
    code_of,
    find_survey,
    forget,
    help_of,
    mark_of_answers,
    response_of,
)

unstored = cache_control(no_store=True)


@unstored
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """All answers once more before they are sent."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    if response is None:
        return redirect("come_back")
    if request.method == "POST":
        return _send(request, survey, response)
    if response.is_sent:
        return redirect("sent", slug)
    if not survey.takes_from(response.started_at, timezone.now()):
        return closed(request, survey, response)
    form = SendForm(initial={"seen": mark_of_answers(response)})
    return _check_page(request, survey, response, form)


def _send(request: HttpRequest, survey: Survey, response: Response) -> HttpResponse:
    """Only what the person has just read is sent."""
    form = SendForm(request.POST)
    if request.POST.get("seen", "") != mark_of_answers(response):
        return _changed(request, survey, response)
    if form.is_valid():
        may_quote = form.cleaned_data["may_quote"]
        try:
            send_response(response=response, may_quote=may_quote, now=timezone.now())
            return redirect("sent", survey.slug)
        except SurveyClosed:
            return closed(request, survey, response)
        except NothingAnswered as refusal:
            form.add_error(None, refusal.sentence)
    return _check_page(request, survey, response, form, status=422)


def _changed(request: HttpRequest, survey: Survey, response: Response) -> HttpResponse:
    """These are not the answers that the page showed: show them, and send nothing."""
    if response.is_sent:
        return others_sent(request, survey)
    if not survey.takes_from(response.started_at, timezone.now()):
        return closed(request, survey, response)
    form = SendForm({"seen": mark_of_answers(response)})
    form.add_error(None, "Nothing was sent. The answers changed after you opened this page.")
    return _check_page(request, survey, response, form, status=409, changed=True)


def _check_page(
    request: HttpRequest,
    survey: Survey,
    response: Response,
    form: SendForm,
    *,
    status: int = 200,
    changed: bool = False,
) -> HttpResponse:
    answers = answers_of(survey, response)
    context = {"survey": survey, "answers": answers, "last": len(answers), "form": form}
    context |= {"changed": changed, "help": help_of(survey)}
    return render(request, "surveys/check.html", context, status=status)


@unstored
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    if response is None:
        return redirect("come_back")
    if not response.is_sent:
        return redirect("check", slug)
    context = {
        "survey": survey,
        "response": response,
        "code": code_of(request),
        "answers": answers_of(survey, response),
        "help": help_of(survey),
    }
    return render(request, "surveys/sent.html", context)


@unstored
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes this browser forget the code, for a device that others use too."""
    survey = find_survey(slug)
    if request.method == "POST":
        return forget(redirect("leave", slug), survey)
    context = {"survey": survey, "response": response_of(request, survey)}
    return render(request, "surveys/leave.html", context)
