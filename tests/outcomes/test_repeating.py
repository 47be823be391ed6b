"""What is copied of a text, and what is said alike by chance."""

import pytest

from outcomes.repeating import Copies

SAID = "My uncle, he comes into my room at night. I lock the door."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("She says he COMES\ninto my room at night – look.", "She says X – look."),
        ("He comes into my life; my room at night.", "He comes into my life; my room at night."),
        ("(He comes into my room…) Then: at night I lock the door!", "(X…) Then: X!"),
        ("It is about a room at night.", "It is about a room at night."),
        ("", ""),
    ],
)
def test_five_words_in_a_row_are_a_copy_with_all_that_follow(text, left):
    assert Copies([SAID]).without(text, "X") == left


@pytest.mark.parametrize(
    ("said", "text", "left"),
    [
        ("He hits me.", "Why “he hits me”?", "Why “X”?"),
        ("He hits me.", "He hits the ball at me.", "He hits the ball at me."),
        ("Hits me.", "He hits me.", "He hits me."),
        ("He hits me often", "He hits me.", "He hits me."),
        ("", "He hits me.", "He hits me."),
        ("1 2 3 4 5 6", "6 ideas: 1, 2, 3, 4, 5, 6", "6 ideas: 1, 2, 3, 4, 5, 6"),
    ],
)
def test_a_short_text_is_a_copy_as_a_whole_and_one_of_two_words_never(said, text, left):
    assert Copies([said, ""]).without(text, "X") == left


def test_what_may_stay_stays():
    both = Copies([SAID, "We need a bus to the pool."])
    text = "He comes into my room; we need a bus to the pool."
    left = both.without(text, "X", but=lambda words: "bus" in words)
    assert left == "X; we need a bus to the pool."
