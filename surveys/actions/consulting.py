"""Running a consultation: publish its page, move a closing date."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from surveys.dates import day_of
from surveys.models import Consultation, DeadlineChange, Survey
from surveys.refusals import BadText
from surveys.texts import required

LONGEST_AHEAD = timedelta(days=731)


@transaction.atomic
def publish_consultation(*, consultation: Consultation, by: User, now: datetime) -> Consultation:
    """Show the consultation to everyone. Publishing twice keeps the first moment."""
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if consultation.published_at is None:
        consultation.published_at = now
        consultation.published_by = by
        consultation.save()
    return consultation


@transaction.atomic
def extend_survey(
    *, survey: Survey, closes_on: date, reason: str, by: User, now: datetime
) -> DeadlineChange:
    """Move the closing date later, before or after it has passed."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
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
    return change
