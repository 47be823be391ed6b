"""What is deleted by itself, once it is no longer needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from surveys.dates import day_of
from surveys.models import Contact, Response, Survey

DRAFTS_KEPT = timedelta(days=14)
TO_CONFIRM = timedelta(days=7)
TO_WRITE = timedelta(days=730)


def to_delete(*, now: datetime) -> dict[str, QuerySet[Any]]:
    """All that nobody needs any longer, under the words that name it."""
    drafts = Response.objects.filter(state=Response.State.DRAFT, is_pilot=False)
    surveys = Survey.objects.exclude(closes_on=None)
    old = [one for one in surveys if one.closes_at and one.closes_at + DRAFTS_KEPT <= now]
    opened = [one for one in surveys if one.has_opened(now)]
    return {
        "drafts, and changes that were not sent, of surveys that closed 14 days ago": drafts.filter(
            survey__in=_keys(old)
        ),
        "trial answers of surveys that have opened": Response.objects.filter(
            is_pilot=True, survey__in=_keys(opened)
        ),
        "addresses that nobody confirmed within 7 days": Contact.objects.filter(
            Q(confirmed_on=None), asked_on__lt=day_of(now) - TO_CONFIRM
        ),
        "addresses that nobody wrote to within two years": Contact.objects.filter(
            confirmed_on__lt=day_of(now) - TO_WRITE
        ),
    }


def tidy(*, now: datetime) -> dict[str, int]:
    """Delete it. Says how many of each; another that tidies at the same moment skips these."""
    return {name: _delete(rows) for name, rows in to_delete(now=now).items()}


def _keys(surveys: Iterable[Survey]) -> list[int]:
    return [survey.pk for survey in surveys]


@transaction.atomic
def _delete(rows: QuerySet[Any]) -> int:
    held = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    keys = list(held.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
