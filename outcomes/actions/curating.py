"""Clusters: adopt, rename, put under a theme, set aside; and what every decision on one needs."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from outcomes.actions.learning import learn
from outcomes.models import (
    Cluster,
    ClusterDecision,
    ClusterIdea,
    GroupSuggestion,
    Idea,
    Outcome,
)
from outcomes.proposals import undecided
from surveys.actions import record
from surveys.models import Consultation, Theme
from surveys.refusals import BadText, Refusal
from surveys.texts import required, storable

MOST_WORDS = 12
MOST_CHARACTERS = 120
What = ClusterDecision.What
SAY_WHY = "Say why it is set aside, in three words or more. Families read the reason."
FEWEST_WORDS = 3


class AlreadyDecided(Refusal):
    """Somebody decided this before."""


class DecidedMeanwhile(AlreadyDecided):
    """Somebody else decided about the cluster since the page was shown."""


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


def free_name(name: str, consultation: Consultation, but: Cluster | None = None) -> str:
    """A good name that no other adopted cluster of the consultation has."""
    name = good_name(name)
    hold_names(consultation)
    same = Cluster.objects.adopted().filter(consultation=consultation, name__iexact=name)
    if any(other != but for other in same):
        raise BadText(f"Another cluster is called “{name}”. Give this one a name of its own.")
    return name


def hold_names(*consultations: Consultation) -> None:
    """Until all is done: of two who take the same name or idea at this moment, one is told."""
    rows = Consultation.objects.select_for_update(no_key=True, of=("self",))
    list(rows.filter(pk__in={one.pk for one in consultations}).order_by("pk"))


def theme_of_area(theme: Theme, consultation: Consultation) -> Theme:
    """The theme, when it is one of the consultation's area."""
    if theme.area_id != consultation.area_id:
        raise BadText("That theme belongs to another area.")
    return theme


def adopt(
    *,
    suggestion: GroupSuggestion,
    name: str,
    by: User,
    now: datetime,
    theme: Theme | None = None,
    detail: str = "",
) -> Cluster:
    """Make a cluster of a suggested group, under people's own name for it; `detail` says where
    that comes from.

    Ideas that are in a cluster already stay there, and those that were disposed of stay out; the
    rest come in. The machine learns from it once there is enough.
    """
    cluster = _adopt(suggestion, name, theme, by, now, detail)
    learn(consultation=cluster.consultation, by=by, now=now)
    return cluster


@transaction.atomic
def _adopt(
    suggestion: GroupSuggestion,
    name: str,
    theme: Theme | None,
    by: User,
    now: datetime,
    detail: str,
) -> Cluster:
    suggestion = GroupSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    hold_ideas(Idea.objects.filter(suggestions__group=suggestion))
    # Suggestions of different runs share ideas: one adoption at a time.
    consultation = suggestion.run.consultation
    hold_names(consultation)
    if Cluster.objects.filter(adopted_from=suggestion).exists():
        raise AlreadyDecided("This suggestion was adopted already.")
    ideas = list(undecided(Idea.objects.filter(suggestions__group=suggestion)))
    if not ideas:
        raise AlreadyDecided(
            "Every idea in this suggestion is in a cluster already, or was handed on or set aside."
        )
    cluster = Cluster.objects.create(
        consultation=consultation,
        theme=theme_of_area(theme or suggestion.theme, consultation),
        name=free_name(name, consultation),
        adopted_from=suggestion,
    )
    ClusterIdea.objects.bulk_create(
        ClusterIdea(cluster=cluster, idea=idea, added_by=by, added_at=now) for idea in ideas
    )
    # Its suggested name stays with the suggestion alone, where it goes when the words go.
    note(cluster, What.ADOPTED, by, now, detail=detail)
    return cluster


@transaction.atomic
def rename(
    *,
    cluster: Cluster,
    name: str,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Give a cluster another name; the earlier one stays in its decisions."""
    cluster = adopted(cluster, seen)
    name, before = free_name(name, cluster.consultation, but=cluster), cluster.name
    if name != before:
        cluster.name = name
        cluster.save()
        note(cluster, What.RENAMED, by, now, reason=reason, detail=f"was: {before}")
    return cluster


def change_theme(
    *,
    cluster: Cluster,
    theme: Theme,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> Cluster:
    """Put a cluster under another theme of its area. The machine learns from it."""
    cluster = _change_theme(cluster, theme, by, now, reason, seen)
    learn(consultation=cluster.consultation, by=by, now=now)
    return cluster


@transaction.atomic
def _change_theme(
    cluster: Cluster, theme: Theme, by: User, now: datetime, reason: str, seen: int | None
) -> Cluster:
    cluster = adopted(cluster, seen)
    if theme_of_area(theme, cluster.consultation) != cluster.theme:
        detail = f"was: {cluster.theme}"
        cluster.theme = theme
        cluster.save()
        note(cluster, What.THEME, by, now, reason=reason, detail=detail)
    return cluster


@transaction.atomic
def set_aside(
    *, cluster: Cluster, reason: str, by: User, now: datetime, seen: int | None = None
) -> Cluster:
    """Decide not to take a cluster forward. Its ideas stay in it, with the reason."""
    cluster = adopted(cluster, seen)
    reason = required(reason, SAY_WHY)
    if len(reason.split()) < FEWEST_WORDS:
        raise BadText(SAY_WHY)
    no_outcome_rests_on(cluster)
    cluster.state = Cluster.State.SET_ASIDE
    cluster.save()
    note(cluster, What.SET_ASIDE, by, now, reason=reason)
    return cluster


def no_outcome_rests_on(cluster: Cluster) -> None:
    """Refuse what would take the words away from under an outcome."""
    live = cluster.outcomes.exclude(state=Outcome.State.RETIRED).select_related("theme")
    if drawn := [outcome.code for outcome in live]:
        raise BadText(
            f"{' and '.join(drawn)} draws on this cluster. An outcome cannot rest on words "
            "that are set aside."
        )


@transaction.atomic
def take_up_again(*, cluster: Cluster, by: User, now: datetime, reason: str = "") -> Cluster:
    """Undo a setting aside. Both decisions stay on record."""
    cluster = held([cluster])[0]
    if cluster.state != Cluster.State.SET_ASIDE:
        raise AlreadyDecided(f"“{cluster}” is not set aside.")
    name_still_free(cluster)
    cluster.state = Cluster.State.ADOPTED
    cluster.save()
    note(cluster, What.TAKEN_UP, by, now, reason=reason)
    return cluster


def name_still_free(cluster: Cluster) -> None:
    """While a cluster was set aside or merged, another may have taken its name."""
    hold_names(cluster.consultation)
    same = Cluster.objects.adopted().filter(consultation=cluster.consultation_id)
    if same.filter(name__iexact=cluster.name).exclude(pk=cluster.pk).exists():
        raise BadText(f"Another cluster is called “{cluster}” now. Rename that one first.")


def adopted(cluster: Cluster, seen: int | None = None) -> Cluster:
    return all_adopted([cluster], seen)[0]


def all_adopted(clusters: Sequence[Cluster], seen: int | None = None) -> list[Cluster]:
    """The clusters, held until the transaction ends, all of them to decide on."""
    locked = held(clusters)
    unchanged(clusters, seen)
    for cluster in locked:
        if cluster.state != Cluster.State.ADOPTED:
            raise AlreadyDecided(f"“{cluster}” is {cluster.get_state_display()} already.")
    return locked


def held(clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters, locked in one order so that two people never wait for each other."""
    keys = [cluster.pk for cluster in clusters]
    rows = Cluster.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows)


def hold_ideas(ideas: QuerySet[Idea]) -> None:
    """Nobody says meanwhile what becomes of them. Held before the clusters that they go into."""
    rows = Idea.everything.select_for_update(of=("self",))
    list(rows.filter(pk__in=ideas.order_by().values("pk")).order_by("pk").values_list("pk"))


def unchanged(clusters: Sequence[Cluster], seen: int | None) -> None:
    """Nothing is decided over what somebody else decided unseen, given the newest that was seen.

    `seen` is the key of the newest decision on the clusters, which the caller holds.
    """
    if seen is None:
        return
    newer = ClusterDecision.objects.filter(cluster__in=clusters, pk__gt=seen).order_by("pk")
    if last := newer.select_related("by", "cluster", "other").last():
        raise DecidedMeanwhile(
            f"{last.by} decided about “{last.cluster}” meanwhile: {last.in_words}. Nothing of "
            "yours was done. Look at it again; if yours still holds, send it once more."
        )


def note(
    cluster: Cluster,
    what: str,
    by: User,
    now: datetime,
    *,
    reason: str = "",
    detail: str = "",
    other: Cluster | None = None,
) -> ClusterDecision:
    """Keep a decision with the cluster, and in the audit log."""
    record(what=f"cluster: {What(what).label}", about=cluster, by=by, now=now)
    return ClusterDecision.objects.create(
        cluster=cluster,
        what=what,
        detail=detail,
        other=other,
        reason=storable(reason).strip(),
        by=by,
        at=now,
    )
