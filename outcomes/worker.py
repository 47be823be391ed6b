"""Carries out an analysis: reads texts, calls the engine, writes what it proposes.

Only a worker process imports this module.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from outcomes.book_check import file_of
from outcomes.codebooks import used_by
from outcomes.engine.errors import EngineError
from outcomes.engine.judging import DECIDED
from outcomes.engine.pipeline import SEND_CODEBOOK, Analysis, Label, Pipeline, Text
from outcomes.engine.records import FoundGroup, FoundIdea
from outcomes.models import (
    NAME_WITHHELD,
    AnalysisRun,
    Cluster,
    Coding,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
    unmasked,
)
from outcomes.screener import screen_passages
from outcomes.unsaid import unsaid
from outcomes.withholding import REASON_WITHHELD, tells_more
from surveys.models import Answer, Note, Passage, Theme

logger = logging.getLogger(__name__)

# Ideas put in the order in which it helps most to decide on them.
MOST_CHECKS = 50
OF_OFFICERS = re.compile(r"(?<=“)cluster \d+(?=”)")


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
    passages = Passage.everything.filter(consultation=run.consultation)
    screen_passages(passages, lambda stage, done, total: _report(run.pk, stage, done, total))
    _report(run.pk, "Reading answers and notes", 0, 0)
    with _book(run) as path:
        pipeline = Pipeline(
            codebook=path,
            theme_labels=labels,
            cache_dir=Path(settings.DATA_DIR) / "engine",
            labels=_decisions(run),
            executor=settings.ENGINE_EXECUTOR,
        )
        found = pipeline.analyse(
            _texts(run, screened=True),
            progress=lambda stage, done, total: _report(run.pk, stage, done, total),
            scope=f"consultation {run.consultation_id}",
        )
    write(run, found, pipeline)


@contextmanager
def _book(run: AnalysisRun) -> Iterator[Path]:
    """The code book that the area chose, kept with the run; or the one that the portal brings."""
    book = used_by(run.consultation.area)
    AnalysisRun.objects.filter(pk=run.pk).update(codebook=book)
    if book is None:
        yield SEND_CODEBOOK
        return
    with file_of(book) as path:
        yield path


def _decisions(run: AnalysisRun) -> list[Label]:
    """What officers decided: the theme that they gave an idea, and the cluster that it is in,
    whose theme is the idea's where it has none of its own."""
    ideas = Idea.objects.of(run.consultation).with_source()
    coded = Prefetch("codings", Coding.objects.current().select_related("theme"), to_attr="current")
    adopted = Q(membership__cluster__state=Cluster.State.ADOPTED)
    decided = ideas.filter(adopted | Q(codings__is_current=True, codings__theme__isnull=False))
    rows = decided.select_related("membership__cluster__theme").prefetch_related(coded)
    return [_label(idea) for idea in rows.distinct().order_by("pk")]


def _label(idea: Idea) -> Label:
    own = next((one.theme for one in idea.current if one.theme), None)  # type: ignore[attr-defined]
    cluster = idea.membership.cluster if hasattr(idea, "membership") else None
    if cluster and cluster.state != Cluster.State.ADOPTED:
        cluster = None
    theme = own or (cluster.theme if cluster else None)
    return Label(
        text=idea.masked,
        theme=theme.code if theme else None,
        cluster=_number(cluster.pk) if cluster else None,
    )


def _texts(run: AnalysisRun, *, screened: bool = False) -> list[Text]:
    """Every sent answer and every note that is not withheld; one split by an earlier run keeps its
    ideas. With `screened`, without what arrived since and may still have details to hide."""
    consultation = run.consultation
    spans: dict[str, list[tuple[int, int]]] = {}
    for idea in Idea.objects.of(consultation):
        spans.setdefault(_source_id(idea), []).append((idea.start, idea.end))
    answers = (
        Answer.objects.to_analyse()
        .filter(response__survey__consultation=consultation)
        .select_related("response__survey", "question", "passage")
        .order_by("pk")
    )
    notes = (
        Note.objects.readable().filter(session__consultation=consultation).select_related("session")
    )
    if screened:
        answers = answers.filter(passage__screened_at__isnull=False)
        notes = notes.filter(passage__screened_at__isnull=False)
    rows = [
        Text(
            id=f"answer-{answer.pk}",
            text=_masked(answer),
            audience=answer.response.survey.audience,
            question=answer.question.construct,
            voice=f"response-{answer.response_id}",
        )
        for answer in answers
    ]
    rows += [
        Text(
            id=f"note-{note.pk}",
            text=_masked(note),
            audience=note.session.audience,
            voice=f"session-{note.session_id}",
        )
        for note in notes.select_related("session", "passage").order_by("pk")
    ]
    return [
        replace(row, spans=tuple(sorted(spans[row.id]))) if row.id in spans else row for row in rows
    ]


def _masked(source: Answer | Note) -> str:
    return source.passage.masked if hasattr(source, "passage") else source.text


def _source_id(idea: Idea) -> str:
    return f"answer-{idea.answer_id}" if idea.answer_id else f"note-{idea.note_id}"


@transaction.atomic
def write(run: AnalysisRun, found: Analysis, pipeline: Pipeline | None = None) -> None:
    """Write all that was found and end the run, or nothing at all.

    The pipeline that found it says where ideas lie and which to decide on next.
    """
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    if run.state != AnalysisRun.State.RUNNING:
        raise Stopped
    texts = {text.id: text for text in _texts(run)}
    found = _called_by_name(run, found)
    found = unsaid(run, _still_there(run, found, texts))
    themes = _themes(run, found)
    ideas = _write_ideas(run, found)
    groups = _write_groups(run, found, themes)
    suggestions = [
        ThemeSuggestion(
            run=run,
            idea=ideas[(idea.text_id, idea.start)],
            theme=themes[idea.theme] if idea.theme else None,
            kind=idea.kind or "",
            sure=idea.sure,
            scores=idea.scores,
            reason=unmasked(idea.reason),
            repeats=idea.reason == DECIDED,
            group=groups[idea.group] if idea.group is not None else None,
        )
        for idea in found.ideas
    ]
    if pipeline:
        said = [texts[one.text_id].text[one.start : one.end] for one in found.ideas]
        run.measured = _placed(suggestions, said, pipeline)
    ThemeSuggestion.objects.bulk_create(suggestions)
    _mark_copies(found)
    run.state = AnalysisRun.State.DONE
    run.stage = "Done"
    run.done = run.total = len(found.ideas)
    run.engine_version = found.version
    run.engine_settings = found.settings
    run.fingerprint = found.fingerprint
    run.heard_from_at = run.finished_at = timezone.now()
    run.save()
    if run.by_itself:
        _forget_earlier(run)


def _called_by_name(run: AnalysisRun, found: Analysis) -> Analysis:
    """Groups of what officers put together, which the engine knows by a number, and what is said
    of them elsewhere."""
    adopted = Cluster.objects.adopted().filter(consultation=run.consultation)
    names = {_number(key): name for key, name in adopted.values_list("pk", "name")}

    def called(group: FoundGroup) -> FoundGroup:
        told = OF_OFFICERS.sub(lambda one: names.get(one[0], one[0]), group.reason)
        return replace(group, name=names.get(group.name, group.name), reason=told)

    return replace(found, groups=tuple(map(called, found.groups)))


def _number(key: int) -> str:
    return f"cluster {key}"


def _themes(run: AnalysisRun, found: Analysis) -> dict[str, Theme]:
    themes = {theme.code: theme for theme in Theme.objects.filter(area=run.consultation.area)}
    missing = {idea.theme for idea in found.ideas if idea.theme} - set(themes)
    if missing:
        raise EngineError(f"The area has no theme with the code {', '.join(sorted(missing))}.")
    return themes


def _write_groups(
    run: AnalysisRun, found: Analysis, themes: dict[str, Theme]
) -> dict[int, GroupSuggestion]:
    groups = {
        group.number: GroupSuggestion.objects.create(
            run=run,
            theme=themes[group.theme or ""],
            name=unmasked(group.name),
            reason=unmasked(group.reason),
            order=group.number,
        )
        for group in found.groups
    }
    for group in found.groups:
        others = [groups[number] for number in group.opposes if number in groups]
        if others:
            groups[group.number].opposes.set(others)
    return groups


def _placed(
    suggestions: list[ThemeSuggestion], wordings: list[str], pipeline: Pipeline
) -> dict[str, Any]:
    """Adds each idea's place, its likes and its turn; says how sure the machine is of all.

    `wordings` are the ideas' words as the engine read them.
    """
    idea_of: dict[str, int] = {}
    for wording, one in zip(wordings, suggestions, strict=True):
        idea_of.setdefault(wording, one.idea.pk)
    atlas = pipeline.atlas()
    proposed, gain = pipeline.check_next(MOST_CHECKS)
    turn = {wording: number for number, (wording, _, _) in enumerate(proposed, start=1)}
    why = {wording: reason for wording, _, reason in proposed}
    for wording, one in zip(wordings, suggestions, strict=True):
        if place := atlas.get(wording):
            one.x, one.y = place.x, place.y
            one.alike = [idea_of[like] for like in place.alike if like in idea_of]
        if wording in turn and one.idea.pk == idea_of[wording]:
            one.check_order, one.check_reason = turn[wording], why[wording][:200]
    return asdict(gain)


def _mark_copies(found: Analysis) -> None:
    """Say of each passage which one it nearly repeats, if any."""
    by_id = {}
    sources = {"answer": "answer_id", "note": "note_id"}
    keys: dict[str, list[int]] = {"answer": [], "note": []}
    for one in found.texts:
        kind, key = one.text_id.split("-")
        keys[kind].append(int(key))
    for kind, name in sources.items():
        for passage in Passage.everything.filter(**{f"{name}__in": keys[kind]}):
            by_id[f"{kind}-{getattr(passage, name)}"] = passage
    changed = []
    for one in found.texts:
        passage = by_id.get(one.text_id)
        leader = by_id.get(one.near_duplicate_of or "")
        key = leader.pk if leader else None
        if passage and passage.copy_of_id != key:
            passage.copy_of_id = key
            changed.append(passage)
    Passage.everything.bulk_update(changed, ["copy_of"], batch_size=500)


def _forget_earlier(run: AnalysisRun) -> None:
    """Earlier runs that began by themselves, but for those that a cluster was adopted from."""
    earlier = AnalysisRun.objects.filter(
        consultation=run.consultation, by_itself=True, pk__lt=run.pk
    )
    earlier = earlier.exclude(groups__cluster__isnull=False).exclude(state__in=run.UNDER_WAY)
    for one in earlier:
        if not Idea.everything.filter(found_by=one).exists():
            one.delete()


def _still_there(run: AnalysisRun, found: Analysis, now: dict[str, Text]) -> Analysis:
    """Without the ideas of texts withheld, taken back or written anew while it was at work.

    `now` are the texts as they are now.
    """
    here = {key: text.text for key, text in now.items()}
    ideas = tuple(idea for idea in found.ideas if _stands(idea, now.get(idea.text_id)))
    said: dict[int | None, list[str]] = {}
    for idea in ideas:
        said.setdefault(idea.group, []).append(here[idea.text_id][idea.start : idea.end])
    lost = {idea.group for idea in found.ideas if idea.text_id not in here}
    nameless = _nameless(run, [one for one in found.groups if one.number in lost], said)
    groups = (_left(one, said[one.number], nameless) for one in found.groups if one.number in said)
    return replace(found, ideas=ideas, groups=tuple(groups))


def _stands(idea: FoundIdea, text: Text | None) -> bool:
    """Whether its words are there, and nobody cut them otherwise meanwhile."""
    return text is not None and (text.spans is None or (idea.start, idea.end) in text.spans)


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
