"""After sending: change the answers, take them back, keep words from being published."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from surveys.actions import (
    begin_change,
    forget_change,
    keep_words,
    may_change,
    takes,
    withdraw_response,
)
from surveys.dates import moment_words
from surveys.models import Response, Survey
from surveys.refusals import Refusal
from surveys.said import said
from surveys.views.caching import unstored
from surveys.views.respondent import find_survey, help_of, sent_and_kept, sent_of


def change_of(sent: Response) -> Response | None:
    """The change that was begun and not sent, whether or not it still can be."""
    return Response.objects.filter(change_of=sent).select_related("survey", "change_of").first()


@unstored
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin to change what was sent, go on, or keep it as it is."""
    survey = find_survey(slug)
    response = sent_and_kept(request, survey)
    if response is None:
        return redirect("sent", slug)
    if request.method == "POST":
        return _decide(request, survey, response)
    draft = change_of(response)
    if draft is None:
        return redirect("sent", slug)
    if not takes(draft, timezone.now()):
        return too_late(request, survey, draft, status=200)
    context = _about(survey, response) | {"said": said(draft)}
    return render(request, "surveys/changing.html", context)


def _decide(request: HttpRequest, survey: Survey, response: Response) -> HttpResponse:
    if request.POST.get("go") == "keep":
        forget_change(response=response)
        return redirect("sent", survey.slug)
    try:
        begin_change(response=response, now=timezone.now())
    except Refusal as refusal:
        return cannot(request, survey, response, refusal.sentence)
    return redirect("check", survey.slug)


def too_late(
    request: HttpRequest, survey: Survey, draft: Response, *, status: int = 403
) -> HttpResponse:
    """The survey closed before a change was sent: what was sent before counts."""
    context = _about(survey, draft.change_of) | {"said": said(draft)}
    return render(request, "surveys/change_too_late.html", context, status=status)


def cannot(request: HttpRequest, survey: Survey, response: Response, sentence: str) -> HttpResponse:
    """Neither changed nor taken back here: say why, and how to ask."""
    context = _about(survey, response) | {"sentence": sentence}
    return render(request, "surveys/cannot_change.html", context, status=403)


@unstored
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what taking back does, then do it."""
    survey = find_survey(slug)
    response = sent_and_kept(request, survey)
    if response is None:
        return redirect("sent", slug)
    if request.method == "POST":
        try:
            withdraw_response(response=response, now=timezone.now())
        except Refusal as refusal:
            return cannot(request, survey, response, refusal.sentence)
        return redirect("withdrawn", slug)
    if not may_change(response, timezone.now()):
        return redirect("sent", slug)
    return render(request, "surveys/withdraw.html", _about(survey, response))


@unstored
def withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """That the answers were taken back, and when."""
    survey = find_survey(slug)
    response = sent_of(request, survey)
    if response is None or not response.is_withdrawn:
        return redirect("sent", slug)
    context = _about(survey, response) | {
        "moment": moment_words(response.withdrawn_at) if response.withdrawn_at else "",
        "is_open": survey.is_open(timezone.now()),
    }
    return render(request, "surveys/withdrawn.html", context)


@unstored
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Do not publish my words: at any time, also after closing."""
    response = sent_of(request, find_survey(slug))
    if response:
        keep_words(response=response)
    return redirect("sent", slug)


def _about(survey: Survey, response: Response | None) -> dict[str, Any]:
    return {"survey": survey, "response": response, "help": help_of(survey, response)}
