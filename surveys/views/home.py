"""The consultation's own page."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.dates import day_of
from surveys.models import Consultation, Survey, TimelineEvent
from surveys.models.survey import Audience
from surveys.worded import words_of


def home(request: HttpRequest) -> HttpResponse:
    """Why, what can change, who decides, and a card for each audience."""
    consultation = Consultation.objects.newest()
    if consultation is None:
        return render(request, "surveys/home.html")
    now = timezone.now()
    surveys = consultation.surveys.prefetch_related("deadline_changes", "questions", "wordings")
    context = {
        "consultation": consultation,
        "cards": _cards(surveys, now),
        "may_go_on": any(
            survey.opens_at and survey.takes_from(survey.opens_at, now) for survey in surveys
        ),
        "sections": _timeline(consultation, now),
        "today": day_of(now),
    }
    return render(request, "surveys/home.html", context)


def _cards(surveys: Iterable[Survey], now: datetime) -> list[dict[str, Any]]:
    """Each survey, its words in the visitor's language, and a short name to jump to it by."""
    names = Counter(_whom(survey) for survey in surveys)
    return [
        {
            "survey": survey,
            "words": words_of(survey, survey.first_form),
            "state": survey.state(now),
            "questions": len(survey.questions.all()),
            "jump": _jump(survey, is_one_of_many=names[_whom(survey)] > 1),
        }
        for survey in surveys
    ]


def _whom(survey: Survey) -> str:
    if survey.ages == Survey.Ages.UNDER_11:
        return _("Children under 11")
    return {
        Audience.PARENT_CARER: _("Parents and carers"),
        Audience.PRACTITIONER: _("Practitioners"),
        Audience.YOUNG_PERSON: _("Young people"),
    }[Audience(survey.audience)]


def _jump(survey: Survey, *, is_one_of_many: bool) -> str:
    """Whom it is for; where several surveys are for them, the survey's own name."""
    return words_of(survey, survey.first_form).title if is_one_of_many else _whom(survey)


def _timeline(consultation: Consultation, now: datetime) -> list[dict[str, Any]]:
    """What happened and what comes next, each with what its dates say today."""
    events = consultation.events.exclude(status=TimelineEvent.Status.CANCELLED)
    events = events.select_related("survey").prefetch_related("survey__deadline_changes")
    steps = [
        {
            "event": event,
            "overdue": event.overdue(day_of(now)),
            "state": event.survey.state(now) if event.survey else "",
        }
        for event in events
    ]
    return [
        {"title": title, "steps": [step for step in steps if step["event"].section == section]}
        for section, title in TimelineEvent.Section.choices
    ]
