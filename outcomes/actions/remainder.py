"""Words that are in no idea: said to hold nothing more, or to be looked at again."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import ANY, ChangedMeanwhile, ideas_in
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Disposition
from surveys.actions import record
from surveys.models import Passage
from surveys.refusals import BadText

What = Disposition.What
GONE = "These words were taken back, or are withheld."


@transaction.atomic
def nothing_more(
    *, passage: Passage, by: User, now: datetime, seen: int | object | None = ANY
) -> Disposition:
    """Nothing more is to be coded in what is in no idea. Its ideas are decided one by one.

    `seen` is the key of what was decided of the whole when the page was shown, None for nothing.
    """
    passage = held_passage(passage)
    last = _last(passage, seen)
    if last and last.what == What.REST:
        return last
    if last and last.what != What.OPEN:
        raise BadText(f"It was decided of all of it: {last}. Take that back first.")
    if not ideas_in(passage).exists():
        raise BadText("There is no idea in it. Say what becomes of all of it instead.")
    made = _put(passage, What.REST, by, now)
    record(what=f"read: {What.REST.label}", about=passage, by=by, now=now)
    return made


@transaction.atomic
def look_again(
    *, passage: Passage, by: User, now: datetime, seen: int | object | None = ANY
) -> Disposition:
    """That there is nothing more is taken back."""
    passage = held_passage(passage)
    last = _last(passage, seen)
    if last is None or last.what != What.REST:
        raise AlreadyDecided("Nobody said that there is nothing more to code here.")
    made = _put(passage, What.OPEN, by, now)
    record(what="read: more to code after all", about=passage, by=by, now=now)
    return made


def look_again_if_said(passage: Passage, by: User, now: datetime) -> None:
    """After other words were left out of ideas than those of which it was said."""
    if Disposition.objects.of_the_rest().filter(passage=passage).exists():
        look_again(passage=passage, by=by, now=now)


def held_passage(passage: Passage) -> Passage:
    """Until all is done. Who changes borders and who decides of the rest wait for each other."""
    rows = Passage.objects.select_for_update(of=("self",)).select_related("answer", "note")
    found: Passage | None = rows.filter(pk=passage.pk).first()
    if found is None:
        raise AlreadyDecided(GONE)
    return found


def _last(passage: Passage, seen: int | object | None) -> Disposition | None:
    rows = Disposition.objects.filter(passage=passage, is_current=True).select_related("by")
    last = rows.first()
    if seen is not ANY and (last.pk if last else None) != seen:
        said = f"{last.by} decided meanwhile: {last}." if last else "Somebody decided meanwhile."
        raise ChangedMeanwhile(f"{said} Nothing of yours was saved.")
    return last


def _put(passage: Passage, what: str, by: User, now: datetime) -> Disposition:
    Disposition.objects.filter(passage=passage, is_current=True).update(is_current=False)
    return Disposition.objects.create(passage=passage, what=what, by=by, at=now)
