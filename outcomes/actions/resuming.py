"""Work whose worker fell silent, or whose task is lost; and files that nobody may keep longer."""

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from outcomes.actions.analysing import end_silent
from outcomes.actions.jobs import KEPT_FOR, can_be_confirmed, forget_made, still_sealed
from outcomes.models import AnalysisRun, Job, Work
from outcomes.models.progress import SILENT_AFTER
from outcomes.tasks import carry_out_analysis, carry_out_job

# What was wrong in a sheet quotes its cells, which may repeat what somebody said; the address of a
# list holds what somebody searched for.
WORDS = ["problems", "back"]
WORDS_KEPT_FOR = timedelta(hours=1)
FIRST = ["ideas"]  # that a sheet would change
TOLD = {
    "ended": "Ended {} analyses and jobs whose worker stopped.",
    "queued": "Queued {} analyses and jobs again, whose task was lost.",
    "deleted": "Deleted {} files and lists of jobs: a day old, no longer needed, or words went.",
}


def queue_again(*, now: datetime) -> int:
    """Queue what waits and no task will do, for its task was lost or cut off as it began."""
    queued = 0
    for rows, task, name in (
        (AnalysisRun.objects.all(), carry_out_analysis, "run_id"),
        (Job.objects.all(), carry_out_job, "job_id"),
    ):
        begun = Q(status="RUNNING", started_at__gt=now - SILENT_AFTER)
        tasks = DBTaskResult.objects.filter(Q(status="READY") | begun, task_path=task.module_path)
        known = {one["kwargs"].get(name) for one in tasks.values_list("args_kwargs", flat=True)}
        waiting = rows.filter(state=Work.State.QUEUED, asked_at__lt=now - SILENT_AFTER)
        for key in waiting.exclude(pk__in=known).values_list("pk", flat=True):
            task.enqueue(**{name: key})
            queued += 1
    return queued


def forget_files(*, now: datetime) -> int:
    """Delete what jobs made a day ago or before, and whatever may not be taken any more.

    A sheet that waits to be brought in goes with its job.
    """
    rows = Job.objects.exclude(state__in=Job.UNDER_WAY).filter(made__isnull=False)
    _forget(WORDS, now - WORDS_KEPT_FOR)
    _forget(FIRST, now - KEPT_FOR)
    gone = rows.filter(finished_at__lt=now - KEPT_FOR).update(made=None)
    left = rows.select_related("consultation").defer("made")
    return gone + forget_made(one for one in left if not _may_be_taken(one))


def _forget(names: list[str], before: datetime) -> None:
    """Take these out of what ended jobs keep of what was asked."""
    old = Job.objects.filter(finished_at__lt=before, asked__has_any_keys=names)
    for job in old.defer("made"):
        job.asked = {key: value for key, value in job.asked.items() if key not in names}
        job.save(update_fields=["asked"])


def _may_be_taken(job: Job) -> bool:
    if job.kind == Job.Kind.FILE:
        return job.state == Job.State.DONE and still_sealed(job)
    return can_be_confirmed(job)


def tidy_work(*, now: datetime) -> list[str]:
    """What `manage.py tidy` does about work for the worker, in sentences."""
    runs, jobs = AnalysisRun.objects.all(), Job.objects.defer("made")
    counts = {
        "ended": sum(end_silent(rows, now=now) for rows in (runs, jobs)),
        "queued": queue_again(now=now),
        "deleted": forget_files(now=now),
    }
    return [TOLD[key].format(number) for key, number in counts.items() if number]
