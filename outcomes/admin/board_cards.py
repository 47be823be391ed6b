"""What stands on the cards of a board: read for one page of them, however many ideas each has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Window,
)
from django.db.models.functions import Abs, Coalesce, RowNumber

from outcomes.admin.board_order import Size
from outcomes.admin.counting import PEOPLE_HEADINGS, Counted, counted, people
from outcomes.ledger import not_withheld
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    GroupSuggestion,
    Idea,
    Outcome,
    ThemeSuggestion,
)
from surveys.models import Consultation, Note

MOST_QUOTES = 3
GOOD_LENGTH = 90  # characters of a quote that says enough and reads at a glance


@dataclass(frozen=True)
class Card:
    row: Any  # a GroupSuggestion or a Cluster, with what it leads to
    size: Size
    quotes: list[Idea]
    copies: int  # texts in the largest set of nearly the same ones; 0: there is none

    @property
    def people(self) -> list[tuple[str, int]]:
        return list(zip(PEOPLE_HEADINGS, self.size.people, strict=True))


def open_groups(run: AnalysisRun | None) -> QuerySet[GroupSuggestion]:
    """Groups that nobody adopted, with an idea that is in no cluster yet."""
    free = ThemeSuggestion.objects.filter(group=OuterRef("pk"), idea__membership__isnull=True)
    return GroupSuggestion.objects.filter(Exists(free), run=run, cluster__isnull=True)


def kept_clusters(consultation: Consultation) -> QuerySet[Cluster]:
    return Cluster.objects.filter(consultation=consultation).exclude(state=Cluster.State.MERGED)


def sizes_of_groups(run: AnalysisRun | None, names: dict[int, str]) -> list[Size]:
    """Of some of its open groups."""
    # Told as keys: of a subquery PostgreSQL expects so few that it counts over all ideas.
    members = ThemeSuggestion.everything.filter(run=run, group__in=list(names))
    numbers = counted(not_withheld(members), "group")
    return [
        Size(key, name, _people(numbers[key]), numbers[key].ideas, numbers[key].taken)
        for key, name in names.items()
    ]


def _people(row: Counted) -> tuple[int, ...]:
    return tuple(number for _label, number in people(row))


def sizes_of_clusters(clusters: QuerySet[Cluster]) -> dict[str, list[Size]]:
    """By state."""
    rows = list(clusters.order_by().values_list("pk", "state", "name"))
    members = ClusterIdea.everything.filter(cluster__in=[key for key, _, _ in rows])
    numbers = counted(not_withheld(members), "cluster")
    found: dict[str, list[Size]] = defaultdict(list)
    for key, state, name in rows:
        found[state].append(Size(key, name, _people(numbers[key]), numbers[key].ideas))
    return found


def cards_of_groups(sizes: Sequence[Size]) -> dict[int, Card]:
    opposed = Prefetch("opposes", GroupSuggestion.objects.select_related("theme", "cluster"))
    rows = GroupSuggestion.objects.prefetch_related(opposed)
    return _cards(rows, ThemeSuggestion.everything.all(), "group", sizes)


def cards_of_clusters(sizes: Sequence[Size]) -> dict[int, Card]:
    opposed = GroupSuggestion.objects.select_related("theme", "cluster")
    drawn = Outcome.objects.exclude(state=Outcome.State.RETIRED).select_related("theme")
    why = ClusterDecision.objects.filter(what=ClusterDecision.What.SET_ASIDE).order_by("-at", "-pk")
    rows = Cluster.objects.select_related("adopted_from").prefetch_related(
        Prefetch("adopted_from__opposes", opposed),
        Prefetch("contradicts", Cluster.objects.select_related("theme")),
        Prefetch("outcomes", drawn),
        Prefetch("decisions", why.select_related("by"), to_attr="put_aside"),
    )
    return _cards(rows, ClusterIdea.everything.all(), "cluster", sizes)


def _cards(
    rows: QuerySet[Any], members: QuerySet[Any], of: str, sizes: Sequence[Size]
) -> dict[int, Card]:
    if not sizes:
        return {}
    keys = [one.key for one in sizes]
    found, members = rows.in_bulk(keys), not_withheld(members.filter(**{f"{of}__in": keys}))
    quotes, copies = _quotes(members, of), _copies(members, of)
    return {
        one.key: Card(found[one.key], one, quotes[one.key], copies.get(one.key, 0))
        for one in sizes
        if one.key in found
    }


def _quotes(members: QuerySet[Any], of: str) -> dict[int, list[Idea]]:
    """A few short ones for each, of as many audiences as there are; no facilitator's own view."""
    length = ExpressionWrapper(F("idea__end") - F("idea__start"), output_field=IntegerField())
    said = members.exclude(idea__note__kind=Note.Kind.FACILITATOR).annotate(
        audience=Coalesce(
            "idea__answer__response__survey__audience", "idea__note__session__audience"
        ),
        first=Coalesce("idea__answer__passage__copy_of", "idea__note__passage__copy_of"),
        turn=Window(
            RowNumber(),
            partition_by=[F(of), F("audience")],
            order_by=[F("first").asc(nulls_first=True), Abs(length - GOOD_LENGTH), F("pk")],
        ),
    )
    # No two of one that say the same in nearly the same words.
    same = Coalesce("first", "idea__answer__passage", "idea__note__passage")
    few = said.filter(turn__lte=MOST_QUOTES).order_by("turn", "audience", "pk")
    chosen: dict[int, dict[Any, int]] = defaultdict(dict)
    for key, idea, texts in few.annotate(same=same).values_list(of, "idea", "same"):
        if len(chosen[key]) < MOST_QUOTES:
            chosen[key].setdefault(texts or f"idea {idea}", idea)
    # The words are read of these alone: numbering many rows with all their words is slow.
    keys = [idea for own in chosen.values() for idea in own.values()]
    ideas = Idea.objects.with_source().in_bulk(keys)  # type: ignore[attr-defined]
    return defaultdict(
        list,
        {
            key: [ideas[idea] for idea in own.values() if idea in ideas]
            for key, own in chosen.items()
        },
    )


def _copies(members: QuerySet[Any], of: str) -> dict[int, int]:
    """How many texts each has in its largest set of nearly the same ones, where there is one."""
    passage = Coalesce("idea__answer__passage__pk", "idea__note__passage__pk")
    first = Coalesce("idea__answer__passage__copy_of", "idea__note__passage__copy_of", passage)
    sets = members.annotate(first=first).order_by().values(of, "first")
    counted = sets.annotate(texts=Count(passage, distinct=True)).filter(texts__gt=1)
    found: dict[int, int] = {}
    for key, texts in counted.values_list(of, "texts"):
        found[key] = max(texts, found.get(key, 0))
    return found
