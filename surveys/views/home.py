"""The consultation's own page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from surveys.dates import day_of
from surveys.models import Consultation, TimelineEvent


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
        "sections": _timeline(consultation, now),
        "today": day_of(now),
    }
    return render(request, "surveys/home.html", context)


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
