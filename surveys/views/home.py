"""The consultation's own page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from surveys.dates import day_of
from surveys.models import Consultation, Survey, TimelineEvent
from surveys.models.survey import Audience


def home(request: HttpRequest) -> HttpResponse:
    """Why, what can change, who decides, and a card for each audience."""
    consultation = Consultation.objects.newest()
    if consultation is None:
        return render(request, "surveys/home.html")
    now = timezone.now()
    surveys = consultation.surveys.prefetch_related("deadline_changes")
    context = {
        "consultation": consultation,
        "cards": [{"survey": survey, "state": survey.state(now)} for survey in surveys],
        "jumps": _jumps(surveys),
        "may_go_on": any(
            survey.opens_at and survey.takes_from(survey.opens_at, now) for survey in surveys
        ),
        "sections": _timeline(consultation, now),
        "today": day_of(now),
    }
    return render(request, "surveys/home.html", context)


def _jumps(surveys: Iterable[Survey]) -> dict[str, Survey]:
    """For a phone, where the cards are long: the newest survey of each audience."""
    by_audience = {survey.audience: survey for survey in sorted(surveys, key=lambda s: s.round)}
    names = {Audience.YOUNG_PERSON: "Young people"}
    return {
        names.get(audience, Audience(audience).label.capitalize()): by_audience[audience]
        for audience in Audience
        if audience in by_audience
    }


def _timeline(consultation: Consultation, now: datetime) -> list[dict[str, Any]]:
    """What happened and what comes next, each with what its dates say today."""
    events = consultation.events.exclude(status=TimelineEvent.Status.CANCELLED)
    steps = [
        {
            "event": event,
            "overdue": event.overdue(day_of(now)),
            "state": event.survey.state(now) if event.survey else "",
        }
        for event in events.select_related("survey")
    ]
    return [
        {"title": title, "steps": [step for step in steps if step["event"].section == section]}
        for section, title in TimelineEvent.Section.choices
    ]
