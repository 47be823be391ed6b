"""The map of ideas and the likes of each, against likeness reckoned one by one."""

import numpy as np
import pytest

from outcomes.engine import atlas

# Likeness is compared to five decimals, so that equal ones keep their order everywhere.
TIE = 2e-5


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clustered(count, *, topics=40, width=384, spread=0.35, seed=0):
    """Vectors of ideas about some topics, in no order; as with words, few directions matter."""
    chance = np.random.default_rng(seed)
    matters = np.arange(1, width + 1) ** -0.4
    centres = chance.standard_normal((topics, width)) * matters
    about = chance.integers(0, topics, count)
    moved = spread * chance.standard_normal((count, width)) * matters
    return unit(centres[about] + moved), about


def by_brute_force(vectors, count):
    like = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    np.fill_diagonal(like, -2)
    return like, np.argpartition(-like, count, axis=1)[:, :count]


def test_every_place_is_between_0_and_1_and_the_map_is_used_to_its_edges():
    vectors, about = clustered(300)
    points = atlas.places(vectors, about.tolist())
    assert points.shape == (300, 2)
    assert points.min(axis=0).tolist() == [0, 0]
    assert points.max(axis=0).tolist() == [1, 1]


def test_places_do_not_depend_on_the_order_of_the_rows():
    vectors, about = clustered(300)
    order = np.random.default_rng(1).permutation(300)
    points = atlas.places(vectors, about.tolist())
    moved = atlas.places(vectors[order], about[order].tolist())
    assert np.allclose(points[order], moved, atol=2e-4)
    assert np.array_equal(points, atlas.places(vectors, about.tolist()))


def test_ideas_of_a_group_lie_nearer_to_each_other_than_to_others():
    vectors, about = clustered(300, topics=3)
    points = atlas.places(vectors, about.tolist())
    centres = np.array([points[about == topic].mean(axis=0) for topic in range(3)])
    away = np.linalg.norm(points[:, None] - centres[None], axis=2)
    assert (away.argmin(axis=1) == about).mean() > 0.95


@pytest.mark.parametrize("groups", [[None] * 30, [0] * 15 + [1] * 15], ids=["none", "two"])
def test_with_fewer_than_three_groups_the_ideas_themselves_make_the_map(groups):
    vectors, _ = clustered(30)
    points = atlas.places(vectors, groups)
    assert points.min() == 0
    assert points.max() == 1


def test_no_idea_and_one_idea_have_a_map_too():
    vectors, _ = clustered(1)
    assert atlas.places(vectors[:0], []).shape == (0, 2)
    assert atlas.places(vectors, [None]).tolist() == [[0, 0]]
    assert atlas.nearest(vectors[:0]) == []
    assert atlas.nearest(vectors) == [[]]


def test_identical_ideas_lie_on_one_point_and_are_like_each_other():
    vectors, _ = clustered(1)
    same = np.repeat(vectors, 5, axis=0)
    assert atlas.places(same, [0, 0, 1, 1, None]).tolist() == [[0, 0]] * 5
    found = atlas.nearest(same, 3)
    assert found[0] == [1, 2, 3]
    assert all(row not in likes and len(likes) == 3 for row, likes in enumerate(found))


def test_fewer_ideas_than_likes_asked_for_gives_all_others():
    vectors, _ = clustered(4)
    found = atlas.nearest(vectors, 8)
    assert [sorted(likes) for likes in found] == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


def test_the_nearest_are_those_of_brute_force_in_order_and_never_the_idea_itself():
    vectors, _ = clustered(2_300)
    like, _ = by_brute_force(vectors, 8)
    best = -np.sort(-like, axis=1)[:, :8]
    for row, likes in enumerate(atlas.nearest(vectors)):
        assert row not in likes
        assert len(set(likes)) == 8
        assert np.allclose(like[row, likes], best[row], atol=TIE)


def test_the_nearest_do_not_depend_on_the_order_of_the_rows():
    vectors, _ = clustered(1_200)
    order = np.random.default_rng(2).permutation(1_200)
    like, _ = by_brute_force(vectors, 8)
    found, moved = atlas.nearest(vectors), atlas.nearest(vectors[order])
    for place, row in enumerate(order):
        again = [int(order[one]) for one in moved[place]]
        assert again == found[row] or np.allclose(like[row, again], like[row, found[row]], atol=TIE)


def test_of_many_ideas_the_nearest_are_close_to_exact():
    vectors, _ = clustered(atlas.MANY + 500, spread=1)
    _, exact = by_brute_force(vectors, 8)
    found = atlas.nearest(vectors)
    assert all(row not in likes and len(likes) == 8 for row, likes in enumerate(found))
    shared = [len(set(few) & set(likes)) for few, likes in zip(exact.tolist(), found, strict=True)]
    assert np.mean(shared) / 8 >= 0.8
