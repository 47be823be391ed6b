"""Work done in the background by `manage.py db_worker`, never in the web process."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone
from django_tasks import task

from outcomes.models import AnalysisRun, Job
from surveys.models import Response, Session

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class Broken(Exception):
    """A task failed. What it said may repeat people's words, and is kept nowhere."""


def telling_the_log(work: Callable[P, R]) -> Callable[P, R]:
    """The queue keeps how a task failed, with all that the error said: it is given nothing."""

    @wraps(work)
    def watched(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except Exception:
            logger.exception("%s failed.", work.__name__)
            raise Broken("The log of the worker says where.") from None

    return watched


@task()
@telling_the_log
def carry_out_analysis(run_id: int) -> None:
    """Carry out one AnalysisRun, unless it was cancelled meanwhile."""
    # Taken before the engine is loaded: a worker that dies while loading has fallen silent.
    if not AnalysisRun.objects.take(run_id, timezone.now()):
        return
    # Imported here, so that a web process that only enqueues never loads the engine.
    from outcomes.worker import carry_out

    carry_out(run_id)


# Before every analysis that waits: somebody sits and waits for it.
@task(priority=10)
@telling_the_log
def carry_out_job(job_id: int) -> None:
    """Carry out one Job, unless it was cancelled meanwhile."""
    if not Job.objects.take(job_id, timezone.now()):
        return
    # It calls the actions, which queue this.
    from outcomes.jobs import carry_out

    carry_out(job_id)


# Before every analysis that waits: until then words are read as they were typed.
@task(priority=50)
@telling_the_log
def screen_said(responses: list[int], sessions: list[int]) -> int:
    """Screen what these responses and workshops say for risk of harm, as soon as it is there.

    Gives how many concerns stand open about them. `settings.SCREENED_BY` names this task, for the
    actions by which people's words arrive know nothing of the engine.
    """
    from outcomes.screener import screen

    sent = Response.objects.sent().filter(pk__in=responses)
    return screen(sent, Session.objects.filter(pk__in=sessions))
