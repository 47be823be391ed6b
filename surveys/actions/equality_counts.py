"""What the equality questions found in one survey, as staff may see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from surveys.counting import NOT_SHOWN, TOTAL, Place, counts
from surveys.equality import PREFER_NOT, QUESTION_SET, Asked, Text, offered
from surveys.models import EqualityTally, Survey

FEWEST_SHOWN = 10
PEOPLE = "people"


@dataclass(frozen=True)
class Choices:
    """One question: how many people chose what, and how many answered it."""

    text: Text
    lines: list[tuple[Text, str]]
    total: str


def may_show_equality(*, survey: Survey, now: datetime) -> bool:
    """Only once nobody can send any more.

    A count that grows while people answer would tell what the one person chose whose response
    came between two looks at it.
    """
    return bool(survey.grace_ends_at and survey.grace_ends_at <= now)


def equality_counts(*, survey: Survey, now: datetime) -> list[Choices]:
    """Each question with its choices, the weeks and the survey's versions added together."""
    if not may_show_equality(survey=survey, now=now):
        return []
    people = _people(survey)
    found: list[Choices] = []
    hidden: set[Place] = set()
    for one in offered(survey):
        choices = [*dict(one.choices), PREFER_NOT]
        numbers: dict[Place, int] = {
            (choice, PEOPLE): people.get((one.key, choice), 0) for choice in choices
        }
        table = counts(choices, [PEOPLE], numbers, FEWEST_SHOWN)
        hidden |= {(one.key, choice) for choice, _ in table.hidden}
        shown = [table.shown(choice, PEOPLE) for choice in choices]
        total = table.shown(TOTAL, PEOPLE)
        if one.only_if in hidden:  # its total would tell how many chose what it follows
            shown, total = [NOT_SHOWN] * len(choices), NOT_SHOWN
        lines = list(zip(_words(one, choices), shown, strict=True))
        found.append(Choices(one.text, lines, total))
    return found


def _people(survey: Survey) -> dict[tuple[str, str], int]:
    rows = EqualityTally.objects.filter(survey=survey, question_set=QUESTION_SET)
    sums = rows.order_by().values_list("question", "choice").annotate(sum=Sum("people"))
    return {(question, choice): number for question, choice, number in sums}


def _words(one: Asked, choices: list[str]) -> list[Text]:
    words = dict(one.choices)
    return [words.get(choice, "Prefer not to say") for choice in choices]
