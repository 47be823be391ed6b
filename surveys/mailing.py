"""Email to people who asked for it. What goes wrong is told without the address it was for."""

import logging
from contextlib import nullcontext
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as db_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from surveys.models import Area, Consultation, Contact
from surveys.refusals import MailRefused

logger = logging.getLogger(__name__)
TROUBLE = (OSError, ValueError)  # SMTPException is an OSError; ValueError: it cannot be written
RESULTS, OPENINGS = "wants_results", "wants_openings"


def ask_to_confirm(contact: Contact, link: str, until: date) -> None:
    """The mail with the link to the page where somebody says yes, or be taken off the list."""
    area = contact.consultation.area
    words = {"area": area, "consultation": contact.consultation, "link": link, "until": until}
    text = render_to_string("surveys/mail/confirm.txt", words)
    try:
        _send(_("Do you want to hear from us?"), text, contact.email, area)
    except TROUBLE as error:
        logger.error("A mail was not sent: %s", type(error).__name__)
        raise MailRefused(
            _("Our email does not work just now, so we could not write to you. Try again later.")
        ) from error


def letter(consultation: Consultation, text: str, wish: str) -> str:
    """What officers wrote, with why the person gets it and that the address is gone."""
    words = {"consultation": consultation, "text": text, "openings": wish == OPENINGS}
    return render_to_string("surveys/mail/letter.txt", words)


def write_to_waiting(consultation: Consultation, wish: str, subject: str, text: str) -> int:
    """Write to each confirmed address with that wish. Gives how many could not be written to.

    An address is deleted once the mail with the results went; the mail about another survey leaves
    an address that wants the results too.
    """
    waiting = Contact.objects.filter(consultation=consultation, confirmed_on__isnull=False)
    keys = list(waiting.filter(**{wish: True}).values_list("pk", flat=True))
    body = letter(consultation, text, wish)
    failed = 0
    connection = get_connection()
    for key in keys:
        try:
            _write_to_one(key, wish, subject, body, connection)
        except TROUBLE as error:
            failed += 1
            connection = get_connection()
            logger.error("A mail was not sent: %s", type(error).__name__)
    return failed


def _write_to_one(
    key: object, wish: str, subject: str, body: str, connection: BaseEmailBackend
) -> None:
    """Another worker that is at this address has the row; once it wrote, there is none.

    SQLite has one lock for all: held while a slow mail server takes a mail, it would make everybody
    wait who answers a survey.
    """
    locks_rows = db_connection.features.has_select_for_update_skip_locked
    with transaction.atomic() if locks_rows else nullcontext():
        _write(key, wish, subject, body, connection)


def _write(key: object, wish: str, subject: str, body: str, connection: BaseEmailBackend) -> None:
    rows = Contact.objects.select_for_update(skip_locked=True, of=("self",))
    contact = rows.select_related("consultation__area").filter(pk=key, **{wish: True}).first()
    if contact is None:
        return
    _send(subject, body, contact.email, contact.consultation.area, connection)
    if wish == OPENINGS and contact.wants_results:
        contact.wants_openings = False
        contact.save(update_fields=["wants_openings"])
    else:
        contact.delete()


def tell_staff(subject: str, text: str, to: list[str]) -> bool:
    """One mail for all, none of whom reads another's address. Whether it went."""
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, bcc=to, headers=headers).send()
    except TROUBLE as error:
        logger.error("A mail was not sent: %s", type(error).__name__)
        return False
    return True


def _send(
    subject: str, text: str, to: str, area: Area, connection: BaseEmailBackend | None = None
) -> None:
    EmailMessage(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [to],
        reply_to=[area.contact_email] if area.contact_email else None,
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    ).send()
