"""Worries about harm: raise one, say what became of it, clear it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.curating import AlreadyDecided
from outcomes.withholding import withhold
from surveys.actions import record
from surveys.models import Answer, Concern, ConcernStep, Note
from surveys.texts import required

State = Concern.State


@transaction.atomic
def raise_concern(
    *, source: Answer | Note, category: str, reason: str, by: User, now: datetime
) -> Concern:
    """Withhold the words of an answer or a note until the safeguarding lead has cleared them."""
    reason = required(reason, "Say what worries you. The words themselves need not be repeated.")
    concern, is_new = withhold(
        source=source, category=category, score=1.0, reason=reason, by=by, now=now
    )
    if not is_new:
        raise AlreadyDecided("The safeguarding lead has this already.")
    if concern.steps.exists():
        ConcernStep.objects.create(concern=concern, state=State.NEW, reason=reason, by=by, at=now)
    return concern


@transaction.atomic
def tell_of_concern(*, category: str, reason: str, by: User, now: datetime) -> Concern:
    """A worry about somebody, in the teller's own words; the same sent twice is one."""
    reason = required(reason, "Say what worries you.")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = Concern.objects.open().filter(answer=None, note=None, raised_by=by, category=category)
    found = same.filter(reason=reason).first()
    if found:
        return found
    concern = Concern.objects.create(
        category=category, reason=reason, raised_by=by, raised_at=now, score=1
    )
    record(what="raised a concern", about=concern, by=by, now=now, detail=f"{category}, told")
    return concern


@transaction.atomic
def see_concern(*, concern: Concern, by: User, now: datetime) -> Concern:
    """The safeguarding lead has read it. Seen twice, the first time counts."""
    concern = _open(concern)
    return _step(concern, State.SEEN, by, now) if concern.state == State.NEW else concern


@transaction.atomic
def refer_concern(*, concern: Concern, told: str, reason: str, by: User, now: datetime) -> Concern:
    """It was passed on: to whom, by role, and why. Its words stay withheld."""
    concern = _open(concern)
    told = required(told, "Say who was told, by role.")
    reason = required(reason, "Say why it was passed on.")
    return _step(concern, State.REFERRED, by, now, reason=reason, told=told)


@transaction.atomic
def clear_concern(*, concern: Concern, reason: str, by: User, now: datetime) -> Concern:
    """Others may read the words from now on; what somebody told of stays the lead's, and closed."""
    concern = _open(concern)
    reason = required(
        reason, "Say what came of it." if concern.was_told else "Say why others may read it."
    )
    return _step(concern, State.CLEARED, by, now, reason=reason)


def _open(concern: Concern) -> Concern:
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if not concern.is_open:
        raise AlreadyDecided("It was cleared already.")
    return concern


def _step(
    concern: Concern, state: str, by: User, now: datetime, *, reason: str = "", told: str = ""
) -> Concern:
    concern.state = state
    concern.save()
    ConcernStep.objects.create(
        concern=concern, state=state, reason=reason, told=told, by=by, at=now
    )
    record(what=f"concern: {concern.state_in_words}", about=concern, by=by, now=now, detail=told)
    return concern
