"""Splitting an answer into ideas by rule: spans of the original, which is never changed.

`boundaries` splits better, with a trained model; the rules trim what it cuts, drop what says
nothing, and split alone what it cannot read. Cuts are made from the surest sign to the weakest:
lines and list marks, joiners ("also"), spaced dashes, the ends of sentences, and, where a person
ran on without stopping, connectors. Sentences that carry on the one before are kept with it. The
time taken grows with the length, no faster.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from outcomes.engine import signs

Span = tuple[int, int]
Cut = Callable[[str, Span], list[int]]

# A piece of more words than this without a full stop is a run-on, cut into pieces of at least
# SHORTEST_PIECE words: at a connector, or anywhere once LONGEST_PIECE is reached.
RUN_ON_WORDS, SHORTEST_PIECE, LONGEST_PIECE = 44, 10, 60
# A following sentence of so few words adds to the one before rather than opening a new point.
ADDS_WORDS = 2
# A list item of up to so many words is one idea, whatever stops it has.
ITEM_WORDS = 40
# Thanks and the like of more characters than this are kept.
LONGEST_NOTHING = 120
# A dash parts two ideas when there are this many words on each side of it.
DASH_WORDS = 4

LEADING = (
    signs.LIST_MARK,
    signs.SURE_JOINER,
    signs.JOINER,
    signs.ANNOUNCES,
    signs.GREETING,
    signs.LEAD_IN,
    signs.FILLER,
)
NOTHING = (signs.THANKS, signs.NOTHING_TO_SAY)


def split_by_rules(text: str) -> list[Span]:
    """The ideas of an answer as half-open spans, in order, trimmed, never overlapping."""
    pieces: Iterator[Span] = (line.span() for line in signs.LINE.finditer(text))
    for cut in (_at_list_marks, _at_joiners, _at_dashes, _at_points, _at_connectors):
        pieces = _each(cut, text, pieces)
    ideas = (trimmed(text, piece) for piece in pieces)
    return [idea for idea in ideas if says_something(text, idea)]


def _each(cut: Cut, text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    for piece in pieces:
        start, end = piece
        places = sorted({start, end, *cut(text, piece)})
        yield from pairwise(places)


def _at_list_marks(text: str, line: Span) -> list[int]:
    """Bullets, and numbers if they count up from one: "aged 2. He" is no list."""
    bullets: list[int] = []
    numbers: list[int] = []
    for mark in signs.INLINE_MARK.finditer(text, *line):
        if mark.group(1) is None:
            bullets.append(mark.start())
        elif int(mark.group(1)) == len(numbers) + 1:
            numbers.append(mark.start())
    return bullets + (numbers if len(numbers) > 1 else [])


def _at_joiners(text: str, piece: Span) -> list[int]:
    sure = [joiner.start() for joiner in signs.SURE_JOINER.finditer(text, *piece)]
    likely = [
        joiner.start()
        for joiner in signs.JOINER.finditer(text, *piece)
        if _announces(text, piece, joiner)
    ]
    capitals = [
        capital.start()
        for capital in signs.CAPITAL.finditer(text, *piece)
        if _bare(capital.group()) in signs.FRESH
    ]
    return sure + likely + capitals


def _announces(text: str, piece: Span, joiner: re.Match[str]) -> bool:
    """Whether "also" or "plus" opens an idea: after a stop, after "and", or before a subject."""
    before = text[max(piece[0], joiner.start() - 3) : joiner.start()].rstrip()
    if before.endswith((".", ",", ";", "!", "?")) or " " in joiner.group():
        return True
    following = signs.WORD.search(text, joiner.end(), min(piece[1], joiner.end() + 40))
    return following is not None and _bare(following.group()) in signs.OPENERS


def _at_dashes(text: str, piece: Span) -> list[int]:
    """Spaced dashes between two full ideas; "one thing - a friend" stays whole."""
    dashes = [dash.start() for dash in signs.DASH.finditer(text, *piece)]
    if not dashes:
        return []
    sides = list(pairwise([piece[0], *dashes, piece[1]]))
    sizes = [len(text[start:end].split()) for start, end in sides]
    return [
        dash
        for dash, before, after in zip(dashes, sizes, sizes[1:], strict=False)
        if min(before, after) > DASH_WORDS or (len(dashes) > 1 and min(before, after) > 2)
    ]


def _at_points(text: str, piece: Span) -> list[int]:
    """The ends of sentences, except where the next sentence carries on the one before."""
    if _is_short_item(text, piece):
        return []
    sentences = list(pairwise([piece[0], *_sentence_ends(text, piece), piece[1]]))
    return [
        following[0]
        for sentence, following in pairwise(sentences)
        if not _carries_on(text, sentence, following)
    ]


def _is_short_item(text: str, piece: Span) -> bool:
    start, end = without_blanks(text, *piece)
    marked = signs.LIST_MARK.match(text, start, end) is not None
    return marked and len(text[start:end].split(maxsplit=ITEM_WORDS)) <= ITEM_WORDS


def _sentence_ends(text: str, piece: Span) -> Iterator[int]:
    for stop in signs.SENTENCE_END.finditer(text, *piece):
        near = text[max(piece[0], stop.start() - 8) : stop.start() + 1]
        listed = signs.ABBREVIATION.search(near) if stop.group() == "." else None
        if listed is None and stop.end() < piece[1]:
            yield stop.end()


def _carries_on(text: str, sentence: Span, following: Span) -> bool:
    first = signs.WORD.search(text, *following)
    if first is None or not says_something(text, following):
        return False
    if _bare(first.group()) in signs.CARRIES_ON:
        return True
    added, before = (len(text[slice(*span)].split()) for span in (following, sentence))
    return added <= ADDS_WORDS < before


def _at_connectors(text: str, piece: Span) -> list[int]:
    """Cuts in a run-on: a piece that goes on too long without a stop."""
    words = [word.span() for word in signs.WORD.finditer(text, *piece)]
    if len(words) <= RUN_ON_WORDS:
        return []
    cuts, last = [], 0
    for place in range(1, len(words) - SHORTEST_PIECE + 1):
        size = place - last
        turns = size >= SHORTEST_PIECE and _turns(text, words, place)
        if turns or size >= LONGEST_PIECE:
            cuts.append(words[place][0])
            last = place
    return cuts


def _turns(text: str, words: list[Span], place: int) -> bool:
    """Whether a new thought seems to open at this word: after a stop, or "and we", "but the"."""
    if text[words[place - 1][1] - 1] in ".!?;":
        return True
    here, following = (_bare(text[slice(*words[at])]) for at in (place, place + 1))
    return here in signs.CONNECTORS and following in signs.OPENERS


def trimmed(text: str, span: Span) -> Span:
    """Without blanks, marks, joiners, greetings and "and" at the start, and dashes at the end."""
    start, end = span
    while True:
        start, end = without_blanks(text, start, end)
        found = next(
            (match for sign in LEADING if (match := sign.match(text, start, end))),
            None,
        )
        if found is None:
            return start, end
        start = found.end()


def without_blanks(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in ",;:\0"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:-\u2013\u2014\0"):
        end -= 1
    return start, end


def says_something(text: str, idea: Span) -> bool:
    """False for marks and numbers alone, "n/a", "same as above", greetings and thanks."""
    words = text[slice(*idea)]
    if not any(char.isalpha() for char in words):
        return False
    if len(words) > LONGEST_NOTHING:
        return True
    said = " ".join(re.findall(r"\w+", words.lower()))
    if said in signs.NOTHING_SAID or any(sign.fullmatch(said) for sign in NOTHING):
        return False
    return not _is_talk(words)


def _is_talk(words: str) -> bool:
    """Thanks, excuses, "see question 2": small talk and the small words around it alone."""
    said = {_bare(word) for word in words.split()} - {""}
    return said <= signs.TALK | signs.TALK_FILLER and not said.isdisjoint(signs.TALK)


def _bare(word: str) -> str:
    return word.strip("\"'“”‘’.,;:!?()[]").replace("’", "'").lower()
