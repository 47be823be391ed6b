"""What the SEND codebook promises: enough examples, by enough hands, and none to be measured on."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from outcomes.engine.codebook import KINDS

ROOT = Path(__file__).parents[3]
CODEBOOK = ROOT / "outcomes" / "codebook" / "send"
KEPT_APART = [ROOT / "outcomes" / "demo" / "corpus_seed.jsonl"]
KEPT_APART += sorted((ROOT / "benchmarks" / "data").glob("*.jsonl"))

AUDIENCES = ("parent", "practitioner", "young_person")
# The coder of the first examples of each theme is not named.
FIRST_HAND = "1"
# A run of so many characters in two places was not written twice by chance.
COPIED = 60


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def plain(text) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(kept.split())


def texts_in(value) -> Iterator[str]:
    """Every text of a row, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


def runs(text) -> set[str]:
    return {text[start : start + COPIED] for start in range(len(text) - COPIED + 1)}


@pytest.fixture(scope="module")
def topics():
    return [row for path in sorted(CODEBOOK.glob("*_topics.jsonl")) for row in rows_of(path)]


@pytest.fixture(scope="module")
def examples():
    paths = [path for path in sorted(CODEBOOK.glob("*.jsonl")) if "_topics" not in path.name]
    return [row for path in paths for row in rows_of(path)]


@pytest.fixture(scope="module")
def kept_apart():
    return {plain(text) for path in KEPT_APART for row in rows_of(path) for text in texts_in(row)}


def test_every_topic_has_a_hundred_examples_from_four_hands_or_more(topics, examples):
    hands = defaultdict(Counter)
    for example in examples:
        hands[example["topic"]][example.get("hand", FIRST_HAND)] += 1
    for topic in topics:
        of_topic = hands[topic["topic"]]
        assert of_topic.total() >= 100, topic["topic"]
        assert len(of_topic) >= 4, topic["topic"]


def test_every_topic_is_spoken_of_by_each_audience_and_in_each_kind(topics, examples):
    spoken = defaultdict(set)
    for example in examples:
        spoken[example["topic"]] |= {example["audience"], example["kind"]}
    for topic in topics:
        assert spoken[topic["topic"]] == {*AUDIENCES, *KINDS}, topic["topic"]


def test_audiences_and_kinds_are_the_known_ones(examples):
    assert {example["audience"] for example in examples} == set(AUDIENCES)
    assert {example["kind"] for example in examples} == set(KINDS)


def test_no_two_examples_say_the_same_in_the_same_words(examples):
    twice = [
        text for text, count in Counter(plain(row["text"]) for row in examples).items() if count > 1
    ]
    assert not twice


def test_there_is_something_to_be_kept_apart_from(kept_apart):
    assert len(kept_apart) > 100


def test_no_example_is_a_text_that_the_engine_is_measured_on(examples, kept_apart):
    assert not [row["text"] for row in examples if plain(row["text"]) in kept_apart]


def test_no_example_shares_a_run_of_words_with_what_is_measured(examples, kept_apart):
    seen = set().union(*map(runs, kept_apart))
    assert not [row["text"] for row in examples if not seen.isdisjoint(runs(plain(row["text"])))]


def test_every_topic_says_what_it_is_and_what_it_is_not(topics):
    for topic in topics:
        for field in ("label", "definition", "includes", "excludes"):
            assert topic[field].strip(), topic["topic"]


def test_opposition_is_mutual(topics):
    opposed = {(row["topic"], other) for row in topics for other in texts_in(row["opposes"])}
    assert opposed == {(other, one) for one, other in opposed}


def test_improvement_priorities_are_some_of_the_nine(topics):
    assert {number for row in topics for number in row["improvement_priorities"]} == {*range(1, 10)}
    for row in topics:
        assert all(one < other for one, other in pairwise(row["improvement_priorities"]))
