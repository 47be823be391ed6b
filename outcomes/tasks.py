"""Work done in the background by `manage.py db_worker`, never in the web process."""

from django.utils import timezone
from django_tasks import task

from outcomes.models import AnalysisRun


@task()
def carry_out_analysis(run_id: int) -> None:
    """Carry out one AnalysisRun, unless it was cancelled meanwhile."""
    # Taken before the engine is loaded: a worker that dies while loading has fallen silent.
    if not AnalysisRun.objects.take(run_id, timezone.now()):
        return
    # Imported here, so that a web process that only enqueues never loads the engine.
    from outcomes.worker import carry_out

    carry_out(run_id)
