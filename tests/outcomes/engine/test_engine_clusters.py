"""Groups: readable in number, made of several voices, the same whatever the order."""

import numpy as np
import pytest

from outcomes.engine.clusters import ALONE, Clusters, readable_count


def space(n, topics=20, seed=0):
    """Points around `topics` middles, with topic scores that lean the right way."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(topics, 64))
    which = chance.integers(0, topics, n)
    vectors = middles[which] + 0.8 * chance.normal(size=(n, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = 0.1 * chance.random((n, topics))
    scores[np.arange(n), which] += 1
    scores /= scores.sum(axis=1, keepdims=True)
    return vectors.astype(np.float32), scores, which


def voices(n):
    return [frozenset([f"v{row}"]) for row in range(n)]


def test_clear_groups_are_found():
    vectors, scores, which = space(60, topics=5)
    labels = Clusters().fit(vectors, scores, voices(60)).labels_
    for label in np.unique(labels[labels != ALONE]):
        assert len(set(which[labels == label])) == 1
    assert (labels != ALONE).mean() > 0.9


@pytest.mark.parametrize(("n", "most"), [(20, 13), (200, 20), (3_000, 28)])
def test_there_are_never_more_groups_than_a_person_can_read(n, most):
    vectors, scores, _ = space(n, topics=40)
    assert readable_count(n) <= most
    for said_by in (voices(n), [frozenset("ab")] * n):
        labels = Clusters().fit(vectors, scores, said_by).labels_
        assert len(set(labels.tolist()) - {ALONE}) <= readable_count(n)


def test_twenty_thousand_ideas_of_one_theme_are_grouped_without_comparing_all_pairs():
    vectors, scores, _ = space(20_000, topics=20)
    labels = Clusters(exact_up_to=600).fit(vectors, scores, voices(20_000)).labels_
    assert 2 <= len(set(labels.tolist()) - {ALONE}) <= readable_count(20_000)


def test_large_sets_are_grouped_the_same_each_time():
    vectors, scores, _ = space(2_000)
    model = Clusters(exact_up_to=300)
    first = model.fit(vectors, scores, voices(2_000)).labels_
    assert np.array_equal(first, model.fit(vectors, scores, voices(2_000)).labels_)


def test_one_voice_makes_no_group_however_often_it_repeats_itself():
    vectors = np.tile(np.eye(1, 64, dtype=np.float32), (6, 1))
    scores = np.full((6, 3), 1 / 3)
    alone = Clusters().fit(vectors, scores, [frozenset(["a"])] * 6).labels_
    assert alone.tolist() == [ALONE] * 6
    two = Clusters().fit(vectors, scores, [frozenset(["a"])] * 5 + [frozenset(["b"])]).labels_
    assert len(set(two.tolist())) == 1
    assert ALONE not in two


def test_an_idea_unlike_any_other_stays_alone():
    vectors = np.eye(3, 64, dtype=np.float32)
    vectors[1] = vectors[0]
    scores = np.array([[1.0, 0], [1.0, 0], [0, 1.0]])
    labels = Clusters().fit(vectors, scores, voices(3)).labels_
    assert labels[2] == ALONE
    assert labels[0] == labels[1] != ALONE


def test_no_ideas_no_labels():
    empty = Clusters().fit(np.zeros((0, 64), np.float32), np.zeros((0, 3)), [])
    assert empty.labels_.tolist() == []
