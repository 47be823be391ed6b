"""Lines that become workshop notes: what kind each is, and what to look at before adding them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from surveys.actions.noting import MOST_CHARACTERS
from surveys.refusals import Refusal

MOST_NOTES = 2_000
MOST_TOGETHER = 2_000_000
LONG = 1_000
ALIKE = 0.8  # of the words of both together, four in five

BULLET = re.compile(r"(?:(?:[-–—*+]+|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s+|[•·▪▫◦‣⁃●○■□➢➤✓✔☐☑]\s*)+")
MARKER = re.compile(
    r"""(?:
        (?P<said>what\ was\ said|said)
      | (?P<exact>exact\ words|exact)
      | (?P<facilitator>(?:facilitator['’]?s?\s+)?view)
      | (?:dots|votes)\s*(?P<after>\d{1,9}) | (?P<before>\d{1,9})\s*(?:dots?|votes?)
    )\s*:\s*(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
WORD = re.compile(r"\w+")


class Unreadable(Refusal):
    """What was pasted or sent cannot be taken as notes."""


@dataclass(frozen=True)
class Line:
    """What may become a note. `where` says where it was found, such as "line 3"."""

    where: str
    text: str
    kind: str = "said"
    dots: int | None = None
    warnings: tuple[str, ...] = ()
    take: bool = True

    def warned(self, warning: str, *, take: bool = True) -> "Line":
        return replace(self, warnings=(*self.warnings, warning), take=self.take and take)


def lines_of(text: str, *, by_paragraph: bool = False) -> list[Line]:
    """A line for every line that is not empty; or for every paragraph, told by empty lines."""
    rows = [(number, row.strip()) for number, row in enumerate(text.splitlines(), start=1)]
    if by_paragraph:
        rows = _joined(rows)
    found = [line_of(f"line {number}", row) for number, row in rows if row]
    return [line for line in found if line.text]


def _joined(rows: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Paragraphs, each with the number of its first line."""
    paragraphs: list[tuple[int, str]] = []
    within = False
    for number, row in rows:
        if row and within:
            first, text = paragraphs[-1]
            paragraphs[-1] = (first, f"{text}\n{row}")
        elif row:
            paragraphs.append((number, row))
        within = bool(row)
    return paragraphs


def line_of(where: str, text: str) -> Line:
    """One line: without the bullet or number it begins with, its kind told by "exact:" and such."""
    text = text.strip()
    bullet = BULLET.match(f"{text} ")
    if bullet:
        text = text[bullet.end() :]
    marker = MARKER.match(text)
    if not marker:
        return Line(where, text)
    rest = text[marker.end() :]
    number = marker["after"] or marker["before"]
    if number:
        return Line(where, rest, "dots", int(number))
    kind = next(name for name in ("said", "exact", "facilitator") if marker[name])
    return Line(where, rest, kind)


def checked(lines: Sequence[Line]) -> list[Line]:
    """The lines, with a warning for each very long one; refused when they are too much."""
    if not lines:
        raise Unreadable("There is nothing in it that could be a note.")
    if len(lines) > MOST_NOTES:
        raise Unreadable(
            f"There are {len(lines):,} notes in it. At most {MOST_NOTES:,} are added at once: "
            "divide them."
        )
    for line in lines:
        if len(line.text) > MOST_CHARACTERS:
            raise Unreadable(
                f"{line.where.capitalize()} has {len(line.text):,} characters. "
                f"A note has at most {MOST_CHARACTERS:,}: divide it."
            )
    if sum(len(line.text) for line in lines) > MOST_TOGETHER:
        raise Unreadable(
            f"The notes have more than {MOST_TOGETHER:,} characters together. Divide them."
        )
    return [_long(line) for line in lines]


def _long(line: Line) -> Line:
    if len(line.text) <= LONG:
        return line
    return line.warned(f"Long: {len(line.text):,} characters. Is it one note?")


def compared(lines: Sequence[Line], notes: Sequence[tuple[int, str]]) -> list[Line]:
    """The lines, warned where they say nearly what a note there, or an earlier line, says.

    What a note says already in the same words is not taken unless somebody ticks it.
    """
    names = [f"note {order}" for order, _ in notes]
    texts = [text for _, text in notes] + [line.text for line in lines]
    names += [line.where for line in lines]
    like = _alike([frozenset(WORD.findall(text.casefold())) for text in texts], len(notes))
    return [
        _warned(line, name, same, there=earlier < len(notes)) if earlier is not None else line
        for line, (earlier, same) in zip(lines, like, strict=True)
        for name in [names[earlier] if earlier is not None else ""]
    ]


def _warned(line: Line, name: str, same: bool, *, there: bool) -> Line:
    return line.warned(
        f"{'The same words as' if same else 'Nearly the same as'} {name}.",
        take=not (same and there) or line.kind == "dots",
    )


def _alike(bags: Sequence[frozenset[str]], known: int) -> list[tuple[int | None, bool]]:
    """For each bag of words from `known` on: the first earlier one much like it, and whether it
    has the very same words.

    Two bags that share four words in five share one of their rarest: only those are looked up.
    """
    often = Counter(word for bag in bags for word in bag)
    by_word: dict[str, list[int]] = {}
    found: list[tuple[int | None, bool]] = []
    for number, bag in enumerate(bags):
        rare = sorted(bag, key=lambda word: (often[word], word))
        rare = rare[: len(bag) // 5 + 1]
        if number >= known:
            near = sorted({other for word in rare for other in by_word.get(word, [])})
            same = next((other for other in near if bags[other] == bag), None)
            like = next((other for other in near if _overlap(bag, bags[other]) >= ALIKE), None)
            found.append((like if same is None else same, same is not None))
        for word in rare:
            by_word.setdefault(word, []).append(number)
    return found


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
