"""The second round: asking people whether the outcomes are right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from outcomes.actions.publishing import NOT_SHOWN, people_behind
from outcomes.models import AskedWording, Outcome, Wording
from surveys.counting import Counts, Place, counts
from surveys.models import Answer, Audience, Question, QuestionWording, Response, Survey
from surveys.models.survey import ENGLISH, Form
from surveys.refusals import BadText

MOST_CHARACTERS = 1_000
WHO = {
    Audience.PARENT_CARER: "parents and carers",
    Audience.PRACTITIONER: "people who work with families",
    Audience.YOUNG_PERSON: "children and young people",
}


@transaction.atomic
def ask_about(*, survey: Survey, outcomes: Sequence[Outcome], now: datetime) -> list[Question]:
    """Let the survey ask whether exactly these outcomes are right, in the words they have now.

    What it asks about already keeps its place and what officers added to it; what is no longer
    chosen is taken out, with the trial answers to it.
    """
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    _must_fit(survey, outcomes, now)
    asked = {one.wording.outcome_id: one for one in asked_in(survey)}
    for outcome_id, one in asked.items():
        if outcome_id not in {outcome.pk for outcome in outcomes}:
            _take_out(one)
    people = people_behind(list(outcomes))
    for outcome in outcomes:
        wording, background = outcome.wording, came_from(people[outcome.pk])
        if outcome.pk in asked:
            _put(asked[outcome.pk], wording, background)
        else:
            _ask(survey, wording, background)
    return list(survey.questions.filter(construct=Question.Construct.RIGHT))


def asked_in(survey: Survey) -> QuerySet[AskedWording]:
    rows = AskedWording.objects.filter(question__survey=survey)
    return rows.select_related("question", "wording__outcome__theme")


def _must_fit(survey: Survey, outcomes: Sequence[Outcome], now: datetime) -> None:
    if survey.kind != Survey.Kind.OUTCOMES:
        raise BadText("Choose a survey of the kind “have we got this right?”.")
    if survey.has_opened(now):
        raise BadText("This survey has opened. What it asks people stays the same.")
    if not outcomes and survey.opens_on:
        raise BadText("The survey has its dates. Choose at least one outcome.")
    for outcome in outcomes:
        if outcome.state == Outcome.State.RETIRED:
            raise BadText(f"{outcome} is retired, so nobody is asked about it.")
        if outcome.consultation_id != survey.consultation_id:
            raise BadText("Choose outcomes of the survey’s own consultation.")


def _ask(survey: Survey, wording: Wording, background: str) -> None:
    last = survey.questions.aggregate(last=Max("order"))["last"] or 0
    question = Question.objects.create(
        survey=survey,
        order=last + 1,
        construct=Question.Construct.RIGHT,
        label=wording.outcome.code,
        background=background,
        max_chars=MOST_CHARACTERS,
    )
    QuestionWording.objects.create(
        question=question, text=wording.i_statement, hint=wording.family_statement
    )
    AskedWording.objects.create(question=question, wording=wording)


def _put(asked: AskedWording, wording: Wording, background: str) -> None:
    """The words and where they came from, as they are now. Nobody but a trial has seen others."""
    standard = asked.question.wordings.filter(form=Form.STANDARD, language=ENGLISH)
    standard.update(text=wording.i_statement, hint=wording.family_statement)
    Question.objects.filter(pk=asked.question_id).update(background=background)
    AskedWording.objects.filter(pk=asked.pk).update(wording=wording)


def _take_out(asked: AskedWording) -> None:
    Answer.objects.filter(question=asked.question).delete()
    asked.question.delete()


def came_from(people: Sequence[dict[str, str]]) -> str:
    """Where an outcome came from, in one plain sentence: people, and 1 to 4 never told apart."""
    told = dict(zip(Audience.values, (one["count"] for one in people), strict=True))
    said = [
        f"{told[audience]} {who}"
        for audience, who in WHO.items()
        if told[audience] not in ("0", NOT_SHOWN)
    ]
    if not said:
        return "This came from what people told us."
    listed = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"This came from what {listed} told us."


@dataclass(frozen=True)
class Verdicts:
    """What people said of one asked wording: how many of each audience, and their comments."""

    asked: AskedWording
    is_of_now: bool
    table: Counts
    comments: list[dict[str, Any]]


def verdicts_on(outcome: Outcome) -> list[Verdicts]:
    """For each wording of the outcome that people were asked about, newest first.

    Surveys for several audiences may ask about the same wording: they stand side by side.
    """
    now = outcome.wording.pk
    asked = AskedWording.objects.filter(wording__outcome=outcome)
    rows = asked.select_related("question", "wording").order_by("-wording__number", "pk")
    by_wording: dict[int, list[AskedWording]] = {}
    for one in rows:
        by_wording.setdefault(one.wording_id, []).append(one)
    return [_verdicts(same, is_of_now=key == now) for key, same in by_wording.items()]


def _verdicts(asked: list[AskedWording], *, is_of_now: bool) -> Verdicts:
    answers = Answer.objects.filter(
        question__in=[one.question_id for one in asked],
        response__in=Response.objects.counted(),
    )
    numbers = answers.exclude(choice="").values("response__survey__audience", "choice")
    people: dict[Place, int] = {
        (one["response__survey__audience"], one["choice"]): one["people"]
        for one in numbers.annotate(people=Count("response", distinct=True))
    }
    comments = answers.exclude(text="").readable()
    comments = comments.select_related("response__survey", "wording", "passage")
    return Verdicts(
        asked=asked[0],
        is_of_now=is_of_now,
        table=counts(Audience.values, Answer.Choice.values, people),
        comments=[
            {
                "audience": one.response.survey.get_audience_display(),
                "choice": one.get_choice_display(),
                "text": one.words,
                "response": one.response,
            }
            for one in comments.order_by("response__survey__audience", "choice", "pk")
        ],
    )
