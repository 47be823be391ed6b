"""Answering a survey: begin, save, come back, send."""

import hashlib
from datetime import datetime

from django.db import transaction

from surveys.dates import closing_words
from surveys.models import Answer, Question, Response, Survey
from surveys.models.response import code_hashes, new_code
from surveys.refusals import (
    AlreadySent,
    AnswerChangedElsewhere,
    AnswerRefused,
    NothingAnswered,
    SurveyClosed,
)
from surveys.texts import storable


def begin_response(*, survey: Survey, now: datetime) -> tuple[Response, str]:
    """A new draft and its receipt code. The code is stored only as a hash: show it now."""
    if not survey.is_open(now):
        raise SurveyClosed(_not_open_sentence(survey, now))
    code = new_code()
    response = Response.objects.create(
        survey=survey, code_hash=code_hashes(code)[0], started_at=now
    )
    return response, code


def find_response(*, code: str) -> Response | None:
    """The draft or sent response that a code opens."""
    return Response.objects.with_code(code).select_related("survey").first()


def fingerprint(text: str) -> str:
    """Names a stored answer in a page without repeating it; "" for no answer."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


@transaction.atomic
def save_answer(
    *, response: Response, question: Question, text: str, seen: str | None, now: datetime
) -> None:
    """Store, change or (for an empty text) remove one answer of a draft.

    `seen` is the fingerprint of the stored answer that the page showed; None overwrites whatever
    is there. Another answer than the one seen is never overwritten.
    """
    response = _locked(response)
    _must_take(response, now)
    text = storable(text).strip()
    if len(text) > question.max_chars:
        raise AnswerRefused(
            f"Your answer must be {question.max_chars:,} characters or fewer. It has {len(text):,}."
        )
    stored = Answer.objects.filter(response=response, question=question).first()
    before = stored.text if stored else ""
    if seen is not None and before not in (text, "") and fingerprint(before) != seen:
        raise AnswerChangedElsewhere(
            "You have already saved another answer to this question. "
            "Both are below. Keep the words you want in the box.",
            stored=before,
        )
    if not text:
        Answer.objects.filter(response=response, question=question).delete()
    else:
        Answer.objects.update_or_create(
            response=response, question=question, defaults={"text": text}
        )


@transaction.atomic
def send_response(*, response: Response, may_quote: bool | None, now: datetime) -> Response:
    """Send a draft. Sending twice changes nothing and gives the same response."""
    response = _locked(response)
    if response.is_sent:
        return response
    _must_take(response, now)
    if not response.answers.exists():
        raise NothingAnswered("Answer at least one of the 3 questions.")
    response.state = Response.State.SENT
    response.may_quote = may_quote
    response.sent_at = now
    response.in_grace = not response.survey.is_open(now)
    response.save()
    return response


def _locked(response: Response) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("survey")
        .get(pk=response.pk)
    )


def _must_take(response: Response, now: datetime) -> None:
    if response.is_sent:
        raise AlreadySent("You have already sent these answers. They cannot be changed now.")
    if not response.survey.takes_from(response.started_at, now):
        raise SurveyClosed(_not_open_sentence(response.survey, now))


def _not_open_sentence(survey: Survey, now: datetime) -> str:
    state = survey.state(now)
    if state == Survey.State.CLOSED and survey.closes_on:
        return f"This survey closed at {closing_words(survey.closes_on)}."
    if state == Survey.State.SCHEDULED:
        return f"This survey opens on {survey.opens_words}."
    return "This survey is not open yet."
