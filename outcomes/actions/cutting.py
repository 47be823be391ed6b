"""Where ideas begin and end: moved, cut in two, joined, found and left out by people.

Each keeps what it did as a Cutting, so that it can be taken back: see uncutting.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import ideas_in
from outcomes.actions.curating import AlreadyDecided, held
from outcomes.actions.rejoining import as_it_is
from outcomes.actions.remainder import GONE, held_passage, look_again_if_said
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterIdea,
    Coding,
    Cutting,
    Disposition,
    Idea,
    SampleIdea,
)
from surveys.actions import record
from surveys.models import Passage
from surveys.refusals import BadText

What = Cutting.What
Span = tuple[int, int]
# Such a coding says that there is none any longer.
TAKEN_BACK = {"how": Coding.How.UNDONE, "theme__isnull": True}
SAMPLED = "It is in a sample that two people code, so it stays."
ENDED = (
    "One of the two is in a cluster, and it was decided that the other goes into none. Change one "
    "of them first."
)
NOT_THERE = "Somebody cut these words otherwise meanwhile. Look at them again."


@transaction.atomic
def move_border(*, idea: Idea, start: int, end: int, by: User, now: datetime) -> Idea:
    """Let an idea begin and end elsewhere in its passage. It may not run into another."""
    passage, idea, others = _held(idea)
    was, will = span_of(idea), _trimmed(passage.source.text, start, end)
    placed = {"cut_by": idea.cut_by_id}
    if any(will[0] < one.end and one.start < will[1] for one in others):
        raise BadText("It would run into the next idea. Move that one first, or join the two.")
    if was == will:
        return idea
    place(idea, will, by)
    _keep(What.MOVED, passage, idea, before=[(*was, placed)], after=[will], by=by, now=now)
    if words_left_out(passage, [was], [will]):
        look_again_if_said(passage, by, now)
    before = f"was {was[0]} to {was[1]}, now {will[0]} to {will[1]}"
    record(what="idea: border moved", about=idea, by=by, now=now, detail=before)
    return idea


@transaction.atomic
def cut(*, idea: Idea, at: int, by: User, now: datetime) -> tuple[Idea, Idea]:
    """Two ideas of one. Both keep what was decided of it; change that where they differ."""
    passage, idea, _others = _held(idea)
    text, was = passage.source.text, (*span_of(idea), {"cut_by": idea.cut_by_id})
    if not idea.start < at < idea.end:
        raise BadText("Choose a place inside the idea.")
    first, second = _trimmed(text, idea.start, at), _trimmed(text, at, idea.end)
    new = halve(idea, first, second, by, now)
    _keep(What.CUT, passage, idea, new, before=[was], after=[first, second], by=by, now=now)
    record(what="idea: cut in two", about=idea, by=by, now=now, detail=f"the other: {new.pk}")
    return idea, new


@transaction.atomic
def join(*, idea: Idea, by: User, now: datetime) -> Idea:
    """An idea with the next one of its passage. What was decided of either holds for both;

    refused where they were decided differently.
    """
    passage, idea, others = _held(idea)
    later = [one for one in others if one.start >= idea.end]
    if not later:
        raise BadText("This is the last idea here: there is no next one to join it with.")
    lost = later[0]
    gone, were = lost.pk, [(*span_of(one), as_it_is(one)) for one in (idea, lost)]
    fuse(idea, lost, (idea.start, lost.end), by, now, keeps_ends=True)
    _keep(What.JOINED, passage, idea, before=were, after=[span_of(idea)], by=by, now=now)
    record(what="idea: joined", about=idea, by=by, now=now, detail=f"with {gone}, now gone")
    return idea


@transaction.atomic
def find_idea(*, passage: Passage, start: int, end: int, by: User, now: datetime) -> Idea:
    """Mark words as an idea that the machine did not find."""
    passage = held_passage(passage)
    run = AnalysisRun.objects.filter(consultation=passage.consultation_id).done().first()
    if run is None:
        raise BadText("Ask for an analysis first; then mark what it did not find.")
    start, end = _trimmed(passage.source.text, start, end)
    if any(start < one.end and one.start < end for one in ideas_in(passage)):
        raise BadText("Some of these words are in an idea already.")
    about = {"answer_id": passage.answer_id, "note_id": passage.note_id}
    idea: Idea = Idea.objects.create(**about, start=start, end=end, found_by=run, cut_by=by)
    _keep(What.MARKED, passage, idea, before=[], after=[(start, end)], by=by, now=now)
    look_again_if_said(passage, by, now)
    record(what="idea: marked", about=idea, by=by, now=now, detail=f"{start} to {end}")
    return idea


def span_of(idea: Idea) -> Span:
    return idea.start, idea.end


def place(idea: Idea, span: Span, by: User | None) -> None:
    (idea.start, idea.end), idea.cut_by = span, by
    idea.save()


def halve(idea: Idea, first: Span, second: Span, by: User, now: datetime) -> Idea:
    """The idea becomes the first of the two; gives the second, with all that was decided."""
    place(idea, first, by)
    about = {"answer_id": idea.answer_id, "note_id": idea.note_id}
    start, end = second
    new: Idea = Idea.objects.create(
        **about, start=start, end=end, found_by_id=idea.found_by_id, cut_by=by
    )
    history = list(Coding.everything.filter(idea=idea).order_by("pk"))
    for coding in history if any(one.is_current and one.theme_id for one in history) else ():
        coding.pk, coding._state.adding, coding.idea = None, True, new
        coding.suggested = None  # the machine is measured by it once
        coding.save()
    for one in Disposition.objects.current().filter(idea=idea):
        one.pk, one._state.adding, one.idea = None, True, new
        one.save()
    for home in ClusterIdea.everything.filter(idea=idea):
        ClusterIdea.objects.create(cluster_id=home.cluster_id, idea=new, added_by=by, added_at=now)
    return new


def fuse(
    idea: Idea, lost: Idea, span: Span, by: User, now: datetime, *, keeps_ends: bool = False
) -> None:
    """The idea takes in the other, which is gone; refused where they were decided differently.

    `keeps_ends`: all that ever became of the other is history of the idea, for what was to be read
    again may be so once more.
    """
    members = list(ClusterIdea.everything.filter(idea__in=[idea, lost]))
    homes = {one.cluster_id for one in members}
    if len(homes) > 1:
        raise BadText("The two are in different clusters. Move one of them first.")
    loose = {idea.pk, lost.pk} - {one.idea_id for one in members}
    if homes and Disposition.objects.current().filter(idea__in=loose).exists():
        raise BadText(ENDED)
    refuse_sampled(lost)
    _hand_over(lost, idea)
    if keeps_ends:
        Disposition.objects.filter(idea=lost).update(idea=idea, is_current=False)
    ClusterIdea.everything.filter(idea=lost).delete()
    if homes and not ClusterIdea.everything.filter(idea=idea).exists():
        ClusterIdea.objects.create(cluster_id=homes.pop(), idea=idea, added_by=by, added_at=now)
    lost.delete()
    place(idea, span, by)


def refuse_sampled(idea: Idea) -> None:
    """What two people code blind stays as they see it."""
    if SampleIdea.everything.filter(idea=idea).exists():
        raise BadText(SAMPLED)


def words_left_out(passage: Passage, were: Iterable[Span], are: Iterable[Span]) -> bool:
    """Whether words that were in these ideas are in none of them any longer."""
    before, after = ({at for span in spans for at in range(*span)} for spans in (were, are))
    text = passage.source.text
    return any(text[at].isalnum() for at in before - after)


def _hand_over(lost: Idea, idea: Idea) -> None:
    """Decisions about the idea that goes are those of the one that stays, if it has none."""
    both = {"idea__in": [idea, lost]}
    Coding.everything.current().filter(**both, **TAKEN_BACK).update(is_current=False)
    opened = Disposition.objects.filter(**both, is_current=True, what=Disposition.What.OPEN)
    opened.update(is_current=False)
    for rows, said in (
        (Coding.everything, lambda one: [theme.pk for theme in one.themes]),
        (Disposition.objects, lambda one: one.what),
    ):
        own, other = (rows.filter(idea=which, is_current=True).first() for which in (idea, lost))
        if own and other and said(own) != said(other):
            raise BadText("The two were decided differently. Change one of them first.")
        if other and not own:
            rows.filter(idea=lost).update(idea=idea)


def _held(idea: Idea) -> tuple[Passage, Idea, list[Idea]]:
    """The idea and the others of its passage, in reading order, locked until all is done."""
    passage = held_passage(_passage_of(idea))
    rows = held_ideas(passage)
    own = next((one for one in rows if one.pk == idea.pk), None)
    if own is None or span_of(own) != span_of(idea):
        raise AlreadyDecided(NOT_THERE)
    return passage, own, [one for one in rows if one != own]


def _passage_of(idea: Idea) -> Passage:
    rows = Passage.objects.filter(answer=idea.answer_id, note=idea.note_id)
    found: Passage | None = rows.first()
    if found is None:
        raise AlreadyDecided(GONE)
    return found


def held_ideas(passage: Passage) -> list[Idea]:
    """Locked in the order in which all lock them; given in reading order.

    The clusters that they are in too, lest a part goes into one that is merged at this moment.
    """
    rows = ideas_in(passage).select_for_update(of=("self",)).select_related("answer", "note")
    ideas, homes = list(rows.order_by("pk")), set[Cluster]()
    inside = Cluster.objects.filter(members__idea__in=ideas).distinct()
    while not homes.issuperset(now_in := set(inside.all())):
        homes |= set(held(list(now_in)))
    return sorted(ideas, key=lambda one: one.start)


def _keep(
    what: str,
    passage: Passage,
    idea: Idea,
    other: Idea | None = None,
    *,
    before: Sequence[Span | tuple[int, int, Any]],
    after: Sequence[Span],
    by: User,
    now: datetime,
) -> None:
    about = {"passage": passage, "what": what, "idea": idea, "other": other, "by": by, "at": now}
    Cutting.objects.create(**about, before=list(before), after=list(after))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces at both ends; refused where nothing is left."""
    if not 0 <= start < end <= len(text):
        raise BadText("Choose at least one word of these.")
    kept = text[start:end]
    left, right = len(kept) - len(kept.lstrip()), len(kept) - len(kept.rstrip())
    if not kept.strip():
        raise BadText("Choose at least one word of these.")
    return start + left, end - right
