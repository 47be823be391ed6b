"""The equality questions: counted, and kept apart from what anybody said."""

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from surveys.actions.responding import locked
from surveys.dates import day_of
from surveys.equality import QUESTION_SET, questions_for, taken
from surveys.models import EqualityTally, Response, Survey


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
    chosen = taken(questions_for(response), dict(choices))
    if chosen and not response.is_pilot:
        _count(response.survey, chosen, monday_of(now))
    return True


def monday_of(moment: datetime) -> date:
    """The first day of the week that `moment` falls in."""
    day = day_of(moment)
    return day - timedelta(days=day.weekday())


def _count(survey: Survey, chosen: Mapping[str, str], week: date) -> None:
    """Add one person to the week.

    All rows of the week are written anew, under keys of chance. So neither their keys and places
    nor when the database wrote them tell which were chosen together, or who was first or last.
    """
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    named = {
        "survey": survey,
        "survey_version": survey.version,
        "week": week,
        "question_set": QUESTION_SET,
    }
    rows = EqualityTally.objects.filter(**named)
    people = Counter({(one.question, one.choice): one.people for one in rows})
    people.update(chosen.items())
    rows.delete()
    EqualityTally.objects.bulk_create(
        EqualityTally(
            id=secrets.randbits(62), question=question, choice=choice, people=number, **named
        )
        for (question, choice), number in sorted(people.items())
    )
