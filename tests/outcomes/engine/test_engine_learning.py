"""Learning from officers' decisions: what they change, what to check next, and how sure to be."""

import numpy as np
import pytest

from outcomes.engine.checking import expected_gain, propose
from outcomes.engine.errors import EngineError
from outcomes.engine.learning import Learner, reconciled

CLASSES = ("families", "health", "education")


def unit(rows):
    vectors = np.asarray(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def consultation():
    """Three heaps of 40 ideas; the prior takes half of the third heap for the first class."""
    chance = np.random.default_rng(7)
    centres = unit(chance.normal(size=(3, 24)))
    truth = np.repeat([0, 1, 2], 40)
    vectors = unit(centres[truth] + chance.normal(scale=0.06, size=(120, 24)))
    prior = np.full((120, 3), 0.2)
    prior[np.arange(120), truth] = 0.6
    prior[80:100] = [0.5, 0.1, 0.4]
    return vectors, prior, truth


def decisions(truth, rows):
    return {int(row): CLASSES[truth[row]] for row in rows}


def accuracy(scores, truth, leaving=()):
    rows = np.setdiff1d(np.arange(len(truth)), list(leaving))
    return float((scores[rows].argmax(axis=1) == truth[rows]).mean())


def test_decisions_put_right_what_is_near_them(consultation):
    vectors, prior, truth = consultation
    checked = [81, 84, 87, 90, 93, 96, 3, 44]
    learner = Learner(CLASSES).fit(vectors, prior, decisions(truth, checked))
    assert accuracy(prior, truth, checked) < 0.9
    assert accuracy(learner.scores(vectors, prior), truth, checked) == 1


def test_without_decisions_the_scores_stay_as_they_were(consultation):
    vectors, prior, _ = consultation
    assert Learner(CLASSES).fit(vectors, prior, {}).scores(vectors, prior) == pytest.approx(prior)


def test_a_decision_changes_little_far_away_from_it(consultation):
    vectors, prior, truth = consultation
    learner = Learner(CLASSES).fit(vectors, prior, {0: "health"})
    change = np.abs(learner.scores(vectors, prior) - prior).max(axis=1)
    assert change[truth == 1].max() < 0.1 < change[0]


def test_the_order_of_decisions_changes_nothing(consultation):
    vectors, prior, truth = consultation
    given = decisions(truth, [90, 3, 44, 81])
    back = dict(reversed(given.items()))
    one = Learner(CLASSES).fit(vectors, prior, given).scores(vectors, prior)
    other = Learner(CLASSES).fit(vectors, prior, back).scores(vectors, prior)
    assert np.array_equal(one, other)


def test_of_contradicting_decisions_most_count_and_it_is_said(consultation):
    vectors, prior, _ = consultation
    vectors[[1, 2]] = vectors[0]
    learner = Learner(CLASSES).fit(vectors, prior, {0: "health", 1: "education", 2: "health"})
    (found,) = learner.contradictions_
    assert (found.rows, found.counts) == ((0, 1, 2), "health")


def test_of_two_contradicting_decisions_the_later_counts(consultation):
    vectors, prior, _ = consultation
    vectors[1] = vectors[0]
    learner = Learner(CLASSES).fit(vectors, prior, {1: "education", 0: "health"})
    assert [each.counts for each in learner.contradictions_] == ["health"]


def test_a_class_nobody_knows_and_an_idea_that_is_not_there_are_refused(consultation):
    vectors, prior, _ = consultation
    with pytest.raises(EngineError, match=r"“sport” is not among families, health, education\."):
        Learner(CLASSES).fit(vectors, prior, {0: "sport"})
    with pytest.raises(EngineError, match="no idea 120"):
        Learner(CLASSES).fit(vectors, prior, {120: "health"})


def test_topic_scores_follow_the_themes():
    by_topic = np.array([[0.5, 0.3, 0.2]])
    membership = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    found = reconciled(by_topic, np.array([[0.4, 0.6]]), membership)
    assert found == pytest.approx(np.array([[0.25, 0.15, 0.6]]), abs=1e-5)


def test_what_to_check_next_is_unsure_and_each_time_something_else(consultation):
    vectors, prior, _ = consultation
    prior[60] = [0.3, 0.4, 0.3]
    first, second, *_ = propose(vectors, prior, decided=[], count=5, names=CLASSES)
    assert 80 <= first.row < 100
    assert not 80 <= second.row < 100
    assert first.usefulness >= second.usefulness
    assert first.reason == "Between families and education; 39 other ideas are much like it."


def test_what_is_decided_is_not_proposed_again(consultation):
    vectors, prior, _ = consultation
    decided = set(range(0, 120, 2))
    found = [each.row for each in propose(vectors, prior, decided, count=200)]
    assert sorted(found) == sorted(set(range(120)) - decided)


def test_proposals_do_not_depend_on_the_order_of_the_ideas(consultation):
    vectors, prior, _ = consultation
    prior = prior + np.random.default_rng(2).uniform(0, 0.05, prior.shape)
    prior /= prior.sum(axis=1, keepdims=True)
    order = np.random.default_rng(3).permutation(120)
    found = [each.row for each in propose(vectors, prior, [], count=10)]
    shuffled = propose(vectors[order], prior[order], [], count=10)
    assert [int(order[each.row]) for each in shuffled] == found


def test_ideas_of_one_group_are_not_proposed_one_after_another():
    vectors, scores = unit(np.eye(6)), np.full((6, 2), 0.5)
    groups = ["a", "a", "a", "b", "b", None]
    found = [each.row for each in propose(vectors, scores, [], groups, count=3)]
    assert {groups[row] for row in found} == {"a", "b", None}


def test_with_everything_decided_there_is_nothing_to_check(consultation):
    vectors, prior, _ = consultation
    assert propose(vectors, prior, range(120)) == []


def test_the_expected_gain_is_near_what_the_checks_bring(consultation):
    vectors, prior, _ = consultation
    chance = np.random.default_rng(5)
    drawn = np.array([chance.choice(3, p=row) for row in prior])
    new = [each.row for each in propose(vectors, prior, [], count=30)]
    gain = expected_gain(vectors, prior, [], new)
    assert gain.before == pytest.approx(accuracy(prior, drawn), abs=0.1)
    wrong = sum(int(prior[row].argmax()) != drawn[row] for row in new)
    assert gain.corrected == pytest.approx(wrong, abs=7)
    assert gain.after == pytest.approx(gain.before + (gain.corrected + gain.spread) / 120, abs=1e-3)


def test_checking_nothing_brings_nothing(consultation):
    vectors, prior, _ = consultation
    gain = expected_gain(vectors, prior, [0], [])
    assert (gain.checks, gain.corrected, gain.spread) == (0, 0, 0)
    assert gain.after == gain.before
