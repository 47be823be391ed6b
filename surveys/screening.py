"""Words that arrive are screened for risk of harm at once, by a task that knows how."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from surveys.models import Note, Passage, Response, Session
from surveys.models.passage import to_take_up

# A task that has not ended by then was cut off, or its worker is not there.
SOON = timedelta(minutes=10)
# Queued anew at a time, each by itself, so that one that fails holds none of the others up.
MOST_AGAIN = 200

# What arrives while somebody gathers: keys of responses, and of workshops.
_gathered: ContextVar[tuple[set[int], set[int]] | None] = ContextVar("gathered", default=None)


def have_screened(*, responses: Iterable[Response] = (), sessions: Iterable[Session] = ()) -> None:
    """Queue it with the words themselves: both are stored, or neither. Makes their passages."""
    said, noted = {one.pk for one in responses}, {one.pk for one in sessions}
    notes = Note.objects.filter(session__in=noted, passage__isnull=True).select_related("session")
    Passage.everything.take_up(answers=to_take_up(said), notes=notes)
    if gathered := _gathered.get():
        gathered[0].update(said)
        gathered[1].update(noted)
    else:
        task = import_string(settings.SCREENED_BY)
        task.enqueue(responses=sorted(said), sessions=sorted(noted))


@contextmanager
def screened_together() -> Iterator[None]:
    """All that arrives in this block is one task, queued at its end; the block is part of one
    transaction, so that what it stored is gone when it fails."""
    token = _gathered.set((set(), set()))
    try:
        yield
        said, noted = _gathered.get() or (set(), set())
    finally:
        _gathered.reset(token)
    have_screened(
        responses=Response.objects.filter(pk__in=said),
        sessions=Session.objects.filter(pk__in=noted),
    )


def unscreened() -> QuerySet[Passage]:
    """Answers that were sent, and notes, that nobody screened yet."""
    sent = Q(answer__response__in=Response.objects.sent())
    return Passage.everything.filter(sent | Q(note__isnull=False), screened_at__isnull=True)


def overdue(*, now: datetime) -> int:
    """How many wait to be screened, once the first of them has waited too long."""
    if not (waiting := unscreened().count()):
        return 0
    tasks = _tasks()
    too_long = tasks.filter(enqueued_at__lte=now - SOON).exists()
    return waiting if too_long or not tasks.exists() else 0


def screen_again(*, now: datetime) -> int:
    """Queue what no task will screen any more, for it failed or was cut off. Says how many."""
    if _tasks().filter(Q(status="READY") | Q(started_at__gt=now - SOON)).exists():
        return 0
    task = import_string(settings.SCREENED_BY)
    keys = unscreened().order_by("pk").values_list("answer__response", "note__session")
    sources = list(dict.fromkeys(keys[: MOST_AGAIN * 10]))[:MOST_AGAIN]
    for response, session in sources:
        task.enqueue(
            responses=[response] if response else [], sessions=[session] if session else []
        )
    return len(sources)


def _tasks() -> QuerySet[Any]:
    """Those that wait for a worker, or that one is at."""
    rows = DBTaskResult.objects.filter(task_path=settings.SCREENED_BY)
    return rows.filter(status__in=["READY", "RUNNING"])  # type: ignore[no-any-return]
