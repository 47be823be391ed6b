"""Pages for words that a survey does not take. They are shown in full, never lost."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.models import Response, Survey
from surveys.said import said
from surveys.views.respondent import help_of, sent_of, words_for


def closed(
    request: HttpRequest, survey: Survey, response: Response | None, typed: str = ""
) -> HttpResponse:
    """The survey is not open: say so, with what was typed and what the draft holds."""
    state = survey.state(timezone.now())
    over = response and response.is_pilot and survey.has_opened(timezone.now())
    context = {
        **_about(survey, response),
        "state": state,
        "typed": typed.strip(),
        "said": said(response) if response and response.has_answers() else [],
    }
    template = "surveys/trial_over.html" if over else "surveys/closed.html"
    return _page(request, template, context, status=403)


def already_sent(request: HttpRequest, survey: Survey, sentence: str, typed: str) -> HttpResponse:
    """The answers were sent or taken back, in another tab or before going back."""
    response = sent_of(request, survey)
    context = {"sentence": sentence, "title": _("We did not save that"), "typed": typed.strip()}
    return _page(
        request, "surveys/already_sent.html", _about(survey, response) | context, status=409
    )


def others_sent(request: HttpRequest, survey: Survey, typed: str = "") -> HttpResponse:
    """This browser's answers were sent, and they are not those that the page was made from."""
    context = _about(survey, None) | {"typed": typed.strip()}
    return _page(request, "surveys/others_sent.html", context, status=409)


def _about(survey: Survey, response: Response | None) -> dict[str, Any]:
    return {
        "survey": survey,
        "response": response,
        "words": words_for(survey, response),
        "help": help_of(survey, response),
    }


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    page = render(request, template, context, status=status)
    page["Cache-Control"] = "no-store"
    return page
