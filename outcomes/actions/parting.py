"""Ideas go from cluster to cluster: merge, move, bring in, split off."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.curating import (
    AlreadyDecided,
    What,
    adopted,
    all_adopted,
    free_name,
    hold_ideas,
    hold_names,
    note,
    theme_of_area,
    unchanged,
)
from outcomes.models import Cluster, ClusterDecision, ClusterIdea, Idea, Outcome
from outcomes.proposals import undecided
from surveys.models import Theme
from surveys.refusals import BadText
from surveys.texts import required

MOST_DETAIL = ClusterDecision._meta.get_field("detail").max_length or 400


@transaction.atomic
def merge(
    *,
    keep: Cluster,
    others: Sequence[Cluster],
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Move the ideas of the other clusters, the outcomes drawn from them, and what contradicts
    them, to `keep`."""
    if not others or keep in others:
        raise BadText("Choose two or more different clusters to merge.")
    locked = {cluster.pk: cluster for cluster in all_adopted([keep, *others], seen)}
    keep = locked.pop(keep.pk)
    for other in locked.values():
        _of_one_consultation(keep, other, "merged")
        if keep.contradicts.filter(pk=other.pk).exists():
            raise BadText(
                f"“{keep}” and “{other}” are linked as contradicting each other. Merging them "
                "would hide that: take the link off first if it is wrong."
            )
        _take_in(keep, other, by, now, reason)
    return keep


def _take_in(keep: Cluster, other: Cluster, by: User, now: datetime, reason: str) -> None:
    # All of them: an idea that is withheld now may be cleared later.
    moved = ClusterIdea.everything.filter(cluster=other).update(cluster=keep, came_from=other)
    drawn = list(other.outcomes.select_related("theme"))
    new_to_it = [outcome for outcome in drawn if keep not in outcome.clusters.all()]
    for outcome in drawn:
        outcome.clusters.add(keep)
        outcome.clusters.remove(other)
    other.state = Cluster.State.MERGED
    other.merged_into = keep
    other.save()
    gone, got = merge_detail(moved, drawn), merge_detail(moved, new_to_it)
    note(other, What.MERGED, by, now, reason=reason, detail=gone, other=keep)
    note(keep, What.TOOK_IN, by, now, reason=reason, detail=got, other=other)
    for opposite in other.contradicts.exclude(pk__in=keep.contradicts.all()):
        keep.contradicts.add(opposite)
        for one, its in ((keep, opposite), (opposite, keep)):
            detail = f"it was so of “{other}”"
            note(one, What.CONTRADICTS, by, now, detail=detail, other=its)


def merge_detail(ideas: int, outcomes: Iterable[Outcome]) -> str:
    """How many ideas and which outcomes went along: what undoing the merge goes by.

    Where they are too many to say, nothing is said, and the merge cannot be undone.
    """
    detail = f"{_ideas(ideas)}; outcomes: {', '.join(one.code for one in outcomes) or 'none'}"
    return detail if len(detail) <= MOST_DETAIL else ""


@transaction.atomic
def move_ideas(
    *,
    ideas: Sequence[Idea],
    out_of: Cluster,
    reason: str,
    by: User,
    now: datetime,
    into: Cluster | None = None,
    seen: int | None = None,
    others_come: bool = False,
) -> Cluster:
    """Take ideas out of a cluster that they do not belong in, into another one or into none.

    A cluster keeps at least one idea: without any it is set aside or merged instead. All may go
    where the caller lets others come in the same transaction: `others_come`.
    """
    if into == out_of:
        raise BadText("Choose another cluster to move them to, or none.")
    clusters = {row.pk: row for row in all_adopted([out_of, *([into] if into else [])])}
    unchanged([out_of], seen)
    keys = _some_of(ideas, clusters[out_of.pk], all_may_go=others_come)
    if into:
        _of_one_consultation(out_of, into, "mixed")
    reason = required(reason, "Say why they do not belong here.")
    detail, members = listed(keys), ClusterIdea.objects.filter(cluster=out_of, idea__in=keys)
    if into:
        members.update(cluster=into, came_from=out_of, added_by=by, added_at=now)
        note(into, What.MOVED_IN, by, now, detail=detail, reason=reason, other=out_of)
    else:
        members.delete()
    note(out_of, What.MOVED_OUT, by, now, detail=detail, reason=reason, other=into)
    return clusters[out_of.pk]


@transaction.atomic
def bring_in(
    *,
    cluster: Cluster,
    ideas: Sequence[Idea],
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Take ideas into a cluster that are in none. From another cluster, they are moved, with a
    reason."""
    chosen = {idea.pk for idea in ideas}
    hold_ideas(Idea.everything.filter(pk__in=chosen))
    cluster = adopted(cluster, seen)
    # As adopting does: an idea that two people want is one's, and the other is told.
    hold_names(cluster.consultation)
    rows = Idea.objects.of(cluster.consultation).filter(pk__in=chosen)
    keys = list(undecided(rows).order_by("pk").values_list("pk", flat=True))
    if not chosen:
        raise BadText("Choose the ideas to bring in.")
    if lost := len(chosen) - len(keys):
        which = f"{lost} of these {len(chosen)} ideas" if len(chosen) > 1 else "This idea"
        raise AlreadyDecided(
            f"{which} went into a cluster, or was handed on, set aside or taken back meanwhile. "
            "Nothing was brought in: look again."
        )
    ClusterIdea.objects.bulk_create(
        ClusterIdea(cluster=cluster, idea_id=key, added_by=by, added_at=now) for key in keys
    )
    note(cluster, What.MOVED_IN, by, now, detail=listed(keys), reason=reason)
    return cluster


@transaction.atomic
def split(
    *,
    cluster: Cluster,
    ideas: Sequence[Idea],
    name: str,
    by: User,
    now: datetime,
    theme: Theme | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Make a cluster of its own of some of a cluster's ideas. Outcomes stay with the first."""
    cluster = adopted(cluster, seen)
    keys = _some_of(ideas, cluster)
    new = Cluster.objects.create(
        consultation=cluster.consultation,
        theme=theme_of_area(theme or cluster.theme, cluster.consultation),
        name=free_name(name, cluster.consultation),
    )
    members = ClusterIdea.objects.filter(cluster=cluster, idea__in=keys)
    members.update(cluster=new, came_from=cluster, added_by=by, added_at=now)
    detail = listed(keys)
    note(cluster, What.SPLIT, by, now, detail=detail, reason=reason, other=new)
    note(new, What.SPLIT_OFF, by, now, detail=detail, reason=reason, other=cluster)
    return new


def _some_of(ideas: Sequence[Idea], cluster: Cluster, *, all_may_go: bool = False) -> list[int]:
    """The keys of ideas that the cluster can give away, with at least one left."""
    members = cluster.members.filter(idea__in=[idea.pk for idea in ideas])
    keys = list(members.order_by("idea").values_list("idea", flat=True))
    if not keys or len(keys) < len({idea.pk for idea in ideas}):
        raise BadText("Choose ideas of this cluster. Some may have been moved meanwhile.")
    if len(keys) == cluster.members.count() and not all_may_go:
        raise BadText("These are all its ideas. Set the cluster aside or merge it instead.")
    return keys


def _of_one_consultation(one: Cluster, other: Cluster, verb: str) -> None:
    if one.consultation_id != other.consultation_id:
        raise BadText(f"Clusters of different consultations cannot be {verb}.")


def listed(keys: Sequence[int]) -> str:
    """How many ideas, and their numbers where they fit: what undoing goes by."""
    detail = f"{_ideas(len(keys))}: {', '.join(map(str, keys))}"
    return detail if len(detail) <= MOST_DETAIL else _ideas(len(keys))


def _ideas(count: int) -> str:
    return "1 idea" if count == 1 else f"{count} ideas"
