"""Worries that the demonstration's officers raised, and what the safeguarding lead did about them.

What the worker's screen finds comes to the queue beside them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from outcomes.actions import clear_concern, raise_concern, see_concern
from surveys.models import Response

Row = dict[str, Any]


def load_concerns(
    rows: list[Row], special: Mapping[str, Response], people: Mapping[str, User], *, now: datetime
) -> None:
    """`special` has the responses by their case. Not every concern was seen or cleared yet."""

    def step(row: Row) -> Row:
        moment = now - timedelta(minutes=row["minutes_before_load"])
        said = {"reason": row["reason"]} if "reason" in row else {}
        return said | {"by": people[row["by"]], "now": moment}

    for row in rows:
        answer = special[row["special"]].answers.get(question__construct=row["question"])
        concern = raise_concern(source=answer, category=row["category"], **step(row["raised"]))
        if row["seen"]:
            see_concern(concern=concern, **step(row["seen"]))
        if row["cleared"]:
            clear_concern(concern=concern, **step(row["cleared"]))
