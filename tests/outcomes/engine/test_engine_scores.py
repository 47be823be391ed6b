"""The scores of the benchmark, on cases worked out by hand."""

from math import isnan

import numpy as np
import pytest

from benchmarks import engine_scores as scores
from benchmarks.document import replaced
from benchmarks.engine_speed import corrections, draw_answers
from benchmarks.intervals import bootstrap

GOLD = ["health", "health", "none", "none", "families"]
FOUND = ["health", "none", "none", "health", "families"]


def test_accuracy_counts_equal_labels():
    assert scores.accuracy(GOLD, FOUND) == 3 / 5


def test_macro_f1_is_the_mean_over_gold_labels():
    # health 1 of 2 and 2: F1 1/2; none the same; families 1.
    assert scores.macro_f1(GOLD, FOUND) == pytest.approx((0.5 + 0.5 + 1) / 3)


def test_a_label_never_wanted_costs_a_miss_and_has_no_f1_of_its_own():
    # health: 1 right, 1 found, 2 wanted.
    assert scores.macro_f1(["health", "health"], ["health", None]) == pytest.approx(2 / 3)


def test_recall_of_a_label():
    assert scores.recall_of("none", GOLD, FOUND) == 0.5
    assert isnan(scores.recall_of("none", ["health"], ["none"]))


def test_top_two_takes_equal_scores_by_name_and_no_scores_as_a_miss():
    by_label = [{"a": 0.5, "b": 0.3, "c": 0.2}, {"c": 0.3, "b": 0.3, "a": 0.4}, {}]
    assert scores.in_top_two(["b", "c", "a"], by_label) == [True, False, False]


def test_kappa_takes_chance_away():
    # Equal in 6 of 10; by chance .5 * .5 + .5 * .5 = .5, so (.6 - .5) / (1 - .5).
    one = ["a"] * 5 + ["b"] * 5
    other = ["a"] * 3 + ["b"] * 2 + ["a"] * 2 + ["b"] * 3
    assert scores.kappa(one, other) == pytest.approx(0.2)
    assert scores.kappa(["a", "a"], ["a", "a"]) == 1.0


def test_ideas_alone_are_groups_of_one():
    assert scores.rand_index(["x", "y", "z"], [None, None, None]) == 1.0
    assert scores.rand_index(["x", "x", "y", "y"], [1, 1, 2, 2]) == 1.0
    assert scores.rand_index(["x", "x", "y", "y"], [None, None, None, None]) == 0.0


def test_pairwise_f1_of_pairs_in_one_group():
    # Wanted pairs 01, 02, 12, 34; found 01, 23: one right.
    assert scores.pairwise_f1(list("xxxyy"), [1, 1, 2, 2, None]) == pytest.approx(2 / 6)


def test_small_groups_must_be_found_whole_and_pure():
    gold = ["one", "two", "two", "pair", "pair", "many", "many", "many"]
    assert scores.small_recovered(gold, [None, 1, 1, 2, 3, 3, 4, 4]) == (2, 3)
    assert scores.small_recovered(gold, [5, 1, 1, 2, 2, 2, 4, 5]) == (1, 3)


TEXT = "Fix the bus. Also more friends and a swing"


def span(words):
    start = TEXT.index(words)
    return (start, start + len(words))


def test_a_cut_is_the_same_on_either_side_of_a_joiner():
    gold = [span("Fix the bus."), span("more friends"), span("a swing")]
    found = [span("Fix the bus."), span("Also more friends and"), span("a swing")]
    assert scores.inner_cuts(TEXT, gold, found) == (2, 2, 2)
    assert scores.inner_cuts(
        TEXT, gold, [span("Fix the bus."), span("Also more friends and a swing")]
    ) == (1, 1, 2)


def test_a_cut_elsewhere_is_wrong_and_counts_once():
    gold = [span("Fix the bus. Also"), span("more friends and a swing")]
    found = [span("Fix"), span("the bus."), span("Also"), span("more friends and a swing")]
    assert scores.inner_cuts(TEXT, gold, found) == (1, 3, 1)
    assert scores.inner_cuts(TEXT, [], []) == (0, 0, 0)
    assert scores.inner_cuts(TEXT, gold, [span(TEXT)]) == (0, 0, 1)


def test_exact_spans_forgive_marks_and_no_words():
    gold = [span("Fix the bus."), span("more friends")]
    assert scores.exact_spans(TEXT, gold, [span("Fix the bus"), span("friends")]) == (1, 2, 2)


def test_an_overlap_counts_for_one_span_only():
    assert scores.overlaps([(0, 5), (6, 9)], [(3, 8)]) == (1, 1, 2)
    assert scores.overlaps([(0, 9)], [(0, 2), (4, 6)]) == (1, 2, 1)
    assert scores.overlaps([(0, 5)], [(5, 9)]) == (0, 1, 1)


def test_f1_over_all_texts_and_none_where_nothing_was_to_be_found():
    assert scores.f1_of([(1, 1, 2), (0, 1, 0)], resamples=10).value == pytest.approx(2 / 4)
    assert isnan(scores.f1(0, 0, 0))


def test_recall_where_a_tenth_of_the_harmless_set_the_alarm_off():
    harmless = [0.9, 0.5, *([0.1] * 8)]
    risky = [0.95, 0.6, 0.5, 0.2]
    risk = [False] * 10 + [True] * 4
    # One of ten may sound: the limit is 0.5, and a text at 0.5 is missed.
    assert scores.recall_at(0.1, risk, harmless + risky) == 0.5
    assert scores.recall_at(0.0, risk, harmless + risky) == 0.25
    assert scores.recall_at(1.0, risk, harmless + risky) == 1.0


def test_alarm_rates():
    assert scores.alarm_rates([True, True, False, False], [True, False, True, False]) == (0.5, 0.5)


def test_an_interval_holds_the_figure_and_is_the_same_each_time():
    values = np.array([0.0] * 30 + [1.0] * 70)
    first = bootstrap(lambda rows: float(values[rows].mean()), 100)
    assert first == bootstrap(lambda rows: float(values[rows].mean()), 100)
    assert first.value == pytest.approx(0.7)
    # 1.96 standard errors of a share of 0.7 in 100 are 0.09.
    assert first.low == pytest.approx(0.61, abs=0.02)
    assert first.high == pytest.approx(0.79, abs=0.02)


def test_a_section_takes_the_place_of_its_like_alone():
    before = "# Benchmarks\n\n## A\n\nold\n\n### more\n\n## B\n\nkept\n"
    after = replaced(before, "A", "new\n")
    assert after == "# Benchmarks\n\n## B\n\nkept\n\n## A\n\nnew\n"
    assert replaced(after, "A", "new\n") == after


def test_the_answers_to_be_timed_all_differ_and_are_drawn_the_same_each_time():
    drawn = draw_answers(1_000)
    assert len(set(drawn)) == 1_000
    assert drawn == draw_answers(1_000)


def test_a_correction_moves_an_idea_to_its_second_theme():
    by_label = {"none": 0.2, "health": 0.5, "education": 0.3}
    idea = {"start": 4, "end": 7, "theme": "health", "theme_scores": by_label}
    unjudged = {"start": 0, "end": 3, "theme": None, "theme_scores": {}}
    found = corrections(["the bus"], [[unjudged, idea]])
    assert found == [{"text": "bus", "theme": "education"}]


def test_scores_that_say_too_much_are_off_by_as_much():
    sure = np.array([[0.9, 0.1]] * 10)
    assert scores.calibration_error(sure, np.array([0] * 9 + [1])) == pytest.approx(0)
    assert scores.calibration_error(sure, np.array([0] * 5 + [1] * 5)) == pytest.approx(0.4)
