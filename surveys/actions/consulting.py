"""Running a consultation: publish its page, move a closing date."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.auditing import record
from surveys.actions.surveying import held
from surveys.dates import day_of
from surveys.models import Consultation, DeadlineChange, PrivacyNotice, Survey
from surveys.refusals import BadText, NotReady
from surveys.texts import required

LONGEST_AHEAD = timedelta(days=731)


@transaction.atomic
def publish_consultation(*, consultation: Consultation, by: User, now: datetime) -> Consultation:
    """Show the consultation to everyone. Publishing twice keeps the first moment."""
    rows = Consultation.objects.select_related("area").select_for_update(of=("self",))
    consultation = rows.get(pk=consultation.pk)
    if consultation.published_at is None:
        missing = missing_to_publish(consultation)
        if missing:
            raise NotReady(missing)
        consultation.published_at = now
        consultation.published_by = by
        consultation.save()
        record(what="published a consultation", about=consultation, by=by, now=now)
    return consultation


def missing_to_publish(consultation: Consultation) -> list[str]:
    """What people must be told before anybody is asked, and is not there yet."""
    area = consultation.area
    unsafe = [survey for survey in consultation.surveys.all() if not survey.safety_text.strip()]
    there = {
        "who decides": consultation.decision_maker.strip(),
        "what can change": consultation.what_can_change.strip(),
        "a privacy notice (publish one under “Privacy notices”)": PrivacyNotice.objects.in_force(
            area
        ),
        "a way to take part that is not online (a phone number, an email address or a postal "
        "address of the area)": area.contact_phone or area.contact_email or area.contact_post,
    }
    missing = [name for name, found in there.items() if not found]
    return missing + [f"the safety text of the survey “{survey}”" for survey in unsafe]


@transaction.atomic
def extend_survey(
    *, survey: Survey, closes_on: date, reason: str, by: User, now: datetime
) -> DeadlineChange:
    """Move the closing date later, before or after it has passed."""
    survey = held(survey)
    if survey.closes_on is None:
        raise BadText("This survey has no closing date yet. Set its dates first.")
    if closes_on <= survey.closes_on:
        raise BadText(f"Choose a day after {survey.closes_words}. A date is never moved earlier.")
    if closes_on > day_of(now) + LONGEST_AHEAD:
        raise BadText("Choose a day within two years from today.")
    if closes_on < day_of(now):
        raise BadText("That day is past. Choose a day from today on.")
    reason = required(reason, "Say why the closing date moves. The reason is shown on the survey.")
    change = DeadlineChange.objects.create(
        survey=survey,
        closed_on_before=survey.closes_on,
        closes_on_now=closes_on,
        reason=reason,
        by=by,
        at=now,
    )
    survey.closes_on = closes_on
    survey.save()
    moved = f"from {change.closed_on_before} to {closes_on}"
    record(what="moved a closing date", about=survey, by=by, now=now, detail=moved)
    return change
