"""Loads the Somerset demonstration through the actions that people use.

What people set up in the admin (the area, its registers, the surveys) is validated and saved as
the admin would; what people do (publish, answer, send, note) goes through the actions.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models, transaction

from outcomes.demo.concerns import load_concerns
from outcomes.demo.people import load_responses
from outcomes.models import ImprovementPriority, Signatory, Strategy, years_of
from surveys.actions import (
    add_note,
    add_standard_stakeholders,
    publish_consultation,
    publish_notice,
)
from surveys.dates import day_of
from surveys.models import (
    Agency,
    AgencyLead,
    Area,
    Consultation,
    Document,
    Picture,
    Question,
    QuestionWording,
    ReachTarget,
    Session,
    Survey,
    SurveyWording,
    Theme,
    TimelineEvent,
)
from surveys.notices import first_notice
from surveys.screening import screened_together
from surveys.worded import DRAWINGS

FOLDER = Path(__file__).parent
# Before its first answers came.
PUBLISHED_BEFORE = timedelta(days=21)
PASSWORD = "demonstration"  # noqa: S105 - printed by load_demo, refused outside the demonstration
ROLES = {
    "officer": "Officer",
    "publisher": "Publisher",
    "agency_lead": "Agency lead",
    "facilitator": "Facilitator",
    "safeguarding_lead": "Safeguarding lead",
    "analyst": "Analyst",
    "redactor": "Redactor",
    "reviewer": "Co-production reviewer",
    "administrator": "Administrator",
}
Row = dict[str, Any]


def is_loaded() -> bool:
    return Area.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def load(*, now: datetime) -> Consultation:
    """Load everything, or nothing when something fails."""
    data = json.loads((FOLDER / "somerset.json").read_text())
    area = _saved(Area(is_demonstration=True, **data["area"]))
    agencies = _agencies(area, data["agencies"])
    people = {row["username"]: _person(row, agencies, now) for row in data["people"]}
    _registers(area, data)
    consultation = _consultation(area, data, now)
    for row in data["agencies"]:
        if row["signs"]:
            required = row["signs"] == "required"
            agency = agencies[row["slug"]]
            _saved(Signatory(consultation=consultation, agency=agency, is_required=required))
    published = now - PUBLISHED_BEFORE
    publish_notice(area=area, body=first_notice(area), by=people["asha"], now=published)
    publish_consultation(consultation=consultation, by=people["asha"], now=published)
    sessions = _sessions(consultation, data["sessions"], agencies, people)
    with screened_together():
        for row in _rows("notes.jsonl"):
            session = sessions[row["session"]]
            add_note(session=session, text=row["text"], kind=row["kind"], dots=row["dots"])
        special = load_responses(consultation, by=people["fran"], now=now)
    load_concerns(data["concerns"], special, people, now=now)
    for audience, wanted in data["reach"].items():
        _saved(ReachTarget(consultation=consultation, audience=audience, people=wanted))
    add_standard_stakeholders(consultation=consultation)
    return consultation


def demonstration_people() -> list[Row]:
    """The staff of the demonstration, as in somerset.json."""
    people: list[Row] = json.loads((FOLDER / "somerset.json").read_text())["people"]
    return people


def _saved(row: Any) -> Any:
    row.full_clean()
    row.save()
    return row


def _rows(name: str) -> Iterator[Row]:
    with (FOLDER / name).open() as lines:
        yield from (json.loads(line) for line in lines)


def _fields(row: Row, model: type[models.Model]) -> Row:
    """What in `row` is a plain field of `model`."""
    names = {field.name for field in model._meta.concrete_fields if not field.is_relation}
    return {name: value for name, value in row.items() if name in names}


def _agencies(area: Area, rows: list[Row]) -> dict[str, Agency]:
    agencies = {row["slug"]: _saved(Agency(area=area, **_fields(row, Agency))) for row in rows}
    for row in rows:
        if row["successor"]:
            agencies[row["slug"]].successor = agencies[row["successor"]]
            agencies[row["slug"]].save()
    return agencies


def _person(row: Row, agencies: dict[str, Agency], now: datetime) -> User:
    first, last = row["full_name"].split(" ", 1)
    user = User.objects.create_user(
        row["username"], password=PASSWORD, first_name=first, last_name=last, is_staff=True
    )
    user.groups.set(Group.objects.filter(name__in=[ROLES[role] for role in row["roles"]]))
    if row["agency"]:
        agency = agencies[row["agency"]]
        _saved(AgencyLead(user=user, agency=agency, role=row["title"], since=day_of(now)))
    return user


def _registers(area: Area, data: Row) -> None:
    for order, row in enumerate(data["strategies"]):
        first, last = years_of(row["period_text"])
        values = _fields(row, Strategy) | {
            "summary": f"{row['summary']} {row['more_text']}".strip(),
            "review_due": date.fromisoformat(f"{row['review_due']}-01")
            if row["review_due"]
            else None,
        }
        _saved(Strategy(area=area, order=order, start_year=first, end_year=last, **values))
    for row in data["priorities"]:
        values = _fields(row, ImprovementPriority)
        judged = {"judgement": row["revisit"], "judged_on": row["revisited_on"]}
        _saved(ImprovementPriority(area=area, **values, **judged))


def _consultation(area: Area, data: Row, now: datetime) -> Consultation:
    for order, row in enumerate(data["themes"]):
        _saved(Theme(area=area, order=order, is_none=row["code"] == "none", **row))
    consultation: Consultation = _saved(Consultation(area=area, **data["consultation"]))
    surveys = {
        row["slug"]: _survey(consultation, order, row, day_of(now))
        for order, row in enumerate(data["surveys"])
    }
    _wordings(surveys)
    for order, row in enumerate(data["timeline"]):
        event = TimelineEvent(
            consultation=consultation, order=order, survey=surveys.get(row["survey"])
        )
        for name, value in _fields(row, TimelineEvent).items():
            setattr(event, name, value)
        _saved(event)
    for order, row in enumerate(data["documents"]):
        _saved(Document(consultation=consultation, order=order, **row))
    return consultation


def _day(today: date, days: int | None) -> date | None:
    """None for a survey that is coming soon."""
    return None if days is None else today + timedelta(days=days)


def _survey(consultation: Consultation, order: int, row: Row, today: date) -> Survey:
    survey: Survey = _saved(
        Survey(
            consultation=consultation,
            order=order,
            opens_on=_day(today, row["opens_days"]),
            closes_on=_day(today, row["closes_days"]),
            **_fields(row, Survey),
        )
    )
    for number, asked in enumerate(row["questions"], start=1):
        question = Question(survey=survey, order=number, **_fields(asked, Question))
        _saved(question)
        _saved(QuestionWording(question=question, text=asked["text"], hint=asked["hint"]))
    return survey


def _wordings(surveys: dict[str, Survey]) -> None:
    """The same questions in easy read, for under 11s and in Polish, with pictures to choose."""
    rows: list[Row] = json.loads((FOLDER / "wordings.json").read_text())
    for row in rows:
        survey = surveys[row["survey"]]
        put = {"form": row["form"], "language": row["language"]}
        words = {name: row[name] for name in SurveyWording.WORDS if name in row}
        _saved(SurveyWording(survey=survey, **put, **words))
        for question in survey.questions.all():
            text, hint = row["questions"][question.construct]
            _saved(QuestionWording(question=question, text=text, hint=hint, **put))
    for survey in surveys.values():
        for question in survey.questions.filter(construct=Question.Construct.WHAT_MATTERS):
            for order, (drawing, label) in enumerate(DRAWINGS.items()):
                _saved(Picture(question=question, drawing=drawing, label=label, order=order))


def _sessions(
    consultation: Consultation,
    rows: list[Row],
    agencies: dict[str, Agency],
    people: dict[str, User],
) -> dict[str, Session]:
    return {
        row["slug"]: _saved(
            Session(
                consultation=consultation,
                host=agencies[row["host"]],
                facilitator=people[row["facilitator"]],
                about=row["notes"],
                **_fields(row, Session),
            )
        )
        for row in rows
    }
