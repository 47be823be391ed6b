"""Asking for an analysis, and stopping one."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from outcomes.models import AnalysisRun
from outcomes.models.progress import WorkQuerySet
from outcomes.tasks import carry_out_analysis
from surveys.models import Answer, Consultation, Note
from surveys.refusals import Refusal

STOPPED = "The worker stopped before it was done."


class AnalysisUnderWay(Refusal):
    """Another analysis of the consultation has not ended."""


class NothingToAnalyse(Refusal):
    """No answer was sent and no note written."""


def ask_for_analysis(
    *, consultation: Consultation, by: User, now: datetime, by_itself: bool = False
) -> AnalysisRun:
    """Queue an analysis for the worker. A run whose worker fell silent is ended first."""
    answers = Answer.objects.to_analyse().filter(response__survey__consultation=consultation)
    notes = Note.objects.readable().filter(session__consultation=consultation)
    if not answers.exists() and not notes.exists():
        raise NothingToAnalyse("There is nothing to analyse yet: no answers and no notes.")
    end_silent(AnalysisRun.objects.filter(consultation=consultation), now=now)
    try:
        with transaction.atomic():
            run = AnalysisRun.objects.create(
                consultation=consultation, asked_by=by, asked_at=now, by_itself=by_itself
            )
            carry_out_analysis.enqueue(run_id=run.pk)
    except IntegrityError as error:
        raise AnalysisUnderWay(
            "An analysis is under way. Wait for it to end, or cancel it."
        ) from error
    return run


@transaction.atomic
def cancel_analysis(*, run: AnalysisRun, now: datetime) -> AnalysisRun:
    """Stop a run. The worker sees it at its next step; what it had found is not kept."""
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    if run.is_under_way:
        run.state = AnalysisRun.State.CANCELLED
        run.finished_at = now
        run.save()
    return run


@transaction.atomic
def end_silent(rows: WorkQuerySet, *, now: datetime) -> int:
    """End those that began and whose worker has not been heard from for two minutes."""
    silent = [one for one in rows.under_way().select_for_update() if one.is_silent(now)]
    for one in silent:
        one.state, one.trouble, one.finished_at = one.State.FAILED, STOPPED, now
        one.save(update_fields=["state", "trouble", "finished_at"])
    return len(silent)
