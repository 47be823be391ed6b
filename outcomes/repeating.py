"""Words of what somebody said, where others repeat them in what they wrote."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from outcomes.models import (
    ClusterDecision,
    Comment,
    Disposition,
    KeptCount,
    OutcomeDecision,
    Sample,
    Wording,
)
from surveys.models import Session

Span = tuple[int, int]
Place = tuple[QuerySet[Any], Sequence[str]]  # rows, and those of their fields that hold words
Change = Callable[[str, str], str]  # of a field's name and its text

TAKEN_OUT = "(some words were taken out)"
# So many words in a row are a copy and no chance; so is all of a text that has fewer.
FEWEST_TOGETHER, FEWEST_OF_ALL = 5, 3
WORD = re.compile(r"\w+")


def written(consultation: int) -> Iterator[Place]:
    """What people wrote about it for colleagues: comments, reasons and notes. The words of outcomes
    are not there: agencies sign them as they are."""
    yield ClusterDecision.objects.filter(cluster__consultation=consultation), ("detail", "reason")
    commented = Q(cluster__consultation=consultation) | Q(outcome__consultation=consultation)
    yield Comment.objects.filter(commented), ("about_words", "text", "answer")
    within = (
        Q(passage__consultation=consultation)
        | Q(idea__answer__passage__consultation=consultation)
        | Q(idea__note__passage__consultation=consultation)
    )
    yield Disposition.objects.filter(within), ("reason",)
    yield OutcomeDecision.objects.filter(outcome__consultation=consultation), ("reason",)
    yield Wording.objects.filter(outcome__consultation=consultation), ("reason",)
    yield KeptCount.objects.filter(consultation=consultation), ("note",)
    yield Session.objects.filter(consultation=consultation), ("about",)
    yield Sample.objects.filter(consultation=consultation), ("stopped_why",)


def logged(words: str = "") -> Place:
    """The admin's own history of its forms, whatever consultation they were about: of those with
    these words, all that have any."""
    ours = LogEntry.objects.filter(content_type__app_label__in=["surveys", "outcomes"])
    told = Q(object_repr__icontains=words) | Q(change_message__icontains=words)
    return ours.filter(told), ("object_repr", "change_message")


def rewrite(place: Place, change: Change) -> int:
    """How many rows it changed, each held while it is."""
    rows, names = place
    manager = rows.model._base_manager
    rows = rows.exclude(**dict.fromkeys(names, ""))
    read = rows.order_by("pk").values_list("pk", *names)
    found = [key for key, *texts in read if any(map(_differs(change), names, texts))]
    changed = 0
    for key in found:
        told = manager.select_for_update(no_key=True).filter(pk=key).values(*names).first() or {}
        less = {name: _fitting(rows, name, change(name, text)) for name, text in told.items()}
        if less != told:
            manager.filter(pk=key).update(**less)
            changed += 1
    return changed


def _differs(change: Change) -> Callable[[str, str], bool]:
    return lambda name, text: bool(text) and change(name, text) != text


def _fitting(rows: QuerySet[Any], name: str, text: str) -> str:
    longest: int | None = rows.model._meta.get_field(name).max_length
    return text[:longest]


class Copies:
    """Finds what is copied of some texts: five words in a row, or all of one with three or four."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.runs: dict[int, set[tuple[str, ...]]] = {}
        for text in texts:
            words = _words(text)
            many = min(FEWEST_TOGETHER, len(words))
            if many >= FEWEST_OF_ALL:
                runs = {run for run in _in_a_row(words, many) if not all(map(str.isdecimal, run))}
                self.runs.setdefault(many, set()).update(runs)

    def spans(self, text: str) -> list[Span]:
        """Where they stand, each as long as it is."""
        words = list(WORD.finditer(text)) if self.runs else []
        said = [one.group().lower() for one in words]
        found: list[Span] = []
        for many, runs in self.runs.items():
            for first, run in enumerate(_in_a_row(said, many)):
                if run in runs:
                    found.append((words[first].start(), words[first + many - 1].end()))
        return _joined(found)

    def without(self, text: str, instead: str, but: Callable[[str], bool] | None = None) -> str:
        """The text with other words in their place; `but` tells which of them may stay."""
        for start, end in reversed(self.spans(text)):
            if not (but and but(text[start:end])):
                text = text[:start] + instead + text[end:]
        return text


def _words(text: str) -> list[str]:
    return [one.group().lower() for one in WORD.finditer(text)]


def _in_a_row(words: Sequence[str], many: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(many)), strict=False)


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
