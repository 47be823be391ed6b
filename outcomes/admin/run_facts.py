"""What a run's page shows: how far it is, what it found, what is new since the one before."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from outcomes.admin.counting import PEOPLE_HEADINGS, people
from outcomes.models import (
    SOURCES,
    AnalysisRun,
    GroupSuggestion,
    ThemeSuggestion,
    people_columns,
    readable,
)
from outcomes.proposals import difference, new_ideas, proposals
from surveys.models import Theme

LONG_WAIT = timedelta(minutes=2)
MOST_NEW = 50
SECONDS = 10


def progress(run: AnalysisRun, now: datetime) -> dict[str, Any]:
    """How far it is. A worker that fell silent is told, and so is one that never began."""
    queued = run.state == AnalysisRun.State.QUEUED
    return {
        "silent": run.is_silent(now),
        "waits_long": queued and now - run.asked_at > LONG_WAIT,
        "percent": min(100, 100 * run.done // run.total) if run.total else None,
        "seconds": SECONDS,
    }


def with_people(groups: QuerySet[GroupSuggestion]) -> QuerySet[GroupSuggestion]:
    """Adds how many ideas they have, how many of them are in clusters, and people by audience."""
    counts = people_columns("members__idea")
    may = readable("members__idea__")
    taken = may & Q(members__idea__membership__isnull=False)
    return groups.annotate(
        ideas_count=Count("members", distinct=True, filter=may),
        taken=Count("members", distinct=True, filter=taken),
        **counts,
    )


def found(run: AnalysisRun) -> dict[str, Any]:
    """What a run suggests, theme by theme, and what of it is new."""
    counted = ThemeSuggestion.objects.filter(run=run).values_list("theme").annotate(Count("pk"))
    ideas = dict(counted.order_by())
    rows = with_people(GroupSuggestion.objects.filter(run=run)).select_related("cluster")
    groups = list(rows.prefetch_related("opposes"))
    proposed, since = proposals(groups), difference(run)
    by_theme: dict[int, list[GroupSuggestion]] = {}
    for group in groups:
        group.people = people(group)  # type: ignore[attr-defined]
        group.proposal = proposed.get(group.pk)  # type: ignore[attr-defined]
        group.earlier = since.continued.get(group.pk) if since else None  # type: ignore[attr-defined]
        by_theme.setdefault(group.theme_id, []).append(group)
    themes = Theme.objects.filter(area=run.consultation.area_id)
    return {
        "headings": PEOPLE_HEADINGS,
        "ideas_count": sum(ideas.values()),
        "themeless": ideas.get(None, 0),
        "alone": ThemeSuggestion.objects.filter(run=run, group__isnull=True).count(),
        "themes": [(one, ideas.get(one.pk, 0), by_theme.get(one.pk, [])) for one in themes],
        "since": since,
        "proposed": [group for group in groups if group.pk in proposed],
        "new_ideas": _said_since(run, since.before) if since and since.ideas_new else [],
    }


def _said_since(run: AnalysisRun, before: AnalysisRun) -> list[ThemeSuggestion]:
    sources = (*(f"idea__{path}" for path in SOURCES), "theme", "group")
    return list(new_ideas(run, before).select_related(*sources)[:MOST_NEW])
