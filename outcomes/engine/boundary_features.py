"""Where an answer might be cut, and what its words and marks say about each such place.

A gap is looked at only before the first word of what could be an idea: list marks and joiners go
with the words that follow them.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from outcomes.engine import signs
from outcomes.engine.texts import Span

Floats = NDArray[np.float32]

# What may stand at the end of a word; dashes of all lengths count as one.
ENDS = '.!?…,;:-)"/'
STOPS = ".!?…;。！？؟۔।"
FAR = 15


@dataclass(frozen=True)
class Words:
    """The words of a text, and the places where it might be cut."""

    text: str
    spans: list[Span]

    def __len__(self) -> int:
        return len(self.spans)

    @cached_property
    def raw(self) -> list[str]:
        return [self.text[start:end] for start, end in self.spans]

    @cached_property
    def bare(self) -> list[str]:
        return [_bare(word) if len(word) <= signs.LONGEST_WORD else word for word in self.raw]

    @cached_property
    def lines(self) -> list[int]:
        """How many line breaks stand before each word."""
        befores = [0, *(end for _, end in self.spans)]
        return [
            sum(char in "\n\r\v\f\u2028\u2029" for char in self.text[before:start][:80])
            for before, (start, _) in zip(befores, self.spans, strict=False)
        ]

    @cached_property
    def gaps(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each place: the first word after it, and the first that no idea does without."""
        between = self._between()
        firsts, contents = [], []
        place = 0
        while place < len(self):
            firsts.append(place)
            while place < len(self) - 1 and between[place]:
                place += 1
            contents.append(place)
            place += 1
        return np.array(firsts, np.int64), np.array(contents, np.int64)

    def _between(self) -> list[bool]:
        between = [
            bare in signs.BETWEEN
            or (len(raw) < 9 and signs.MARK_WORD.fullmatch(raw) is not None)
            or (raw.isdigit() and len(raw) < 3 and (row == 0 or self.lines[row] > 0))
            for row, (raw, bare) in enumerate(zip(self.raw, self.bare, strict=True))
        ]
        for row, end in self.announced.items():
            while row < len(self) and self.spans[row][0] < end:
                between[row] = True
                row += 1
        return between

    @cached_property
    def announced(self) -> dict[int, int]:
        """The words at which a joining phrase begins, and where in the text it ends."""
        places = {start: row for row, (start, _) in enumerate(self.spans)}
        found = signs.ANNOUNCES.finditer(self.text)
        return {places[hit.start()]: hit.end() for hit in found if hit.start() in places}


def read_words(text: str) -> Words:
    """Words between blanks, parted within at "and/or", "room.Someone" and "-friends"."""
    spans: list[Span] = []
    for found in signs.WORD.finditer(text):
        start, end = found.span()
        for place in _parts(text, start, end):
            spans.append((start, place))
            start = place
        spans.append((start, end))
    return Words(text, spans)


def _parts(text: str, start: int, end: int) -> list[int]:
    if end - start < 3 or end - start > signs.LONGEST_WORD or text[start:end].isalpha():
        return []
    places = []
    if start == 0 or text[start - 1] in "\n\r\t":
        mark = signs.TIGHT_MARK.match(text, start, end)
        if mark:
            places.append(mark.end())
    if not signs.ADDRESS.search(text, start, end):
        places += [inner.end() for inner in signs.INNER_END.finditer(text, start, end)]
    return sorted({place for place in places if start < place < end})


# Classes of words; each is looked at on both sides of a gap.
_CLASSES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
and & n an
but
or
also plus
so then
because cos cause as since
if when while until unless
that which who whom whose where
oh um umm er erm uh yeah well right ok okay anyway like
i i'm im i've ive i'd id i'll
we we're we've weve we'd
he he's hes he'd she she's shes she'd they they're theyre they've
it it's its
you my our your you're
his her their him them
the a an this these those
there there's theres
what how why
need needs needed want wants wanted would wish wishes hope hopes should could love
is are was were be been am isnt isn't wasnt aint
has have had got get gets getting having
do does did dont don't doesnt doesn't didnt didn't
can can't cant cannot couldn't will won't wont
more less better fewer no not never stop
nobody no-one everyone everybody somebody someone anyone people one
to for of in on at with from by about into over after before than
please let give make
school schools college nursery teacher teachers staff senco ta head
parents parent families mum dad children kids child son daughter boy girl
friends friend job club clubs sleep money bus transport taxi respite
thing things another other next last first second third finally lastly
thanks thank hi hello hiya dear cheers regards bye
just only even still again
""".splitlines()
    if line.strip()
)
_PLACES = {word: place for place, words in enumerate(_CLASSES) for word in words}


@lru_cache(maxsize=16_384)
def _bare(word: str) -> str:
    return word.strip("\"'“”‘’.,;:!?()[]…").replace("’", "'").lower()


def surface(words: Words, rules: set[int]) -> Floats:
    """One row a place; `rules` are the characters at which the rules let an idea begin."""
    _, contents = words.gaps
    by_word = np.hstack(
        [_classes(words.bare), _marks(words), _runs(words), _parts_of_sentence(words),
         _repeats(words)]
    )  # fmt: skip
    return np.hstack([by_word[contents], _at_gaps(words, rules)]).astype(np.float32)


def _classes(bare: list[str]) -> Floats:
    """Which class each of the words from two before to two after belongs to."""
    count = len(bare)
    own = np.zeros((count + 4, len(_CLASSES)), np.float32)
    for row, word in enumerate(bare, 2):
        place = _PLACES.get(word)
        if place is not None:
            own[row, place] = 1
    return np.hstack([own[shift : shift + count] for shift in range(5)])


def _end(word: str) -> int | None:
    last = "-" if word[-1] in "–—‐" else word[-1]
    place = ENDS.find(last)
    return place if place >= 0 else None


def _marks(words: Words) -> Floats:
    raw = words.raw
    shout = sum(word.isupper() for word in raw) > 0.6 * len(raw)
    rows = np.zeros((len(raw), len(ENDS) + 8), np.float32)
    for row, word in enumerate(raw):
        before = raw[row - 1] if row else ""
        after = raw[row + 1] if row + 1 < len(raw) else ""
        own = _end(word)
        if own is not None:
            rows[row, own] = 1
        rows[row, len(ENDS) :] = (
            word[0].isupper() and not shout,
            bool(after) and after[0].isupper() and not shout,
            bool(before) and before[0].isupper() and not shout,
            shout,
            word[0] in "\"'“‘(",
            word[0].isdigit(),
            row > 0 and words.spans[row - 1][1] == words.spans[row][0],
            signs.ABBREVIATION.search(before[-8:]) is not None,
        )
    return rows


def _runs(words: Words) -> Floats:
    """How far into its sentence, comma part and line a word stands, and what text it is in."""
    raw, count = words.raw, len(words)
    stops = [row == 0 or raw[row - 1][-1] in STOPS for row in range(count)]
    commas = [stop or raw[row - 1][-1] in ",:–—-" for row, stop in enumerate(stops)]
    lines = [row == 0 or breaks > 0 for row, breaks in enumerate(words.lines)]
    both = [stop or line for stop, line in zip(stops, lines, strict=True)]
    columns = [column for starts in (both, commas, lines) for column in _run(starts)]
    whole = (count, sum(stops), sum(commas), sum(lines), count / sum(lines), count / sum(stops),
             count / sum(commas))  # fmt: skip
    columns += [np.full(count, value, float) for value in whole]
    logs = np.log1p(np.stack(columns, axis=1))
    sizes = np.array([len(word) + 1 for word in raw], float)
    return np.hstack([logs, _fullness(sizes, lines)[:, None]]).astype(np.float32)


def _run(starts: list[bool]) -> list[NDArray[np.float64]]:
    """For runs that begin where True stands: words since, words to come, the run's length, and
    the lengths of the runs before and after it."""
    begins = np.flatnonzero(starts)
    number = np.cumsum(starts) - 1
    ends = np.append(begins[1:], len(starts))
    length = (ends - begins).astype(float)
    row = np.arange(len(starts))
    before, after = np.append(0.0, length[:-1]), np.append(length[1:], 0.0)
    return [row - begins[number], ends[number] - row, length[number], before[number], after[number]]


def _fullness(sizes: NDArray[np.float64], lines: list[bool]) -> NDArray[np.float64]:
    """How full the line before is beside the longest one: pasted mail breaks full lines."""
    widths = np.bincount(np.cumsum(lines) - 1, weights=sizes)
    before = np.append(0, widths[:-1])
    share = before / widths.max() * (widths.max() > 36)
    return np.asarray(share[np.cumsum(lines) - 1])


def _parts_of_sentence(words: Words) -> Floats:
    """What tells a list from a sentence: its parts between commas, and the verbs in them."""
    starts = [
        row == 0 or words.raw[row - 1][-1] in STOPS.replace(";", "") or words.lines[row] > 0
        for row in range(len(words))
    ]
    inner = [start or words.raw[row - 1][-1] in ",;/" for row, start in enumerate(starts)]
    sentence, part = np.cumsum(starts) - 1, np.cumsum(inner) - 1
    verbs = np.array([word in signs.VERBS for word in words.bare], float)
    size_part, verbs_part = np.bincount(part).astype(float), np.bincount(part, weights=verbs)
    owner = sentence[np.flatnonzero(inner)]
    parts = np.bincount(owner).astype(float)
    longest, shortest = np.zeros(len(parts)), np.full(len(parts), 1e3)
    np.maximum.at(longest, owner, size_part)
    np.minimum.at(shortest, owner, size_part)
    verbs_all = np.bincount(sentence, weights=verbs)
    before = np.append(0.0, verbs_part[:-1])
    ands = np.bincount(sentence, weights=[word in ("and", "&") for word in words.bare])
    columns = (parts[sentence], longest[sentence], shortest[sentence], verbs_all[sentence],
               size_part[part], verbs_part[part], before[part], ands[sentence])  # fmt: skip
    return np.asarray(np.log1p(np.stack(columns, axis=1)), np.float32)


def _repeats(words: Words) -> Floats:
    """Whether a word was said before: soon before, as the first word, together with the next."""
    bare = words.bare
    rows = np.zeros((len(bare), 4), np.float32)
    last: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    opening: set[str] = set()
    for row, word in enumerate(bare):
        pair = (word, bare[row + 1]) if row + 1 < len(bare) else (word, "")
        rows[row] = (
            row > 0 and word == bare[0],
            row - last.get(word, -99) < 12,
            pair in pairs,
            word in opening,
        )
        last[word] = row
        pairs.add(pair)
        if row == 0 or words.raw[row - 1][-1] in ".!?;,":
            opening.add(word)
    return rows


def _at_gaps(words: Words, rules: set[int]) -> Floats:
    """What stands at the gap itself, joiners and list marks included."""
    firsts, contents = (places.tolist() for places in words.gaps)
    rows = np.zeros((len(firsts), len(ENDS) + 15), np.float32)
    marks = [len(word) < 9 and signs.MARK_WORD.fullmatch(word) is not None for word in words.raw]
    listed = sum(marks[row] for row, end in zip(firsts, contents, strict=True) if end > row)
    for row, (first, content) in enumerate(zip(firsts, contents, strict=True)):
        joiners = set(words.bare[first:content][:6])
        breaks = sum(words.lines[first : content + 1])
        end = _end(words.raw[first - 1]) if first else None
        if end is not None:
            rows[row, end] = 1
        rows[row, len(ENDS) :] = (
            content > first,
            content > first + 1,
            not joiners.isdisjoint(("and", "&", "n")),
            "but" in joiners,
            not joiners.isdisjoint(("so", "then")),
            not joiners.isdisjoint(("also", "plus")),
            any(marks[first:content]),
            first in words.announced,
            breaks == 1,
            breaks > 1,
            first > 0 and words.bare[first - 1] in signs.NEVER_LAST,
            words.spans[first][0] in rules or words.spans[content][0] in rules,
            min(listed, 5),
            np.log1p(first),
            np.log1p(len(words) - content),
        )
    return rows
