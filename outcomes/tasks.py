"""Work done in the background by `manage.py db_worker`, never in the web process."""

from django.utils import timezone
from django_tasks import task

from outcomes.models import AnalysisRun
from surveys.models import Response, Session


@task()
def carry_out_analysis(run_id: int) -> None:
    """Carry out one AnalysisRun, unless it was cancelled meanwhile."""
    # Taken before the engine is loaded: a worker that dies while loading has fallen silent.
    if not AnalysisRun.objects.take(run_id, timezone.now()):
        return
    # Imported here, so that a web process that only enqueues never loads the engine.
    from outcomes.worker import carry_out

    carry_out(run_id)


# Before every analysis that waits: until then words are read as they were typed.
@task(priority=50)
def screen_said(responses: list[int], sessions: list[int]) -> int:
    """Screen what these responses and workshops say for risk of harm, as soon as it is there.

    Gives how many concerns stand open about them. `settings.SCREENED_BY` names this task, for the
    actions by which people's words arrive know nothing of the engine.
    """
    from outcomes.screener import screen

    sent = Response.objects.sent().filter(pk__in=responses)
    return screen(sent, Session.objects.filter(pk__in=sessions))
