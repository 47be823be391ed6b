"""Names of groups are respondents' own words, short, and never a catch-all."""

import numpy as np
import pytest

from outcomes.engine.names import LONGEST_NAME, Member, Namer, short_name


def member(text, topic="sleep", count=1, place=0):
    return Member(text, np.eye(4, dtype=np.float32)[place], topic, count)


SLEEP = [
    member("He does not sleep at night", count=2),
    member("nobody in this house can sleep"),
    member("we sit up all night waiting for him to sleep"),
]


@pytest.fixture
def namer():
    others = ["more buses", "a swing", "the bus is late", "clubs at night"] * 5
    texts = [m.text for m in SLEEP] + others
    return Namer().fit(texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a best friend", "a best friend"),
        ("A dentist who will see my son.", "A dentist who will see my son"),
        (
            "Short breaks that actually happen. Ours was cancelled four times with no word",
            "Short breaks that actually happen",
        ),
        ("word " * 20, "word " * 11 + "word…"),
        ("x" * 500, "x" * 119 + "…"),
        ("two\nlines", "two lines"),
        ("“A plan is made and someone does it.”", "A plan is made and someone does it"),
    ],
)
def test_a_name_is_at_most_twelve_of_the_idea_s_own_words(text, name):
    assert short_name(text) == name
    assert len(short_name(text).split()) <= LONGEST_NAME


def test_the_most_central_idea_names_the_group(namer):
    near, far = member("a quiet place to sit"), member("the bus is very late", place=1)
    assert namer.names([near, near, far])[0] == "a quiet place to sit"


def test_an_idea_that_says_what_the_group_is_about_is_preferred_to_a_phrase(namer):
    group = [member("I will leave it there", count=30), *SLEEP]
    assert "sleep" in namer.names(group)[0]


def test_a_phrase_without_a_telling_word_names_a_group_only_for_want_of_another(namer):
    phrase, idea = member("I did it just like that"), member("a swing for wheelchairs")
    assert namer.names([phrase, phrase, idea])[0] == "a swing for wheelchairs"
    assert namer.names([phrase, phrase])[0] == "I did it just like that"


def test_names_that_may_hold_names_of_people_come_last(namer):
    assert namer.names([member("Mrs Smith helped Alfie"), member("somebody kind helped him")])[
        0
    ] == ("somebody kind helped him")


def test_no_two_groups_have_the_same_name(namer):
    shared = member("somebody to play with")
    groups = [[shared, member("a mate", place=1)], [shared, member("one pal", place=2)]]
    names = [name for _, name in namer.named(groups)]
    assert len(set(names)) == 2


def test_the_reason_counts_ideas_and_names_the_topic_or_the_words(namer):
    labels = {"sleep": "Sleeping through the night", "bus": "Getting about"}
    assert namer.reason(SLEEP, labels) == (
        "4 ideas close to the topic “Sleeping through the night”; "
        "they share the words: sleep, night."
    )
    mixed = [member("no sleep"), member("sleep matters", "bus")]
    assert namer.reason(mixed, labels) == "2 ideas that share the words: sleep."
    apart = [member("quiet"), member("calm rooms", "bus")]
    assert namer.reason(apart, labels) == "2 ideas that say something alike."
