"""Plays the demonstration's people: each response goes through the actions a person would use."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from surveys.actions import (
    Received,
    begin_response,
    describe_respondent,
    enter_response,
    save_answer,
    send_response,
)
from surveys.dates import day_of
from surveys.models import Consultation, Question, Response, Survey

FILE = Path(__file__).with_name("responses.jsonl")
Row = dict[str, Any]


@dataclass
class Asked:
    """A survey, its questions by construct and its pictures by drawing."""

    survey: Survey
    questions: dict[str, Question] = field(init=False)
    pictures: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        questions = self.survey.questions.prefetch_related("wordings", "pictures")
        self.questions = {one.construct: one for one in questions}
        self.pictures = {
            picture.drawing: picture.pk for one in questions for picture in one.pictures.all()
        }

    def ticks(self, row: Row) -> list[int]:
        return [self.pictures[name] for name in row["way"].get("ticks", [])]


def load_responses(consultation: Consultation, *, by: User, now: datetime) -> dict[str, Response]:
    """What came on paper, by phone or by email is typed in by `by`; the rest is sent online.

    Gives what was sent online by its special case, where it is one.
    """
    asked = {survey.slug: Asked(survey) for survey in consultation.surveys.all()}
    special: dict[str, Response] = {}
    number = 0
    with FILE.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            sent = now - timedelta(minutes=row["minutes_before_load"])
            if row["way"]["channel"] == "online":
                special[row["special"]] = _send(asked[row["survey"]], row, sent)
            else:
                number += 1
                _enter(asked[row["survey"]], row, f"P{number:03d}", by, sent)
    return special


def _send(asked: Asked, row: Row, sent: datetime) -> Response:
    way, began = row["way"], sent - timedelta(minutes=10)
    response, _ = begin_response(
        survey=asked.survey, form=way["form"], source=way["source"], now=began
    )
    for construct, question in asked.questions.items():
        ticked = asked.ticks(row) if construct == Question.Construct.WHAT_MATTERS else None
        save_answer(
            response=response,
            question=question,
            text=row["answers"].get(construct, ""),
            ticks=ticked,
            wording=question.wording(way["form"]),
            seen=None,
            now=sent,
        )
    helped = {name: way.get(name, "") for name in ("help", "helper", "helper_words")}
    describe_respondent(response=response, about=way["about"], now=sent, **helped)
    return send_response(response=response, may_quote=row["may_quote"], now=sent)


def _enter(asked: Asked, row: Row, number: str, by: User, received: datetime) -> None:
    way = row["way"]
    paper = Received(
        survey=asked.survey,
        channel=way["channel"],
        received_on=day_of(received),
        texts=row["answers"],
        ticks=asked.ticks(row),
        about=way["about"],
        may_quote=row["may_quote"],
        help=way.get("help", ""),
        helper=way.get("helper", ""),
        form=way["form"],
        number=number,
    )
    enter_response(received=paper, by=by, now=received)
