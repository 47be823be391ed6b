"""Workshops: what was said there."""

from django.db import transaction
from django.db.models import Max

from surveys.models import Note, Session
from surveys.refusals import BadText
from surveys.texts import required

MOST_CHARACTERS = 10_000


@transaction.atomic
def add_note(
    *, session: Session, text: str, kind: str = Note.Kind.SAID, dots: int | None = None
) -> Note:
    """Add a note at the end of a session's notes. `dots` is for the kind "dots" alone."""
    text = required(text, "Write something before you save the note.")
    if len(text) > MOST_CHARACTERS:
        raise BadText(f"Use {MOST_CHARACTERS:,} characters or fewer in a note.")
    if (kind == Note.Kind.DOTS) != (dots is not None):
        raise BadText("Give the number of dots for dots or votes, and for nothing else.")
    Session.objects.select_for_update().get(pk=session.pk)
    last = session.notes.aggregate(last=Max("order"))["last"] or 0
    return Note.objects.create(session=session, text=text, kind=kind, dots=dots, order=last + 1)
