"""Making clusters: adopt, rename, merge, set aside."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.models import Cluster, ClusterDecision, ClusterIdea, GroupSuggestion, Idea, Outcome
from surveys.actions import record
from surveys.models import Consultation, Theme
from surveys.refusals import BadText, Refusal
from surveys.texts import required, storable

MOST_WORDS = 12
MOST_CHARACTERS = 120
What = ClusterDecision.What


class AlreadyDecided(Refusal):
    """Somebody decided this before."""


def good_name(name: str) -> str:
    """A cluster's name as it will be stored: trimmed, 1 to 12 words, 120 characters at most."""
    name = " ".join(storable(name).split())
    if not name:
        raise BadText("Give the cluster a name.")
    if len(name.split()) > MOST_WORDS:
        raise BadText(f"Use {MOST_WORDS} words or fewer. This name has {len(name.split())}.")
    if len(name) > MOST_CHARACTERS:
        raise BadText(f"Use {MOST_CHARACTERS} characters or fewer. This name has {len(name)}.")
    return name


def theme_of_area(theme: Theme, consultation: Consultation) -> Theme:
    """The theme, when it is one of the consultation's area."""
    if theme.area_id != consultation.area_id:
        raise BadText("That theme belongs to another area.")
    return theme


def _free_name(name: str, consultation: Consultation, but: Cluster | None = None) -> str:
    name = good_name(name)
    same = Cluster.objects.adopted().filter(consultation=consultation, name__iexact=name)
    if any(other != but for other in same):
        raise BadText(f"Another cluster is called “{name}”. Give this one a name of its own.")
    return name


@transaction.atomic
def adopt(
    *,
    suggestion: GroupSuggestion,
    name: str,
    by: User,
    now: datetime,
    theme: Theme | None = None,
) -> Cluster:
    """Make a cluster of a suggested group, under people's own name for it.

    Ideas that are in a cluster already stay there; the rest come in.
    """
    suggestion = GroupSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    # Suggestions of different runs share ideas: one adoption at a time.
    Consultation.objects.select_for_update().get(pk=suggestion.run.consultation_id)
    if Cluster.objects.filter(adopted_from=suggestion).exists():
        raise AlreadyDecided("This suggestion was adopted already.")
    free = Idea.objects.in_no_cluster().filter(suggestions__group=suggestion)
    ideas = list(free)
    if not ideas:
        raise AlreadyDecided("Every idea in this suggestion is in a cluster already.")
    cluster = Cluster.objects.create(
        consultation=suggestion.run.consultation,
        theme=theme_of_area(theme or suggestion.theme, suggestion.run.consultation),
        name=_free_name(name, suggestion.run.consultation),
        adopted_from=suggestion,
    )
    ClusterIdea.objects.bulk_create(
        ClusterIdea(cluster=cluster, idea=idea, added_by=by, added_at=now) for idea in ideas
    )
    # Its suggested name stays with the suggestion alone, where it goes when the words go.
    _note(cluster, What.ADOPTED, by, now)
    return cluster


@transaction.atomic
def rename(*, cluster: Cluster, name: str, by: User, now: datetime, reason: str = "") -> Cluster:
    """Give a cluster another name; the earlier one stays in its decisions."""
    cluster = _adopted(cluster)
    name, before = _free_name(name, cluster.consultation, but=cluster), cluster.name
    if name != before:
        cluster.name = name
        cluster.save()
        _note(cluster, What.RENAMED, by, now, reason=reason, detail=f"was: {before}")
    return cluster


@transaction.atomic
def change_theme(
    *, cluster: Cluster, theme: Theme, by: User, now: datetime, reason: str = ""
) -> Cluster:
    """Put a cluster under another theme of its area."""
    cluster = _adopted(cluster)
    if theme_of_area(theme, cluster.consultation) != cluster.theme:
        detail = f"was: {cluster.theme}"
        cluster.theme = theme
        cluster.save()
        _note(cluster, What.THEME, by, now, reason=reason, detail=detail)
    return cluster


@transaction.atomic
def merge(
    *,
    keep: Cluster,
    others: Sequence[Cluster],
    by: User,
    now: datetime,
    reason: str = "",
) -> Cluster:
    """Move the ideas of the other clusters, and the outcomes drawn from them, to `keep`."""
    if not others or keep in others:
        raise BadText("Choose two or more different clusters to merge.")
    locked = {cluster.pk: cluster for cluster in _all_adopted([keep, *others])}
    keep = locked.pop(keep.pk)
    for other in locked.values():
        if other.consultation_id != keep.consultation_id:
            raise BadText("Clusters of different consultations cannot be merged.")
        # All of them: an idea that is withheld now may be cleared later.
        ClusterIdea.everything.filter(cluster=other).update(cluster=keep, came_from=other)
        for outcome in other.outcomes.all():
            outcome.clusters.add(keep)
            outcome.clusters.remove(other)
        other.state = Cluster.State.MERGED
        other.merged_into = keep
        other.save()
        _note(other, What.MERGED, by, now, reason=reason, other=keep)
        _note(keep, What.TOOK_IN, by, now, reason=reason, other=other)
    return keep


@transaction.atomic
def move_ideas(
    *,
    ideas: Sequence[Idea],
    out_of: Cluster,
    reason: str,
    by: User,
    now: datetime,
    into: Cluster | None = None,
) -> Cluster:
    """Take ideas out of a cluster that they do not belong in, into another one or into none.

    A cluster keeps at least one idea: without any it is set aside or merged instead.
    """
    clusters = {row.pk: row for row in _all_adopted([out_of, *([into] if into else [])])}
    members = clusters[out_of.pk].members.filter(idea__in=ideas)
    count = members.count()
    if not count or into == out_of:
        raise BadText("Choose ideas of this cluster, and another cluster or none to move them to.")
    if count == out_of.members.count():
        raise BadText("These are all its ideas. Set the cluster aside or merge it instead.")
    reason = required(reason, "Say why they do not belong here.")
    detail = "1 idea" if count == 1 else f"{count} ideas"
    if into:
        members.update(cluster=into, came_from=out_of, added_by=by, added_at=now)
        _note(into, What.MOVED_IN, by, now, detail=detail, reason=reason, other=out_of)
    else:
        members.delete()
    _note(out_of, What.MOVED_OUT, by, now, detail=detail, reason=reason, other=into)
    return clusters[out_of.pk]


@transaction.atomic
def set_aside(*, cluster: Cluster, reason: str, by: User, now: datetime) -> Cluster:
    """Decide not to take a cluster forward. Its ideas stay in it, with the reason."""
    cluster = _adopted(cluster)
    reason = required(reason, "Say why it is set aside. People will ask.")
    drawn = [str(outcome) for outcome in cluster.outcomes.exclude(state=Outcome.State.RETIRED)]
    if drawn:
        raise BadText(
            f"{' and '.join(drawn)} draws on this cluster. An outcome cannot rest on words "
            "that are set aside."
        )
    cluster.state = Cluster.State.SET_ASIDE
    cluster.save()
    _note(cluster, What.SET_ASIDE, by, now, reason=reason)
    return cluster


@transaction.atomic
def take_up_again(*, cluster: Cluster, by: User, now: datetime, reason: str = "") -> Cluster:
    """Undo a setting aside. Both decisions stay on record."""
    cluster = Cluster.objects.select_for_update(of=("self",)).get(pk=cluster.pk)
    if cluster.state != Cluster.State.SET_ASIDE:
        raise AlreadyDecided(f"“{cluster}” is not set aside.")
    cluster.state = Cluster.State.ADOPTED
    cluster.save()
    _note(cluster, What.TAKEN_UP, by, now, reason=reason)
    return cluster


def _adopted(cluster: Cluster) -> Cluster:
    return _all_adopted([cluster])[0]


def _all_adopted(clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters, locked in one order so that two people never wait for each other."""
    keys = [cluster.pk for cluster in clusters]
    rows = Cluster.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    locked = list(rows)
    for cluster in locked:
        if cluster.state != Cluster.State.ADOPTED:
            raise AlreadyDecided(f"“{cluster}” is {cluster.get_state_display()} already.")
    return locked


def _note(
    cluster: Cluster,
    what: str,
    by: User,
    now: datetime,
    *,
    reason: str = "",
    detail: str = "",
    other: Cluster | None = None,
) -> None:
    record(what=f"cluster: {What(what).label}", about=cluster, by=by, now=now)
    ClusterDecision.objects.create(
        cluster=cluster,
        what=what,
        detail=detail,
        other=other,
        reason=storable(reason).strip(),
        by=by,
        at=now,
    )
