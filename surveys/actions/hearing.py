"""Wanting to hear: ask, say yes in the mail that comes, be taken off; and writing to those who did.

Days, never moments: nothing here says when somebody answered a survey.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from surveys import mailing
from surveys.actions.tidying import TO_CONFIRM
from surveys.dates import day_of
from surveys.mailing import OPENINGS, RESULTS
from surveys.models import Consultation, Contact
from surveys.refusals import BadText, LinkExpired, MailRefused
from surveys.tasks import write_to_waiting
from surveys.texts import required

SALT = "surveys.hear"
AN_HOUR = 60 * 60
STUCK_AFTER = timedelta(hours=1)
_pepper = secrets.token_bytes(16)  # of this process alone: the cache holds no address


@dataclass(frozen=True)
class Wish:
    """What a link in a mail is about."""

    contact: str
    results: bool
    openings: bool
    last_day: date

    def may_confirm(self, now: datetime) -> bool:
        return day_of(now) <= self.last_day


def ask_to_hear(
    *,
    consultation: Consultation,
    email: str,
    results: bool,
    openings: bool,
    link: Callable[[str], str],
    now: datetime,
) -> None:
    """Send a mail whose link confirms the address. Nothing tells whether it was known before.

    `link` makes the address of the page from its secret. The same address gets no second mail
    within the hour.
    """
    email, today = email.strip().lower(), day_of(now)
    if not cache.add(_name_of(consultation, email), True, AN_HOUR):
        return
    wishes = {RESULTS: results, OPENINGS: openings}
    contact, is_new = Contact.objects.get_or_create(
        consultation=consultation, email=email, defaults={"asked_on": today, **wishes}
    )
    if contact.confirmed_on is None and contact.asked_on != today:
        contact.asked_on = today
        contact.save(update_fields=["asked_on"])
    secret = _sign(contact, results, openings, today)
    try:
        mailing.ask_to_confirm(contact, link(secret), today + TO_CONFIRM)
    except MailRefused:
        cache.delete(_name_of(consultation, email))
        if is_new:
            contact.delete()
        raise


def read_link(*, secret: str) -> Wish:
    """What the link of a mail is about."""
    try:
        told = signing.Signer(salt=SALT).unsign_object(secret)
        last = date.fromisoformat(told["day"]) + TO_CONFIRM
        return Wish(told["contact"], told["results"], told["openings"], last)
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise LinkExpired from error


@transaction.atomic
def confirm_contact(*, secret: str, now: datetime) -> None:
    """Somebody who read the mail says yes."""
    wish = read_link(secret=secret)
    contact = Contact.objects.select_for_update().filter(pk=wish.contact).first()
    if contact is None or not wish.may_confirm(now):
        raise LinkExpired
    contact.wants_results, contact.wants_openings = wish.results, wish.openings
    contact.confirmed_on = contact.confirmed_on or day_of(now)
    contact.save()


def forget_contact(*, secret: str) -> None:
    """Take the address off the list, at any time, whether it had been confirmed or not."""
    Contact.objects.filter(pk=read_link(secret=secret).contact).delete()


def how_many_wait(*, consultation: Consultation) -> dict[str, int]:
    """How many confirmed addresses wait, by what they want to hear."""
    confirmed = Contact.objects.filter(consultation=consultation, confirmed_on__isnull=False)
    return {wish: confirmed.filter(**{wish: True}).count() for wish in (RESULTS, OPENINGS)}


@transaction.atomic
def write_to_contacts(
    *, consultation: Consultation, wish: str, subject: str, text: str, now: datetime
) -> int:
    """Queue a mail to everybody who waits for it. Gives how many that is now.

    Who wrote it stands in the history of the consultation, in the admin.
    """
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    subject = " ".join(required(subject, "Write a subject.").split())
    text = required(text, "Write the mail.")
    if wish not in (RESULTS, OPENINGS):
        raise BadText("Choose what the mail is about.")
    waiting = how_many_wait(consultation=consultation)[wish]
    if not waiting:
        raise BadText("Nobody waits for this mail.")
    if being_written(consultation=consultation, wish=wish, now=now):
        raise BadText("A mail about this is being sent. Wait until it went to everybody.")
    write_to_waiting.enqueue(consultation_id=consultation.pk, wish=wish, subject=subject, text=text)
    return waiting


def being_written(*, consultation: Consultation, wish: str, now: datetime) -> bool:
    """Whether a mail about this is queued, or a worker is at it and not long since stuck."""
    ours = DBTaskResult.objects.filter(task_path=write_to_waiting.module_path)
    queued = ours.filter(status=TaskResultStatus.READY)
    running = ours.filter(status=TaskResultStatus.RUNNING, started_at__gt=now - STUCK_AFTER)
    told = [row.args_kwargs["kwargs"] for row in [*queued, *running]]
    return any((one["consultation_id"], one["wish"]) == (consultation.pk, wish) for one in told)


def _sign(contact: Contact, results: bool, openings: bool, today: date) -> str:
    told = {"contact": str(contact.pk), "results": results, "openings": openings}
    return signing.Signer(salt=SALT).sign_object(told | {"day": today.isoformat()})


def _name_of(consultation: Consultation, email: str) -> str:
    said = f"{consultation.pk}:{email}".encode()
    return f"mailed:{hashlib.sha256(_pepper + said).hexdigest()}"
