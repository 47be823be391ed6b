"""Hiding personal details, and showing what was hidden wrongly. What was typed stays untouched."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import ChangedMeanwhile
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.unnaming import hide_in_names
from outcomes.hiding import Span, newest, reckon, undecided
from outcomes.models import AnalysisRun
from surveys.actions import record
from surveys.models import Concern, Detail, Passage, Redaction
from surveys.refusals import BadText
from surveys.texts import storable

# What a redactor says of why, at most: it is a note for colleagues, not a text.
LONGEST_REASON = 1_000
CLEARED = "This was cleared: from now on a redactor decides what is hidden in it."


@transaction.atomic
def hide(
    *,
    passage: Passage,
    start: int,
    end: int,
    kind: str,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
    concern: Concern | None = None,
) -> Passage:
    """Hide characters [start, end) of what was typed, everywhere at once.

    `seen` is the key of the newest decision that the person saw, 0 for none; given, a newer one
    about any of these characters is not overwritten unseen. Hidden as another kind, it changes.
    Of withheld words, `concern` is the one that stands open about them, as for all of these.
    """
    spans = [(start, end)]
    more = {"reason": reason, "seen": seen, "concern": concern}
    return hide_several(passage=passage, spans=spans, kind=kind, by=by, now=now, **more)  # type: ignore[arg-type]


@transaction.atomic
def hide_several(
    *,
    passage: Passage,
    spans: Sequence[Span],
    kind: str,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
    concern: Concern | None = None,
) -> Passage:
    """The same for several places, all of them or none."""
    passage = _held(passage, concern)
    if kind not in Detail.Kind.values:
        raise BadText("Choose what kind of detail it is.")
    if not spans:
        raise BadText("Choose at least one place.")
    for span in spans:
        _check_span(passage, span)
        _refuse_stale(passage, span, seen)
    there = {(*one.span, one.kind) for one in newest(passage) if one.hides}
    new = [span for span in dict.fromkeys(spans) if (*span, kind) not in there]
    if not new:
        raise AlreadyDecided("That is hidden already.")
    details = [(*span, kind) for span in new]
    _keep(passage, details, by, now, reason, hides=True, concern=concern)
    return passage


@transaction.atomic
def show(
    *,
    passage: Passage,
    start: int,
    end: int,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
    concern: Concern | None = None,
) -> Passage:
    """Show a span that was hidden or suggested, for it tells nobody who it is."""
    passage = _held(passage, concern)
    _refuse_stale(passage, (start, end), seen)
    hidden = [*undecided(passage), *(one for one in newest(passage) if one.hides)]
    kinds = {one.span: one.kind for one in hidden}
    if (start, end) not in kinds:
        raise AlreadyDecided("Nothing is hidden there any longer.")
    details = [(start, end, kinds[start, end])]
    _keep(passage, details, by, now, reason, hides=False, concern=concern)
    return passage


@transaction.atomic
def confirm_all(
    *,
    passage: Passage,
    by: User,
    now: datetime,
    seen: int | None = None,
    concern: Concern | None = None,
) -> Passage:
    """Keep everything hidden that the screen suggests and nobody decided on."""
    passage = _held(passage, concern)
    waiting = undecided(passage)
    if not waiting:
        raise AlreadyDecided("Somebody decided on every detail of this already.")
    for one in waiting:
        _refuse_stale(passage, one.span, seen)
    details = [(*one.span, one.kind) for one in waiting]
    _keep(passage, details, by, now, "", hides=True, concern=concern)
    return passage


def _keep(
    passage: Passage,
    details: Sequence[tuple[int, int, str]],
    by: User,
    now: datetime,
    reason: str,
    *,
    hides: bool,
    concern: Concern | None,
) -> None:
    reason = storable(reason).strip()
    if len(reason) > LONGEST_REASON:
        raise BadText(f"Say why in {LONGEST_REASON:,} characters or fewer.")
    Redaction.objects.bulk_create(
        Redaction(
            passage=passage,
            start=start,
            end=end,
            kind=kind,
            hides=hides,
            reason=reason,
            by=by,
            at=now,
        )
        for start, end, kind in details
    )
    # What is hidden in a passage is hidden in the names that were made of its words too. Recorded
    # last: whoever records has everything else that they need.
    reckon(passage)
    hide_in_names(passage)
    done = "hidden" if hides else "shown"
    detail = "; ".join(f"{kind} at {start} to {end}" for start, end, kind in details)
    if concern:
        # About the concern: of a passage, it would tell who reads the log that words are withheld.
        record(what=f"concern: details {done}", about=concern, by=by, now=now, detail=detail)
    else:
        record(what=f"redaction: {done}", about=passage, by=by, now=now, detail=detail)


def _held(passage: Passage, concern: Concern | None) -> Passage:
    # Waits for an analysis that is writing names, to hide the words in these too.
    runs = AnalysisRun.objects.under_way().filter(consultation=passage.consultation_id)
    list(runs.select_for_update(of=("self",)))
    readable = Passage.everything if concern else Passage.objects
    rows = readable.select_for_update(of=("self",))
    found: Passage | None = rows.select_related("answer", "note").filter(pk=passage.pk).first()
    if found is None:
        raise AlreadyDecided("These words were taken back, or are withheld.")
    if concern and not _stands_open(concern, found):
        raise AlreadyDecided(CLEARED)
    return found


def _stands_open(concern: Concern, passage: Passage) -> bool:
    """Held, so that nobody clears it meanwhile."""
    about = {"answer": passage.answer_id, "note": passage.note_id}
    held = Concern.objects.select_for_update(of=("self",)).filter(pk=concern.pk, **about)
    return any(one.is_open for one in held)


def _check_span(passage: Passage, span: Span) -> None:
    start, end = span
    within = 0 <= start < end <= passage.length
    if not within or not passage.source.text[start:end].strip():
        raise BadText("Choose at least one word of these.")


def _refuse_stale(passage: Passage, span: Span, seen: int | None) -> None:
    if seen is None:
        return
    start, end = span
    newer = passage.redactions.filter(pk__gt=seen, start__lt=end, end__gt=start)
    last = newer.select_related("by").last()
    if last:
        what = "hid" if last.hides else "showed"
        raise ChangedMeanwhile(f"{last.by} {what} these words meanwhile. Look at them again.")
