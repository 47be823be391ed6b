"""Words as they were typed, with what is hidden in them: who reads those, and that they did."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from surveys.actions import record
from surveys.models import Note, Response, Session

READ_ORIGINAL = "surveys.read_original"
READ = "read the original"


def reads_typed(user: Any, session: Session) -> bool:
    """Whoever facilitated a workshop reads its notes as they were typed."""
    return bool(session.facilitator_id == user.pk)


def hides(note: Note) -> bool:
    return bool(hasattr(note, "passage") and note.passage.hidden)


def hides_answers(response: Response) -> bool:
    """Whether a detail is hidden in any of its answers."""
    answers = response.answers.filter(passage__isnull=False)
    return answers.exclude(passage__hidden=[]).exists()


def hides_words(response: Response) -> bool:
    """The same, or words of a helper: nothing is ever looked for in those."""
    return bool(response.helper_words) or hides_answers(response)


def was_read(request: HttpRequest, about: Note | Response) -> None:
    """Keep that this person read an original, once for each time it is shown."""
    record(what=READ, about=about, by=request.user, now=timezone.now())  # type: ignore[arg-type]
