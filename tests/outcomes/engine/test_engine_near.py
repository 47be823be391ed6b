"""Campaign letters and copied answers are found among very many, and nothing else is."""

import random
from pathlib import Path

import numpy as np
import pytest

from outcomes.engine import near
from outcomes.engine.codebook import Codebook
from outcomes.engine.near import near_duplicates, near_identical

LETTER = """Dear Council, I am writing to ask you to keep Larchwood House open. Our children have
    gone there every other weekend for years, and the staff know each one of them by name. Without
    it many of us could not go on. Please listen to the families who use it before you decide."""
NO_SPACES = "我想要一个朋友和我一起在学校里玩因为我总是一个人很孤单"
SEND = Path(__file__).parents[3] / "outcomes" / "codebook" / "send"


def alike(one, other):
    return near_duplicates([one, other])[0] == near_duplicates([one, other])[1]


def edited(text, chance):
    """With a few words left out, added or misspelt, as people do to a letter they were sent."""
    words = text.split()
    for _ in range(chance.randrange(5)):
        place = chance.randrange(len(words))
        words[place] = chance.choice(["", words[place][::-1], words[place] + " truly", "Thanks."])
    return " ".join(words)


@pytest.fixture(scope="module")
def sayings():
    """Two thousand ideas that different people put in their own words."""
    examples = sorted({example.text for example in Codebook.read(SEND).examples})
    return random.Random(4).sample(examples, 2_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Save our special school.", "save our  special school!!"),
        ("Save our special school", "Save our specail school"),
        (LETTER, LETTER.replace("Larchwood", "Larchwod").replace("Please l", "L")),
        (LETTER, LETTER + " My son Theo is nine and he loves it there."),
        (LETTER * 200, LETTER * 199 + "And that is why."),
        (NO_SPACES, NO_SPACES.replace("朋友", "好朋友")),
        ("👍👍", " 👍👍\n"),
    ],
)
def test_these_are_nearly_the_same(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He can go to his own school.", "He can not go to his own school."),
        ("I don't want to move to the new school", "I want to move to the new school"),
        ("She is happy", "He is happy"),
        ("We waited 2 years for an assessment", "We waited 6 years for an assessment"),
        ("My son needs a friend", "My son needs a home"),
        ("More swings in the park.", "A bus that comes."),
        (LETTER, "Keep Larchwood House open."),
        ("👍", "👎"),
        ("", "a"),
    ],
)
def test_these_are_not(one, other):
    assert not alike(one, other)


def test_a_campaign_is_found_among_what_others_say(sayings):
    chance = random.Random(7)
    letters = [edited(LETTER, chance) for _ in range(300)]
    texts = [*sayings, *letters]
    chance.shuffle(texts)
    leaders = near_duplicates(texts)
    written = set(letters)
    led = {leader for text, leader in zip(texts, leaders, strict=True) if text in written}
    assert len(led) == 1
    assert texts[led.pop()] == min(letters)
    others = [row for row, text in enumerate(texts) if text not in written]
    assert sum(leaders[row] != row for row in others) < 20


def test_the_leader_is_the_first_by_content_whatever_the_order(sayings):
    chance = random.Random(1)
    texts = list({edited(text, chance) for text in [*sayings[:300] * 3, *[LETTER] * 50]})
    leader_of = []
    for _ in range(3):
        chance.shuffle(texts)
        leaders = near_duplicates(texts)
        leader_of.append({text: texts[row] for text, row in zip(texts, leaders, strict=True)})
    assert leader_of[0] == leader_of[1] == leader_of[2]
    assert any(text != leader for text, leader in leader_of[0].items())
    assert all(leader <= text for text, leader in leader_of[0].items())


def test_a_leader_leads_itself(sayings):
    leaders = near_duplicates([*sayings, *sayings[:100], LETTER, LETTER])
    assert all(leaders[leader] == leader for leader in leaders)


def test_of_equal_texts_the_first_given_leads():
    assert near_duplicates(["b", "a", "b", "a", "B"]) == [4, 1, 4, 1, 4]
    assert near_duplicates(["help us"] * 100_000) == [0] * 100_000


def test_nothing_is_overlooked_that_comparing_all_pairs_finds(sayings):
    chance = random.Random(3)
    texts = sorted({edited(text, chance) for text in sayings[:400] for _ in range(3)})
    leaders = near_duplicates(texts)
    plain = [near._plain(text) for text in texts]
    leading = [row for row, leader in enumerate(leaders) if row == leader]
    overlooked = [
        row
        for row in leading
        if any(near._copied(plain[row], plain[other]) for other in leading if other < row)
    ]
    assert len(overlooked) <= 0.01 * len(texts)
    assert len(leading) < 0.9 * len(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["a" * 1_000_000, "a" * 999_000],
        [" ".join(f"w{number}" for number in range(100_000))] * 2,
        ["(" * 500_000, "(" * 499_000],
    ],
)
def test_a_million_characters_are_no_trouble(texts):
    assert len(set(near_duplicates(texts))) == 1


def test_awkward_texts_have_leaders_too():
    texts = ["", " ", "\x00", "\ud800", "¿", "ကကက", "1", "n/a", "N / A"]
    leaders = near_duplicates(texts)
    assert leaders[texts.index("N / A")] == leaders[texts.index("n/a")]
    assert leaders[1] == leaders[0]
    assert len(set(leaders)) == 7
    assert near_duplicates([]) == []


def test_ideas_must_be_alike_in_meaning_and_in_words():
    texts = [
        "Save our special school please",
        "more swings",
        "save our special school",
        "¿¿¿",
        "ကကက",
    ]
    vectors = np.zeros((5, 8), np.float32)
    vectors[[0, 2], 0] = vectors[1, 1] = vectors[3:, 2] = 1  # the last: scripts it cannot read
    assert near_identical(vectors, texts).tolist() == [0, 1, 0, 3, 4]
    vectors[2] = vectors[1]
    assert near_identical(vectors, texts).tolist() == [0, 1, 2, 3, 4]
    assert near_identical(np.zeros((0, 8), np.float32), []).tolist() == []
