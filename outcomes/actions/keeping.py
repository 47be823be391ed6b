"""Keeping a count, so that the pictures, tables and reports made of it show the same numbers."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from outcomes.actions.publishing import snapshot_hash
from outcomes.frozen import numbers_of
from outcomes.models import KeptCount
from outcomes.picture import picture_of
from surveys.actions import record
from surveys.models import Consultation
from surveys.refusals import BadText, Refusal
from surveys.texts import storable

LONGEST_NOTE = 200


class NothingToKeep(Refusal):
    """There is no count, or none that is new."""


@transaction.atomic
def keep_count(*, consultation: Consultation, note: str = "", by: User, now: datetime) -> KeptCount:
    """Freeze what the picture of the whole shows now: of people, what may be told, and no words.

    A count in which nothing changed since the newest kept one is not kept again.
    """
    note = " ".join(storable(note).split())
    if len(note) > LONGEST_NOTE:
        raise BadText(f"Use {LONGEST_NOTE} characters or fewer. This note has {len(note)}.")
    # Held, so that two people who keep the same count keep it once.
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    picture = picture_of(consultation, now)
    if picture is None:
        raise NothingToKeep("No analysis is done yet, so there is no count to keep.")
    numbers = numbers_of(picture, consultation.pk)
    newest = KeptCount.objects.filter(consultation=consultation).select_related("by").first()
    if newest and is_as_kept(newest) and _but_when(newest.numbers) == _but_when(numbers):
        when = date_format(timezone.localtime(newest.at), "j F Y, H:i")
        raise NothingToKeep(
            f"Nothing has changed since {newest.by} kept the count of {when}, so it was not kept "
            "again. Use that one."
        )
    kept = KeptCount.objects.create(
        consultation=consultation,
        run_id=picture.run.key,
        note=note,
        numbers=numbers,
        sha256=snapshot_hash(numbers),
        by=by,
        at=now,
    )
    record(what="kept a count", about=kept, by=by, now=now, detail=kept.sha256)
    return kept


def _but_when(numbers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in numbers.items() if name != "counted_at"}


def is_as_kept(kept: KeptCount) -> bool:
    """Whether the numbers are still those that were kept, to the letter."""
    return snapshot_hash(kept.numbers) == kept.sha256
