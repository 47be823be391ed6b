"""A consultation of any size as officers find it half-way: read in part, coded in part.

The words are those of the benchmark's sets of ideas, two or three to an answer.
"""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction

from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    Coding,
    Disposition,
    GroupSuggestion,
    Idea,
    Outcome,
    Sample,
    SampleIdea,
    ThemeSuggestion,
    Wording,
    words_hash,
)
from surveys.models import (
    Answer,
    Concern,
    Consultation,
    DetailSuggestion,
    Note,
    Passage,
    Question,
    Redaction,
    Response,
    Session,
    Survey,
    Theme,
)
from surveys.redacted import Hidden

SETS = sorted((Path(__file__).parent / "data").glob("ideas_?.jsonl"))
SEED = 0
AT_A_TIME = 5_000
# Of the ideas: two of five answers, one of five responses, one of fifty a note.
NOTES = 0.02
# Of the passages.
HIDDEN, WITHHELD, COPIED, DISPOSED, SET_IN_A_SAMPLE = 0.05, 0.003, 0.02, 0.04, 50
# Of the ideas.
CODED, CODED_TWICE, NOT_SURE, IN_A_GROUP = 0.4, 0.05, 0.15, 0.85
ENDS = ["nothing", "off topic", "case", "complaint"]
Span = tuple[int, int, str]
Passages = list[Passage]


@dataclass
class Filling:
    """What it is about, who does it and when; and the chance that the same seed repeats."""

    consultation: Consultation
    by: User
    second: User
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311

    def often(self, share: float) -> bool:
        return self.chance.random() < share


def said() -> list[tuple[str, str]]:
    """Ideas in words, and the code of the theme that each is about."""
    rows = [json.loads(line) for one in SETS for line in one.read_text().splitlines()]
    return [(row["text"], row["theme"]) for row in rows]


@transaction.atomic
def fill(
    *, consultation: Consultation, ideas: int, by: User, second: User, now: datetime
) -> AnalysisRun:
    """Add so many ideas to its surveys, with all that an analysis and two officers make of them."""
    of = Filling(consultation, by, second, now)
    of.chance.seed(SEED + Passage.everything.count())
    spans: list[list[Span]] = []
    notes = _notes(of, max(2, int(ideas * NOTES)), spans)
    answers = _answers(of, ideas - sum(len(one) for one in spans), spans)
    passages = _passages(of, answers, notes)
    run = AnalysisRun.objects.create(
        consultation=consultation, asked_by=by, asked_at=now, finished_at=now, state="done"
    )
    run.measured = {"checks": 50, "corrected": 12, "spread": 3, "before": 0.84, "after": 0.9}
    run.save()
    found = _ideas(run, passages, spans)
    themes = {theme.code: theme for theme in Theme.objects.filter(area=consultation.area)}
    suggested = _suggestions(of, run, found, themes)
    _clusters(of, suggested)
    _codings(of, suggested, list(themes.values()))
    _decided(of, passages, suggested)
    return run


def _made(model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
    manager = getattr(model, "everything", None) or model._default_manager
    return list(manager.bulk_create(rows, batch_size=AT_A_TIME))


def _words(of: Filling, ways: list[tuple[str, str]], ideas: int) -> tuple[str, list[Span]]:
    text, spans = "", []
    for words, theme in of.chance.choices(ways, k=ideas):
        text += " " * bool(text)
        spans.append((len(text), len(text) + len(words), theme))
        text += words if words.endswith((".", "!", "?")) else f"{words}."
    return text, spans


def _notes(of: Filling, number: int, spans: list[list[Span]]) -> list[Note]:
    per, before = 25, of.consultation.sessions.count()
    audiences = sorted({one.audience for one in of.consultation.surveys.all()})
    sessions = _made(
        Session,
        (
            Session(
                consultation=of.consultation,
                title=f"Workshop number {before + one + 1}",
                audience=of.chance.choice(audiences),
                held_on=of.now.date(),
                people=12,
            )
            for one in range(-(-number // per))
        ),
    )
    ways, rows = said(), []
    # The second, so that of few ideas too a search finds one.
    swimming = [way for way in ways if "swimming" in way[0].split()]
    for one in range(number):
        text, found = _words(of, swimming if one == 1 else ways, 1)
        rows.append(Note(session=sessions[one // per], text=text, order=one % per + 1))
        spans.append(found)
    return _made(Note, rows)


def _answers(of: Filling, ideas: int, spans: list[list[Span]]) -> list[Answer]:
    surveys = list(of.consultation.surveys.filter(kind=Survey.Kind.IDEAS).order_by("pk"))
    asked = {
        one.pk: list(one.questions.exclude(construct=Question.Construct.RIGHT)) for one in surveys
    }
    ways, responses, answers = said(), [], []
    number = count(of.chance.randrange(10**12))
    while ideas > 0:
        survey = of.chance.choice(surveys)
        response = _response(of, survey, next(number))
        responses.append(response)
        for question in sorted(of.chance.sample(asked[survey.pk], 2), key=lambda one: one.order):
            text, found = _words(of, ways, min(of.chance.choice((2, 3)), ideas))
            if found:
                answers.append(Answer(response=response, question=question, text=text))
                spans.append(found)
                ideas -= len(found)
    _made(Response, responses)
    return _made(Answer, answers)


def _response(of: Filling, survey: Survey, number: int) -> Response:
    return Response(
        survey=survey,
        code_hash=f"{number:064x}",
        state=Response.State.SENT,
        channel=Response.Channel.ONLINE,
        may_quote=of.chance.choice((True, True, False, None)),
        started_at=of.now,
        sent_at=of.now,
    )


def _audience(source: Note | Answer) -> str:
    if isinstance(source, Note):
        return source.session.audience
    return source.response.survey.audience


def _passages(of: Filling, answers: list[Answer], notes: list[Note]) -> Passages:
    rows: Passages = []
    sources: list[Note | Answer] = [*notes, *answers]
    for source in sources:
        note = source if isinstance(source, Note) else None
        answer = source if isinstance(source, Answer) else None
        passage = Passage(
            consultation=of.consultation,
            answer=answer,
            note=note,
            audience=_audience(source),
            language="en",
            length=len(source.text),
            screened_at=of.now,
        )
        # The first always, the second, which a search looks for, never.
        is_hidden = of.often(HIDDEN) if len(rows) > 1 else not rows
        hides = [Hidden(0, 4, "person")] if is_hidden else []
        passage.hide(hides)
        rows.append(passage)
    _made(Passage, rows)
    hidden = [one for one in rows if one.hidden]
    details = {"start": 0, "end": 4, "kind": "person"}
    _made(DetailSuggestion, (DetailSuggestion(passage=p, score=0.9, **details) for p in hidden))
    redactions = (
        Redaction(passage=one, hides=True, by=of.by, at=of.now, **details) for one in hidden[::2]
    )
    _made(Redaction, redactions)
    return rows


def _ideas(run: AnalysisRun, passages: Passages, spans: list[list[Span]]) -> list[tuple[Idea, str]]:
    rows = [
        (Idea(answer=one.answer, note=one.note, start=start, end=end, found_by=run), theme)
        for one, found in zip(passages, spans, strict=True)
        for start, end, theme in found
    ]
    _made(Idea, (idea for idea, _theme in rows))
    return rows


def _per_group(ideas: int) -> int:
    """So few of a hundred ideas that each part of a board has some."""
    if ideas < 1_000:
        return 3
    return 10 if ideas < 10_000 else 30


def _suggestions(
    of: Filling, run: AnalysisRun, found: list[tuple[Idea, str]], themes: dict[str, Theme]
) -> list[ThemeSuggestion]:
    keys = [idea.pk for idea, _theme in found]
    by_theme: dict[str, list[int]] = {}
    for place, (_idea, theme) in enumerate(found):
        if of.often(IN_A_GROUP):
            by_theme.setdefault(theme, []).append(place)
    groups: list[GroupSuggestion] = []
    group_of: dict[int, GroupSuggestion] = {}
    number = count(1)
    most = _per_group(len(found))
    for theme, places in sorted(by_theme.items()):
        for start in range(0, len(places), most):
            inside = places[start : start + most]
            name = " ".join(found[inside[0]][0].text.split()[:8])
            group = GroupSuggestion(
                run=run, theme=themes[theme], name=name, reason="Alike.", order=next(number)
            )
            groups.append(group)
            group_of |= dict.fromkeys(inside, group)
    _made(GroupSuggestion, groups)
    for one, other in zip(groups[::10], groups[5::10], strict=False):
        one.opposes.add(other)
    return _made(
        ThemeSuggestion,
        (
            ThemeSuggestion(
                run=run,
                idea=idea,
                theme=themes[theme],
                kind=of.chance.choice(ThemeSuggestion.Kind.values),
                sure=not of.often(NOT_SURE),
                scores={code: 0.8 if code == theme else 0.05 for code in themes},
                reason="Close to 8 examples of this theme.",
                group=group_of.get(place),
                x=round(of.chance.random(), 4),
                y=round(of.chance.random(), 4),
                alike=of.chance.sample(keys, min(8, len(keys))),
                check_order=place + 1 if place < 50 else None,
                check_reason="Many are like it." if place < 50 else "",
            )
            for place, (idea, theme) in enumerate(found)
        ),
    )


def _clusters(of: Filling, suggested: list[ThemeSuggestion]) -> None:
    """Every second group is adopted; of the clusters some are set aside, some in an outcome."""
    members: dict[GroupSuggestion, list[Idea]] = {}
    for one in suggested:
        if one.group:
            members.setdefault(one.group, []).append(one.idea)
    adopted = list(members)[::2]
    states = (["adopted"] * 9 + ["set aside"]) * (len(adopted) // 10 + 1)
    clusters = _made(
        Cluster,
        (
            Cluster(
                consultation=of.consultation,
                theme=group.theme,
                name=f"{group.name[:100]} {group.order}",
                state=state,
                adopted_from=group,
            )
            for group, state in zip(adopted, states, strict=False)
        ),
    )
    _made(
        ClusterIdea,
        (
            ClusterIdea(cluster=cluster, idea=idea, added_by=of.by, added_at=of.now)
            for cluster in clusters
            for idea in members[cluster.adopted_from]
        ),
    )
    what = {"what": "adopted", "by": of.by, "at": of.now}
    _made(ClusterDecision, (ClusterDecision(cluster=cluster, **what) for cluster in clusters))
    for number, cluster in enumerate(clusters[::20][:40], start=1):
        _outcome(of, cluster, number)


def _outcome(of: Filling, cluster: Cluster, number: int) -> None:
    last = Outcome.objects.filter(consultation=of.consultation, theme=cluster.theme)
    number += max(last.values_list("number", flat=True), default=0)
    made = Outcome.objects.create(
        consultation=of.consultation, theme=cluster.theme, number=number, state="proposed"
    )
    made.clusters.add(cluster)
    said = {"i_statement": f"I feel well, {number}.", "reason": "So they said."}
    hashed = words_hash(said["i_statement"], "")
    Wording.objects.create(outcome=made, number=1, content_hash=hashed, by=of.by, at=of.now, **said)


def _codings(of: Filling, suggested: list[ThemeSuggestion], themes: list[Theme]) -> None:
    rows = []
    for one in suggested:
        if not of.often(CODED):
            continue
        if of.often(CODED_TWICE):
            first = of.chance.choice(themes)
            how = {"how": "chosen", "is_current": False}
            rows.append(Coding(idea=one.idea, theme=first, by=of.second, at=of.now, **how))
        rows.append(Coding(idea=one.idea, theme=one.theme, how="accepted", by=of.by, at=of.now))
    _made(Coding, rows)


def _decided(of: Filling, passages: Passages, suggested: list[ThemeSuggestion]) -> None:
    """Worries, copies, dispositions, and a sample that two people are coding."""
    worry = {"category": "other", "reason": "I worry.", "raised_at": of.now}
    withheld = [one for one in passages if of.often(WITHHELD)]
    _made(Concern, (Concern(answer=one.answer, note=one.note, **worry) for one in withheld))
    copies = [one for one in passages[10:] if of.often(COPIED)]
    for one in copies:
        one.copy_of = passages[of.chance.randrange(10)]
    Passage.everything.bulk_update(copies, ["copy_of"], batch_size=1_000)
    # One of each kind at least.
    disposed = [one for one in passages[len(ENDS) :] if of.often(DISPOSED)]
    ends = [*ENDS, *(of.chance.choice(ENDS) for _one in disposed)]
    _made(
        Disposition,
        (
            Disposition(passage=one, what=what, by=of.by, at=of.now)
            for one, what in zip((*passages[: len(ENDS)], *disposed), ends, strict=True)
        ),
    )
    sample = Sample.objects.create(
        consultation=of.consultation,
        first=of.by,
        second=of.second,
        made_by=of.by,
        made_at=of.now,
        seed=SEED,
    )
    drawn = of.chance.sample(suggested, min(SET_IN_A_SAMPLE, len(suggested)))
    _made(
        SampleIdea,
        (
            SampleIdea(sample=sample, idea=one.idea, suggested=one.theme, order=order)
            for order, one in enumerate(drawn, start=1)
        ),
    )
