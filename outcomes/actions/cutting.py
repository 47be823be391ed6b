"""Where ideas begin and end: moved, cut in two, joined, found and left out by people."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from outcomes.actions.curating import AlreadyDecided
from outcomes.models import AnalysisRun, ClusterIdea, Coding, Disposition, Idea
from surveys.actions import record
from surveys.models import Passage
from surveys.refusals import BadText

NOT_THERE = "Somebody cut these words otherwise meanwhile. Look at them again."


@transaction.atomic
def move_border(*, idea: Idea, start: int, end: int, by: User, now: datetime) -> Idea:
    """Let an idea begin and end elsewhere in its passage. It may not run into another."""
    idea, others = _held(idea)
    text = idea.source.text
    start, end = _trimmed(text, start, end)
    if any(start < one.end and one.start < end for one in others):
        raise BadText("It would run into the next idea. Move that one first, or join the two.")
    if (idea.start, idea.end) == (start, end):
        return idea
    before = f"{idea.start} to {idea.end}, now {start} to {end}"
    idea.start, idea.end, idea.cut_by = start, end, by
    idea.save()
    record(what="idea: border moved", about=idea, by=by, now=now, detail=f"was {before}")
    return idea


@transaction.atomic
def cut(*, idea: Idea, at: int, by: User, now: datetime) -> tuple[Idea, Idea]:
    """Two ideas of one. Both keep what was decided of it; change that where they differ."""
    idea, _others = _held(idea)
    text = idea.source.text
    if not idea.start < at < idea.end:
        raise BadText("Choose a place inside the idea.")
    first, second = _trimmed(text, idea.start, at), _trimmed(text, at, idea.end)
    (idea.start, idea.end), idea.cut_by = first, by
    idea.save()
    new = _new_idea(idea, *second, by)
    for coding in Coding.everything.current().filter(idea=idea):
        coding.pk, coding._state.adding, coding.idea = None, True, new
        coding.how, coding.suggested = Coding.How.TOGETHER, None
        coding.save()
    for one in Disposition.objects.current().filter(idea=idea):
        one.pk, one._state.adding, one.idea = None, True, new
        one.save()
    for place in ClusterIdea.everything.filter(idea=idea):
        ClusterIdea.objects.create(cluster_id=place.cluster_id, idea=new, added_by=by, added_at=now)
    record(what="idea: cut in two", about=idea, by=by, now=now, detail=f"the other: {new.pk}")
    return idea, new


@transaction.atomic
def join(*, idea: Idea, by: User, now: datetime) -> Idea:
    """An idea with the next one of its passage. What was decided of either holds for both;

    refused where they were decided differently.
    """
    idea, others = _held(idea)
    later = [one for one in others if one.start >= idea.end]
    if not later:
        raise BadText("This is the last idea here: there is no next one to join it with.")
    lost = later[0]
    homes = {one.cluster_id for one in ClusterIdea.everything.filter(idea__in=[idea, lost])}
    if len(homes) > 1:
        raise BadText("The two are in different clusters. Move one of them first.")
    _hand_over(lost, idea)
    ClusterIdea.everything.filter(idea=lost).delete()
    if homes and not ClusterIdea.everything.filter(idea=idea).exists():
        ClusterIdea.objects.create(cluster_id=homes.pop(), idea=idea, added_by=by, added_at=now)
    end = lost.end
    gone = lost.pk
    lost.delete()
    idea.end, idea.cut_by = end, by
    idea.save()
    record(what="idea: joined", about=idea, by=by, now=now, detail=f"with {gone}, now gone")
    return idea


def _hand_over(lost: Idea, idea: Idea) -> None:
    """Decisions about the idea that goes are those of the one that stays, if it has none."""
    for rows, said in (
        (Coding.everything, lambda one: [theme.pk for theme in one.themes]),
        (Disposition.objects, lambda one: one.what),
    ):
        own, other = (rows.filter(idea=which, is_current=True).first() for which in (idea, lost))
        if own and other and said(own) != said(other):
            raise BadText("The two were decided differently. Change one of them first.")
        if other and not own:
            rows.filter(idea=lost).update(idea=idea)


@transaction.atomic
def find_idea(*, passage: Passage, start: int, end: int, by: User, now: datetime) -> Idea:
    """Mark words as an idea that the machine did not find."""
    if not Passage.objects.select_for_update(of=("self",)).filter(pk=passage.pk).exists():
        raise AlreadyDecided("These words were taken back, or are withheld.")
    run = AnalysisRun.objects.filter(consultation=passage.consultation_id).done().first()
    if run is None:
        raise BadText("Ask for an analysis first; then mark what it did not find.")
    start, end = _trimmed(passage.source.text, start, end)
    others = _in_passage(passage.answer_id, passage.note_id)
    if any(start < one.end and one.start < end for one in others):
        raise BadText("Some of these words are in an idea already.")
    about = {"answer_id": passage.answer_id, "note_id": passage.note_id}
    idea = Idea.objects.create(**about, start=start, end=end, found_by=run, cut_by=by)
    record(what="idea: marked", about=idea, by=by, now=now, detail=f"{start} to {end}")
    return idea  # type: ignore[no-any-return]


def _new_idea(like: Idea, start: int, end: int, by: User) -> Idea:
    about = {"answer_id": like.answer_id, "note_id": like.note_id}
    made: Idea = Idea.objects.create(
        **about, start=start, end=end, found_by_id=like.found_by_id, cut_by=by
    )
    return made


def _held(idea: Idea) -> tuple[Idea, list[Idea]]:
    """The idea and the others of its passage, in reading order, locked until all is done."""
    rows = list(_in_passage(idea.answer_id, idea.note_id).select_for_update(of=("self",)))
    own = next((one for one in rows if one.pk == idea.pk), None)
    if own is None:
        raise AlreadyDecided(NOT_THERE)
    if (own.start, own.end) != (idea.start, idea.end):
        raise AlreadyDecided(NOT_THERE)
    return own, [one for one in rows if one != own]


def _in_passage(answer: int | None, note: int | None) -> QuerySet[Idea]:
    rows: QuerySet[Idea] = Idea.objects.filter(answer=answer, note=note)
    return rows.select_related("answer", "note").order_by("start")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces at both ends; refused where nothing is left."""
    if not 0 <= start < end <= len(text):
        raise BadText("Choose at least one word of these.")
    kept = text[start:end]
    left, right = len(kept) - len(kept.lstrip()), len(kept) - len(kept.rstrip())
    if not kept.strip():
        raise BadText("Choose at least one word of these.")
    return start + left, end - right
