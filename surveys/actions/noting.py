"""Workshops: what was said there."""

from django.db import transaction
from django.db.models import Max

from surveys.models import Note, Session
from surveys.refusals import BadText
from surveys.texts import storable


@transaction.atomic
def add_note(*, session: Session, text: str, kind: str = Note.Kind.SAID) -> Note:
    """Add a note at the end of a session's notes."""
    text = storable(text).strip()
    if not text:
        raise BadText("Write something before you save the note.")
    Session.objects.select_for_update().get(pk=session.pk)
    last = session.notes.aggregate(last=Max("order"))["last"] or 0
    return Note.objects.create(session=session, text=text, kind=kind, order=last + 1)
