"""Work done in the background by `manage.py db_worker`, never in the web process."""

from django_tasks import task


@task()
def carry_out_analysis(run_id: int) -> None:
    """Carry out one AnalysisRun."""
    # Imported here, so that a web process that only enqueues never loads the engine.
    from outcomes.worker import carry_out

    carry_out(run_id)
