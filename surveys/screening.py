"""Words that arrive are screened for risk of harm at once, by a task that knows how."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.module_loading import import_string

from surveys.models import Response, Session

# What arrives while somebody gathers: keys of responses, and of workshops.
_gathered: ContextVar[tuple[set[int], set[int]] | None] = ContextVar("gathered", default=None)


def have_screened(*, responses: Iterable[Response] = (), sessions: Iterable[Session] = ()) -> None:
    """Queue it with the words themselves: both are stored, or neither."""
    said, noted = {one.pk for one in responses}, {one.pk for one in sessions}
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
