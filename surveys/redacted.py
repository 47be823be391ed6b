"""Words without what is hidden in them."""

from collections.abc import Iterable
from typing import NamedTuple

BLOCK = "█"
SHOWN_AS = {
    "person": "name",
    "school": "school",
    "place": "place",
    "phone": "phone number",
    "email": "email address",
    "postcode": "postcode",
    "address": "address",
    "nhs_number": "NHS number",
    "date_of_birth": "date of birth",
    "identifier": "number",
}


class Hidden(NamedTuple):
    """Characters [start, end) of what was typed, and what kind of detail they are."""

    start: int
    end: int
    kind: str

    @property
    def shown_as(self) -> str:
        """[name], [school], or [hidden] for what has no kind of its own."""
        return f"[{SHOWN_AS.get(self.kind, 'hidden')}]"


def redacted(text: str, hidden: Iterable[Hidden], start: int = 0, end: int | None = None) -> str:
    """Characters [start, end) of the text, with a word in brackets for each hidden span that
    touches them. The spans come in order and do not overlap."""
    pieces, at, end = [], start, len(text) if end is None else end
    for one in hidden:
        if one.end > at and one.start < end:
            pieces += [text[at : max(at, one.start)], one.shown_as]
            at = one.end
    return "".join([*pieces, text[at:end]])


def masked(text: str, hidden: Iterable[Hidden]) -> str:
    """The text with a block for each hidden character, so that every place stays where it is."""
    for one in hidden:
        text = text[: one.start] + BLOCK * (one.end - one.start) + text[one.end :]
    return text


def joined(spans: Iterable[Hidden]) -> list[Hidden]:
    """In order and without overlaps; of those that overlap, the first in order names the kind."""
    found: list[Hidden] = []
    for one in sorted(spans):
        if found and one.start < found[-1].end:
            last = found.pop()
            one = Hidden(last.start, max(last.end, one.end), last.kind)
        found.append(one)
    return found
