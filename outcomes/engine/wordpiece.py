"""The uncased BERT tokeniser in plain Python, so that the tokenizers package is not needed."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LONGEST_WORD = 100
CLS, SEP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"

_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


@lru_cache(maxsize=65_536)
def _role(char: str) -> str:
    """How the tokeniser sees a character: kept as "word", "alone", "space" or "dropped"."""
    code, category = ord(char), unicodedata.category(char)
    if char in "\t\n\r" or category.startswith("Z"):
        return "space"
    if code in (0, 0xFFFD) or category in ("Cc", "Cf", "Cn", "Co", "Cs"):
        return "dropped"
    ascii_mark = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    if ascii_mark or category.startswith("P") or any(a <= code <= b for a, b in _CJK):
        return "alone"
    return "word"


@lru_cache(maxsize=65_536)
def _plain(char: str) -> str:
    """Lower case without accents; a space for blanks; nothing for what BERT drops."""
    role = _role(char)
    if role in ("space", "dropped"):
        return " " if role == "space" else ""
    bare = (c for c in unicodedata.normalize("NFD", char) if unicodedata.category(c) != "Mn")
    return "".join(c.lower() for c in bare)


class WordPiece:
    """Text to the token numbers of all-MiniLM-L6-v2, [CLS] and [SEP] included."""

    def __init__(self, vocabulary: Path, limit: int = 256) -> None:
        self.vocabulary = vocabulary
        self.limit = limit
        words = vocabulary.read_text(encoding="utf-8").split("\n")
        self._numbers = {word: number for number, word in enumerate(words) if word}
        self._lengths = [len(word.removeprefix("##")) for word in words]
        self._pieces = lru_cache(maxsize=65_536)(self._split_word)

    def encode(self, text: str) -> list[int]:
        """Token numbers of the first `limit` tokens; what a longer text says after is not read."""
        room = self.limit - 2
        numbers: list[int] = []
        for word in self._words(text):
            numbers.extend(self._pieces(word))
            if len(numbers) >= room:
                break
        return [self._numbers[CLS], *numbers[:room], self._numbers[SEP]]

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Every token number, without [CLS] and [SEP], and where in the text each was read."""
        numbers: list[int] = []
        spans: list[tuple[int, int]] = []
        for word, places in _words_and_places(text):
            found = self._pieces(word)
            start = 0
            for number in found:
                known = number != self._numbers[UNKNOWN]
                end = start + self._lengths[number] if known else len(word)
                spans.append((places[start], places[end - 1] + 1))
                start = end
            numbers.extend(found)
        return numbers, spans

    def framed(self, numbers: list[int]) -> tuple[int, ...]:
        return (self._numbers[CLS], *numbers, self._numbers[SEP])

    def _words(self, text: str) -> list[str]:
        # A token is at least one character, but a word may be long and characters may be
        # dropped, so far more characters than tokens are looked at, yet never a whole megabyte.
        plain = "".join(map(_plain, text[: self.limit * 200]))
        spaced = "".join(f" {c} " if _role(c) == "alone" else c for c in plain)
        return spaced.split()

    def _split_word(self, word: str) -> tuple[int, ...]:
        unknown = (self._numbers[UNKNOWN],)
        if len(word) > LONGEST_WORD:
            return unknown
        pieces: list[int] = []
        start = 0
        while start < len(word):
            end, number = self._longest_piece(word, start)
            if number is None:
                return unknown
            pieces.append(number)
            start = end
        return tuple(pieces)

    def _longest_piece(self, word: str, start: int) -> tuple[int, int | None]:
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in self._numbers:
                return end, self._numbers[piece]
        return start, None


def _words_and_places(text: str) -> Iterator[tuple[str, list[int]]]:
    """Each word as BERT sees it, and for each of its characters the place it came from."""
    word: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for plain in _plain(char):
            role = _role(plain)
            if role != "word" and word:
                yield "".join(word), places
                word, places = [], []
            if role == "alone":
                yield plain, [place]
            elif role == "word":
                word.append(plain)
                places.append(place)
    if word:
        yield "".join(word), places
