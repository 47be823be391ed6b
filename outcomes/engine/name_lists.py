"""The lists that the finder of personal details knows: names, places, well-known names, words."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "names_data"

# Polish and Danish letters, and the like, that Unicode does not take apart.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "’": "'"})


def folded(word: str) -> str:
    """Lower case, without accents: "Łukasz" and "LUKASZ" are looked up as "lukasz"."""
    lower = word.lower().translate(_LETTERS)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))


@dataclass(frozen=True)
class NameLists:
    """Single words, folded; `well_known` are phrases, kept by their first word."""

    first_names: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]
    known_places: frozenset[str]
    small_places: frozenset[str]
    never_names: frozenset[str]
    well_known: dict[str, list[tuple[str, ...]]]


@lru_cache(maxsize=1)
def load_name_lists() -> NameLists:
    return NameLists(
        first_names=_words("first_names"),
        surnames=_words("surnames"),
        words=_words("words"),
        known_places=_words("known_places"),
        small_places=_words("small_places"),
        never_names=_words("never_names"),
        well_known=_phrases("well_known"),
    )


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield folded(line)


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


def _phrases(name: str) -> dict[str, list[tuple[str, ...]]]:
    """Phrases of two words and more; one word alone is too often somebody's name."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in _lines(name):
        words = tuple(line.replace("-", " ").split())
        found.setdefault(words[0], []).append(words)
    return {first: sorted(phrases, key=len, reverse=True) for first, phrases in found.items()}
