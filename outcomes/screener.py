"""Screens passages: for harm, for personal details, for their language.

Only a worker process imports this module.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from outcomes.engine.reading import Reading, read_chunk
from outcomes.engine.records import Concern as FoundConcern
from outcomes.engine.records import Text
from outcomes.hiding import suggest
from outcomes.withholding import withhold
from surveys.models import Answer, Concern, Note, Passage, Response, Session

Progress = Callable[[str, int, int], None]
# Passages screened, and kept as screened, at a time.
AT_A_TIME = 64


def screen(responses: QuerySet[Response], sessions: QuerySet[Session]) -> int:
    """Read what they say and nobody screened yet: withhold, hide, and tell the language.

    Gives how many concerns stand open about them.
    """
    about = Q(answer__response__in=responses) | Q(note__session__in=sessions)
    screen_passages(Passage.everything.filter(about))
    return Concern.objects.open().filter(about).count()


def screen_passages(passages: QuerySet[Passage], progress: Progress | None = None) -> None:
    """Screen those that are not yet, some at a time; what was done stays when it is cut off."""
    keys = list(passages.filter(screened_at__isnull=True).values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        if progress:
            progress("Screening for harm and personal details", start, len(keys))
        some = Passage.everything.filter(pk__in=keys[start : start + AT_A_TIME])
        rows = list(some.select_related("answer", "note").order_by("pk"))
        read = read_chunk([Text(id=str(one.pk), text=one.source.text) for one in rows])
        for passage, reading in zip(rows, read, strict=True):
            _keep(passage, reading)


@transaction.atomic
def _keep(passage: Passage, reading: Reading) -> None:
    """What the screen says of one passage, unless its words are gone meanwhile."""
    held = Passage.everything.select_for_update().filter(pk=passage.pk, screened_at__isnull=True)
    if not held.exists():
        return
    _flag(passage.source, reading.concern)
    suggest(passage, [(one.start, one.end, one.kind, one.score) for one in reading.details])
    held.update(language=reading.language or "", screened_at=timezone.now())


def _flag(source: Answer | Note, found: FoundConcern) -> None:
    if found.flag and found.category:
        withhold(
            source=source,
            category=found.category,
            score=found.score,
            reason=found.reason,
            by=None,
            now=timezone.now(),
        )
