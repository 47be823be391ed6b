"""Taking back where people moved, cut, joined or marked ideas: the newest step first."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import ANY, ChangedMeanwhile
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.cutting import (
    NOT_THERE,
    TAKEN_BACK,
    Span,
    fuse,
    halve,
    held_ideas,
    place,
    refuse_sampled,
    span_of,
    words_left_out,
)
from outcomes.actions.rejoining import Kept, can_be_given_back, give_back, there_again
from outcomes.actions.remainder import held_passage, look_again_if_said
from outcomes.models import ClusterIdea, Coding, Cutting, Disposition, Idea
from surveys.actions import record
from surveys.models import Passage
from surveys.refusals import BadText

What = Cutting.What
NOTHING = "Nobody cut anything otherwise here that could be taken back."
MOVED_ON = "These ideas no longer lie where that step put them. It cannot be taken back."


def newest_cutting(passage: Passage) -> Cutting | None:
    """The newest step that stands."""
    rows = Cutting.objects.filter(passage=passage, undone_at__isnull=True)
    return rows.select_related("by").order_by("pk").last()


def gives_back(step: Cutting) -> bool:
    """Whether what is joined comes apart into what each part was; else both get what is decided of
    the whole."""
    return step.what == What.JOINED and all(_kept(step))


@transaction.atomic
def undo_cutting(
    *, passage: Passage, by: User, now: datetime, seen: int | object | None = ANY
) -> Cutting:
    """Take back the newest step that stands, whoever made it; gives what was taken back.

    `seen` is the key of the step that the person saw, None for none.
    """
    passage = held_passage(passage)
    step = newest_cutting(passage)
    if seen is not ANY and (step.pk if step else None) != seen:
        raise ChangedMeanwhile(NOT_THERE)
    if step is None:
        raise AlreadyDecided(NOTHING)
    before, after = _spans(step.before), _spans(step.after)
    lie = {span_of(one): one for one in held_ideas(passage)}
    if any(span not in lie for span in after):
        raise AlreadyDecided(MOVED_ON)
    others = lie.keys() - set(after)
    if any(one[0] < other[1] and other[0] < one[1] for one in before for other in others):
        raise AlreadyDecided(MOVED_ON)
    _take_back(step, before, [lie[span] for span in after], by, now)
    step.undone_at = now
    step.save(update_fields=["undone_at"])
    if words_left_out(passage, after, before):
        look_again_if_said(passage, by, now)
    detail = f"{step.get_what_display()}, by {step.by}"
    record(what="idea: cutting taken back", about=passage, by=by, now=now, detail=detail)
    return step


def _spans(stored: list[Any]) -> list[Span]:
    return [(start, end) for start, end, *_ in stored]


def _kept(step: Cutting) -> list[Kept]:
    """Beside each place before the step: what is known of the idea; none of steps of long ago."""
    return [one[2] if len(one) > 2 else {} for one in step.before]


def _take_back(
    step: Cutting, before: list[Span], ideas: list[Idea], by: User, now: datetime
) -> None:
    placed = [_who_placed(step, number) for number in range(len(before))]
    if step.what == What.MOVED:
        place(ideas[0], before[0], placed[0])
    elif step.what == What.JOINED and can_be_given_back(ideas[0], _kept(step)):
        place(ideas[0], before[0], placed[0])
        there_again(ideas[0], _kept(step)[1], *before[1])
        give_back(ideas[0], _kept(step), by, now)
    elif step.what == What.JOINED:
        new = halve(ideas[0], before[0], before[1], by, now)
        for one, span, who in zip((ideas[0], new), before, placed, strict=True):
            place(one, span, who)
    elif step.what == What.CUT:
        refuse_sampled(ideas[1])
        fuse(ideas[0], ideas[1], before[0], by, now)
        place(ideas[0], before[0], placed[0])
    else:
        _refuse_decided(ideas[0])
        ideas[0].delete()


def _who_placed(step: Cutting, number: int) -> User | None:
    """Who had said that this idea lies there before the step; None: the machine.

    Of a step that did not keep it, somebody who had said so in an earlier step.
    """
    known = _kept(step)[number]
    if known:
        return User.objects.filter(pk=known["cut_by"]).first()
    span = _spans(step.before)[number]
    earlier = Cutting.objects.filter(passage=step.passage_id, pk__lt=step.pk)
    rows = earlier.filter(undone_at__isnull=True).select_related("by").order_by("-pk")
    return next((one.by for one in rows if list(span) in one.after), None)


def _refuse_decided(idea: Idea) -> None:
    if (
        Coding.everything.current().filter(idea=idea).exclude(**TAKEN_BACK).exists()
        or Disposition.objects.current().filter(idea=idea).exists()
    ):
        raise BadText("Somebody decided about the marked idea since. Take that back first.")
    if ClusterIdea.everything.filter(idea=idea).exists():
        raise BadText("The marked idea is in a cluster. Take it out there first.")
    refuse_sampled(idea)
