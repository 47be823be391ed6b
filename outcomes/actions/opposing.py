"""What people say about a cluster as a whole: a campaign, or against another one."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.curating import AlreadyDecided, What, adopted, all_adopted, note, unchanged
from outcomes.models import Cluster
from surveys.refusals import BadText


@transaction.atomic
def mark_campaign(
    *,
    cluster: Cluster,
    by: User,
    now: datetime,
    is_campaign: bool = True,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Say that many sent the same words, or that they did not. They count as people either way."""
    cluster = adopted(cluster, seen)
    if cluster.is_campaign == is_campaign:
        said = "marked as a campaign" if is_campaign else "not marked as a campaign"
        raise AlreadyDecided(f"“{cluster}” is {said} already.")
    cluster.is_campaign = is_campaign
    cluster.save()
    note(cluster, What.CAMPAIGN if is_campaign else What.NO_CAMPAIGN, by, now, reason=reason)
    return cluster


@transaction.atomic
def contradict(
    *,
    cluster: Cluster,
    other: Cluster,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Say that two clusters want opposite things, so that each is shown with the other."""
    cluster, other = _both(cluster, other, seen)
    if cluster.contradicts.filter(pk=other.pk).exists():
        raise AlreadyDecided(f"“{cluster}” and “{other}” are linked already.")
    cluster.contradicts.add(other)
    _note_both(cluster, other, What.CONTRADICTS, by, now, reason)
    return cluster


@transaction.atomic
def unlink(
    *,
    cluster: Cluster,
    other: Cluster,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Say that two clusters do not contradict each other after all."""
    cluster, other = _both(cluster, other, seen)
    if not cluster.contradicts.filter(pk=other.pk).exists():
        raise AlreadyDecided(f"“{cluster}” and “{other}” are not linked.")
    cluster.contradicts.remove(other)
    _note_both(cluster, other, What.UNLINKED, by, now, reason)
    return cluster


def _both(cluster: Cluster, other: Cluster, seen: int | None) -> tuple[Cluster, Cluster]:
    if cluster == other or cluster.consultation_id != other.consultation_id:
        raise BadText("Choose another cluster of the same consultation.")
    rows = {row.pk: row for row in all_adopted([cluster, other])}
    unchanged([cluster], seen)
    return rows[cluster.pk], rows[other.pk]


def _note_both(
    one: Cluster, other: Cluster, what: str, by: User, now: datetime, reason: str
) -> None:
    note(one, what, by, now, reason=reason, other=other)
    note(other, what, by, now, reason=reason, other=one)
