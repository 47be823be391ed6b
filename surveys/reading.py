"""How hard a text is to read: its reading age, and its longest sentence.

The Flesch-Kincaid grade (Kincaid and others, 1975) is a school year of the United States, whose
children are five years older than the number of their year.
"""

import re
from dataclasses import dataclass

from surveys.easy_words import CALENDAR, EASY_WORDS
from surveys.syllables import syllables

YOUNGEST = 5
SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Longer terms first, so that a name is taken whole.
_LONGEST_FIRST = sorted([*EASY_WORDS, *CALENDAR], key=len, reverse=True)
EASY = re.compile(rf"\b(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a text is like to read."""

    words: int
    sentences: int
    syllables: int
    longest: str

    @property
    def age(self) -> float:
        """The age at which most children can read it, to one decimal; 0 for no words."""
        if not self.words:
            return 0.0
        return round(max(YOUNGEST, grade(self.words, self.sentences, self.syllables) + 5), 1)

    @property
    def longest_words(self) -> int:
        return len(words_of(self.longest))


def grade(words: int, sentences: int, syllables: int) -> float:
    """The Flesch-Kincaid grade."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def read(text: str) -> Reading:
    """Counts a text. A line of its own, such as a heading, is a sentence."""
    sentences = [one for one in sentences_of(text) if words_of(one)]
    return Reading(
        words=sum(len(words_of(one)) for one in sentences),
        sentences=len(sentences),
        syllables=sum(map(syllables_of, sentences)),
        longest=max(sentences, key=lambda one: len(words_of(one)), default=""),
    )


def sentences_of(text: str) -> list[str]:
    return [" ".join(one.split()) for one in SENTENCE_ENDS.split(text) if one.strip()]


def words_of(sentence: str) -> list[str]:
    """What stands between spaces, if there is a letter or a figure in it."""
    return [one for one in sentence.split() if any(letter.isalnum() for letter in one)]


def syllables_of(sentence: str) -> int:
    """A term that the glossary explains, a day or month, a number: one for each word."""
    plain = EASY.sub(lambda term: " ".join("a" for _ in term[0].split()), sentence)
    return sum(_said(word) for word in words_of(plain))


def _said(word: str) -> int:
    if "@" in word or "://" in word or any(letter.isdigit() for letter in word):
        return 1
    return max(1, sum(syllables(part) for part in LETTERS.findall(word)))
