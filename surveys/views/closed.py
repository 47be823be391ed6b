"""Pages for words that a survey does not take. They are shown in full, never lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from surveys.models import Response, Survey
from surveys.views.respondent import answers_of, help_of


def closed(
    request: HttpRequest, survey: Survey, response: Response | None, typed: str = ""
) -> HttpResponse:
    """The survey is not open: say so, with what was typed and what the draft holds."""
    context = {
        "survey": survey,
        "state": survey.state(timezone.now()),
        "typed": typed.strip(),
        "answers": answers_of(survey, response) if response else [],
        "help": help_of(survey),
    }
    return _page(request, "surveys/closed.html", context, status=403)


def already_sent(request: HttpRequest, survey: Survey, sentence: str, typed: str) -> HttpResponse:
    """The answers were sent, in another tab or before going back."""
    context = {"survey": survey, "sentence": sentence, "typed": typed.strip()}
    context["help"] = help_of(survey)
    return _page(request, "surveys/already_sent.html", context, status=409)


def others_sent(request: HttpRequest, survey: Survey, typed: str = "") -> HttpResponse:
    """This browser's answers were sent, and they are not those that the page was made from."""
    context = {"survey": survey, "typed": typed.strip(), "help": help_of(survey)}
    return _page(request, "surveys/others_sent.html", context, status=409)


def _page(request: HttpRequest, template: str, context: dict, status: int) -> HttpResponse:
    page = render(request, template, context, status=status)
    page["Cache-Control"] = "no-store"
    return page
