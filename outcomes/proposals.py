"""What a run proposes beside what people adopted before, and beside what the run before found.

Only read here: a run changes no cluster.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from outcomes.ledger import not_withheld
from outcomes.models import (
    AnalysisRun,
    Cluster,
    Disposition,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)


def undecided(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Those in no cluster of which nobody said that they belong in none, as a case handed on."""
    decided = Disposition.objects.current()
    of_answer = decided.filter(passage__answer=OuterRef("answer"), passage__answer__isnull=False)
    of_note = decided.filter(passage__note=OuterRef("note"), passage__note__isnull=False)
    return ideas.in_no_cluster().exclude(  # type: ignore[attr-defined, no-any-return]
        Exists(decided.filter(idea=OuterRef("pk"))) | Exists(of_answer) | Exists(of_note)
    )


class Proposal(NamedTuple):
    """A group of which most is in one adopted cluster: for the rest, this cluster is proposed."""

    cluster: Cluster
    there: int
    new: int


def proposals(groups: Iterable[GroupSuggestion]) -> dict[int, Proposal]:
    """By the group's key: what it proposes to an adopted cluster. Most groups have none.

    A group that was adopted itself is no proposal, nor is one with nothing left to bring in.
    """
    keys = [group.pk for group in groups]
    members = not_withheld(ThemeSuggestion.everything.filter(group__in=keys))
    sizes = _counted(members, "group")
    adopted = members.filter(idea__membership__cluster__state=Cluster.State.ADOPTED)
    homes = _counted(adopted, "group", "idea__membership__cluster")
    most = {
        group: (cluster, there)
        for (group, cluster), there in homes.items()
        if there * 2 > sizes[(group,)]
    }
    if not most:
        return {}
    ideas = Idea.everything.filter(suggestions__group__in=most)
    free = undecided(not_withheld(ideas, "pk"))
    new = Counter(free.values_list("suggestions__group", flat=True))
    clusters = Cluster.objects.select_related("theme")
    named = clusters.in_bulk({cluster for cluster, _ in most.values()})
    taken = set(clusters.filter(adopted_from__in=most).values_list("adopted_from", flat=True))
    return {
        group: Proposal(named[cluster], there, new[group])
        for group, (cluster, there) in most.items()
        if new[group] and group not in taken
    }


@dataclass
class Difference:
    """What a run found, beside the done run before it of the same consultation."""

    before: AnalysisRun
    ideas_new: int = 0
    ideas_gone: int = 0
    new: list[GroupSuggestion] = field(default_factory=list)
    gone: list[GroupSuggestion] = field(default_factory=list)
    continued: dict[int, GroupSuggestion] = field(default_factory=dict)


def new_ideas(run: AnalysisRun, before: AnalysisRun) -> QuerySet[ThemeSuggestion]:
    """What the run says of ideas that the one before did not read."""
    known = ThemeSuggestion.objects.filter(run=before, idea=OuterRef("idea"))
    rows: QuerySet[ThemeSuggestion] = ThemeSuggestion.objects.filter(run=run)
    return rows.exclude(Exists(known)).order_by("idea")


def difference(run: AnalysisRun) -> Difference | None:
    """None for the first run. A group goes on where more than half of it, or of the earlier one,
    is in both."""
    earlier = AnalysisRun.objects.done().filter(consultation=run.consultation_id, pk__lt=run.pk)
    before = earlier.order_by("-pk").first()
    if before is None:
        return None
    found = Difference(
        before, new_ideas(run, before).count(), ideas_gone=new_ideas(before, run).count()
    )
    members = ThemeSuggestion.objects.filter(group__isnull=False)
    sizes = _counted(members.filter(run__in=[run, before]), "group")
    both = members.filter(
        run=run, idea__suggestions__run=before, idea__suggestions__group__isnull=False
    )
    old = {group.pk: group for group in before.groups.all()}
    for (group, earlier_group), shared in sorted(
        _counted(both, "group", "idea__suggestions__group").items(), key=lambda one: one[1]
    ):
        if shared * 2 > min(sizes[(group,)], sizes[(earlier_group,)]):
            found.continued[group] = old[earlier_group]  # the one that shares most comes last
    kept = {group.pk for group in found.continued.values()}
    found.new = [group for group in run.groups.all() if group.pk not in found.continued]
    found.gone = [group for group in old.values() if group.pk not in kept]
    return found


def _counted(rows: QuerySet[ThemeSuggestion], *names: str) -> dict[tuple[int, ...], int]:
    counted = rows.order_by().values_list(*names).annotate(Count("pk", distinct=True))
    return {tuple(keys): number for *keys, number in counted}
