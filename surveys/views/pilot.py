"""Trying a survey before it opens, for whoever was given the link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from surveys.views.caching import private
from surveys.views.respondent import find_survey, words_for
from surveys.views.starting import begin, start_page


@private
def pilot(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """As `start`, for answers that are wiped when the survey opens."""
    survey = find_survey(slug)
    if not survey.pilot_key or not constant_time_compare(key, survey.pilot_key):
        raise Http404
    if survey.has_opened(timezone.now()):
        context = {"survey": survey, "words": words_for(survey, None)}
        return render(request, "surveys/pilot_over.html", context)
    if request.method == "POST":
        return begin(request, survey, draft=None, pilot_key=key)
    return start_page(request, survey, draft=None, pilot_key=key)
