"""Code books of an area's own: kept once checked, and chosen for the analyses to come."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.models import CodeBook
from surveys.actions import record
from surveys.models import Area
from surveys.refusals import Refusal

THEMES_GONE = (
    "The area no longer has all the themes of this code book. Missing: {}. Bring in one for the "
    "themes that it has."
)


class ThemesGone(Refusal):
    """A theme was deleted, or has another code, since the code book was checked."""


class KnownAlready(Refusal):
    """The same topics and examples are here already."""


@transaction.atomic
def keep_code_book(
    *,
    area: Area,
    name: str,
    lines: str,
    fingerprint: str,
    found: dict[str, Any],
    by: User,
    now: datetime,
) -> CodeBook:
    """One that was checked. No analysis reads it until somebody chooses it."""
    _hold(area)
    known = CodeBook.objects.filter(area=area, fingerprint=fingerprint).defer("lines").first()
    if known:
        raise KnownAlready(f"The same topics and examples are here already, as “{known}”.")
    book = CodeBook.objects.create(
        area=area, name=name, lines=lines, fingerprint=fingerprint, found=found, by=by, at=now
    )
    record(what="brought in a code book", about=book, by=by, now=now, detail=fingerprint)
    return book


@transaction.atomic
def use_code_book(*, book: CodeBook, by: User, now: datetime) -> CodeBook:
    """Every analysis of its area that begins from now on reads it. Nothing decided is changed."""
    _hold(book.area)
    book = CodeBook.objects.get(pk=book.pk)
    if not book.in_use:
        gone = set(book.found["themes"]) - set(book.area.themes.values_list("code", flat=True))
        if gone:
            raise ThemesGone(THEMES_GONE.format(", ".join(sorted(gone))))
        CodeBook.objects.filter(area=book.area_id, in_use=True).update(in_use=False)
        book.in_use = True
        book.save(update_fields=["in_use"])
        record(what="chose a code book", about=book, by=by, now=now, detail=book.fingerprint)
    return book


@transaction.atomic
def stop_using(*, book: CodeBook, by: User, now: datetime) -> CodeBook:
    """From now on analyses read the one that the portal brings."""
    _hold(book.area)
    book = CodeBook.objects.get(pk=book.pk)
    if book.in_use:
        book.in_use = False
        book.save(update_fields=["in_use"])
        record(what="stopped using a code book", about=book, by=by, now=now)
    return book


def _hold(area: Area) -> None:
    """Held, so that of two who choose at once each finishes before the other begins."""
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
