"""Carries out an analysis: reads texts, calls the engine, writes what it proposes.

Only a worker process imports this module.
"""

import logging
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import Analysis, Label, Pipeline, Text
from outcomes.models import AnalysisRun, Cluster, GroupSuggestion, Idea, ThemeSuggestion
from surveys.models import Answer, Note, Theme

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The run was cancelled, or ended by somebody else."""


def carry_out(run_id: int) -> None:
    """Carry out a run that was taken. A failure is kept with it, as a sentence."""
    run = AnalysisRun.objects.select_related("consultation__area").get(pk=run_id)
    try:
        _analyse(run)
    except Stopped:
        logger.info("Analysis %s was stopped.", run_id)
    except EngineError as error:
        _fail(run_id, str(error))
    except Exception:
        _fail(run_id, "Something went wrong in the worker. Its log says what.")
        raise


def _analyse(run: AnalysisRun) -> None:
    labels = {theme.code: theme.label for theme in run.consultation.area.themes.all()}
    _report(run.pk, "Reading answers and notes", 0, 0)
    pipeline = Pipeline(
        theme_labels=labels,
        cache_dir=Path(settings.DATA_DIR) / "engine",
        labels=_decisions(run),
        executor=settings.ENGINE_EXECUTOR,
    )
    found = pipeline.analyse(
        _texts(run),
        progress=lambda stage, done, total: _report(run.pk, stage, done, total),
        scope=f"consultation {run.consultation_id}",
    )
    write(run, found)


def _decisions(run: AnalysisRun) -> list[Label]:
    """What officers decided: the theme of each idea that they took into a cluster."""
    ideas = Idea.objects.of(run.consultation).with_source()
    adopted = ideas.filter(membership__cluster__state=Cluster.State.ADOPTED)
    return [
        Label(text=idea.text, theme=idea.membership.cluster.theme.code)
        for idea in adopted.select_related("membership__cluster__theme").order_by("pk")
    ]


def _texts(run: AnalysisRun) -> list[Text]:
    """Every sent answer and every note; one split by an earlier run keeps its ideas."""
    consultation = run.consultation
    spans: dict[str, list[tuple[int, int]]] = {}
    for idea in Idea.objects.of(consultation):
        spans.setdefault(_source_id(idea), []).append((idea.start, idea.end))
    answers = (
        Answer.objects.to_analyse()
        .filter(response__survey__consultation=consultation)
        .select_related("response__survey", "question")
        .order_by("pk")
    )
    notes = Note.objects.filter(session__consultation=consultation).select_related("session")
    rows = [
        Text(
            id=f"answer-{answer.pk}",
            text=answer.text,
            audience=answer.response.survey.audience,
            question=answer.question.construct,
            voice=f"response-{answer.response_id}",
        )
        for answer in answers
    ]
    rows += [
        Text(
            id=f"note-{note.pk}",
            text=note.text,
            audience=note.session.audience,
            voice=f"session-{note.session_id}",
        )
        for note in notes.order_by("pk")
    ]
    return [
        replace(row, spans=tuple(sorted(spans[row.id]))) if row.id in spans else row for row in rows
    ]


def _source_id(idea: Idea) -> str:
    return f"answer-{idea.answer_id}" if idea.answer_id else f"note-{idea.note_id}"


@transaction.atomic
def write(run: AnalysisRun, found: Analysis) -> None:
    """Write all that was found and end the run, or nothing at all."""
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    if run.state != AnalysisRun.State.RUNNING:
        raise Stopped
    themes = {theme.code: theme for theme in Theme.objects.filter(area=run.consultation.area)}
    found = _still_there(run, found)
    missing = {idea.theme for idea in found.ideas if idea.theme} - set(themes)
    if missing:
        raise EngineError(f"The area has no theme with the code {', '.join(sorted(missing))}.")
    ideas = _write_ideas(run, found)
    groups = {
        group.number: GroupSuggestion.objects.create(
            run=run,
            theme=themes[group.theme or ""],
            name=group.name,
            reason=group.reason,
            order=group.number,
        )
        for group in found.groups
    }
    ThemeSuggestion.objects.bulk_create(
        ThemeSuggestion(
            run=run,
            idea=ideas[(idea.text_id, idea.start)],
            theme=themes[idea.theme] if idea.theme else None,
            kind=idea.kind or "",
            sure=idea.sure,
            scores=idea.scores,
            reason=idea.reason,
            group=groups[idea.group] if idea.group is not None else None,
        )
        for idea in found.ideas
    )
    run.state = AnalysisRun.State.DONE
    run.stage = "Done"
    run.done = run.total = len(found.ideas)
    run.engine_version = found.version
    run.engine_settings = found.settings
    run.fingerprint = found.fingerprint
    run.heard_from_at = run.finished_at = timezone.now()
    run.save()


def _still_there(run: AnalysisRun, found: Analysis) -> Analysis:
    """Without the ideas of texts taken back or written anew while the run was at work."""
    here = {text.id for text in _texts(run)}
    ideas = tuple(idea for idea in found.ideas if idea.text_id in here)
    used = {idea.group for idea in ideas}
    groups = tuple(group for group in found.groups if group.number in used)
    return replace(found, ideas=ideas, groups=groups)


def _write_ideas(run: AnalysisRun, found: Analysis) -> dict[tuple[str, int], Idea]:
    """The ideas found, by text and start: those already known and those new in this run."""
    ideas = {(_source_id(idea), idea.start): idea for idea in Idea.objects.of(run.consultation)}
    new = []
    for idea in found.ideas:
        if (idea.text_id, idea.start) not in ideas:
            kind, key = idea.text_id.split("-")
            source = {f"{kind}_id": int(key)}
            new.append(Idea(start=idea.start, end=idea.end, found_by=run, **source))
    for idea_row in Idea.objects.bulk_create(new):
        ideas[(_source_id(idea_row), idea_row.start)] = idea_row
    return ideas


def _report(run_id: int, stage: str, done: int, total: int) -> None:
    """Say how far the run is; stop it when it was cancelled."""
    running = AnalysisRun.objects.filter(pk=run_id, state=AnalysisRun.State.RUNNING)
    if not running.update(stage=stage, done=done, total=total, heard_from_at=timezone.now()):
        raise Stopped


def _fail(run_id: int, sentence: str) -> None:
    AnalysisRun.objects.filter(pk=run_id, state=AnalysisRun.State.RUNNING).update(
        state=AnalysisRun.State.FAILED, trouble=sentence, finished_at=timezone.now()
    )
