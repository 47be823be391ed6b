"""Another format: ask for it, and say that it was provided."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.auditing import record
from surveys.dates import day_of, start_of
from surveys.models import Area, FormatRequest
from surveys.texts import storable


def ask_for_format(
    *, area: Area, format: str, details: str, contact: str, now: datetime
) -> FormatRequest:
    """Keep what somebody needs and how to reach them: the day, not the moment."""
    return FormatRequest.objects.create(
        area=area,
        format=format,
        details=storable(details).strip(),
        contact=storable(contact).strip(),
        asked_at=start_of(day_of(now)),
    )


@transaction.atomic
def meet_format_request(*, request: FormatRequest, by: User, now: datetime) -> FormatRequest:
    """They have what they asked for: only which format it was is kept."""
    request = FormatRequest.objects.select_for_update().get(pk=request.pk)
    if request.met_at is None:
        request.details = request.contact = ""
        request.met_at, request.met_by = now, by
        request.save()
        record(what="format request: met", about=request, by=by, now=now)
    return request
