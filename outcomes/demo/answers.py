"""How one answer is put on paper: joined up the way people join things, then worn by haste.

An answer is a list of pieces. A piece is one idea or the words between ideas; wear and tear work
on pieces, so that the place of every idea in the finished text stays known.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from outcomes.demo.dice import Dice
from outcomes.demo.ideas import Idea

KEEP_CAPITAL = {"I", "I'd", "I'm", "I've", "I'll", "Cubs", "Saturday", "Changing"}
GRAMMAR = [
    (r"\bshould have\b", "should of"),
    (r"\bwould have\b", "would of"),
    (r"\bthere is\b", "theres"),
    (r"\bthere are\b", "theres"),
    (r"\btheir\b", "there"),
    (r"\bthey're\b", "there"),
    (r"\bwe were\b", "we was"),
    (r"\bthey were\b", "they was"),
    (r"\bknew\b", "new"),
    (r"\bfewer\b", "less"),
    (r"\byou're\b", "your"),
    (r"\bit's\b", "its"),
    (r"(?<=\w)'(?=(t|s|d|ll|re|ve|m)\b)", ""),
    (r",(?= )", ""),
]


@dataclass(frozen=True)
class Piece:
    text: str
    idea: Idea | None = None


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    idea: Idea


def lower_first(text: str) -> str:
    first = text.split(" ", 1)[0].rstrip(".,")
    if first in KEEP_CAPITAL or first[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


def ended(text: str) -> str:
    return text if text[-1] in ".!?:" else f"{text}."


def unended(text: str) -> str:
    return text.rstrip(".")


def flowing(text: str) -> str:
    """Without full stops, the way a tired person types it."""
    sentences = re.split(r"(?<=[.?!])\s+", unended(text))
    first, *rest = [sentence.rstrip(".") for sentence in sentences]
    return ", ".join([first, *map(lower_first, rest)])


def spoken(text: str) -> str:
    """What a telephone makes of speech: no punctuation, no capitals."""
    return re.sub(r"[.,;:!?\"“”]", "", text).lower()


# Ways to put pieces together. Each takes the pieces in order and returns them with what lies
# between them. `dice` decides among joining words.


def as_sentences(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    return _between([replace(p, text=ended(p.text)) for p in pieces], " ")


def as_joined(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    out: list[Piece] = []
    before = False
    for place, piece in enumerate(pieces):
        led = place > 0 and pieces[place - 1].text.endswith(":")
        joins = before and piece.idea is not None and not led and dice.chance(0.7)
        before = before or piece.idea is not None
        if place:
            out.append(Piece(" " + (f"{dice.pick(joiners)} " if joins else "")))
        text = lower_first(piece.text) if joins else piece.text
        out.append(replace(piece, text=ended(text)))
    return out


def as_lines(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    return _between(pieces, "\n")


def as_dashes(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    return _marked(pieces, lambda number: "- ")


def as_numbers(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    mark = dice.pick([".", ")"])
    return _marked(pieces, lambda number: f"{number}{mark} ")


def as_one_breath(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    flat = [replace(p, text=lower_first(flowing(p.text))) for p in pieces]
    words = [" and ", ", ", " also ", " and then ", " plus "]
    return _between(flat, ", ", lambda: dice.pick(words))


def as_speech(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    flat = [replace(p, text=spoken(p.text)) for p in pieces]
    words = [" and ", " um ", " and also ", " so "]
    return _between(flat, " ", lambda: dice.pick(words))


def as_short_words(pieces: list[Piece], dice: Dice, joiners: list[str]) -> list[Piece]:
    return _between(pieces, " ", lambda: f" {dice.pick(joiners)} ")


Way = Callable[[list[Piece], Dice, list[str]], list[Piece]]
LISTS = (as_dashes, as_numbers)
WAYS: dict[str, list[tuple[Way, float]]] = {
    "parent_carer": [
        (as_sentences, 0.44),
        (as_joined, 0.22),
        (as_lines, 0.08),
        (as_dashes, 0.07),
        (as_numbers, 0.06),
        (as_one_breath, 0.08),
        (as_speech, 0.05),
    ],
    "practitioner": [
        (as_sentences, 0.5),
        (as_joined, 0.3),
        (as_dashes, 0.12),
        (as_numbers, 0.08),
    ],
    "young_person": [(as_short_words, 0.6), (as_lines, 0.25), (as_speech, 0.15)],
}


def _between(pieces: list[Piece], gap: str, joiner: Callable[[], str] | None = None) -> list[Piece]:
    """With a gap between pieces, or a joiner where one idea follows on another."""
    out = pieces[:1]
    for piece in pieces[1:]:
        joins = joiner and out[-1].idea and piece.idea
        out += [Piece(joiner() if joiner and joins else gap), piece]
    return out


def _marked(pieces: list[Piece], mark: Callable[[int], str]) -> list[Piece]:
    """A list: only ideas get a mark; words around it get a line of their own."""
    out: list[Piece] = []
    number = 0
    for piece in pieces:
        lead = "\n" if out else ""
        if piece.idea:
            number += 1
            lead += mark(number)
        out += [Piece(lead), piece]
    return out


# Wear and tear.


def mistype(text: str, dice: Dice) -> str:
    """One slip in one longer word: two letters swapped, one lost, or one struck twice."""
    words = [m for m in re.finditer(r"[A-Za-z]{4,}", text) if not m.group().isupper()]
    if not words:
        return text
    word = dice.pick(words)
    at = dice.between(word.start() + 1, word.end() - 3)
    slip = dice.pick(["swap", "lose", "double"])
    if slip == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == "lose":
        return text[:at] + text[at + 1 :]
    return text[: at + 1] + text[at] + text[at + 1 :]


def misspeak(text: str) -> str:
    for pattern, slip in GRAMMAR:
        text = re.sub(pattern, slip, text)
    return text


def wear(pieces: list[Piece], noise: Iterable[str], dice: Dice) -> list[Piece]:
    if "grammar" in noise:
        pieces = [replace(p, text=misspeak(p.text)) for p in pieces]
    if "typos" in noise:
        pieces = [replace(p, text=mistype(p.text, dice)) if p.idea else p for p in pieces]
    if "capitals" in noise:
        pieces = [replace(p, text=p.text.upper()) for p in pieces]
    return pieces


def finished(pieces: list[Piece]) -> tuple[str, list[Span]]:
    """The text, and where in it each idea stands."""
    text = ""
    spans: list[Span] = []
    for piece in pieces:
        start = len(text)
        text += piece.text
        if piece.idea:
            spans.append(Span(start, len(text), piece.idea))
    return text, spans


def gold(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [
        {
            "start": span.start,
            "end": span.end,
            "theme": span.idea.theme,
            "cluster": span.idea.cluster,
            "kind": span.idea.kind,
            "idea_id": span.idea.id,
        }
        for span in spans
    ]
