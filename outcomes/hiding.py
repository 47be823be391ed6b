"""What is hidden in a passage: what the screen suggests, unless a person decided otherwise."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from surveys.models import Detail, DetailSuggestion, Passage, Redaction
from surveys.redacted import Hidden, joined

Span = tuple[int, int]  # characters [start, end) of what was typed


def suggest(passage: Passage, found: Iterable[tuple[int, int, str, float]]) -> None:
    """Keep what the screen takes for details, hidden from now on. Told twice, told once."""
    DetailSuggestion.objects.bulk_create(
        (
            DetailSuggestion(passage=passage, start=start, end=end, kind=kind, score=score)
            for start, end, kind, score in found
            if kind in Detail.Kind.values
        ),
        ignore_conflicts=True,
    )
    reckon(passage)


def undecided(passage: Passage) -> list[DetailSuggestion]:
    """What the screen suggests and nobody decided on, in reading order."""
    decided = {one.span for one in passage.redactions.all()}
    rows = sorted(passage.detailsuggestions.all(), key=lambda one: one.span)
    return [one for one in rows if one.span not in decided]


def newest(passage: Passage) -> list[Redaction]:
    """What people decided last about each span, in reading order."""
    by_span = {one.span: one for one in sorted(passage.redactions.all(), key=lambda one: one.pk)}
    return [by_span[span] for span in sorted(by_span)]


def reckon(passage: Passage) -> Passage:
    """Work out anew what is hidden, and save it."""
    hiding: list[Detail] = [*undecided(passage), *(one for one in newest(passage) if one.hides)]
    passage.hide(joined(Hidden(one.start, one.end, one.kind) for one in hiding))
    passage.save(update_fields=["hidden", "words"])
    return passage


def readable() -> QuerySet[Passage]:
    """What staff may read of what was sent, and of what was noted; nothing of a trial."""
    sent = Q(answer__response__state="sent", answer__response__is_pilot=False)
    rows: QuerySet[Passage] = Passage.objects.filter(Q(note__isnull=False) | sent)
    return rows


def with_undecided(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Adds `undecided`, how many suggested details nobody decided on (None for none), and
    `suggested`, how many there ever were."""
    own, waiting = (
        rows.filter(passage=OuterRef("pk")) for rows in (DetailSuggestion.objects, _waiting())
    )
    return passages.annotate(undecided=_number(waiting), suggested=_number(own))


def _waiting() -> QuerySet[DetailSuggestion]:
    decided = Redaction.objects.filter(
        passage=OuterRef("passage"), start=OuterRef("start"), end=OuterRef("end")
    )
    return DetailSuggestion.objects.filter(~Exists(decided))


def _number(details: QuerySet[DetailSuggestion]) -> Subquery:
    counted = details.order_by().values("passage").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def to_decide() -> QuerySet[Passage]:
    """Passages with details that nobody decided on, those with most first."""
    some = readable().filter(pk__in=_waiting().values("passage"))
    return with_undecided(some).order_by("-undecided", "pk")


@dataclass(frozen=True)
class Mark:
    """A detail of a passage as it stands: suggested by the screen, hidden or shown by a person."""

    number: int
    start: int
    end: int
    words: str
    kind: str
    suggested: bool
    hides: bool
    by: Any = None
    at: datetime | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        return str(Detail.Kind(self.kind).label)

    @property
    def is_undecided(self) -> bool:
        return self.by is None


def marks(passage: Passage) -> list[Mark]:
    """All that was suggested or decided about a passage, in reading order, numbered."""
    suggested = {one.span: one for one in passage.detailsuggestions.all()}
    decided = {one.span: one for one in newest(passage)}
    found = []
    for number, span in enumerate(sorted({**suggested, **decided}), start=1):
        decision, words = decided.get(span), passage.source.text[slice(*span)]
        known = (number, *span, words, (decision or suggested[span]).kind, span in suggested)
        if decision:
            more = (decision.hides, decision.by, decision.at, decision.reason)
            found.append(Mark(*known, *more))
        else:
            found.append(Mark(*known, hides=True))
    return found


@dataclass(frozen=True)
class Stretch:
    """Characters of an original that the same marks lie over; `begins` are their numbers here."""

    text: str
    hides: bool = False
    shows: bool = False
    begins: tuple[int, ...] = ()


def drawn(text: str, marks: Sequence[Mark]) -> Iterator[Stretch]:
    """The text cut where marks begin and end, in order. Put together again it is the text."""
    borders = {0, len(text)} | {one.start for one in marks} | {one.end for one in marks}
    ends = sorted(borders)
    for start, end in pairwise(ends):
        over = [one for one in marks if one.start <= start and end <= one.end]
        hides = any(one.hides for one in over)
        begins = tuple(one.number for one in over if one.start == start)
        yield Stretch(text[start:end], hides, bool(over) and not hides, begins)


def occurrences(text: str, words: str) -> list[Span]:
    """Where these words stand in a text, in any case, whatever spaces lie between them."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    found = re.finditer(r"\s+".join(parts), text, re.IGNORECASE)
    return [one.span() for one in found]


def word_spans(text: str) -> list[Span]:
    """Where each word of a text stands."""
    return [one.span() for one in re.finditer(r"\S+", text)]
