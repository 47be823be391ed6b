"""Undoing the last decision about a cluster: both stay on record, and doubt is refused."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from outcomes.actions.curating import (
    AlreadyDecided,
    What,
    free_name,
    held,
    hold_ideas,
    hold_names,
    name_still_free,
    no_outcome_rests_on,
    note,
    unchanged,
)
from outcomes.models import (
    NAME_WITHHELD,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    Idea,
    Outcome,
    OutcomeDecision,
)
from outcomes.proposals import undecided
from surveys.models import Theme

State = Cluster.State
# What the other cluster's history says of a decision about two.
TWINS = {
    What.MERGED: What.TOOK_IN,
    What.TOOK_IN: What.MERGED,
    What.MOVED_OUT: What.MOVED_IN,
    What.MOVED_IN: What.MOVED_OUT,
    What.SPLIT: What.SPLIT_OFF,
    What.SPLIT_OFF: What.SPLIT,
    What.CONTRADICTS: What.CONTRADICTS,
    What.UNLINKED: What.UNLINKED,
}
WAS = "was: "


class CannotBeUndone(AlreadyDecided):
    """Too much hangs on a decision, or too little is known of what was before."""


@transaction.atomic
def undo(
    *, cluster: Cluster, by: User, now: datetime, reason: str = "", seen: int | None = None
) -> Cluster:
    """Take back the last decision about a cluster that stands, in the other cluster too.

    Again, and it takes back the one before. Adopting is not undone: that is setting aside.
    """
    last = cluster.last_standing
    other = [last.other] if last and last.other else []
    if last and not other:
        hold_ideas(Idea.everything.filter(pk__in=_numbers(last)))
    rows = {row.pk: row for row in held([cluster, *other])}
    unchanged([cluster], seen)
    cluster = rows[cluster.pk]
    decision = cluster.last_standing
    if decision is None or decision.what == What.ADOPTED:
        raise CannotBeUndone(
            f"Nothing was decided about “{cluster}” since it was made. Set it aside if it should "
            "not be there."
        )
    if decision != last:
        raise CannotBeUndone("Somebody decided about this cluster at this moment. Look again.")
    twin = _twin(decision, rows[decision.other.pk]) if decision.other else None
    _take_back(decision, twin, rows, by, now)
    for one in (decision, twin):
        if one:
            what, its = f"{one.get_what_display()}", rows.get(one.other_id or 0)
            note(rows[one.cluster_id], What.UNDONE, by, now, reason=reason, detail=what, other=its)
    return rows[decision.cluster_id]


def _twin(decision: ClusterDecision, other: Cluster) -> ClusterDecision:
    """The same decision in the other cluster's history, where nothing came after it."""
    last = other.last_standing
    twin = last and (last.what, last.other_id, last.at)
    if not last or twin != (TWINS[What(decision.what)], decision.cluster_id, decision.at):
        later = f": {last.in_words}" if last else ""
        raise CannotBeUndone(
            f"Something was decided about “{other}” since{later}. Undo that first."
        )
    return last


def _take_back(
    decision: ClusterDecision,
    twin: ClusterDecision | None,
    rows: dict[int, Cluster],
    by: User,
    now: datetime,
) -> None:
    """What was before, by what was decided."""
    what, cluster = What(decision.what), rows[decision.cluster_id]
    if what in (What.RENAMED, What.THEME):
        _back_to(cluster, what, decision.detail.removeprefix(WAS))
    elif what == What.SET_ASIDE:
        name_still_free(cluster)
        _put(cluster, state=State.ADOPTED)
    elif what == What.TAKEN_UP:
        no_outcome_rests_on(cluster)
        _put(cluster, state=State.SET_ASIDE)
    elif what in (What.CAMPAIGN, What.NO_CAMPAIGN):
        _put(cluster, is_campaign=what == What.NO_CAMPAIGN)
    elif twin is None:
        _alone(decision, cluster, by, now)
    elif what == What.CONTRADICTS:
        cluster.contradicts.remove(rows[twin.cluster_id])
    elif what == What.UNLINKED:
        cluster.contradicts.add(rows[twin.cluster_id])
    elif what in (What.MERGED, What.TOOK_IN):
        took_in, merged = (decision, twin) if what == What.TOOK_IN else (twin, decision)
        _unmerge(rows[took_in.cluster_id], rows[merged.cluster_id], took_in, merged)
    else:
        came, went = (
            (decision, twin) if what in (What.MOVED_IN, What.SPLIT_OFF) else (twin, decision)
        )
        _send_back(rows[came.cluster_id], rows[went.cluster_id], came, by, now)


def _put(cluster: Cluster, **values: object) -> None:
    for name, value in values.items():
        setattr(cluster, name, value)
    cluster.save()


def _back_to(cluster: Cluster, what: What, before: str) -> None:
    if what == What.RENAMED:
        if NAME_WITHHELD in before:
            raise CannotBeUndone("The earlier name is withheld. Rename it instead.")
        return _put(cluster, name=free_name(before, cluster.consultation, but=cluster))
    theme = Theme.objects.filter(area=cluster.consultation.area_id, label=before).first()
    if theme is None:
        raise CannotBeUndone(f"There is no theme called “{before}” any longer. Choose one instead.")
    return _put(cluster, theme=theme)


def _numbers(decision: ClusterDecision) -> list[int]:
    """Of the ideas that it was about; none where they were too many to say."""
    _, _, told = decision.detail.partition(": ")
    return [int(number) for number in told.split(", ") if number.isdecimal()]


def _alone(decision: ClusterDecision, cluster: Cluster, by: User, now: datetime) -> None:
    """Ideas that came from no cluster go out again; those that went into none come back."""
    keys = _numbers(decision)
    if decision.what == What.MOVED_IN:
        members = ClusterIdea.everything.filter(cluster=cluster, idea__in=keys)
        if not members.exists() or members.count() == cluster.members.count():
            raise CannotBeUndone(
                "It cannot be told any longer which ideas came in, or nothing else would be left. "
                "Take them out instead."
            )
        members.delete()
        return
    # As adopting and bringing in do: an idea that two people want is one's.
    hold_names(cluster.consultation)
    ideas = list(undecided(Idea.everything.filter(pk__in=keys)))
    if not ideas or len(ideas) < len(keys):
        raise CannotBeUndone(
            "Not all of these ideas are free to come back: somebody put them elsewhere since, "
            "they were taken back, or they were too many to list. Bring in those you miss."
        )
    ClusterIdea.objects.bulk_create(
        ClusterIdea(cluster=cluster, idea=idea, added_by=by, added_at=now) for idea in ideas
    )


def _send_back(
    now_in: Cluster, home: Cluster, came: ClusterDecision, by: User, now: datetime
) -> None:
    """Ideas that were moved or split off go back; what a split made goes with them."""
    members = ClusterIdea.everything.filter(cluster=now_in, came_from=home)
    if keys := _numbers(came):
        members = members.filter(idea__in=keys)
    else:
        members = members.filter(added_at=came.at, added_by=came.by)
    split = came.what == What.SPLIT_OFF
    if split:
        no_outcome_rests_on(now_in)
        members = ClusterIdea.everything.filter(cluster=now_in)
    if home.state != State.ADOPTED or (not split and not members.exists()):
        raise CannotBeUndone(f"These ideas cannot go back to “{home}” any longer.")
    members.update(cluster=home, came_from=None, added_by=by, added_at=now)
    if split:
        _put(now_in, state=State.MERGED, merged_into=home)


def _unmerge(
    keep: Cluster, other: Cluster, took_in: ClusterDecision, merged: ClusterDecision
) -> None:
    """The ideas and outcomes that came from the other cluster go back to it."""
    name_still_free(other)
    outcomes = _told_outcomes(keep, took_in, merged)
    members = _came_by_merging(keep, other, took_in)
    told = merged.detail.split(" ")[0]
    if _moved_since(keep, took_in) and members.count() != int(told if told.isdecimal() else -1):
        raise CannotBeUndone(
            f"Ideas were moved since, and it cannot be told any longer which came from “{other}”. "
            "Split them off under a name instead."
        )
    members.update(cluster=other, came_from=None)
    for outcome in outcomes:
        if outcome.code in _codes(took_in):
            outcome.clusters.remove(keep)
        outcome.clusters.add(other)
    _put(other, state=State.ADOPTED, merged_into=None)


def _came_by_merging(
    keep: Cluster, other: Cluster, took_in: ClusterDecision
) -> QuerySet[ClusterIdea]:
    """Without those that somebody had moved from the one to the other before."""
    earlier = keep.decisions.filter(what=What.MOVED_IN, other=other, pk__lt=took_in.pk)
    members: QuerySet[ClusterIdea] = ClusterIdea.everything.filter(cluster=keep, came_from=other)
    return members.exclude(added_at__in=earlier.values("at"))


def _moved_since(keep: Cluster, took_in: ClusterDecision) -> bool:
    moves = [What.MOVED_IN, What.MOVED_OUT, What.SPLIT, What.SPLIT_OFF, What.MERGED]
    return keep.decisions.filter(what__in=moves, pk__gt=took_in.pk).exists()


def _codes(decision: ClusterDecision) -> set[str]:
    _, _, told = decision.detail.partition("outcomes: ")
    return set(told.split(", ")) - {"", "none"}


def _told_outcomes(
    keep: Cluster, took_in: ClusterDecision, merged: ClusterDecision
) -> list[Outcome]:
    """The outcomes that came along, unless it cannot be told which did."""
    drawn = keep.outcomes.exclude(state=Outcome.State.RETIRED).select_related("theme")
    since = drawn.filter(decisions__what=OutcomeDecision.What.DRAFTED, decisions__at__gt=took_in.at)
    if new := [outcome.code for outcome in since]:
        raise CannotBeUndone(
            f"{' and '.join(new)} was drafted since, and rests on the ideas of both. Split off "
            "the ideas that do not belong instead."
        )
    if not merged.detail and drawn:
        raise CannotBeUndone(
            f"It is not on record which of {' and '.join(one.code for one in drawn)} was drawn "
            "from which cluster. Split off the ideas that do not belong instead."
        )
    rows = Outcome.objects.filter(consultation=keep.consultation_id).select_related("theme")
    return [outcome for outcome in rows if outcome.code in _codes(merged)]
