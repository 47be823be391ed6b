"""After sending: change what was sent, take it back, keep words from being quoted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.actions.responding import BESIDE_ANSWERS, locked, not_open_sentence, takes
from surveys.models import Answer, Response, Tick
from surveys.models.response import AboutYou, code_hashes, new_code
from surveys.refusals import AlreadySent, NotAllowed, SurveyClosed


@transaction.atomic
def begin_change(*, response: Response, now: datetime) -> Response:
    """A draft with a copy of what was sent. Until it is sent, what was sent before counts.

    The one begun before is gone on with. The person's code goes on naming the sent response.
    """
    response = locked(response)
    draft = Response.objects.filter(change_of=response).first()
    if draft and takes(draft, now):
        return draft
    _must_change(response, now)
    if draft:
        draft.delete()
    return _copy(response, now)


def may_change(response: Response, now: datetime) -> bool:
    """Whether what was sent may be changed or taken back: until the survey closes.

    Answers that somebody typed in for a person are changed by asking the people who typed them.
    """
    return (
        response.is_sent
        and response.entered_by_id is None
        and (takes(response, now) if response.is_pilot else response.survey.is_open(now))
    )


def _must_change(response: Response, now: datetime) -> None:
    if not response.is_sent:
        raise AlreadySent(_("These answers were not sent, or you took them back."))
    if response.entered_by_id:
        raise NotAllowed(_("Somebody typed these answers in for you. Ask us to change them."))
    if not may_change(response, now):
        raise SurveyClosed(not_open_sentence(response.survey, now))


def _copy(sent: Response, now: datetime) -> Response:
    draft = Response.objects.create(
        survey=sent.survey,
        code_hash=code_hashes(new_code())[0],
        change_of=sent,
        started_at=now,
        privacy_notice=sent.privacy_notice,
        is_pilot=sent.is_pilot,
        **{name: getattr(sent, name) for name in BESIDE_ANSWERS},
    )
    Answer.objects.bulk_create(
        Answer(
            response=draft,
            question_id=one.question_id,
            wording_id=one.wording_id,
            text=one.text,
            choice=one.choice,
        )
        for one in sent.answers.all()
    )
    Tick.objects.bulk_create(
        Tick(response=draft, picture_id=one.picture_id) for one in sent.ticks.all()
    )
    AboutYou.objects.bulk_create(
        AboutYou(response=draft, question=one.question, choice=one.choice)
        for one in sent.about.all()
    )
    return draft


@transaction.atomic
def forget_change(*, response: Response) -> None:
    """Throw away an unsent change. What was sent stays."""
    Response.objects.filter(change_of=locked(response)).delete()


@transaction.atomic
def withdraw_response(*, response: Response, now: datetime) -> Response:
    """Take back what was sent. All that was said is deleted; the row says only that and when."""
    response = locked(response)
    if response.is_withdrawn:
        return response
    _must_change(response, now)
    Response.objects.filter(change_of=response).delete()
    for rows in (response.answers, response.ticks, response.about):
        rows.all().delete()
    response.state = Response.State.WITHDRAWN
    response.withdrawn_at = now
    response.may_quote = None
    response.help = response.helper = response.helper_words = response.source = ""
    response.save()
    return response


@transaction.atomic
def keep_words(*, response: Response) -> Response:
    """Do not publish this person's words as they are. Possible at any time, also after closing.

    A change that is under way begins from that too.
    """
    response = locked(response)
    if response.is_sent:
        response.may_quote = False
        response.save(update_fields=["may_quote"])
        Response.objects.filter(change_of=response).update(may_quote=False)
    return response
