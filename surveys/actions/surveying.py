"""Making a survey ready to open: what it lacks, its pilot, what else it asks."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.auditing import record
from surveys.equality import OFF_CHOICES
from surveys.models import (
    Audience,
    ExtraEqualityQuestion,
    Question,
    Survey,
)
from surveys.models.survey import ENGLISH, Form
from surveys.refusals import BadText
from surveys.texts import required


@dataclass(frozen=True)
class Check:
    """One thing that a survey needs before it may open."""

    words: str
    is_met: bool


def checks_to_open(
    survey: Survey, *, kind: str | None = None, safety_text: str | None = None
) -> list[Check]:
    """What must be so before a survey gets its dates.

    A form that is being checked says the kind and the safety text it would save.
    """
    asked = list(survey.questions.prefetch_related("wordings")) if survey.pk else []
    safety = survey.safety_text if safety_text is None else safety_text
    return [
        *_asked_enough(asked, kind or survey.kind),
        Check(
            "Every question has a standard wording in English.",
            bool(asked) and all(map(has_standard_wording, asked)),
        ),
        Check("It has a safety text, shown before the first question.", bool(safety.strip())),
    ]


def _asked_enough(asked: list[Question], kind: str) -> list[Check]:
    if kind == Survey.Kind.OUTCOMES:
        words = "It asks about at least one outcome."
        return [Check(words, any(one.has_verdict for one in asked))]
    once = Counter(one.construct for one in asked) == Counter(Question.CORE)
    names = ", ".join(one.label for one in Question.CORE)
    return [Check(f"It has exactly three questions, one for each of: {names}.", once)]


def has_standard_wording(question: Question) -> bool:
    return any(
        (one.form, one.language) == (Form.STANDARD, ENGLISH) for one in question.wordings.all()
    )


@transaction.atomic
def start_pilot(*, survey: Survey, now: datetime) -> Survey:
    """Let people try the survey at an address that nobody guesses. Twice keeps the first one."""
    survey = held(survey)
    _must_wait(survey, now, "A survey is tried before it opens. This one has opened.")
    if not survey.questions.exists():
        raise BadText("Write the questions first: there is nothing to try yet.")
    if not survey.pilot_key:
        survey.pilot_key = secrets.token_urlsafe(18)
        survey.save(update_fields=["pilot_key"])
    return survey


@transaction.atomic
def stop_pilot(*, survey: Survey) -> Survey:
    """The address leads nowhere from now on, and every trial answer is deleted."""
    survey = held(survey)
    survey.pilot_key = ""
    survey.save(update_fields=["pilot_key"])
    survey.responses.filter(is_pilot=True).delete()
    return survey


@transaction.atomic
def ask_extra_equality(
    *, survey: Survey, question: str, reason: str, by: User, now: datetime
) -> ExtraEqualityQuestion:
    """Ask, in this survey, an equality question that is off by default, and keep why."""
    survey = held(survey)
    _must_wait(survey, now, "This survey has opened. What it asks people stays the same.")
    if question not in dict(OFF_CHOICES):
        raise BadText("Choose one of the questions that are off by default.")
    if survey.audience == Audience.YOUNG_PERSON and survey.ages == Survey.Ages.UNDER_11:
        raise BadText("Children under 11 are not asked about equality.")
    if survey.extra_equality.filter(question=question).exists():
        raise BadText("This survey asks that question already.")
    reason = required(reason, "Say why this survey needs that question.")
    record(what="survey: more on equality", about=survey, by=by, now=now, detail=question)
    return ExtraEqualityQuestion.objects.create(
        survey=survey, question=question, reason=reason, by=by, at=now
    )


def held(survey: Survey) -> Survey:
    """The row as it is now, held until the transaction ends."""
    return Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)


def _must_wait(survey: Survey, now: datetime, sentence: str) -> None:
    if survey.has_opened(now):
        raise BadText(sentence)
