"""The equality questions: counted, and kept apart from what anybody said."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from surveys.actions.responding import locked
from surveys.dates import day_of
from surveys.equality import QUESTION_SET, questions_for, taken
from surveys.models import EqualityTally, Response


@transaction.atomic
def record_equality(*, response: Response, choices: Mapping[str, str], now: datetime) -> bool:
    """Count what somebody chose, once; nothing chosen is a skip. Whether anything was recorded.

    The response keeps only that it was asked, a tally only how many chose what: nothing leads from
    one to the other. A trial of the survey is not counted.
    """
    response = locked(response)
    if not response.is_sent or response.asked_equality:
        return False
    response.asked_equality = True
    response.save(update_fields=["asked_equality"])
    if not response.is_pilot:
        for question, choice in taken(questions_for(response), dict(choices)).items():
            _add_one(response, question, choice, monday_of(now))
    return True


def monday_of(moment: datetime) -> date:
    """The first day of the week that `moment` falls in."""
    day = day_of(moment)
    return day - timedelta(days=day.weekday())


def _add_one(response: Response, question: str, choice: str, week: date) -> None:
    """Rows are met in the order of their questions, so that two people never wait in a circle."""
    tally, _ = EqualityTally.objects.get_or_create(
        survey=response.survey,
        survey_version=response.survey.version,
        week=week,
        question_set=QUESTION_SET,
        question=question,
        choice=choice,
    )
    EqualityTally.objects.filter(pk=tally.pk).update(people=F("people") + 1)
