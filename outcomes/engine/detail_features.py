"""What the finder of personal details sees of each word: itself, its neighbours, the lists.

Every feature is a number below `BUCKETS`, made by mixing the codes of words and classes, so that
a whole text is read with array arithmetic and each different word is looked at once.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.name_lists import NameLists, folded, load_name_lists

BUCKETS = 1 << 16
# A word; a number; a run of one mark. Longer words than this are nobody's name.
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|\d+|_+|([^\w\s])\1*")
LONGEST_NAME = 40

FIRST, SURNAME, WORD, KNOWN_PLACE, SMALL_PLACE, NEVER = 1, 2, 4, 8, 16, 32
NAMED = FIRST | SURNAME
# The class of a word is the lists it is in, unless it is a number or of a class named below.
SHORT_NUMBER, CLASSED = 62, 64

_CLASSES = {
    "title": "mr mrs ms miss mx dr doctor prof professor sister nurse father rev reverend cllr"
    " councillor pc sgt imam rabbi sir madam lady lord pani coach matron canon pastor",
    "elder": "auntie aunty aunt uncle nan nana nanny nannie gran granny grandma grandad grandpa"
    " papa mama baba cousin",
    "kin": "son daughter boy girl lad lass child kid kids brother sister husband wife partner"
    " friend mate grandson granddaughter nephew niece twin twins dad mum mam mom mother father"
    " stepson stepdaughter dd ds dh goddaughter godson fiance boyfriend girlfriend",
    "worker": "teacher ta tutor senco senco's head headteacher therapist physio consultant carer"
    " driver worker escort keyworker salt ot ep gp manager officer lady man woman",
    "naming": "called named name names name's is im i'm am",
    "school": "school schools primary academy college infants infant juniors junior nursery"
    " preschool high grammar prep comp pru secondary kindergarten ysgol coleg specialist sixth",
    "unit": "ward unit lodge house centre club hub estate village surgery hall park home hospice"
    " group fc room wing practice farm green court library café cafe juniors",
    "street": "road rd street st avenue ave lane close drive crescent terrace way grove gardens"
    " place row walk mews hill",
    "month": "january february march april may june july august september october november"
    " december",
    "day": "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays"
    " thursdays fridays saturdays sundays",
    "where": "in at from to near of outside around",
    "you": "he she they him her them his hers their who",
    "does": "is was has had will would can could does did loves likes said says wants needs goes"
    " went hates hasn't isn't doesn't wont won't cant can't got gets told asked",
}
_CLASS_OF = {
    word: CLASSED + number
    for number, words in enumerate(_CLASSES.values())
    for word in words.split()
}
TITLE, ELDER = _CLASS_OF["mr"], _CLASS_OF["auntie"]


@dataclass(frozen=True)
class Tokens:
    """Words and marks in reading order; `ends` leaves a possessive 's out."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


@lru_cache(maxsize=32_768)
def _codes(token: str) -> tuple[int, ...]:
    """Word, class of word, lists it is in, shape, prefixes and suffixes, of one token."""
    core = without_possessive(token)[:LONGEST_NAME]
    low = folded(core)
    lists = membership(low, load_name_lists()) if len(token) <= LONGEST_NAME else 0
    kind = _CLASS_OF.get(low, SHORT_NUMBER + (len(low) > 3) if low.isdigit() else lists)
    affixes = (low[:2], low[:3], low[-2:], low[-3:])
    return (
        _code(low),
        kind,
        lists,
        _shape(core, token),
        *(_code(part) for part in affixes),
        min(len(low), 12),
    )


def without_possessive(token: str) -> str:
    """ "Alfie's" and "James'" without what follows the name."""
    if token[0].isalpha():
        for tail in ("'s", "’s", "'S", "’S", "'", "’"):
            if token.endswith(tail):
                return token[: -len(tail)]
    return token


def is_address_word(low: str) -> bool:
    """Mrs, nurse, auntie, nan: part of a person's name, but no name by itself."""
    return _CLASS_OF.get(low) in (TITLE, ELDER)


def membership(low: str, lists: NameLists) -> int:
    if not low[:1].isalpha():
        return 0
    bare = low.replace("'", "")
    return (
        FIRST * (low in lists.first_names)
        | SURNAME * (low in lists.surnames or bare in lists.surnames)
        | WORD * (low in lists.words or ("'" in low and bare in lists.words))
        | KNOWN_PLACE * (low in lists.known_places)
        | SMALL_PLACE * (low in lists.small_places)
        | NEVER * (low in lists.never_names)
    )


def _code(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def _shape(core: str, token: str) -> int:
    """Mark, digits, lower, Title, UPPER, one capital, or mixed; plus 8 for a possessive."""
    if not core[:1].isalnum():
        return 0
    if core.isdigit():
        return 1
    if core.islower() or core.lower() == core:
        shape = 2
    elif core.isupper():
        shape = 5 if len(core) == 1 else 4
    else:
        shape = 3 if core[0].isupper() and core[1:].islower() else 6
    return shape + 8 * (core != token)


def tokenise(text: str) -> Tokens:
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in TOKEN.finditer(text):
        token = match.group()
        texts.append(token)
        starts.append(match.start())
        ends.append(match.start() + len(without_possessive(token)))
    return Tokens(texts, starts, ends)


class Sheet:
    """One text as columns of codes, one row a token; `hidden` names are taken off the lists."""

    def __init__(self, text: str, tokens: Tokens, hidden: Sequence[int] = ()) -> None:
        rows = np.array([_codes(token) for token in tokens.texts], np.uint64).reshape(-1, 9)
        self.word, self.kind, self.lists, self.shape = rows[:, :4].T.copy()
        self.affixes = rows[:, 4:8].T.copy()
        self.length = rows[:, 8].copy()
        for row in hidden:
            self.lists[row] = int(self.lists[row]) & ~NAMED
            if self.kind[row] < SHORT_NUMBER:
                self.kind[row] = self.lists[row]
        self.known = _well_known(tokens)
        self.begins = _beginnings(text, tokens)
        self.casing = np.full(len(rows), _casing(text), np.uint64)

    def tells_nobody(self, first: int, last: int) -> bool:
        """A title, "nan" or CAMHS alone, a mark, or a well-known name of several words."""
        part = slice(first, last + 1)
        address = np.isin(self.kind[part], (TITLE, ELDER)) | (self.shape[part] == 0)
        nobody = address | (self.lists[part] & np.uint64(NEVER) > 0)
        return bool(nobody.all() or (self.known[part] == 2).all())


def _well_known(tokens: Tokens) -> NDArray[np.uint64]:
    """2 where a phrase of several words from the list of well-known names stands, 1 for one."""
    phrases = load_name_lists().well_known
    found = np.zeros(len(tokens.texts), np.uint64)
    if not found.size:
        return found
    spoken = [(row, _low(token)) for row, token in enumerate(tokens.texts) if token[0].isalnum()]
    for place, (row, low) in enumerate(spoken):
        for phrase in phrases.get(low, ()):
            part = tuple(word for _, word in spoken[place : place + len(phrase)])
            if part == phrase:
                last = spoken[place + len(phrase) - 1][0]
                found[row : last + 1] = max(found[row], min(len(phrase), 2))
                break
    return found


@lru_cache(maxsize=32_768)
def _low(token: str) -> str:
    return folded(without_possessive(token))


def _beginnings(text: str, tokens: Tokens) -> NDArray[np.uint64]:
    """1 for the first word of a text, line or sentence, where a capital tells nothing."""
    begins = np.zeros(len(tokens.texts), np.uint64)
    fresh, last = True, 0
    for row, (token, start) in enumerate(zip(tokens.texts, tokens.starts, strict=True)):
        fresh = fresh or "\n" in text[last:start]
        begins[row] = fresh
        if token[0].isalnum():
            fresh = False
        elif token[0] in ".!?:;•…":
            fresh = True
        last = start + len(token)
    return begins


def _casing(text: str) -> int:
    """0 where the writer uses no capitals, 2 where nearly all are, else 1."""
    head = text[:2_000]
    upper, lower = sum(map(str.isupper, head)), sum(map(str.islower, head))
    if upper > 2 * lower:
        return 2
    return int(upper > 0)


def feature_numbers(sheet: Sheet, pieces: NDArray[np.int64]) -> NDArray[np.int64]:
    """A row a token; `pieces` is how many word pieces the sentence model made of each."""
    word, kind, shape = _shifted(sheet.word), _shifted(sheet.kind), _shifted(sheet.shape)
    lists, known, begins = sheet.lists, sheet.known, sheet.begins
    look = kind[0] * 16 + shape[0]
    split = np.minimum(pieces, 4).astype(np.uint64)
    columns: list[tuple[NDArray[np.uint64], ...]] = [
        (np.zeros_like(look),),
        (word[0],),
        *((part,) for part in sheet.affixes),
        (kind[0],),
        (look,),
        (look, begins),
        (look, sheet.casing),
        (look, sheet.casing, begins),
        (lists, shape[0]),
        (lists, split),
        (sheet.length, lists),
        (known, kind[0]),
        *((word[d], np.full_like(look, d + 9)) for d in (-3, -2, -1, 1, 2, 3)),
        *((kind[d], np.full_like(look, d + 29)) for d in (-3, -2, -1, 1, 2, 3)),
        *((shape[d], np.full_like(look, d + 49)) for d in (-2, -1, 1, 2)),
        *((kind[d], lists, np.full_like(look, d + 69)) for d in (-2, -1, 1, 2)),
        *((word[d], lists, np.full_like(look, d + 89)) for d in (-2, -1, 1, 2)),
        *((look, kind[d], shape[d], np.full_like(look, d + 109)) for d in (-1, 1)),
        (kind[-1], lists, kind[1]),
        (word[-1], word[1]),
        (word[-2], word[-1], lists),
        (word[1], word[2], lists),
        (kind[-2], kind[-1], lists),
        (kind[1], kind[2], lists),
    ]
    return np.stack([_bucket(n, column) for n, column in enumerate(columns)], axis=1)


def _shifted(column: NDArray[np.uint64]) -> dict[int, NDArray[np.uint64]]:
    """The column seen from 3 tokens before to 3 after; past the ends stands 999."""
    padded = np.concatenate([np.full(3, 999, np.uint64), column, np.full(3, 999, np.uint64)])
    return {d: padded[3 + d : 3 + d + len(column)] for d in range(-3, 4)}


def _bucket(number: int, column: tuple[NDArray[np.uint64], ...]) -> NDArray[np.int64]:
    mixed = np.full(len(column[0]), number + 1, np.uint64)
    for values in column:
        mixed = (mixed ^ values) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(48)).astype(np.int64)
