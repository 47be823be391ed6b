"""Full-text search of passages: the same on SQLite and on PostgreSQL."""

import pytest

from outcomes.actions import clear_concern, hide, raise_concern, show
from surveys.actions import add_note, correct_note, remove_note
from surveys.models import Passage, Response
from surveys.models.search import MOST_WORDS
from tests import world


@pytest.fixture
def said(survey, now):
    """What people said, by a word for each."""
    texts = {
        "swim": "Swimming lessons that welcome us.",
        "sleep": "Sleep, at night; and rest!",
        "friends": "A friend. More friends’ houses; O'Neill's café.",
        "rights": "Nothing about us — without us: AND/OR NOT near*",
    }
    return {
        name: world.response(survey, text, now).answers.get().passage
        for name, text in texts.items()
    }


@pytest.fixture
def rosa(groups):
    return world.person("rosa", "Redactor")


def found(words, said) -> set[str]:
    names = {passage.pk: name for name, passage in said.items()}
    return {
        names.get(key, "another")
        for key in Passage.objects.said(words).values_list("pk", flat=True)
    }


@pytest.mark.parametrize("words", ["swim", "Swimming", "SWIMS lesson", "  welcomes\n swim "])
def test_a_word_is_found_in_any_form(said, words):
    assert found(words, said) == {"swim"}


def test_all_the_words_sought_are_there_in_any_order(said):
    assert found("night sleep", said) == {"sleep"}
    assert found("night swim", said) == set()


def test_a_word_of_two_texts_finds_both(said, survey, now):
    said["more"] = world.response(survey, "Friends who rest.", now).answers.get().passage
    assert found("friend", said) == {"friends", "more"}


def test_part_of_a_word_is_not_the_word(said):
    assert found("nigh", said) == set()
    assert found("lesso", said) == set()


@pytest.mark.parametrize(
    "words",
    [
        '"sleep night"',
        '"sleep',
        "sleep AND night",
        "sleep & night | !",
        "sleep:night",
        "(sleep night",
        "words:sleep",
        "sleep -night",
        "^sleep + night",
        "sleep' OR 1=1 --",
        "sleep\x00night",
        "sleep; DROP TABLE surveys_passage",
        "sleep %s {0} \\",
        "NEAR(sleep night, 5)",
        "{sleep} : night*",
    ],
)
def test_no_word_or_sign_is_an_operator(said, words):
    """Signs fall away; what is left are words, and those that nobody said find nothing."""
    sought = words.lower()
    expected = (
        {"sleep"}
        if not any(other in sought for other in ("words", "drop", "table", "near", "or 1", "%s"))
        else set()
    )
    assert found(words, said) == expected
    assert Passage.objects.count() == 4


@pytest.mark.parametrize("words", ["", "   ", "!!!", "—", "\x00", "'\"*()", "🎈", "_"])
def test_a_search_without_letter_or_digit_finds_nothing(said, words):
    assert found(words, said) == set()


def test_letters_of_other_languages_are_found(survey, now):
    polish = {"pl": world.response(survey, "Chcę żyć spokojnie.", now).answers.get().passage}
    assert found("spokojnie", polish) == {"pl"}
    assert found("żyć", polish) == {"pl"}


def test_names_with_signs_in_them_are_found_by_their_words(said):
    assert found("O'Neill", said) == {"friends"}
    assert found("O’Neill", said) == {"friends"}


def test_a_very_long_search_is_cut_and_answers(said):
    assert found("sleep " * 10_000, said) == {"sleep"}
    assert found("sleep " + "x" * 100_000, said) == set()
    known = ["sleep"] * MOST_WORDS
    assert found(" ".join([*known, "nowhere"]), said) == {"sleep"}


def test_a_hidden_word_is_found_by_nobody_and_the_rest_is(said, rosa, now):
    passage = said["friends"]
    start = passage.words.index("O'Neill")
    hide(passage=passage, start=start, end=start + 7, kind="person", by=rosa, now=now)
    assert found("Neill", said) == set()
    assert not Passage.everything.said("Neill").exists()
    assert found("houses", said) == {"friends"}
    show(passage=passage, start=start, end=start + 7, by=rosa, now=now)
    assert found("Neill", said) == {"friends"}


def test_what_stands_for_hidden_words_is_found_as_it_is_read(said, rosa, now):
    hide(passage=said["swim"], start=0, end=8, kind="person", by=rosa, now=now)
    assert found("name", said) == {"swim"}


def test_withheld_words_are_not_found_until_they_are_cleared(said, asha, lena, now):
    about = said["sleep"].answer
    concern = raise_concern(source=about, category="other", reason="Worry.", by=asha, now=now)
    assert found("sleep", said) == set()
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    assert found("sleep", said) == {"sleep"}


def test_a_corrected_note_is_found_by_its_new_words_alone(session, fran):
    note = add_note(session=session, text="A club that says yes.")
    assert found("club", {"note": note.passage}) == {"note"}
    facts = {"kind": "said", "dots": None, "seen": note.pk, "by": fran}
    new = correct_note(note=note, text="A choir.", **facts)
    assert found("club", {}) == set()
    assert found("choir", {"note": new.passage}) == {"note"}
    remove_note(note=new, seen=new.pk, by=fran)
    assert found("choir", {}) == set()


def test_words_that_are_deleted_are_found_no_longer(said):
    Response.objects.filter(answers__passage=said["swim"]).delete()
    assert not Passage.everything.said("swim").exists()
    assert found("sleep", said) == {"sleep"}


def test_a_search_goes_together_with_other_filters_and_counts(said):
    rows = Passage.objects.filter(audience="parent_carer").said("rest").order_by("-pk")
    assert rows.count() == 1
    assert not Passage.objects.exclude(audience="parent_carer").said("rest").exists()
    assert Passage.objects.said("sleep").said("swim").count() == 0
