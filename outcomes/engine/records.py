"""What goes into the engine and what comes out, and the check of what goes in."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from outcomes.engine.errors import EngineError
from outcomes.engine.texts import Span


@dataclass(frozen=True)
class Text:
    """One answer or note. With `spans`, the ideas that an earlier run found: kept exactly.

    `voice` says who speaks: several texts of one person have the same; None is one of its own.
    """

    id: str
    text: str
    audience: str | None = None
    question: str | None = None
    spans: tuple[Span, ...] | None = None
    voice: str | None = None


@dataclass(frozen=True)
class Label:
    """What an officer decided about an idea with exactly these words; null where nothing."""

    text: str
    theme: str | None = None
    topic: str | None = None
    cluster: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class FoundIdea:
    """A span of a text, in Python characters, half open; `group` is null for one voice alone.

    `theme` is null when there is nothing to judge it by: no codebook and no labels, or words in
    another language. `sure` is false where a person should look first.
    """

    text_id: str
    start: int
    end: int
    theme: str | None
    scores: dict[str, float]
    topic: str | None
    reason: str
    group: int | None
    kind: str | None = None
    kind_score: float = 0.0
    sure: bool = False


@dataclass(frozen=True)
class Concern:
    """`score` runs from 0 to 1 and 0.5 is where `flag` begins; `reason` is fit for an officer."""

    flag: bool
    score: float
    category: str | None
    reason: str


@dataclass(frozen=True)
class Detail:
    """Words that may say who somebody is: a span in Python characters, half open."""

    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True)
class FoundText:
    """What was found about a text as a whole.

    `language` is an ISO 639-1 code, or null where too little is said to tell.
    `near_duplicate_of` is the id of the first text, in order of content, that says nearly the same.
    """

    text_id: str
    language: str | None
    concern: Concern
    details: tuple[Detail, ...]
    near_duplicate_of: str | None = None


@dataclass(frozen=True)
class FoundGroup:
    """`topic` is the one that most of its ideas are close to; `opposes` are the numbers of groups
    that hold the opposite view, which are never joined with it."""

    number: int
    theme: str | None
    name: str
    reason: str
    topic: str | None = None
    opposes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """`fingerprint` is the same for the same texts, settings, codebook and engine version."""

    ideas: tuple[FoundIdea, ...]
    groups: tuple[FoundGroup, ...]
    texts: tuple[FoundText, ...]
    version: str
    settings: dict[str, Any]
    fingerprint: str


def check(texts: Sequence[Text]) -> None:
    """Refuse what cannot be analysed, naming the row, counted from one."""
    seen: set[str] = set()
    for number, text in enumerate(texts, 1):
        trouble = _trouble(text) or ("an id that another row has too" if text.id in seen else None)
        if trouble:
            raise EngineError(f"Row {number} (id {text.id!r}) has {trouble}.")
        seen.add(text.id)


def _trouble(text: Text) -> str | None:
    given: tuple[object, object] = (text.id, text.text)
    if not isinstance(given[0], str) or not text.id:
        return "an id that is not text"
    if not isinstance(given[1], str):
        return "words that are not text"
    for span in text.spans or ():
        if not _is_span(span, len(text.text)):
            return f"a span {span!r} that does not lie in its {len(text.text)} characters"
    for before, after in pairwise(sorted(text.spans or ())):
        if after[0] < before[1]:
            return f"spans {before!r} and {after!r} that overlap"
    return None


def _is_span(span: object, length: int) -> bool:
    if not isinstance(span, tuple | list) or len(span) != 2:
        return False
    start, end = span
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length


def fingerprint(texts: Sequence[Text], version: str, settings: dict[str, Any]) -> str:
    """A hash of all that decides the result; the order of the rows does not."""
    rows = sorted(
        [text.id, text.text, text.audience, text.question, text.spans and sorted(text.spans)]
        for text in texts
    )
    content = json.dumps([version, settings, rows], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
