"""Taking hidden words out of the names and reasons that were made of people's words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from outcomes.models import (
    Cluster,
    ClusterDecision,
    Comment,
    Disposition,
    GroupSuggestion,
    OutcomeDecision,
    ThemeSuggestion,
)
from outcomes.withholding import drop_files
from surveys.models import Detail, Passage

Place = tuple[QuerySet[Any], Sequence[str]]  # rows, and those of their fields that hold words

GONE = "[…]"
# A name of fewer letters is not looked for: it would be met by chance.
SHORTEST = 3
PLACES = (Detail.Kind.PLACE, Detail.Kind.SCHOOL)
# Words sought in one question to the database.
AT_A_TIME = 40


def hide_in_names(passage: Passage) -> None:
    """Whatever is hidden in a passage, wherever names and reasons repeat it.

    In what the machine wrote, however it is written there. In what people wrote, as it was said,
    for the name Will is not the will of anybody; and there a place or a school stays: it tells
    who spoke beside their words, not as the name of what many say.
    """
    text = passage.source.text
    of_all = [text[one.start : one.end] for one in passage.spans]
    of_persons = [text[one.start : one.end] for one in passage.spans if one.kind not in PLACES]
    consultation = passage.consultation_id
    of_machine = _take_out(_of_the_machine(consultation), of_all, re.IGNORECASE)
    if _take_out(_of_people(consultation), of_persons) or of_machine:
        drop_files(consultation)


def _take_out(places: Iterable[Place], hidden: Iterable[str], flags: int = 0) -> int:
    """The longest first, so that no part of a name is left of it. How many rows it changed."""
    once = {" ".join(words.split()) for words in hidden if _is_long(words)}
    sought = sorted(once, key=lambda words: (-len(words), words))
    return sum(
        _rewrite(rows, names, sought[start : start + AT_A_TIME], flags)
        for rows, names in (places if sought else ())
        for start in range(0, len(sought), AT_A_TIME)
    )


def _of_the_machine(consultation: int) -> Iterator[Place]:
    yield GroupSuggestion.objects.filter(run__consultation=consultation), ("name", "reason")
    suggested = ThemeSuggestion.everything.filter(run__consultation=consultation)
    yield suggested, ("reason", "check_reason")


def _of_people(consultation: int) -> Iterator[Place]:
    yield Cluster.objects.filter(consultation=consultation), ("name",)
    of_clusters = ClusterDecision.objects.filter(cluster__consultation=consultation)
    yield of_clusters, ("detail", "reason")
    commented = Q(cluster__consultation=consultation) | Q(outcome__consultation=consultation)
    yield Comment.objects.filter(commented), ("about_words", "text", "answer")
    within = (
        Q(passage__consultation=consultation)
        | Q(idea__answer__passage__consultation=consultation)
        | Q(idea__note__passage__consultation=consultation)
    )
    yield Disposition.objects.filter(within), ("reason",)
    yield OutcomeDecision.objects.filter(outcome__consultation=consultation), ("reason",)
    ours = LogEntry.objects.filter(content_type__app_label__in=["surveys", "outcomes"])
    yield ours, ("object_repr", "change_message")


def _is_long(words: str) -> bool:
    return sum(letter.isalnum() for letter in words) >= SHORTEST


def _rewrite(rows: QuerySet[Any], names: Sequence[str], sought: Sequence[str], flags: int) -> int:
    anywhere = (Q(**{f"{name}__icontains": words}) for name in names for words in sought)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sought), flags)
    found = rows.filter(reduce(or_, anywhere)).order_by("pk").values_list("pk", flat=True)
    held = rows.model._base_manager.select_for_update()
    changed = 0
    for row in (held.get(pk=key) for key in found.distinct()):
        told = {name: getattr(row, name) for name in names}
        less = {name: pattern.sub(GONE, text) for name, text in told.items()}
        if less != told:
            rows.model._base_manager.filter(pk=row.pk).update(**less)
            changed += 1
    return changed
