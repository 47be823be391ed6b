"""Finds what may tell who somebody is, so that people can blank it before an answer is shared.

Details with a shape of their own come from patterns and check digits; people, schools and small
places from a chain of words trained on texts of this field (`python -m training.details`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.detail_features import Sheet, Tokens, feature_numbers, tokenise
from outcomes.engine.detail_patterns import find_patterned
from outcomes.engine.records import Detail
from outcomes.engine.tokens import TokenStates, read_states
from outcomes.engine.vectors import WIDTH

__all__ = ["Detail", "DetailFinder"]

TRAINED = Path(__file__).parent / "trained"
KINDS = ("person", "school", "place")
# "O" is no detail; each kind has a first word (odd tags) and further words (even tags).
TAGS = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BI"))
ROWS_AT_ONCE = 2_048
# What is added to the score of "no detail". Below 0 it finds more and errs more: a person looks at
# each before it is blanked, and what is missed is published.
CAUTION = -1.0

# Sayings in which a name is nobody's.
SAYING = re.compile(
    r"\b(?:mark my words?|for pete['’]?s sake|happy larry|(?:every )?tom,? dick (?:and|or|&) harry"
    r"|jack of all trades|bob['’]?s your uncle|plain jane|jack the lad|bobby dazzler"
    r"|keeping up with the joneses|a karen|jimmy riddle|smart alec|joe bloggs"
    r"|joe public|average joe|take the mick(?:ey)?|taking the mick(?:ey)?)\b",
    re.IGNORECASE,
)

Floats = NDArray[np.float32]


class DetailFinder:
    """`find` gives each text's details in reading order; none overlap; texts stand alone."""

    def __init__(self, folder: Path = TRAINED) -> None:
        self.folder = folder

    def find(
        self, texts: Sequence[str], states: Sequence[TokenStates] | None = None
    ) -> list[list[Detail]]:
        """`states` are those of `read_states(texts)`, for a caller who has them already."""
        chain = load_chain(self.folder)
        given = read_states(texts) if states is None else states
        return [
            merged(find_patterned(text), list(chain.spans(text, read)))
            for text, read in zip(texts, given, strict=True)
        ]


class NameChain:
    """Scores of tags for each word, and the likeliest run of tags."""

    def __init__(self, features: Floats, states: Floats, transitions: Floats) -> None:
        self.features, self.states = features, states
        self.transitions = np.where(_allowed(), transitions, np.float32(-1e4))

    def spans(self, text: str, read: TokenStates, hidden: Sequence[int] = ()) -> Iterator[Detail]:
        """`hidden` words are read as if no list had them: for measuring with unheard-of names."""
        tokens = tokenise(text)
        if not tokens.texts:
            return
        sheet = Sheet(text, tokens, hidden)
        scores = self.scores(sheet, *word_states(tokens, read))
        scores[:, 0] += CAUTION
        sayings = {place for match in SAYING.finditer(text) for place in range(*match.span())}
        for first, last, kind in _runs(self.best_tags(scores)):
            start = tokens.starts[first]
            if kind == "person" and (start in sayings or sheet.tells_nobody(first, last)):
                continue
            sure = float(np.mean(_share_of_details(scores[first : last + 1])))
            # "St Mary's" is the school's whole name; "Alfie's" is not Alfie's.
            whole = tokens.starts[last] + len(tokens.texts[last])
            end = tokens.ends[last] if kind == "person" else whole
            yield Detail(start, end, kind, round(sure, 4))

    def scores(self, sheet: Sheet, states: Floats, pieces: NDArray[np.int64]) -> Floats:
        numbers = feature_numbers(sheet, pieces)
        # einsum without BLAS: the same sums in the same order whatever the machine's threads.
        found: Floats = np.einsum("ij,jk->ik", states, self.states)
        for start in range(0, len(numbers), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            found[part] += self.features[numbers[part]].sum(axis=1)
        return found

    def best_tags(self, scores: Floats) -> list[int]:
        """Viterbi: the run of tags that scores most."""
        best = np.where(np.arange(len(TAGS)) % 2 == 0, np.float32(-1e4), scores[0])
        best[0] = scores[0, 0]
        came = np.zeros(scores.shape, np.int8)
        for row in range(1, len(scores)):
            steps = best[:, None] + self.transitions
            came[row] = steps.argmax(axis=0)
            best = steps.max(axis=0) + scores[row]
        tags = [int(best.argmax())]
        for row in range(len(scores) - 1, 0, -1):
            tags.append(int(came[row, tags[-1]]))
        return tags[::-1]


@lru_cache(maxsize=4)
def load_chain(folder: Path) -> NameChain:
    with np.load(folder / "details.npz", allow_pickle=False) as kept:
        features = np.zeros(tuple(kept["shape"]), np.float32)
        features[kept["rows"]] = kept["features"]
        return NameChain(
            features, kept["states"].astype(np.float32), kept["transitions"].astype(np.float32)
        )


def word_states(tokens: Tokens, read: TokenStates) -> tuple[Floats, NDArray[np.int64]]:
    """The mean state of each word's pieces, and how many pieces it has; noughts where none."""
    count = len(tokens.texts)
    found = np.zeros((count, WIDTH), np.float32)
    pieces = np.zeros(count, np.int64)
    if not read.spans:
        return found, pieces
    places = np.array([start for start, _ in read.spans])
    rows = np.maximum(np.searchsorted(tokens.starts, places, side="right") - 1, 0)
    np.add.at(found, rows, read.states)
    np.add.at(pieces, rows, 1)
    found /= np.maximum(pieces, 1)[:, None].astype(np.float32)
    return found, pieces


def _allowed() -> NDArray[np.bool_]:
    """A further word follows only a word of its kind."""
    allowed = np.ones((len(TAGS), len(TAGS)), bool)
    for tag in range(2, len(TAGS), 2):
        allowed[:, tag] = False
        allowed[[tag - 1, tag], tag] = True
    return allowed


def _runs(tags: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    first = None
    for row, tag in enumerate([*tags, 0]):
        if first is not None and (tag == 0 or tag % 2 == 1):
            yield first, row - 1, KINDS[(tags[first] - 1) // 2]
            first = None
        if tag % 2 == 1:
            first = row


def _share_of_details(scores: Floats) -> Floats:
    """How likely each word is part of a detail of any kind, its neighbours' tags left aside."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    share: Floats = 1 - odds[:, 0] / odds.sum(axis=1)
    return share


def merged(patterned: list[Detail], trained: list[Detail]) -> list[Detail]:
    """Both, sorted; where they overlap what has a shape of its own stands."""
    taken = sorted(patterned, key=lambda d: d.start)
    kept: list[Detail] = []
    place = 0
    for detail in trained:
        while place < len(taken) and taken[place].end <= detail.start:
            place += 1
        if place == len(taken) or taken[place].start >= detail.end:
            kept.append(detail)
    return sorted(taken + kept, key=lambda d: d.start)
