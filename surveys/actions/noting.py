"""Workshops: what was said there, written down, corrected and removed."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, QuerySet

from surveys.models import Note, Session
from surveys.refusals import BadText, NotAllowed, Refusal
from surveys.screening import have_screened
from surveys.texts import required

MOST_CHARACTERS = 10_000
MOST_DOTS = 10_000


class AlreadyThere(Refusal):
    """The same notes came twice: Enter pressed twice, or sent again after a lost reply."""

    def __init__(self, notes: Sequence[Note]) -> None:
        first, last = notes[0].order, notes[-1].order
        which = f"Note {first} says" if first == last else f"Notes {first} to {last} say"
        super().__init__(f"{which} exactly this already, so nothing was added a second time.")
        self.notes = notes


class NoteChanged(Refusal):
    """The note is no longer the one that the page showed. `now` is what stands there, or None."""

    def __init__(self, sentence: str, now: Note | None) -> None:
        super().__init__(sentence)
        self.now = now


class NewNote(NamedTuple):
    """What a note will say. `dots` is for the kind "dots" alone."""

    text: str
    kind: str = Note.Kind.SAID
    dots: int | None = None

    def checked(self) -> "NewNote":
        """As it may be stored; BadText when it may not."""
        text = required(self.text, "Write something before you save the note.")
        if len(text) > MOST_CHARACTERS:
            raise BadText(f"Use {MOST_CHARACTERS:,} characters or fewer in a note.")
        if self.kind not in Note.Kind.values:
            raise BadText("Choose what kind of note it is.")
        if self.kind == Note.Kind.DOTS and self.dots is None:
            raise BadText("Give the number of dots or votes.")
        if self.kind != Note.Kind.DOTS and self.dots is not None:
            raise BadText("Give a number of dots for dots or votes alone.")
        if self.dots is not None and not 0 <= self.dots <= MOST_DOTS:
            raise BadText(f"Give a number of dots from 0 to {MOST_DOTS:,}.")
        return self._replace(text=text)


def sessions_for(user: User) -> QuerySet[Session]:
    """Every workshop for those who read responses; for a facilitator, their own."""
    if user.has_perm("surveys.view_response"):
        return Session.objects.all()
    return Session.objects.filter(facilitator=user)


def add_note(
    *,
    session: Session,
    text: str,
    kind: str = Note.Kind.SAID,
    dots: int | None = None,
    seen: int | None = None,
) -> Note:
    """Add a note at the end of a session's notes. See add_notes for `seen`."""
    return add_notes(session=session, notes=[NewNote(text, kind, dots)], seen=seen)[0]


@transaction.atomic
def add_notes(*, session: Session, notes: Sequence[NewNote], seen: int | None = None) -> list[Note]:
    """Add notes at the end of a session's, all of them or none.

    `seen` is the key of the newest note that the sender knew of, 0 for none. When the very same
    notes came in a row after that one, they are these, sent twice. None: never sent before.
    """
    fit = [note.checked() for note in notes]
    _lock(session)
    if seen is not None:
        _refuse_twice(session, fit, seen)
    last = session.notes.aggregate(last=Max("order"))["last"] or 0
    made = Note.objects.bulk_create(
        Note(session=session, order=order, **note._asdict())
        for order, note in enumerate(fit, start=last + 1)
    )
    have_screened(sessions=[session])
    return made


def _refuse_twice(session: Session, notes: Sequence[NewNote], seen: int) -> None:
    newer = list(session.notes.filter(pk__gt=seen).order_by("order"))
    said = [NewNote(note.text, note.kind, note.dots) for note in newer]
    for start in range(len(said) - len(notes) + 1):
        if said[start : start + len(notes)] == list(notes):
            raise AlreadyThere(newer[start : start + len(notes)])


@transaction.atomic
def correct_note(
    *, note: Note, text: str, kind: str, dots: int | None, seen: int, by: User
) -> Note:
    """Write a note anew at its place. `seen` is the key of the row that the person read.

    Ideas are spans of a note's characters. Other words are another row: the old one goes, and
    what an analysis made of it. The same words of another kind stay the row they are.
    """
    fit = NewNote(text, kind, dots).checked()
    now = _as_seen(note, seen, by)
    if fit.text != now.text:
        now.delete()
        new = Note.objects.create(session=note.session, order=now.order, **fit._asdict())
        have_screened(sessions=[note.session])
        return new
    now.kind, now.dots = fit.kind, fit.dots
    now.save()
    return now


@transaction.atomic
def remove_note(*, note: Note, seen: int, by: User) -> None:
    """Delete a note, and what an analysis made of it. The others keep their numbers."""
    _as_seen(note, seen, by).delete()


def _as_seen(note: Note, seen: int, by: User) -> Note:
    """The note at that place, held until the end of the transaction, if it is the one read."""
    if not sessions_for(by).filter(pk=note.session_id).exists():
        raise NotAllowed("Only the facilitator of this workshop or an officer may do this.")
    _lock(note.session)
    now = note.session.notes.filter(order=note.order).first()
    if now is None:
        raise NoteChanged("Somebody removed this note meanwhile.", None)
    if now.is_withheld:
        raise NoteChanged("This note is withheld. The safeguarding lead reads it first.", None)
    if now.pk != seen:
        raise NoteChanged("Somebody changed this note meanwhile. It says now what is below.", now)
    return now


def _lock(session: Session) -> None:
    """One writer at a time, so that two people’s notes get two places."""
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)
