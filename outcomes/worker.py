"""Carries out an analysis: reads texts, calls the engine, writes what it proposes. Screens.

Only a worker process imports this module.
"""

import logging
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import Analysis, Label, Pipeline, Text
from outcomes.engine.reading import read_chunk
from outcomes.engine.records import Concern as FoundConcern
from outcomes.engine.records import FoundGroup
from outcomes.models import (
    NAME_WITHHELD,
    AnalysisRun,
    Cluster,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)
from outcomes.withholding import REASON_WITHHELD, tells_more, withhold
from surveys.models import Answer, Concern, Note, Response, Session, Theme

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


def screen(responses: QuerySet[Response], sessions: QuerySet[Session]) -> int:
    """Raise a concern about each of their texts that the screen flags; how many stand open."""
    answers = Answer.objects.exclude(text="").filter(response__in=responses).order_by("pk")
    sources: list[Answer | Note] = [
        *answers.select_related("response__survey", "question"),
        *Note.objects.filter(session__in=sessions).order_by("pk"),
    ]
    if sources:
        reader = read_chunk([Text(id=str(n), text=one.text) for n, one in enumerate(sources)])
        for source, reading in zip(sources, reader, strict=True):
            _flag(source, reading.concern)
    about = Q(answer__response__in=responses) | Q(note__session__in=sessions)
    return Concern.objects.open().filter(about).count()


def _flag(source: Answer | Note, found: FoundConcern) -> None:
    if found.flag and found.category:
        withhold(
            source=source,
            category=found.category,
            score=found.score,
            reason=found.reason,
            by=None,
            now=timezone.now(),
        )


def _flag_all(found: Analysis) -> None:
    """Before anything is written: what the screen flags is nobody's to read."""
    flagged = {one.text_id: one.concern for one in found.texts if one.concern.flag}
    keys = [text_id.split("-") for text_id in flagged]
    for kind, model in (("answer", Answer), ("note", Note)):
        for source in model.objects.filter(pk__in=[int(key) for of, key in keys if of == kind]):
            _flag(source, flagged[f"{kind}-{source.pk}"])


def _decisions(run: AnalysisRun) -> list[Label]:
    """What officers decided: the theme of each idea that they took into a cluster."""
    ideas = Idea.objects.of(run.consultation).with_source()
    adopted = ideas.filter(membership__cluster__state=Cluster.State.ADOPTED)
    return [
        Label(text=idea.text, theme=idea.membership.cluster.theme.code)
        for idea in adopted.select_related("membership__cluster__theme").order_by("pk")
    ]


def _texts(run: AnalysisRun) -> list[Text]:
    """Every sent answer and every note that is not withheld; one split by an earlier run keeps its
    ideas."""
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
    notes = (
        Note.objects.readable().filter(session__consultation=consultation).select_related("session")
    )
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
        for note in notes.select_related("session").order_by("pk")
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
    _flag_all(found)
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
    """Without the ideas of texts withheld, taken back or written anew while it was at work."""
    here = {text.id: text.text for text in _texts(run)}
    ideas = tuple(idea for idea in found.ideas if idea.text_id in here)
    said: dict[int | None, list[str]] = {}
    for idea in ideas:
        said.setdefault(idea.group, []).append(here[idea.text_id][idea.start : idea.end])
    lost = {idea.group for idea in found.ideas if idea.text_id not in here}
    nameless = _nameless(run, [one for one in found.groups if one.number in lost], said)
    groups = (_left(one, said[one.number], nameless) for one in found.groups if one.number in said)
    return replace(found, ideas=ideas, groups=tuple(groups))


def _nameless(
    run: AnalysisRun, groups: list[FoundGroup], said: dict[int | None, list[str]]
) -> set[str]:
    """The names of groups that nobody's words say any longer, and that no cluster has."""
    named = set(
        Cluster.objects.filter(consultation=run.consultation).values_list("name", flat=True)
    )
    return {
        group.name
        for group in groups
        if group.name not in named
        and not any(
            group.name.rstrip("…") in " ".join(text.split()) for text in said.get(group.number, [])
        )
    }


def _left(group: FoundGroup, said: list[str], nameless: set[str]) -> FoundGroup:
    """A group without the words of ideas that it lost; others may quote a name that is gone."""
    reason = REASON_WITHHELD if tells_more(group.reason, said) else group.reason
    for name in nameless:
        reason = reason.replace(f"“{name}”", NAME_WITHHELD)
    return replace(
        group, name=NAME_WITHHELD if group.name in nameless else group.name, reason=reason
    )


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
