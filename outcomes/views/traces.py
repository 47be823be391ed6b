"""What happened to what I said: where each idea of one person's own words is now.

Only whoever holds the code of sent answers sees it, and only of those answers: nobody else's words,
no numbers of people, no officers.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from outcomes.models import (
    AnalysisRun,
    AskedWording,
    Cluster,
    ClusterDecision,
    ClusterIdea,
    FrameworkVersion,
    Idea,
    Outcome,
)
from surveys.models import Answer, Response, Survey
from surveys.said import Said, said
from surveys.views.caching import unstored
from surveys.views.respondent import find_survey, help_of, sent_and_kept


@dataclass(frozen=True)
class Words:
    """An outcome as this person may read it: its words, and the version that published them."""

    code: str
    text: str
    version: str = ""


@dataclass(frozen=True)
class Trace:
    """One idea: its words, the group that people put it in, and what became of the group."""

    number: int
    text: str
    group: str = ""
    reason: str = ""  # why the group was set aside
    outcomes: tuple[Words, ...] = ()
    is_drafting: bool = False

    @property
    def is_set_aside(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True)
class Piece:
    """A run of an answer's characters: of one idea, or (number 0) of none."""

    text: str
    number: int = 0


@dataclass(frozen=True)
class Told:
    """One answer with its ideas marked; for a draft outcome, the words then and now."""

    said: Said
    pieces: tuple[Piece, ...] = ()
    traces: tuple[Trace, ...] = ()
    hides: bool = False  # whether words are hidden in it that they typed
    asked: str = ""
    now: Words | None = None


@unstored
def what_happened(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find_survey(slug)
    response = sent_and_kept(request, survey)
    if response is None:
        return redirect("sent", slug)
    context: dict[str, Any] = {
        "survey": survey,
        "response": response,
        "is_closed": survey.state(timezone.now()) == Survey.State.CLOSED,
        "help": help_of(survey, response),
    }
    if context["is_closed"]:
        told = _told(response)
        found = any(one.traces for one in told)
        context |= {"told": told, "was_read": found or _was_read(response)}
    return render(request, "outcomes/traces.html", context)


def _was_read(response: Response) -> bool:
    """Whether an analysis that read these answers is done."""
    runs = AnalysisRun.objects.done().filter(consultation=response.survey.consultation_id)
    return runs.filter(asked_at__gte=response.sent_at).exists()


def _told(response: Response) -> list[Told]:
    answered = [one for one in said(response) if one.is_answered]
    published = _published(response.survey)
    traces = _traces([one.answer.pk for one in answered if one.answer], published)
    asked = {
        row.question_id: row
        for row in AskedWording.objects.filter(question__survey=response.survey_id)
        .select_related("wording__outcome__theme")
        .prefetch_related("wording__outcome__wordings")
    }
    return [_one(one, asked.get(one.question.pk), traces, published) for one in answered]


def _one(
    one: Said,
    asked: AskedWording | None,
    traces: dict[int, list[tuple[Idea, Trace]]],
    published: dict[str, Words],
) -> Told:
    found = traces.get(one.answer.pk, []) if one.answer else []
    return Told(
        said=one,
        pieces=_pieces(one.answer, found) if one.answer else (),
        hides=bool(one.answer and one.words != one.text),
        traces=tuple(trace for _idea, trace in found),
        asked=asked.wording.i_statement if asked else "",
        now=_words(asked.wording.outcome, published) if asked else None,
    )


def _published(survey: Survey) -> dict[str, Words]:
    """The words of each outcome in the newest framework version, by its code."""
    versions = FrameworkVersion.objects.filter(consultation=survey.consultation_id)
    newest = versions.newest_first().first()
    if newest is None:
        return {}
    return {
        row["code"]: Words(row["code"], row["i_statement"], newest.number)
        for theme in newest.snapshot["themes"]
        for row in theme["outcomes"]
    }


def _traces(answers: list[int], published: dict[str, Words]) -> dict[int, list[tuple[Idea, Trace]]]:
    """By answer: its ideas in the order of its words, each with what became of it."""
    # Their own words: withheld from staff, not from whoever said them.
    ideas = Idea.everything.filter(answer__in=answers).select_related("answer__passage")
    groups = _groups(ideas)
    found: dict[int, list[tuple[Idea, Trace]]] = defaultdict(list)
    for number, idea in enumerate(ideas.order_by("answer__question__order", "start"), start=1):
        trace = _trace(number, idea, groups.get(idea.pk), published)
        found[idea.answer_id or 0].append((idea, trace))
    return found


def _groups(ideas: Iterable[Idea]) -> dict[int, Cluster]:
    """The group that each idea is in, with its outcomes and why it was set aside, if it was."""
    set_aside = ClusterDecision.objects.filter(what=ClusterDecision.What.SET_ASIDE)
    members = (
        ClusterIdea.everything.filter(idea__in=ideas)
        .select_related("cluster")
        .prefetch_related(
            Prefetch("cluster__decisions", queryset=set_aside, to_attr="set_aside"),
            "cluster__outcomes__theme",
            "cluster__outcomes__wordings",
        )
    )
    return {member.idea_id: member.cluster for member in members}


def _trace(number: int, idea: Idea, group: Cluster | None, published: dict[str, Words]) -> Trace:
    if group is None:
        return Trace(number, idea.text)
    if group.state == Cluster.State.SET_ASIDE:
        decisions: list[ClusterDecision] = group.set_aside  # type: ignore[attr-defined]
        return Trace(number, idea.text, group.name, reason=decisions[-1].reason)
    outcomes = list(group.outcomes.all())
    words = [_words(outcome, published) for outcome in outcomes]
    return Trace(
        number,
        idea.text,
        group.name,
        outcomes=tuple(one for one in words if one),
        is_drafting=any(one.state == Outcome.State.DRAFT for one in outcomes),
    )


def _words(outcome: Outcome, published: dict[str, Words]) -> Words | None:
    """As published; else as put forward. A draft is still being written, so it is not shown."""
    if outcome.code in published:
        return published[outcome.code]
    if outcome.state != Outcome.State.PROPOSED:
        return None
    return Words(outcome.code, outcome.wording.i_statement)


def _pieces(answer: Answer, found: list[tuple[Idea, Trace]]) -> tuple[Piece, ...]:
    """The whole answer as others read it, cut at the ends of its ideas."""
    cuts, at = [], 0
    for idea, trace in found:
        start = max(at, idea.start)
        cuts += [(at, start, 0), (start, idea.end, trace.number)]
        at = max(at, idea.end)
    cuts.append((at, len(answer.text), 0))
    return tuple(Piece(_part(answer, a, b), number) for a, b, number in cuts if a < b)


def _part(answer: Answer, start: int, end: int) -> str:
    if not hasattr(answer, "passage"):
        return answer.text[start:end]
    return str(answer.passage.part(start, end))
