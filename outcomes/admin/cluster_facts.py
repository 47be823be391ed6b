"""What a cluster's page shows beside the cluster: its ideas folded, how many people, what is near.

Each reads the database as often for a thousand ideas as for ten.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Count
from django.http import HttpRequest

from outcomes.admin.counting import people
from outcomes.models import SOURCES, AnalysisRun, Cluster, ClusterIdea, Idea, ThemeSuggestion
from outcomes.models.analysis import IdeaQuerySet
from surveys.admin.pages import page_of_rows
from surveys.counting import FEWEST_SHOWN
from surveys.models import Response
from surveys.reading import read

WORD = re.compile(r"\w+")
MOST_COPIES = 20
MOST_ALIKE = 10


@dataclass
class Fold:
    """An idea, and those of its cluster that say nearly the same in nearly the same words."""

    first: int
    copies: list[int] = field(default_factory=list)

    @property
    def keys(self) -> list[int]:
        return [self.first, *self.copies]


def folds(cluster: Cluster) -> list[Fold]:
    """In the order of what was read. The second idea of a copied answer folds under the second
    idea of the answer that it copies."""
    rows = cluster.members.order_by("idea").values_list(
        "idea",
        "idea__start",
        "idea__answer__passage",
        "idea__answer__passage__copy_of",
        "idea__note__passage",
        "idea__note__passage__copy_of",
    )
    of_passage: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    leader_of: dict[Any, Any] = {}
    for key, start, answer, answer_copies, note, note_copies in rows:
        passage = answer or note or f"idea {key}"
        of_passage[passage].append((start, key))
        leader_of[passage] = answer_copies or note_copies or passage
    found: dict[tuple[Any, int], Fold] = {}
    # The one that is copied comes before its copies.
    for passage in sorted(of_passage, key=lambda one: leader_of[one] != one):
        for place, (_, key) in enumerate(sorted(of_passage[passage])):
            fold = found.get((leader_of[passage], place))
            if fold:
                fold.copies.append(key)
            else:
                found[(leader_of[passage], place)] = Fold(key)
    return _same_words(cluster, sorted(found.values(), key=lambda one: one.first))


def _same_words(cluster: Cluster, found: list[Fold]) -> list[Fold]:
    """Those that differ by no more than capitals and stops fold too."""
    texts = {idea.pk: " ".join(WORD.findall(idea.text.casefold())) for idea in in_cluster(cluster)}
    by_words: dict[str, Fold] = {}
    kept = []
    for fold in found:
        leader = by_words.setdefault(texts.get(fold.first) or f"idea {fold.first}", fold)
        if leader is fold:
            kept.append(fold)
        else:
            leader.copies += fold.keys
    return kept


def unlike(alike: dict[int, list[int]], members: set[int]) -> set[int]:
    """The ideas none of whose most similar ones is in the cluster."""
    if len(members) < 2:
        return set()
    return {key for key, near in alike.items() if near and not members & set(near)}


def likes(cluster: Cluster) -> dict[int, list[int]]:
    """By idea of the cluster: those most like it, as the newest analysis has it."""
    runs = AnalysisRun.objects.done().filter(consultation=cluster.consultation_id)
    newest = runs.values("pk")[:1]
    rows = ThemeSuggestion.objects.filter(run=newest, idea__membership__cluster=cluster)
    return dict(rows.values_list("idea", "alike"))


def near(alike: dict[int, list[int]], members: set[int]) -> list[Idea]:
    """The ideas elsewhere that most ideas of the cluster are like; each says of how many."""
    counted = Counter(key for near in alike.values() for key in near if key not in members)
    some = [key for key, _ in counted.most_common(3 * MOST_ALIKE)]
    rows = Idea.objects.with_source().select_related("membership__cluster", *SOURCES)
    known = rows.in_bulk(some)
    ideas: list[Idea] = [known[key] for key in some if key in known][:MOST_ALIKE]
    for idea in ideas:
        idea.times = counted[idea.pk]  # type: ignore[attr-defined]
    return ideas


def channels(cluster: Cluster) -> list[tuple[str, int]]:
    """(how they reached us, how many people), most people first."""
    response = "idea__answer__response"
    rows = cluster.members.filter(idea__answer__isnull=False).order_by()
    counted = rows.values_list(f"{response}__channel").annotate(Count(response, distinct=True))
    found = [(Response.Channel(channel).label, number) for channel, number in counted]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def size(cluster: Any, found: Sequence[Fold]) -> dict[str, Any]:
    """How many, counted as people, and as ideas that differ. The cluster has its columns."""
    counts = people(cluster)
    voices = sum(number for _, number in counts)
    return {
        "people": counts,
        "channels": channels(cluster),
        "ideas_count": sum(len(one.keys) for one in found),
        "distinct": len(found),
        "few": voices if 0 < voices < FEWEST_SHOWN else None,
    }


def page_of_folds(request: HttpRequest, cluster: Cluster, found: list[Fold]) -> Page[Any]:
    """The folds of this page, as dicts with the members themselves; long folds are cut."""
    page = page_of_rows(request, found)  # type: ignore[arg-type]
    shown = [key for one in page.object_list for key in one.keys[: MOST_COPIES + 1]]
    sources = (*(f"idea__{path}" for path in SOURCES), "came_from")
    rows = ClusterIdea.objects.filter(cluster=cluster, idea__in=shown).select_related(*sources)
    members = {row.idea_id: row for row in rows}
    page.object_list = [
        {
            "member": members[one.first],
            "copies": [members[key] for key in one.copies[:MOST_COPIES]],
            "count": len(one.copies),
            "more": max(0, len(one.copies) - MOST_COPIES),
        }
        for one in page.object_list
        if one.first in members
    ]
    return page


def facts(request: HttpRequest, cluster: Any) -> dict[str, Any]:
    """All of it. `?show=` takes one line's copies, or the ideas unlike the others, alone."""
    found, alike = folds(cluster), likes(cluster)
    members = {key for one in found for key in one.keys}
    outliers = unlike(alike, members)
    show = request.GET.get("show", "")
    lines = found
    if show == "unlike":
        lines = [Fold(key) for key in sorted(outliers)]
    elif show.isdecimal():
        lines = [Fold(key) for one in found if one.first == int(show[:18]) for key in one.keys]
    return size(cluster, found) | {
        "lines": page_of_folds(request, cluster, lines),
        "show": show if lines is not found else "",
        "outliers": outliers,
        "near": near(alike, members),
        "age": read(cluster.name).age,
    }


def opposed_by_machine(cluster: Cluster, linked: Sequence[Cluster]) -> list[Cluster]:
    """Clusters whose suggested groups the machine found against this one's, and nobody linked."""
    if cluster.adopted_from_id is None:
        return []
    rows = Cluster.objects.adopted().filter(adopted_from__opposes=cluster.adopted_from_id)
    return list(rows.exclude(pk__in=[cluster.pk, *(one.pk for one in linked)]))


def in_cluster(cluster: Cluster) -> IdeaQuerySet:
    """Its ideas, with their words."""
    rows: IdeaQuerySet = Idea.objects.with_source().filter(membership__cluster=cluster)
    return rows.order_by("pk")
