"""What may be asked of whom: wide bands, all optional."""

import pytest

from surveys.about_you import (
    DEFAULTS,
    LONGEST,
    QUESTIONS,
    asked_of,
    asks_what_was_meant,
    asks_who_helped,
    described,
    keys_for,
)
from surveys.actions import begin_response, describe_respondent
from surveys.models import AboutYou


def keys(survey) -> list[str]:
    return [question.key for question in asked_of(survey)]


@pytest.mark.parametrize(
    ("audience", "asked"),
    [
        ("parent_carer", ["relationship", "phase"]),
        ("practitioner", ["sector", "level"]),
        ("young_person", ["age"]),
    ],
)
def test_each_audience_is_asked_little_by_default(survey, audience, asked):
    survey.audience = audience
    assert keys(survey) == asked


def test_a_survey_asks_what_it_names_in_the_order_of_the_list(survey):
    survey.about_questions = ["local_offer", "relationship"]
    assert keys(survey) == ["relationship", "local_offer"]


def test_what_does_not_suit_the_audience_is_not_asked(survey):
    survey.about_questions = ["relationship", "sector", "age", "made up"]
    assert keys(survey) == ["relationship"]


def test_children_under_11_are_not_asked_their_age(survey):
    survey.audience, survey.ages = "young_person", "under_11"
    assert keys(survey) == []
    survey.about_questions = ["age", "learning"]
    assert keys(survey) == ["learning"]


def test_the_place_is_asked_where_the_area_names_its_parts(survey):
    survey.about_questions = ["place"]
    assert keys(survey) == []
    survey.consultation.area.places = "The east\n\n  The west \nThe east\n" + "x" * 90
    places = [choice for choice, _ in asked_of(survey)[0].choices]
    assert places == ["The east", "The west", "x" * LONGEST]


def test_every_band_fits_its_column_and_every_default_exists():
    for question in QUESTIONS:
        assert len(question.key) <= AboutYou._meta.get_field("question").max_length
        assert all(len(choice) <= LONGEST for choice, _ in question.choices)
    for audience, asked in DEFAULTS.items():
        assert set(asked) <= set(keys_for(audience))


def test_families_are_asked_who_helped_and_only_the_young_what_was_meant(survey):
    asked = {}
    for audience in ("parent_carer", "practitioner", "young_person"):
        survey.audience = audience
        asked[audience] = asks_who_helped(survey), asks_what_was_meant(survey)
    assert asked == {
        "parent_carer": (True, False),
        "practitioner": (False, False),
        "young_person": (True, True),
    }


def test_what_was_said_is_read_back_in_words(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    described_now = describe_respondent(
        response=response,
        about={"phase": "primary", "relationship": "foster"},
        help="read",
        helper="friend",
        now=now,
    )
    assert [(str(text), str(words)) for text, words in described(described_now)] == [
        ("Who are you to the child or young person?", "Foster carer"),
        ("How old is your child or young person?", "At primary school age"),
        ("Did someone help you answer?", "Yes. They read it to me"),
        ("Who helped you?", "A friend"),
    ]
