"""Who is answering: whoever holds a response's code, which this survey's cookie keeps.

The cookie is sent to this survey's pages only and ends with the browser. There is no account and
no session, and the server stores no code.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import normalize_newlines

from surveys.actions import find_response, fingerprint, takes
from surveys.dates import moment_words
from surveys.models import Response, Survey
from surveys.models.response import in_fours
from surveys.said import said
from surveys.worded import Worded, words_of

COOKIE = "answers"


def find_survey(slug: str) -> Survey:
    """The survey of that short address with all its words, once its consultation is published."""
    surveys = Survey.objects.select_related("consultation__area")
    surveys = surveys.prefetch_related("wordings", "questions__wordings")
    return get_object_or_404(surveys, slug=slug, consultation__published_at__isnull=False)


def words_for(survey: Survey, response: Response | None) -> Any:
    """The survey's own words, as this person chose to read them."""
    return words_of(survey, response.wording_form if response else survey.first_form)


def mark_of(response: Response) -> str:
    """Names in a page the response that it was made from. It opens nothing.

    The change of a sent response has that response's name: it is the same person's.
    """
    sent = response.change_of
    return fingerprint(sent.reference if sent else response.reference)


def help_of(survey: Survey, response: Response | None = None) -> Worded:
    """Where to turn when not safe, as this person reads it; "" for none."""
    return help_in(words_for(survey, response))


def help_in(words: Any) -> Worded:
    """The safety text from the first paragraph on that gives a number to call; "" for none."""
    text = words.safety_text
    paragraphs = re.split(r"\n{2,}", normalize_newlines(text).strip())
    numbers = [at for at, words in enumerate(paragraphs) if re.search(r"\d{3}", words)]
    return Worded("\n\n".join(paragraphs[numbers[0] :]) if numbers else "", text.language)


def grace_of(response: Response | None) -> str:
    """Until when a draft can still be sent after its survey closed; "" while that is open."""
    now = timezone.now()
    if response is None or response.survey.is_open(now) or not takes(response, now):
        return ""
    ends = response.survey.grace_ends_at
    return "" if response.is_pilot or ends is None else moment_words(ends)


def code_of(request: HttpRequest) -> str:
    return in_fours(request.COOKIES.get(COOKIE, ""))


def response_of(request: HttpRequest, survey: Survey) -> Response | None:
    """What the pages of this survey edit: this browser's draft, or the change of what was sent.

    Without either, the response that was sent or taken back. One of another survey is not seen.
    """
    named = _named(request, survey)
    if named is None or not named.is_sent:
        return named
    change = Response.objects.filter(change_of=named).select_related("change_of").first()
    if change is None:
        return named
    change.survey = survey
    return change if takes(change, timezone.now()) else named


def sent_of(request: HttpRequest, survey: Survey) -> Response | None:
    """What this browser sent, also while it is being changed; or what was taken back."""
    named = _named(request, survey)
    return named if named and (named.is_sent or named.is_withdrawn) else None


def sent_and_kept(request: HttpRequest, survey: Survey) -> Response | None:
    """What was sent, unless it was taken back."""
    response = sent_of(request, survey)
    return None if response is None or response.is_withdrawn else response


def _named(request: HttpRequest, survey: Survey) -> Response | None:
    """The response that the code names. A change of it has no code that anybody knows."""
    found = find_response(code=code_of(request))
    if found is None or found.survey_id != survey.pk:
        return None
    found.survey = survey
    return found


def remember(page: HttpResponse, survey: Survey, code: str) -> HttpResponse:
    page.set_cookie(
        COOKIE,
        in_fours(code),
        path=reverse("survey", args=[survey.slug]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return page


def forget(page: HttpResponse, survey: Survey) -> HttpResponse:
    """Also asks the browser not to show these pages again from its memory."""
    page.delete_cookie(COOKIE, path=reverse("survey", args=[survey.slug]), samesite="Lax")
    page["Clear-Site-Data"] = '"cache"'
    return page


def next_address(survey: Survey, response: Response) -> str:
    """Where a draft goes on: its first question without an answer, or the check page."""
    for one in said(response):
        if not one.is_answered:
            return reverse("question", args=[survey.slug, one.number])
    return reverse("check", args=[survey.slug])
