"""Asking for an analysis, and stopping one."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from outcomes.models import AnalysisRun
from outcomes.tasks import carry_out_analysis
from surveys.models import Answer, Consultation, Note
from surveys.refusals import Refusal


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
    _end_silent_run(consultation, now)
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
def _end_silent_run(consultation: Consultation, now: datetime) -> None:
    runs = AnalysisRun.objects.select_for_update().filter(consultation=consultation)
    for run in runs.under_way():
        if run.is_silent(now):
            run.state = AnalysisRun.State.FAILED
            run.trouble = "The worker stopped before it was done."
            run.finished_at = now
            run.save()
