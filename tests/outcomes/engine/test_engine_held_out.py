"""A codebook is tried on examples that it did not learn from."""

import json

import numpy as np
import pytest

from outcomes.engine.codebook import SEND_CODEBOOK, Codebook
from outcomes.engine.held_out import HeldOut, held_out
from outcomes.engine.themes import TopicModel, example_vectors
from outcomes.engine.vectors import SentenceVectors

BINS = [f"the bin men {did} our bins {when}" for did in ("missed", "left") for when in "abcde"]
TREES = [f"plant {what} trees {where}" for what in ("more", "oak") for where in "abcde"]


def book(folder, *, bins=BINS, trees=TREES):
    rows = [
        {"topic": "bins", "label": "Bins", "theme": "streets"},
        {"topic": "trees", "label": "Trees", "theme": "parks"},
        *({"topic": "bins", "text": text} for text in bins),
        *({"topic": "trees", "text": text} for text in trees),
    ]
    path = folder / "council.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return Codebook.read(path)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    return SentenceVectors(cache_dir=tmp_path_factory.mktemp("kept"))


def test_one_example_in_five_of_each_topic_is_tried(tmp_path, sentences):
    assert held_out(book(tmp_path), sentences) == HeldOut(4, 4, 4, 4, 4)


def test_examples_under_the_wrong_topic_count_as_wrong(tmp_path, sentences):
    mixed = held_out(book(tmp_path, bins=BINS[::2] + TREES[1::2], trees=TREES[::2]), sentences)
    assert mixed.right < mixed.tried


def test_the_same_example_twice_is_never_on_both_sides(tmp_path, sentences):
    tried = held_out(book(tmp_path, bins=["missed bins"] * 9, trees=["oak"] * 9), sentences)
    assert tried == HeldOut()


def test_what_was_learned_is_kept_and_scores_the_same(tmp_path, monkeypatch):
    own, sentences = book(tmp_path), SentenceVectors(cache_dir=tmp_path)
    first = TopicModel().fit(own, sentences)

    def learned_again(*_):
        raise AssertionError

    monkeypatch.setattr(TopicModel, "_learn_from", learned_again)
    second = TopicModel().fit(own, sentences)
    texts = ["nobody emptied my bin", "more oaks please"]
    vectors = sentences.transform(texts)
    assert np.array_equal(first.scores(texts, vectors), second.scores(texts, vectors))


def test_what_is_kept_and_damaged_is_learned_again(tmp_path):
    own, sentences = book(tmp_path), SentenceVectors(cache_dir=tmp_path)
    TopicModel().fit(own, sentences)
    [kept] = tmp_path.glob("topics-*.npz")
    whole = kept.read_bytes()
    for damaged in (b"damaged", whole[: len(whole) // 2], whole[:-300] + b"?" * 300):
        kept.write_bytes(damaged)
        assert TopicModel().fit(own, sentences).topics_[0].id == "bins"


def test_the_folder_is_made_where_nothing_but_known_examples_is_learned(tmp_path):
    send = Codebook.read(SEND_CODEBOOK)
    bins, trees = ([one.text for one in send.examples[at:][:5]] for at in (0, -5))
    sentences = SentenceVectors(cache_dir=tmp_path / "engine")
    TopicModel().fit(book(tmp_path, bins=bins, trees=trees), sentences)
    assert list(sentences.cache_dir.glob("topics-*.npz"))


def test_examples_that_the_engine_came_with_are_not_tried(tmp_path, sentences):
    send = Codebook.read(SEND_CODEBOOK)
    known = [one.text for one in send.examples[:20]]
    assert held_out(book(tmp_path, bins=BINS + known), sentences).tried == 4


def test_vectors_of_those_are_known_and_near_what_would_be_read(tmp_path):
    own = book(tmp_path, trees=[one.text for one in Codebook.read(SEND_CODEBOOK).examples[:5]])
    sentences = SentenceVectors()
    read = sentences.transform([one.text for one in own.examples])
    assert np.abs(example_vectors(own, sentences) - read).max() < 0.01
