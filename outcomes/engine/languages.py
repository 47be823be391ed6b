"""Which language a text is written in, so that what is not English is kept and marked.

English is taken for granted until something else is plain: people write short, misspelt and full
of names and shorthand, and an answer wrongly set aside as foreign is worse than one read late.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from outcomes.engine.language_signs import (
    ENGLISH,
    ENGLISH_WORDS,
    FOLDED,
    FOREIGN_LETTERS,
    LATIN_LANGUAGES,
    LETTERS_OF,
    NAMES,
    OF_SCRIPT,
    OTHER_LANGUAGES,
    SPELT_URDU,
    WEIGHT_OF_SCRIPT,
)

__all__ = ["ENGLISH", "language", "language_name"]

# Only so much of a text is read for its language.
LONGEST = 20_000
# From the first share of English words a text is English; up to the second it may be foreign.
SURELY_ENGLISH, MAYBE_FOREIGN = 0.2, 0.15
# What it takes to call words in our own letters foreign: so many that are no names, and how sure
# the library is. Of the codebook's English the surest was 0.61.
FEWEST_WORDS, FEWEST_LETTERS, SURE = 4, 18, 0.65
# The same where there are letters that English does not have.
FEWEST_MARKED_WORDS, SURE_IF_MARKED = 2, 0.5
FEWEST_URDU_WORDS, URDU_SHARE = 3, 0.35
# One letter of another script is a face more often than a word: ¯\_(ツ)_/¯.
FEWEST_LETTERS_OF_SCRIPT = 2

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+")
SENTENCE = re.compile(r"[.!?;…\n\r]+")


def language(text: str) -> str | None:
    """The ISO 639-1 code of the language that most of it is in; none where that is not plain."""
    text = _plain(text)
    script = _main_script(text)
    if script is None:
        return None
    if script != "LATIN":
        return _of_script(text, script)
    text = text.lower() if text.isupper() else text
    return _of_sentences(text) or _in_latin(text)


def language_name(code: str) -> str:
    """Its name in English: "Polish" for pl; the code itself where no name is known."""
    return NAMES.get(code, code)


def _plain(text: str) -> str:
    """The text in composed letters, without addresses; half letters and the like become blanks."""
    known = "".join(" " if 0xD800 <= ord(c) <= 0xDFFF else c for c in text[:LONGEST])
    return unicodedata.normalize("NFC", ADDRESS.sub(" ", known))


def _main_script(text: str) -> str | None:
    weights: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if letter.isalpha():
            script = _script(letter)
            weights[script] += count * WEIGHT_OF_SCRIPT.get(script, 1)
    return max(sorted(weights), key=weights.__getitem__) if weights else None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").removeprefix("FULLWIDTH ").split()[0]


def _of_script(text: str, script: str) -> str | None:
    """The script settles it, or its special letters, or the library among those who use it."""
    letters = [letter for letter in text if letter.isalpha() and _script(letter) == script]
    if len(set(letters)) < FEWEST_LETTERS_OF_SCRIPT:
        return None
    if script == "CJK" and any(_script(letter) in ("HIRAGANA", "KATAKANA") for letter in text):
        return "ja"
    for code, special in LETTERS_OF.get(script, ()):
        if sum(letter in special for letter in letters) * 50 >= len(letters):
            return code
    if script in ("ARABIC", "CYRILLIC", "DEVANAGARI"):
        code, _ = _guess(_only(text, script), OTHER_LANGUAGES)
        return code
    return OF_SCRIPT.get(script)


def _only(text: str, script: str) -> str:
    return "".join(c if not c.isalpha() or _script(c) == script else " " for c in text)


def _of_sentences(text: str) -> str | None:
    """Where sentences differ: the language that most words are in."""
    sentences = [_words(sentence) for sentence in SENTENCE.split(text)]
    if not 0 < _english_share(_words(text)) < 2 * SURELY_ENGLISH:
        return None
    counts: Counter[str] = Counter()
    for words in sentences:
        code = _of_words(words)
        if code:
            counts[code] += len(words)
    return max(sorted(counts), key=counts.__getitem__) if counts else None


def _in_latin(text: str) -> str | None:
    return _of_words(_words(text))


def _of_words(words: list[str]) -> str | None:
    share = _english_share(words)
    if share >= SURELY_ENGLISH:
        return ENGLISH
    if _is_spelt_urdu(words):
        return "ur"
    code = _foreign(words) if share <= MAYBE_FOREIGN else None
    return code or (ENGLISH if share else None)


def _foreign(words: list[str]) -> str | None:
    """The language if it is plain that it is not English; names say nothing of it."""
    spoken = [word for word in words if word.islower()]
    text = " ".join(spoken)
    marked = any(letter in FOREIGN_LETTERS for letter in text)
    fewest = FEWEST_MARKED_WORDS if marked else FEWEST_WORDS
    if len(spoken) < fewest or (not marked and len(text) < FEWEST_LETTERS):
        return None
    code, score = _guess(text, LATIN_LANGUAGES)
    return code if score >= (SURE_IF_MARKED if marked else SURE) else None


def _words(text: str) -> list[str]:
    """As they are written: a capital may make a name of one."""
    return WORD.findall(text.replace("’", "'"))


def _english_share(words: list[str]) -> float:
    return sum(word.lower() in ENGLISH_WORDS for word in words) / len(words) if words else 0.0


def _is_spelt_urdu(words: list[str]) -> bool:
    spelt = sum(word.lower() in SPELT_URDU for word in words)
    return spelt >= max(FEWEST_URDU_WORDS, URDU_SHARE * len(words))


def _guess(text: str, among: frozenset[str]) -> tuple[str, float]:
    """The library's answer among these languages, and how sure it is from 0 to 1."""
    code, score = _identifier(among).classify(text)
    return FOLDED.get(code, code), score


@lru_cache(maxsize=2)
def _identifier(among: frozenset[str]) -> LanguageIdentifier:
    """Read on the first text that is not plainly English: some seconds and 60 MB."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(among)
    return identifier
