"""Whether an idea's words may be offered as a quote: "could this identify a child?"

A person answers that, about these very words. The answer lies in the audit log; when the idea is
cut otherwise, or a detail in it is decided on anew, it holds no longer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from outcomes.hiding import newest, undecided
from outcomes.models import Idea
from surveys.counting import FEWEST_SHOWN
from surveys.models import AuditEvent, Passage, Response

ASKED = "quote: could this identify a child"
OF_A_WORKSHOP = "Nobody in a workshop was asked whether their words may be quoted."
NOT_SAID = "They did not say whether their words may be quoted."
SAID_NO = "They said that their words may not be quoted."
NOT_COUNTED = "This response came too late, and is not counted."
WITHHELD = "The safeguarding lead reads these words first."
NOT_SCREENED = "The screen has not looked for personal details in them yet."
UNDECIDED = "Nobody has decided yet on details that the screen suggests in them."
NOT_ASKED = "Nobody has answered yet whether they could identify a child."

# What together may tell who it is, though each alone does not.
TELLING = {
    "an age": re.compile(
        r"\b(?:\d{1,2}[- ]?(?:years?|yrs?|months?)[- ]?old|aged?\s+\d{1,2}"
        r"|i(?:’|')?\s?a?m\s+\d{1,2}|(?:is|turned|nearly)\s+\d{1,2}|year\s+\d{1,2}"
        r"|reception class)\b",
        re.IGNORECASE,
    ),
    "a place": re.compile(
        r"\[(?:place|school|address|postcode)\]"
        r"|\b(?:village|hamlet|town|school|college|nursery|farm|estate|street|lane|hospital)\b",
        re.IGNORECASE,
    ),
    "a condition or an event": re.compile(
        r"\b(?:autis\w+|asd|adhd|wheelchair|cerebral palsy|down(?:’|')?s|epilep\w+|diabet\w+"
        r"|deaf|blind|tube[- ]fed|syndrome|cancer|dyslexi\w+|stammer\w*|tourette\w*|adopted"
        r"|foster\w*|in care|refugee\w*|twins?|triplets?|died|prison|arrested|pregnan\w+"
        r"|transgender|trans)\b",
        re.IGNORECASE,
    ),
    "being the only one": re.compile(r"\b(?:the only|only one|nobody else)\b", re.IGNORECASE),
}


class Answer(models.TextChoices):
    """What a person says of an idea's words as staff read them."""

    NO_ONE = (
        "no one",
        "No: nobody could tell who it is. It may be quoted.",
    )
    SOMEBODY = "somebody", "Yes: somebody could tell who it is. Do not quote it."
    HURTS = "hurts", "No, but quoting it could hurt or shame somebody. Do not quote it."
    MISLEADS = "misleads", "No, but it misleads when it stands alone. Do not quote it."


@dataclass(frozen=True)
class Check:
    """The answer that holds: what, by whom, when. `number` is its place in the audit log."""

    answer: Answer
    by: Any
    at: datetime
    number: int

    @property
    def may(self) -> bool:
        return self.answer == Answer.NO_ONE


@dataclass(frozen=True)
class Quote:
    """An idea with why it may not be quoted (nothing: it may), and what to look at."""

    idea: Idea
    check: Check | None
    against: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    @property
    def may(self) -> bool:
        return not self.against


def may_quote(idea: Idea) -> bool:
    return quotes([idea])[0].may


def quotes(ideas: Sequence[Idea]) -> list[Quote]:
    """The same questions to the database however many ideas there are.

    Their passages come with what was suggested and decided about them: see with_details.
    """
    checks = checks_of(ideas)
    few = _audiences_of_few(ideas)
    found = []
    for idea in ideas:
        check = checks.get(idea.pk)
        against = [*_against(idea), *_unless_checked(check)]
        found.append(Quote(idea, check, against, [*_hints(idea, few)]))
    return found


def with_details(ideas: models.QuerySet[Idea]) -> models.QuerySet[Idea]:
    """All that quotes() reads of each."""
    kinds = [
        f"{source}__passage__{rows}"
        for source in ("answer", "note")
        for rows in ("redactions", "detailsuggestions")
    ]
    joined = ideas.select_related(
        "answer__response__survey", "answer__passage", "answer__concern",
        "note__session", "note__passage", "note__concern",
    )  # fmt: skip
    return joined.prefetch_related(*kinds)


def checks_of(ideas: Iterable[Idea]) -> dict[int, Check]:
    """By idea: what somebody answered last, where it is about the words as they are."""
    by_name = {f"{idea._meta.label_lower} {idea.pk}": idea for idea in ideas}
    events = AuditEvent.objects.filter(what=ASKED, about__in=by_name).select_related("by")
    found: dict[int, Check] = {}
    for event in events.order_by("number"):
        idea = by_name[event.about]
        found.pop(idea.pk, None)
        answer, _, words = event.detail.partition(": ")
        if words == place_of(idea) and not _decided_since(idea, event.at):
            found[idea.pk] = Check(Answer(answer), event.by, event.at, event.number)
    return found


def place_of(idea: Idea) -> str:
    return f"characters {idea.start} to {idea.end}"


def _passage(idea: Idea) -> Passage | None:
    return getattr(idea.source, "passage", None)


def _within(idea: Idea, detail: Any) -> bool:
    return bool(detail.start < idea.end and idea.start < detail.end)


def _decided_since(idea: Idea, at: datetime) -> bool:
    passage = _passage(idea)
    return bool(passage) and any(one.at > at and _within(idea, one) for one in newest(passage))


def _against(idea: Idea) -> Iterable[str]:
    if idea.answer is None:
        yield OF_A_WORKSHOP
    else:
        response = idea.answer.response
        if not response.may_quote:
            yield NOT_SAID if response.may_quote is None else SAID_NO
        if response.late == Response.Late.NOT_COUNTED:
            yield NOT_COUNTED
    if idea.source.is_withheld:
        yield WITHHELD
    passage = _passage(idea)
    if passage is None or passage.screened_at is None:
        yield NOT_SCREENED
    elif any(_within(idea, one) for one in undecided(passage)):
        yield UNDECIDED


def _unless_checked(check: Check | None) -> Iterable[str]:
    if check is None:
        yield NOT_ASKED
    elif not check.may:
        yield str(check.answer.label)


def _audiences_of_few(ideas: Iterable[Idea]) -> set[tuple[int, str]]:
    """Of the consultations of these ideas: audiences of which fewer than five answered."""
    asked = {
        (one.answer.response.survey.consultation_id, one.answer.response.survey.audience)
        for one in ideas
        if one.answer
    }
    rows = Response.objects.counted().filter(
        survey__consultation__in={consultation for consultation, _ in asked}
    )
    counted = rows.values_list("survey__consultation", "survey__audience")
    numbers = counted.annotate(number=models.Count("pk"))
    many = {(where, who) for where, who, number in numbers if number >= FEWEST_SHOWN}
    return asked - many


def _hints(idea: Idea, few: set[tuple[int, str]]) -> Iterable[str]:
    if idea.answer:
        survey = idea.answer.response.survey
        if (survey.consultation_id, survey.audience) in few:
            yield f"Fewer than {FEWEST_SHOWN} {survey.get_audience_display()} answered."
    told = [kind for kind, words in TELLING.items() if words.search(idea.text)]
    if len(told) > 1:
        yield f"It tells {' and '.join([', '.join(told[:-1]), told[-1]])} together."
    if "[" in idea.text:
        yield "Something is hidden in it: read whether the rest still tells who it is."
