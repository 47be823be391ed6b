"""Texts that say nearly the same in nearly the same words: campaign letters, copied answers.

Two texts are compared only where they are likely to be alike: when several of their words with the
smallest hashes are the same (MinHash). So the time grows with the number of texts, not with that of
their pairs. A text joins the leader that it is alike to, the first of its group in order of
content; it is never joined through others in between.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
DIGIT = re.compile(r"\d")
# Of a longer word, or of writing without spaces, each three characters count as a word.
LONGEST_WORD = 24
# Two texts meet when in one of the bands all its smallest hashes are the same: of two that share
# half of their words 96 in 100 meet, of two that share seven tenths all but one in 10,000.
BANDS, HASHES_IN_BAND = 24, 3
# Leaders kept where texts meet, and how many of all that a text meets it is compared with.
KEPT, ASKED = 16, 12
# Rows hashed at a time.
BLOCK = 5_000
NOWHERE = -1
# Characters of a text that are compared with another's.
READ = 5_000
# Below so many characters a single word may turn the sense round.
SHORT = 120
# How alike the characters must be, out of 100.
ALIKE_SHORT, ALIKE_LONG = 90, 80
TURNING = frozenset({"no", "not", "never", "nor", "none", "nobody", "nothing", "without", "more"})
TURNING |= {"less", "dont", "cant", "wont", "isnt", "arent", "wasnt", "doesnt", "didnt", "havent"}


def near_duplicates(texts: Sequence[str]) -> list[int]:
    """For each text the place of its leader: its own, unless it nearly repeats another.

    Of texts that are the same to the letter the first given leads; all else goes by content.
    """
    order = sorted(range(len(texts)), key=texts.__getitem__)
    plain = [_plain(texts[row]) for row in order]
    leads = _leaders(plain, lambda one, other: _copied(plain[one], plain[other]))
    found = list(range(len(texts)))
    for row, leader in zip(order, leads, strict=True):
        found[row] = order[leader]
    return found


def near_identical(vectors: Floats, texts: Sequence[str], alike_from: float = 0.92) -> Labels:
    """For each idea the row of its leader. The rows must come in order of content.

    Ideas are nearly the same when they are alike both in meaning and in most words: words are
    asked too because the model reads scripts it does not know all as one unknown word.
    """
    plain = [_plain(text) for text in texts]

    def alike(one: int, other: int) -> bool:
        near = float(np.dot(vectors[one], vectors[other])) >= alike_from
        return near and _share_words(plain[one], plain[other])

    return np.array(_leaders(plain, alike), np.int64)


def _plain(text: str) -> str:
    """The words alone, in lower case; the text itself where there are none."""
    return " ".join(WORD.findall(text.casefold().replace("’", "'"))) or text.strip()


def _copied(one: str, other: str) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    if longer < SHORT:
        near = fuzz.ratio(one, other, score_cutoff=ALIKE_SHORT) > 0
        return near and _share_words(one, other) and not _turned(one, other)
    if shorter * 100 < longer * ALIKE_LONG:
        return False
    return fuzz.ratio(one[:READ], other[:READ], score_cutoff=ALIKE_LONG) > 0


def _share_words(one: str, other: str) -> bool:
    words, others = set(_words(one)), set(_words(other))
    return len(words & others) * 2 > len(words | others)


def _turned(one: str, other: str) -> bool:
    """Whether a word or number that only one has may make it say something else."""
    return any(
        word in TURNING or word.endswith("n't") or DIGIT.search(word)
        for word in set(one.split()) ^ set(other.split())
    )


def _leaders(plain: Sequence[str], alike: Callable[[int, int], bool]) -> list[int]:
    """The leader of each row: the first with the same plain words, or of those that it meets the
    most likely that it is alike to."""
    first: dict[str, int] = {}
    for row, words in enumerate(plain):
        first.setdefault(words, row)
    rows = list(first.values())
    leader = dict(zip(rows, rows, strict=True))
    led: dict[int, list[int]] = {}
    for row, meetings in zip(rows, _meetings([plain[row] for row in rows]), strict=True):
        met = Counter(leading for meeting in meetings for leading in led.get(meeting, ()))
        likely = sorted(met, key=lambda leading: (-met[leading], leading))[:ASKED]
        leader[row] = next((leading for leading in likely if alike(row, leading)), row)
        if leader[row] == row:
            for meeting in meetings:
                kept = led.setdefault(meeting, [])
                if len(kept) < KEPT:
                    kept.append(row)
    return [leader[first[words]] for words in plain]


def _meetings(plain: Sequence[str]) -> Iterator[list[int]]:
    """For each row the numbers of the places where it meets others: one in a band at most."""
    smallest = _smallest_hashes(plain)
    places = np.full((len(plain), BANDS), NOWHERE, np.int64)
    for band in range(BANDS):
        together = np.zeros(len(plain), np.uint64)
        for column in range(band * HASHES_IN_BAND, (band + 1) * HASHES_IN_BAND):
            together = together * MULTIPLIERS[0] + smallest[:, column]
        _, place, count = np.unique(together, return_inverse=True, return_counts=True)
        several = count[place] > 1
        places[several, band] = place[several] + band * len(plain)
    for row in places:
        yield row[row != NOWHERE].tolist()


def _smallest_hashes(plain: Sequence[str]) -> NDArray[np.uint32]:
    """The smallest hash of any word of each row, for each way of hashing."""
    smallest = np.empty((len(plain), len(MULTIPLIERS)), np.uint32)
    for start in range(0, len(plain), BLOCK):
        number: dict[str, int] = {}
        rows = [
            [number.setdefault(word, len(number)) for word in _words(text)]
            for text in plain[start : start + BLOCK]
        ]
        hashes = np.array([_hash(word) for word in number], np.uint64)
        words = np.array([word for row in rows for word in row], np.int64)
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        for way, multiplier in enumerate(MULTIPLIERS):
            mixed = (hashes * multiplier) >> np.uint64(32)
            smallest[start : start + BLOCK, way] = np.minimum.reduceat(mixed[words], starts)
    return smallest


def _words(plain: str) -> list[str]:
    """Never none, so that every row has a smallest hash."""
    words = []
    for word in plain.split() or [""]:
        if len(word) <= LONGEST_WORD:
            words.append(word)
        else:
            words += [word[place : place + 3] for place in range(len(word) - 2)]
    return words


def _hash(content: str) -> int:
    digest = blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


# Odd, so that no two words fall together.
WAYS = range(BANDS * HASHES_IN_BAND)
MULTIPLIERS = np.array([_hash(f"way {way}") | 1 for way in WAYS], np.uint64)
