"""The trained model finds where one idea ends and the next begins."""

import json
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.engine.boundaries import Splitter, split
from outcomes.engine.boundary_choice import CONTEXTS, chosen
from outcomes.engine.boundary_features import read_words
from outcomes.engine.boundary_model import NAME, TRAINED
from outcomes.engine.codebook import Codebook
from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import SEND_CODEBOOK
from outcomes.engine.texts import split_by_rules
from outcomes.engine.tokens import LONGEST_READ, read_states

ANSWERS = Path(__file__).parents[3] / "training" / "data" / "answers.jsonl"


def ideas(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("swimming, a best friend, my own room", ["swimming", "a best friend", "my own room"]),
        ("a swing, a dog and a big garden", ["a swing", "a dog", "a big garden"]),
        (
            "School is too far. I want more clubs. My brother needs help too.",
            ["School is too far.", "I want more clubs.", "My brother needs help too."],
        ),
        (
            "i want a job in a garage i want my own flat i want to see my dad",
            ["i want a job in a garage", "i want my own flat", "i want to see my dad"],
        ),
        ("1) sleep\n2) a ramp\n3) my nan", ["sleep", "a ramp", "my nan"]),
        ("- less noise\n- more staff\n- no homework", ["less noise", "more staff", "no homework"]),
    ],
)
def test_different_wants_are_different_ideas(answer, expected):
    assert ideas(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "I want to learn to swim and dive",
        "staff who know about autism and ADHD",
        "We would like a school that is nearer to home and understands our daughter.",
        "Right support at the right time",
        "Somewhere to go at weekends, e.g. a club in town",
        "We have been waiting for a letter from the\nhospital since the beginning of\nthe summer.",
    ],
)
def test_one_want_is_one_idea(answer):
    assert ideas(answer) == [answer]


@pytest.mark.parametrize(
    "answer",
    ["see question 2", "Sorry, I don't know what to put", "nothing else to add thank you",
     "Hope this helps!", "Thanks for asking me", "no comment, sorry", "Best wishes"],
)  # fmt: skip
def test_small_talk_gives_no_idea(answer):
    assert ideas(answer) == []


@pytest.mark.parametrize(
    "answer",
    ["There is nothing here for him", "nothing happens", "understand me", "answer the phone",
     "Being asked", "good mornings", "a question answered by a person"],
)  # fmt: skip
def test_what_sounds_like_small_talk_but_says_something_is_kept(answer):
    assert ideas(answer) == [answer]


def test_thanks_and_greetings_around_an_idea_are_left_out():
    assert ideas("Hello. We need a ramp at the library. Thank you for reading.") == [
        "We need a ramp at the library."
    ]


PIECES = [
    "i",
    "we",
    "he",
    "the",
    "school",
    "bus",
    "is",
    "late",
    "and",
    "but",
    "also",
    "want",
    "need",
    "more",
    "friends",
    "nobody",
    "listens",
    "to",
    "us",
    ".",
    ",",
    "!",
    "?",
    ";",
    ":",
    "-",
    "/",
    "1.",
    "2)",
    "•",
    "(a)",
    "um",
    "thanks",
    "n/a",
    "hello",
    "Sleep.",
    "Clubs",
    "MORE",
    "e.g.",
    "don't",
    "😀",
    "é",
    "Łódź",
    "www.a.uk",
    "he's",
    '"yes"',
    "…",
    "–",
    "my",
    "son's",
    "taxi",
]
SAID = st.lists(st.sampled_from([*PIECES, "\n", "\n\n", "  "]), max_size=60)


@settings(max_examples=150, deadline=None)
@given(SAID)
def test_ideas_are_trimmed_and_in_order(said):
    text = " ".join(said)
    found, last = split(text), 0
    for start, end in [*found, (len(text), len(text))]:
        assert last <= start <= end <= len(text)
        last = end
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in found)


def test_hardly_a_word_of_what_says_something_is_left_out():
    """Of examples of the codebook, two at a time, which are all idea."""
    examples = Codebook.read(SEND_CODEBOOK).examples[::200]
    texts = [f"{one.text.rstrip('.')}. {other.text}" for one, other in pairwise(examples)]
    found = Splitter().split_all(texts)
    pairs = zip(texts, found, strict=True)
    kept = sum(len(text[a:b].split()) for text, spans in pairs for a, b in spans)
    assert kept >= 0.98 * sum(len(text.split()) for text in texts)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_gives_trimmed_ideas_inside_it(text):
    last = 0
    for start, end in split(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end


def test_a_text_is_split_the_same_whatever_is_split_with_it():
    texts = [
        "he needs friends and the bus is always late i am so tired",
        "",
        "Clubs. A job.",
        "- a\n- swing",
        "我想要一个朋友。我想去学校。",
    ]
    together = Splitter().split_all(texts)
    assert together == [split(text) for text in texts]
    assert Splitter().split_all(texts, read_states(texts)) == together
    assert Splitter().split_all(texts[::-1]) == together[::-1]


def test_without_the_trained_model_the_rules_split(tmp_path):
    texts = ["friends, a job, my own flat", "The bus is late. Somebody to talk to."]
    assert Splitter(tmp_path).split_all(texts) == [split_by_rules(text) for text in texts]


def test_a_damaged_model_is_named_in_the_error(tmp_path):
    (tmp_path / NAME).write_bytes(b"not a model")
    with pytest.raises(EngineError, match=r"python -m training\.boundaries"):
        Splitter(tmp_path).split_all(["a job and a flat"])


def test_the_model_was_trained_on_the_answers_that_stand_here_and_beats_the_rules():
    about = json.loads((TRAINED / NAME).with_suffix(".json").read_text())
    assert about["data"]["sha256"] == sha256(ANSWERS.read_bytes()).hexdigest()
    adapted = json.loads((TRAINED / "borders.json").read_text())
    assert adapted["data_sha256"] == about["data"]["sha256"]
    assert adapted["codebook"] == about["codebook"]
    assert about["figures"]["all"]["border_f1"] > about["figures"]["all"]["border_f1_rules"] + 0.2


def test_every_marked_answer_has_its_ideas_inside_it_and_trimmed():
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        last = 0
        for start, end in row["spans"]:
            assert last <= start < end <= len(row["text"])
            assert row["text"][start:end] == row["text"][start:end].strip()
            last = end


def test_a_voice_to_text_block_is_not_one_idea():
    block = "so he goes to school and he likes the lady and we wait for the taxi again " * 30
    assert len(split(block)) >= 10
    assert max(len(idea.split()) for idea in ideas(block)) <= 61


@pytest.mark.parametrize("unit", ["word ", "x", "- ", "\n", "and also ", "We wait. ", "a, "])
def test_what_stands_too_far_into_a_text_for_the_model_is_split_by_rule(unit):
    text = (unit * 100_000)[:100_000]
    found, by_rules = split(text), split_by_rules(text)
    far = LONGEST_READ + 1_000
    assert [idea for idea in found if idea[0] > far] == [i for i in by_rules if i[0] > far]
    assert sum(end - start for start, end in found) >= 0.9 * sum(
        end - start for start, end in by_rules
    )


def test_list_marks_and_joiners_go_with_the_words_after_them():
    words = read_words("1. sleep 2. and also a job - then there's school")
    firsts, contents = words.gaps
    opening = [
        (words.raw[first], words.raw[content])
        for first, content in zip(firsts, contents, strict=True)
    ]
    assert ("1.", "sleep") in opening
    assert ("2.", "a") in opening
    assert ("-", "school") in opening


def test_words_are_parted_where_no_blank_was_typed():
    assert read_words("school/home room.Someone www.a.Org/b").raw == [
        "school/", "home", "room.", "Someone", "www.a.Org/b",
    ]  # fmt: skip


def test_limits_leave_the_first_place_a_cut():
    words = read_words("a job and a flat")
    never = chosen(np.zeros(len(words.gaps[0])), words, np.ones(len(CONTEXTS)))
    assert never.tolist() == [True] + [False] * (len(never) - 1)
