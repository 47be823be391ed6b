"""Typing in what came on paper, by phone or by email."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.received import Problem, Received, key_of, normal_number, problems_of
from surveys.dates import day_of
from surveys.models import (
    AboutYou,
    Answer,
    PrivacyNotice,
    Response,
    Survey,
    Tick,
)
from surveys.models.response import code_hashes, new_code, new_reference
from surveys.refusals import BadText
from surveys.screening import have_screened

MANY = 500
KEPT_AS_IT_IS = ("language", "may_quote", "help", "helper", "helper_words", "late", "late_reason")


class EntryRefused(BadText):
    """Answers that cannot be entered as they are. `problems` says all that is wrong, and where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(dict.fromkeys(sentence for _, sentence in problems)))
        self.problems = problems


@transaction.atomic
def enter_response(*, received: Received, by: User, now: datetime, reference: str = "") -> Response:
    """Store it as a sent response, under a reference and a code that nobody knows.

    `reference` is the one that the page to type it in was made with: the same page sent twice
    enters one response.
    """
    received = replace(received, survey=_held(received.survey)).tidy()
    taken = Response.objects.filter(reference=reference).first() if reference else None
    before = taken if taken and taken.entered_by_id == by.pk else None
    if before and not differences(before, received):
        return before
    entered = entered_under(received.survey, [received.number])
    problems = [*_saved_already(before), *problems_of(received, day_of(now), entered)]
    if problems:
        raise EntryRefused(problems)
    row = _row(received, by, now, new_reference() if taken else reference or new_reference())
    return _store([(received, row)])[0]


@transaction.atomic
def enter_responses(*, several: Sequence[Received], by: User, now: datetime) -> list[Response]:
    """Store all of them or none. For sheets of thousands."""
    of_survey = {one.survey.pk: one.survey for one in several}
    surveys = {key: _held(of_survey[key]) for key in sorted(of_survey)}
    tidy = [replace(one, survey=surveys[one.survey.pk]).tidy() for one in several]
    entered = {
        key: entered_under(survey, [one.number for one in tidy if one.survey.pk == key])
        for key, survey in surveys.items()
    }
    rows = []
    for one in tidy:
        problems = list(problems_of(one, day_of(now), entered[one.survey.pk]))
        if problems:
            raise EntryRefused(problems)
        rows.append(_row(one, by, now, new_reference()))
        entered[one.survey.pk][one.number or rows[-1].reference] = rows[-1]
    return _store(list(zip(tidy, rows, strict=True)))


def _held(survey: Survey) -> Survey:
    """Nobody else enters for it until the end; who answers online does not wait."""
    return (
        Survey.objects.select_for_update(of=("self",), no_key=True)
        .select_related("consultation__area")
        .prefetch_related("questions__wordings", "questions__pictures")
        .get(pk=survey.pk)
    )


def _saved_already(before: Response | None) -> Iterator[Problem]:
    if before:
        yield (
            "",
            f"This page was saved already, as {before.reference}, with other answers. If what is "
            "below are another person’s answers, save again.",
        )


def entered_under(survey: Survey, numbers: Collection[str]) -> dict[str, Response]:
    """What was entered for a survey under each of these numbers, with all that it says."""
    known = {normal_number(number) for number in numbers} - {""}
    rows = Response.objects.filter(survey=survey).exclude(paper_number="")
    rows = rows.filter(paper_number__in=known) if len(known) < MANY else rows
    found = rows.prefetch_related("answers__question", "ticks", "about") if known else []
    return {one.paper_number: one for one in found if one.paper_number in known}


def differences(response: Response, received: Received) -> list[str]:
    """The names of the fields in which a response differs from what was received."""
    stored, new = _stored(response), _as_stored(received.tidy())
    return [name for name in {**new, **stored} if stored.get(name, "") != new.get(name, "")]


def _as_stored(received: Received) -> dict[str, Any]:
    """All that a response keeps of it, by field; what is empty may be missing."""
    return {
        "survey": received.survey.pk,
        "channel": received.channel,
        "received_on": received.received_on,
        "form": received.form,
        "language": received.language,
        "number": received.number,
        **received.texts,
        **{f"{key}-choice": choice for key, choice in received.choices.items()},
        "ticks": sorted(set(received.ticks)),
        "may_quote": received.may_quote,
        "help": received.help,
        "helper": received.helper,
        "helper_words": received.helper_words,
        **{f"about-{key}": choice for key, choice in received.about.items()},
        "late": received.late,
        "late_reason": received.late_reason,
    }


def _stored(response: Response) -> dict[str, Any]:
    answers = {key_of(one.question): one for one in response.answers.all()}
    return _as_stored(
        Received(
            survey=response.survey,
            channel=response.channel,
            received_on=response.received_on or date.min,
            texts={key: one.text for key, one in answers.items()},
            choices={key: one.choice for key, one in answers.items()},
            ticks=[one.picture_id for one in response.ticks.all()],
            about={one.question: one.choice for one in response.about.all()},
            form=response.wording_form,
            number=response.paper_number,
            **{name: getattr(response, name) for name in KEPT_AS_IT_IS},
        ).tidy()
    )


def _row(received: Received, by: User, now: datetime, reference: str) -> Response:
    return Response(
        survey=received.survey,
        reference=reference,
        code_hash=code_hashes(new_code())[0],
        state=Response.State.SENT,
        channel=received.channel,
        wording_form=received.form,
        started_at=now,
        sent_at=now,
        entered_by=by,
        received_on=received.received_on,
        paper_number=received.number,
        **{name: getattr(received, name) for name in KEPT_AS_IT_IS},
    )


def _store(several: Sequence[tuple[Received, Response]]) -> list[Response]:
    notices: dict[tuple[int, str], PrivacyNotice | None] = {}
    for received, row in several:
        area, key = received.survey.consultation.area, (received.survey.pk, received.language)
        if key not in notices:
            notices[key] = PrivacyNotice.objects.in_force(area, received.language)
        row.privacy_notice = notices[key]
    Response.objects.bulk_create([row for _, row in several])
    Answer.objects.bulk_create(one for pair in several for one in _answers(*pair))
    Tick.objects.bulk_create(
        Tick(response=row, picture_id=picture)
        for received, row in several
        for picture in sorted(set(received.ticks))
    )
    AboutYou.objects.bulk_create(
        AboutYou(response=row, question=key, choice=choice)
        for received, row in several
        for key, choice in received.about.items()
    )
    rows = [row for _, row in several]
    have_screened(responses=rows)
    return rows


def _answers(received: Received, response: Response) -> Iterator[Answer]:
    for question in received.survey.questions.all():
        key = key_of(question)
        text, choice = received.texts.get(key, ""), received.choices.get(key, "")
        if text or choice:
            wording = question.wording(received.form, received.language)
            yield Answer(
                response=response,
                question=question,
                wording=wording.stored(),
                text=text,
                choice=choice,
            )
