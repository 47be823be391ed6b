"""Agreement between coders, against the library that everybody uses and examples by hand."""

import time
from collections import Counter
from random import Random

import pytest
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from outcomes.coder_agreement import (
    agreement,
    agreement_by_code,
    cohen_kappa,
    f1,
    krippendorff_alpha,
    percent_agreement,
)

CODES = ["activities", "education", "families", "health", "none"]


def table(first, second):
    return Counter(zip(first, second, strict=True))


def by_chance(seed, size, same):
    """Two who choose the same for `same` of the ideas, and anything for the others."""
    chance = Random(seed)
    first = [chance.choice(CODES) for _ in range(size)]
    second = [one if chance.random() < same else chance.choice(CODES) for one in first]
    return first, second


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [2, 10, 250])
def test_kappa_is_the_librarys(seed, size):
    first, second = by_chance(seed, size, seed / 5)
    expected = cohen_kappa_score(first, second)
    found = cohen_kappa(table(first, second))
    assert found == pytest.approx(expected)


def test_alpha_of_krippendorffs_own_binary_example():
    """Computing Krippendorff's Alpha-Reliability (2011), part A: 10 units, alpha = 0.095."""
    found = krippendorff_alpha(table("0100000000", "1110010100"))
    assert found == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_krippendorffs_own_nominal_example():
    """The same, part B: 12 units in five categories, alpha = 0.692."""
    found = krippendorff_alpha(table("aabbdcccedda", "babbbccceddd"))
    assert found == pytest.approx(0.692, abs=0.0005)


def test_to_agree_on_all_is_one_and_to_agree_by_chance_is_about_nought():
    first, _ = by_chance(1, 400, 1)
    other, _ = by_chance(2, 400, 1)
    for measure in (cohen_kappa, krippendorff_alpha):
        assert measure(table(first, first)) == 1
        assert abs(measure(table(first, other))) < 0.08


def test_where_chance_alone_makes_both_the_same_nothing_is_told():
    always = table(["health"] * 4, ["health"] * 4)
    assert percent_agreement(always) == 1
    assert cohen_kappa(always) is None
    assert krippendorff_alpha(always) is None


def test_of_no_ideas_nothing_is_told():
    found = agreement([], [])
    assert (found.ideas, found.same) == (0, 0)
    for one in (found.percent, found.kappa, found.alpha, found.shared):
        assert (one.value, one.low, one.high) == (None, None, None)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        (["health"], ["health"], 1),
        (["health"], ["families"], 0),
        (["health", "families"], ["health"], 2 / 3),
        (["health", "families"], ["families", "health"], 1),
        (["health", "families"], ["families", "education"], 1 / 2),
    ],
)
def test_several_themes_of_one_idea_are_compared_as_sets(one, other, score):
    assert f1(one, other) == pytest.approx(score)


def test_the_mean_of_shared_themes_is_the_librarys():
    chance = Random(3)
    first = [chance.sample(CODES, chance.randint(1, 3)) for _ in range(80)]
    second = [chance.sample(CODES, chance.randint(1, 3)) for _ in range(80)]
    binary = MultiLabelBinarizer(classes=CODES)
    expected = f1_score(binary.fit_transform(first), binary.transform(second), average="samples")
    assert agreement(first, second).shared.value == pytest.approx(expected)


def test_an_interval_holds_the_number_and_is_the_same_each_time():
    first, second = ([[code] for code in codes] for codes in by_chance(4, 100, 0.7))
    found = agreement(first, second)
    assert found == agreement(first, second)
    for one in (found.percent, found.kappa, found.alpha, found.shared):
        assert one.low < one.value < one.high


def test_an_interval_is_as_wide_as_theory_says():
    """Of 400 ideas with 80 of 100 the same: 1.96 · √(0.8 · 0.2 / 400) = 0.0392 each way."""
    first = [["health"]] * 200 + [["families"]] * 200
    second = [["health"]] * 160 + [["families"]] * 40
    second += [["families"]] * 160 + [["health"]] * 40
    found = agreement(first, second).percent
    assert found.value == 0.8
    assert found.high - found.low == pytest.approx(2 * 0.0392, abs=0.012)


def test_each_theme_alone_is_it_or_any_other():
    first = [["health"], ["health"], ["families"], ["education"]]
    second = [["health"], ["families"], ["families"], ["families"]]
    found = agreement_by_code(first, second, ["health", "families"])
    assert found["health"].same == 3
    assert found["families"].same == 2
    is_health = [code[0] == "health" for code in first], [code[0] == "health" for code in second]
    assert found["health"].kappa.value == pytest.approx(cohen_kappa_score(*is_health))


def test_only_the_main_theme_counts_for_kappa():
    assert agreement([["health", "families"]], [["health"]]).same == 1
    assert agreement([["health", "families"]], [["families", "health"]]).same == 0


def test_fewer_than_thirty_ideas_are_few():
    assert agreement([["health"]] * 29, [["health"]] * 29).is_small
    assert not agreement([["health"]] * 30, [["health"]] * 30).is_small


def test_five_hundred_ideas_are_reckoned_while_one_waits_for_a_page():
    first, second = ([[code] for code in codes] for codes in by_chance(5, 500, 0.7))
    begun = time.process_time()
    agreement(first, second)
    agreement_by_code(first, second, CODES)
    assert time.process_time() - begun < 5
