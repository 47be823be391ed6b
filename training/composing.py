"""Texts made of others, to learn from where one idea ends and the next begins.

The codebook's examples are one idea each, so what stands between two of them is a border. Answers
marked by hand are typed anew, carelessly, or put one behind the other.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from training.boundary_states import without_marks
from training.noise import carelessly

Row = dict[str, Any]

# How many examples make a text, how often; how they are put together; and what stands between.
COUNTS = ((1, 2, 3, 4, 5), (40, 20, 20, 12, 8))
STYLES = {
    "sentences": 30, "bare": 20, "lines": 8, "bullets": 7, "numbers": 4, "commas": 8,
    "semicolons": 4, "dashes": 5, "mixed": 14,
}  # fmt: skip
MIXED = ("sentences", "bare", "lines", "commas", "dashes")
OPENERS = ("Also ", "And ", "And also ", "Plus ", "Oh and ", "But ", "Another thing is ",
           "The other thing, ")  # fmt: skip
JOINERS = ((" ", " and ", " but ", " also ", " plus ", " and also ", " so ", " then "),
           (8, 8, 3, 2, 2, 2, 1, 1))  # fmt: skip
COMMAS = ((", ", ", and ", ", but "), (5, 3, 1))
LONGEST = 600


class Composer:
    def __init__(self, examples: Sequence[str], chance: Random) -> None:
        self.examples = examples
        self.chance = chance

    def of_examples(self) -> Row:
        """One to five examples in one text."""
        chance = self.chance
        count = chance.choices(*COUNTS)[0]
        style = chance.choices(list(STYLES), list(STYLES.values()))[0]
        parts = [chance.choice(self.examples).strip() for _ in range(count)]
        if chance.random() < 0.4:
            parts = [carelessly(part, chance) for part in parts]
        if style in ("bare", "commas") or chance.random() < 0.15:
            parts = [_bare(part) for part in parts]
        text, spans = _mark(style, 1), []
        for part in filter(None, parts):
            if spans:
                text, part = self._joined(text, part, style, len(spans) + 1)
            spans.append([len(text), len(text) + len(part)])
            text += part
        return {"text": text, "spans": spans, "kind": "composed"}

    def of_answers(self, answers: Sequence[Row]) -> Row:
        """One answer as it is, or typed carelessly, or two of them."""
        row, kind = self.chance.choice(answers), self.chance.random()
        if kind < 0.35:
            row = self._typed_anew(row)
        if kind < 0.15 or kind > 0.8:
            other = self.chance.choice(answers)
            if len(row["text"]) + len(other["text"]) < LONGEST:
                row = self._behind(row, other)
        return row

    def _joined(self, text: str, part: str, style: str, number: int) -> tuple[str, str]:
        """The text with what stands between, and the next part as it follows it."""
        chance = self.chance
        if style == "mixed":
            style = chance.choice(MIXED)
        if style == "sentences":
            text += "." if text[-1].isalnum() else ""
            if chance.random() < 0.2:
                return f"{text} {chance.choice(OPENERS)}", part[0].lower() + part[1:]
            return f"{text} ", part
        if style in ("semicolons", "dashes"):
            return text.rstrip(".") + ("; " if style == "semicolons" else " - "), part
        if style == "bare":
            return text + chance.choices(*JOINERS)[0], part
        if style == "commas":
            return text + chance.choices(*COMMAS)[0], part
        return text + ("\n\n" if chance.random() < 0.3 else "\n") + _mark(style, number), part

    def _typed_anew(self, row: Row) -> Row:
        text, spans, last = "", [], 0
        for start, end in row["spans"]:
            text += row["text"][last:start]
            idea = row["text"][start:end]
            idea = idea if "\n" in idea else carelessly(idea, self.chance)
            spans.append([len(text), len(text) + len(idea)])
            text, last = text + idea, end
        return row | {"text": text + row["text"][last:], "spans": spans}

    def _behind(self, row: Row, other: Row) -> Row:
        between = self.chance.choice(["\n", " ", "\n\n", " and "])
        moved = len(row["text"]) + len(between)
        return {
            "text": row["text"] + between + other["text"],
            "spans": row["spans"] + [[a + moved, b + moved] for a, b in other["spans"]],
            "kind": "two answers",
        }


def _bare(text: str) -> str:
    return str(without_marks({"text": text, "spans": [], "kind": ""})["text"]).strip()


def _mark(style: str, number: int) -> str:
    return {"bullets": "- ", "numbers": f"{number}. "}.get(style, "")
