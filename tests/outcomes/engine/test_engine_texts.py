"""The rules split an answer into ideas, and every idea is a span of the untouched original."""

import random
import time

import pytest

from outcomes.engine.texts import split_by_rules as split


def ideas(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("friends\nfootball\nbeing safe", ["friends", "football", "being safe"]),
        (
            "1. friends\n2) football\n- sleep\n• being safe",
            ["friends", "football", "sleep", "being safe"],
        ),
        ("1. more sleep 2. a swing 3. school", ["more sleep", "a swing", "school"]),
        (
            "- He is out of school. We are tired.\n- a swing",
            ["He is out of school. We are tired.", "a swing"],
        ),
        ("He needs a friend. Also, we need a break.", ["He needs a friend.", "we need a break."]),
        ("more clubs and another thing the bus is late", ["more clubs", "the bus is late"]),
        ("a swing in the park also we need a bus", ["a swing in the park", "we need a bus"]),
        (
            "Clubs that let him join in - A bus that turns up on time",
            ["Clubs that let him join in", "A bus that turns up on time"],
        ),
        ("The bus is late. Somebody to talk to.", ["The bus is late.", "Somebody to talk to."]),
        ("I want a quiet room.Someone to talk to", ["I want a quiet room.", "Someone to talk to"]),
        ("They said no. The bus is late.", ["They said no.", "The bus is late."]),
        ("and the bus is late", ["the bus is late"]),
        ("so loud in the hall. Well trained staff", ["so loud in the hall.", "Well trained staff"]),
        ("nothing on in summer The bus is late", ["nothing on in summer", "The bus is late"]),
    ],
)
def test_answers_are_split_into_ideas(answer, expected):
    assert ideas(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "A swing for wheelchairs. It is all steps now.",
        "Invited to one birthday party. Just one.",
        "One thing - a friend",
        "We also need a break",
        "Places to go, e.g. swimming with Dr. Jones",
        "EHCP took 2.5 years",
        "He is 1. Year 2. was worse"[:7],
    ],
)
def test_one_point_stays_together(answer):
    assert ideas(answer) == [answer]


@pytest.mark.parametrize(
    "answer",
    ["", " ", "\n\n", ".", "-", "n/a", "N/A.", "no", "None", "nil", "same as above", "Ditto!",
     "Hello",
     "Thank you", "Thanks for listening!", "Thank you for the opportunity to comment.", "👍👍",
     "7", "and also", "\x00", "\ud800", "don't know", "* * *", "."*5000],
)  # fmt: skip
def test_nothing_said_gives_no_idea(answer):
    assert ideas(answer) == []


@pytest.mark.parametrize(
    "answer", ["no one listens", "None of the staff sign", "a", "no school place"]
)
def test_short_answers_that_say_something_are_kept(answer):
    assert ideas(answer) == [answer]


def test_a_greeting_is_left_out_of_the_idea():
    assert ideas("Hi there, I would like more clubs. Thank you") == ["I would like more clubs."]


def test_a_run_on_is_cut_where_a_new_thought_opens():
    answer = (
        "i just want to say that the school has been ok with him most of the time and we have been "
        "waiting two years for the assessment with no news at all but my daughter is not sleeping "
        "any more and i had to give up my job because there is no childcare that will take him"
    )
    found = ideas(answer)
    assert found[1].startswith("we have been waiting")
    assert 3 <= len(found) <= 5


def test_a_voice_to_text_block_is_not_one_idea():
    block = (
        "so he goes to school and he likes the lady and we had to wait for the taxi again " * 30
    )[:2000]
    assert len(block) == 2000
    assert len(split(block)) >= 10
    assert max(len(idea.split()) for idea in ideas(block)) <= 61


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("<b>be happy</b>", ["<b>be happy</b>"]),
        ('=HYPERLINK("http://x","y")', ['=HYPERLINK("http://x","y")']),
        ("\ud800 friends \udc00", ["\ud800 friends \udc00"]),
        ("שלום לכולם. אני רוצה חבר", ["שלום לכולם.", "אני רוצה חבר"]),
        ("我想要一个朋友。我想去学校。", ["我想要一个朋友。", "我想去学校。"]),
        ("مجھے ایک دوست چاہیے۔ بس", ["مجھے ایک دوست چاہیے۔ بس"]),
        ("friends\x00", ["friends"]),
    ],
)
def test_odd_text_is_kept_as_it_is(answer, expected):
    assert ideas(answer) == expected


PIECES = [
    *"abIÉßşЖשم你ก", "\ud800", "\udfff", "👩\u200d👧", "\u200f", "\x00", "\u2028", "\r\n", "\n",
    "\t", " ", " ", ". ", "! ", "…", "?", " - ", "– ", "• ", "1. ", "2) ", "(3)", "also ",
    " and also ", "another thing ", "Oh and ", "Thank you", "n/a", "he ", "the ", "<b>", "=1+1",
    "e.g. ", "Hi, ", "۔", "。",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_spans_are_in_order_trimmed_and_inside_whatever_the_text(seed):
    chance = random.Random(seed)
    text = "".join(chance.choices(PIECES, k=chance.randrange(120)))
    last = 0
    for start, end in split(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert any(char.isalpha() for char in text[start:end])
        last = end


def test_no_word_of_a_plain_answer_is_lost():
    text = (
        "We waited two years. Nobody rang us. My daughter cries at night and the bus never comes."
    )
    assert " ".join(ideas(text)) == text


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "a. ",
        " ",
        "x",
        "- ",
        "1. ",
        ".",
        "\n",
        "and also ",
        "also i ",
        "e.g. ",
        "hi, ",
        "-a",
        "We wait. ",
    ],
)
def test_a_megabyte_is_split_in_time_that_grows_with_its_length(unit):
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        begin = time.process_time()
        split(text)
        return time.process_time() - begin

    small, large = seconds(62_500), seconds(1_000_000)
    assert large < 16 * small * 2 + 0.5, (
        "sixteen times the text, far more than sixteen times as long"
    )
