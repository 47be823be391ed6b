"""What a run's page shows: what it found, what is new since the one before."""

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from outcomes.admin.counting import PEOPLE_HEADINGS, counted, people
from outcomes.ledger import not_withheld
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

MOST_NEW = 50
MOST_GROUPS = 40  # of a theme; the list of suggested groups has all


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
    said = ThemeSuggestion.objects.filter(run=run).order_by().values_list("theme")
    told = list(said.annotate(Count("pk"), alone=Count("pk", filter=Q(group__isnull=True))))
    ideas = {theme: number for theme, number, _alone in told}
    since, shown = difference(run), _first_groups(run)
    # What is proposed to all the others is told only beside the analysis before.
    groups = list(run.groups.all()) if since else shown
    proposed = proposals(groups)
    for group in groups:
        group.proposal = proposed.get(group.pk)  # type: ignore[attr-defined]
    for group in shown:
        group.proposal = proposed.get(group.pk)  # type: ignore[attr-defined]
        group.earlier = since.continued.get(group.pk) if since else None  # type: ignore[attr-defined]
    by_theme = {key: list(rows) for key, rows in groupby(shown, key=lambda one: one.theme_id)}
    sizes: dict[int, int] = {one.theme_id: one.of_theme for one in shown}  # type: ignore[attr-defined]
    themes = Theme.objects.filter(area=run.consultation.area_id)
    return {
        "headings": PEOPLE_HEADINGS,
        "ideas_count": sum(ideas.values()),
        "themeless": ideas.get(None, 0),
        "alone": sum(alone for _theme, _number, alone in told),
        "themes": [
            (one, ideas.get(one.pk, 0), sizes.get(one.pk, 0), by_theme.get(one.pk, []))
            for one in themes
        ],
        "most": MOST_GROUPS,
        "most_new": MOST_NEW,
        "since": since,
        "proposed": [group for group in groups if group.pk in proposed],
        "new_ideas": _said_since(run, since.before) if since and since.ideas_new else [],
    }


def _first_groups(run: AnalysisRun) -> list[GroupSuggestion]:
    """The first of each theme, counted: all of them are more than anybody reads on one page."""
    rows = run.groups.annotate(
        turn=Window(RowNumber(), partition_by=F("theme"), order_by=[F("order"), F("pk")]),
        of_theme=Window(Count("pk"), partition_by=F("theme")),
    )
    first = rows.filter(turn__lte=MOST_GROUPS).order_by("theme__order", "turn")
    groups = list(first.select_related("cluster").prefetch_related("opposes"))
    members = not_withheld(ThemeSuggestion.everything.filter(run=run, group__in=groups))
    counts = counted(members, "group")
    for group in groups:
        numbers = counts[group.pk]
        group.people = people(numbers)  # type: ignore[attr-defined]
        group.ideas_count, group.taken = numbers.ideas, numbers.taken  # type: ignore[attr-defined]
    return groups


def _said_since(run: AnalysisRun, before: AnalysisRun) -> list[ThemeSuggestion]:
    sources = (*(f"idea__{path}" for path in SOURCES), "theme", "group")
    return list(new_ideas(run, before).select_related(*sources)[:MOST_NEW])
