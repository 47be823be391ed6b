"""An administrator reads content for an hour, with a reason; others are told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string

from surveys.actions.auditing import record
from surveys.mailing import tell_staff
from surveys.models import BreakGlass
from surveys.refusals import BadText, Refusal
from surveys.texts import required

BREAK_GLASS = "surveys.break_glass"
LASTS = timedelta(hours=1)
FEWEST_IN_A_REASON, MOST_IN_A_REASON = 20, 2_000
TOLD_OF_IT = ("Officer", "Data protection reader")
NO_MAIL = "Nobody was written to: "
STANDS = " What you did stands on the first page of officers and data protection readers."


class OpenAlready(Refusal):
    """One at a time."""


class EndedAlready(Refusal):
    """Nothing is open any longer."""


@transaction.atomic
def break_glass(*, reason: str, by: User, now: datetime) -> BreakGlass:
    """From now on, for an hour, `by` may read what officers read."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if BreakGlass.objects.open(at=now).filter(by=by).exists():
        raise OpenAlready("It is open for you already. End it first, if you need a new hour.")
    reason = required(reason, "Say why you have to read content.")
    if len(" ".join(reason.split())) < FEWEST_IN_A_REASON:
        raise BadText(
            f"Say why in {FEWEST_IN_A_REASON} characters or more, so that others understand it."
        )
    if len(reason) > MOST_IN_A_REASON:
        raise BadText(f"Use {MOST_IN_A_REASON:,} characters or fewer for the reason.")
    made = BreakGlass.objects.create(reason=reason, by=by, at=now, until=now + LASTS)
    record(what="break glass: opened", about=made, by=by, now=now)
    return made


@transaction.atomic
def end_break_glass(*, glass: BreakGlass, by: User, now: datetime) -> BreakGlass:
    glass = BreakGlass.objects.select_for_update(of=("self",)).get(pk=glass.pk)
    if not glass.is_open(now):
        raise EndedAlready("It has ended already.")
    glass.ended_at = now
    glass.save()
    record(what="break glass: ended", about=glass, by=by, now=now)
    return glass


def tell_of(glass: BreakGlass, link: str) -> str:
    """Write to those who are to know. "" when that went well, else a sentence.

    The mail leaves the reason out: it stands on the page behind the link.
    """
    if not settings.EMAILS_GO_OUT:
        return NO_MAIL + "this site sends no email." + STANDS
    addresses = {role: _addresses(role, glass) for role in TOLD_OF_IT}
    if not any(addresses.values()):
        return NO_MAIL + "no officer and no data protection reader has an email address." + STANDS
    written: set[str] = set()
    for role, told in addresses.items():
        to = told - written
        if to and not _write(glass, link, role, sorted(to)):
            reached = "Not everybody was written to: " if written else NO_MAIL
            return reached + "our email does not work just now." + STANDS
        written |= to
    missed = [role.lower() for role, told in addresses.items() if not told]
    return f"No {missed[0]} was written to: none has an email address.{STANDS}" if missed else ""


def _addresses(role: str, glass: BreakGlass) -> set[str]:
    told = User.objects.filter(is_active=True, groups__name=role).exclude(email="")
    return set(told.exclude(pk=glass.by_id).values_list("email", flat=True))


def _write(glass: BreakGlass, link: str, role: str, to: list[str]) -> bool:
    facts = {"glass": glass, "link": link, "role": role}
    text = render_to_string("surveys/mail/break_glass.txt", facts)
    return tell_staff("An administrator reads what people said", text, to)
