"""The way into a survey."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from surveys.actions import begin_response, takes
from surveys.limits import held_back, wait_sentence
from surveys.models import Response, Survey
from surveys.refusals import Refusal, SurveyClosed
from surveys.views.caching import private
from surveys.views.closed import closed
from surveys.views.respondent import (
    find_survey,
    grace_of,
    help_in,
    next_address,
    remember,
    response_of,
    sent_of,
)
from surveys.views.wording import chosen_form, keep_wording, ways_of
from surveys.worded import LARGE, spoken, words_of


@private
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What the survey is, and the way in. A draft of this browser is gone on with."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    draft = response if response and response.state == Response.State.DRAFT else None
    if request.method != "POST":
        return start_page(request, survey, draft, sent=sent_of(request, survey))
    if draft and "anew" not in request.POST and takes(draft, timezone.now()):
        with suppress(Refusal):  # it closed this very moment: the next page says so
            keep_wording(request, draft)
        return redirect(next_address(survey, draft))
    return begin(request, survey, draft)


def begin(
    request: HttpRequest, survey: Survey, draft: Response | None, pilot_key: str = ""
) -> HttpResponse:
    """A new response, and its first question."""
    if held_back(request, "begin"):
        held = {"held": wait_sentence(), "status": 429}
        return start_page(request, survey, draft, pilot_key=pilot_key, **held)
    try:
        _, code = begin_response(
            survey=survey,
            now=timezone.now(),
            form=chosen_form(request, survey),
            language=spoken(),
            source=request.POST.get("source", ""),
            pilot_key=pilot_key,
        )
    except SurveyClosed:
        return closed(request, survey, draft)
    return remember(redirect("question", survey.slug, 1), survey, code)


def start_page(
    request: HttpRequest,
    survey: Survey,
    draft: Response | None,
    *,
    status: int = 200,
    pilot_key: str = "",
    **more: Any,
) -> HttpResponse:
    """`more` may hold `sent`, a response sent from here, and `held`, why nobody gets in now."""
    now = timezone.now()
    state = survey.state(now)
    form = chosen_form(request, survey) or (draft.wording_form if draft else survey.first_form)
    words = words_of(survey, form)
    context = {
        "survey": survey,
        "words": words,
        "help": help_in(words),
        "form_now": form,
        "easy": form in LARGE,
        "ways": ways_of(survey, form),
        "source": _source(request),
        "state": state,
        "is_open": bool(pilot_key) or state == Survey.State.OPEN,
        "pilot": bool(pilot_key),
        "may_go_on": draft and draft.has_answers() and takes(draft, now),
        "grace": grace_of(draft) if draft and draft.has_answers() else "",
        **more,
    }
    return render(request, "surveys/start.html", context, status=status)


def _source(request: HttpRequest) -> str:
    """What kind of place led here, said by the address on a poster; nothing else is looked at."""
    named = request.POST.get("source", "") or request.GET.get("from", "")
    return named if named in Response.Source.values else ""
