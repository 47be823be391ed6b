"""Whom a consultation means to hear, whom it has heard, and who is still missing."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from surveys.counting import TOTAL, Counts, Place, counts, people_shown, percentage
from surveys.models import Audience, Consultation, Response, Session, Stakeholder, Survey

CHECK_THE_LAW = "From the standard list. Check against the law as it stands."
# Whom regulation 54 of the Special Educational Needs and Disability Regulations 2014 lists for the
# local offer, in our own words.
STANDARD_LIST = [
    "Children and young people with special educational needs, and parents of such children",
    "Children and young people with a disability, and parents of such children",
    "Governing bodies of maintained schools and maintained nursery schools",
    "Those who run the academies",
    "Colleges and other places to learn after 16: governing bodies, owners or principals",
    "Governing bodies of non-maintained special schools",
    "Management committees of pupil referral units",
    "Advisory boards of children’s centres",
    "Nurseries, childminders and others in the early years",
    "Youth offending teams that work with our children and young people",
    "Others who provide or advise on special educational provision for our children",
    "Those who help young people prepare for adulthood and independent living",
    "Our own officers for education and training",
    "Our own officers for the social care of children and young people with SEND",
    "Our own officers for preparing for adulthood",
    "NHS England",
    "The integrated care board",
    "NHS trusts and foundation trusts that care for our children and young people",
    "The health and wellbeing board",
]


@dataclass(frozen=True)
class Reached:
    """One audience in one round."""

    audience: str
    label: str
    cells: list[str]  # by channel, and all
    target: int | None
    percent: int | None


@dataclass(frozen=True)
class Round:
    """A round's table of people by audience and channel, and what it lacks."""

    number: int
    lines: list[Reached]
    totals: list[str]
    hides: bool  # whether anything in it is not shown
    missing: list[str]  # sentences about those whom nobody has heard yet


@dataclass(frozen=True)
class Room:
    """The workshops with one audience; never added to responses."""

    audience: str
    sessions: int
    people: str


@transaction.atomic
def add_standard_stakeholders(*, consultation: Consultation) -> int:
    """Add whom the law lists to those to invite, as far as they are not there; says how many."""
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    there = set(consultation.stakeholders.values_list("name", flat=True))
    last = consultation.stakeholders.aggregate(last=Max("order"))["last"] or 0
    new = [name for name in STANDARD_LIST if name not in there]
    Stakeholder.objects.bulk_create(
        Stakeholder(consultation=consultation, name=name, note=CHECK_THE_LAW, order=last + number)
        for number, name in enumerate(new, start=1)
    )
    return len(new)


def rounds_reached(*, consultation: Consultation, now: datetime) -> list[Round]:
    """Each round on its own: the same person may answer in both, so they are never added up."""
    rounds: dict[int, list[Survey]] = defaultdict(list)
    for survey in consultation.surveys.all():
        rounds[survey.round].append(survey)
    return [_round(consultation, number, rounds[number], now) for number in sorted(rounds)]


def _round(consultation: Consultation, number: int, surveys: list[Survey], now: datetime) -> Round:
    rows = Response.objects.counted().filter(survey__in=surveys)
    people: Counter[Place] = Counter(rows.values_list("survey__audience", "channel"))
    answered = Counter(rows.values_list("survey", flat=True))
    table = counts(Audience.values, Response.Channel.values, people)
    targets = dict(consultation.reach_targets.values_list("audience", "people"))
    return Round(
        number=number,
        lines=[_line(table, audience, targets.get(audience)) for audience in Audience.values],
        totals=[table.shown(TOTAL, column) for column in (*table.columns, TOTAL)],
        hides=bool(table.hidden),
        missing=[*_not_asked(surveys), *_nobody_yet(surveys, answered, now)],
    )


def _line(table: Counts, audience: str, target: int | None) -> Reached:
    number = table.numbers[audience, TOTAL] if table.is_shown(audience) else None
    return Reached(
        audience=audience,
        label=Audience(audience).label,
        cells=[table.shown(audience, column) for column in (*table.columns, TOTAL)],
        target=target,
        percent=percentage(number, target) if number is not None and target else None,
    )


def _not_asked(surveys: list[Survey]) -> list[str]:
    asked = {survey.audience for survey in surveys}
    return [
        f"There is no survey for {audience.label}."
        for audience in Audience
        if audience not in asked
    ]


def _nobody_yet(surveys: list[Survey], answered: Counter[int], now: datetime) -> list[str]:
    """One sentence for each survey that nobody has answered, and why that may be."""
    return [
        f"Nobody yet: {_named(survey)}. {_why(survey, now)}"
        for survey in surveys
        if not answered[survey.pk]
    ]


def _named(survey: Survey) -> str:
    return f"{survey.get_audience_display()} (“{survey}”)"


def _why(survey: Survey, now: datetime) -> str:
    return {
        Survey.State.COMING_SOON: "The survey has no dates.",
        Survey.State.SCHEDULED: f"It opens on {survey.opens_words}.",
        Survey.State.OPEN: f"It is open until {survey.closes_words}.",
        Survey.State.CLOSED: f"It closed at {survey.closes_words}.",
    }[Survey.State(survey.state(now))]


def rooms(*, consultation: Consultation) -> list[Room]:
    """How many workshops there were with each audience, and how many were in the rooms."""
    sessions: dict[str, list[int]] = defaultdict(list)
    for audience, people in Session.objects.filter(consultation=consultation).values_list(
        "audience", "people"
    ):
        sessions[audience].append(people)
    return [
        Room(audience.label, len(sessions[audience]), people_shown(sum(sessions[audience])))
        for audience in Audience
    ]
