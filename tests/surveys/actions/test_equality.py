"""The equality questions are counted, once, and lead to nobody."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from surveys.actions import begin_response, record_equality, save_answer, send_response
from surveys.actions.equality import monday_of
from surveys.equality import OFF_BY_DEFAULT, PREFER_NOT, QUESTION_SET, questions_for
from surveys.models import AboutYou, EqualityTally, ExtraEqualityQuestion
from tests import world

CHOICES = {"age": "25_to_34", "sex": "female", "condition": "no", "ethnic_group": "white"}


@pytest.fixture
def asks(survey):
    """The parents' survey asks the equality questions."""
    survey.asks_equality = True
    survey.save()
    return survey


@pytest.fixture
def sent(asks, now):
    return world.response(asks, "Friends", now)


def keys(response):
    return [one.key for one in questions_for(response)]


def counted():
    return {(row.question, row.choice): row.people for row in EqualityTally.objects.all()}


def young(consultation, now, age="", ages="11_to_25"):
    survey = world.survey(consultation, "young_person", f"young-{ages}-{age}", now)
    survey.asks_equality, survey.ages = True, ages
    survey.save()
    response = world.response(survey, "Friends", now)
    if age:
        AboutYou.objects.create(response=response, question="age", choice=age)
    return response


def test_each_choice_is_counted_for_the_survey_its_version_and_the_week(sent, now):
    assert record_equality(response=sent, choices=CHOICES, now=now)
    assert counted() == dict.fromkeys(CHOICES.items(), 1)
    row = EqualityTally.objects.first()
    assert (row.survey, row.survey_version) == (sent.survey, 1)
    assert (row.week, row.question_set) == (date(2026, 11, 16), QUESTION_SET)


def test_a_second_time_changes_nothing(sent, now):
    record_equality(response=sent, choices=CHOICES, now=now)
    assert not record_equality(response=sent, choices=CHOICES | {"sex": "male"}, now=now)
    assert counted() == dict.fromkeys(CHOICES.items(), 1)


def test_two_people_of_one_week_are_two(asks, now):
    for _ in range(2):
        record_equality(response=world.response(asks, "x", now), choices=CHOICES, now=now)
    assert set(counted().values()) == {2}


def test_the_week_begins_on_monday_in_london(now):
    """23:30 in UTC on a Sunday in summer is Monday in London."""
    assert monday_of(now) == date(2026, 11, 16)
    sunday = now.replace(month=6, day=28, hour=23, minute=59)
    assert monday_of(sunday) == date(2026, 6, 22)
    assert monday_of(sunday + timedelta(minutes=1)) == date(2026, 6, 29)


def test_skipping_counts_nothing_and_is_not_asked_again(sent, now):
    record_equality(response=sent, choices={}, now=now)
    sent.refresh_from_db()
    assert sent.asked_equality
    assert not EqualityTally.objects.exists()


def test_preferring_not_to_say_is_a_choice(sent, now):
    record_equality(response=sent, choices={"sex": PREFER_NOT}, now=now)
    assert counted() == {("sex", PREFER_NOT): 1}


def test_what_was_not_asked_or_not_offered_is_not_counted(sent, now):
    odd = {"religion": "none", "sex": "other", "nope": "yes", "age": "16_to_18", "condition": ""}
    record_equality(response=sent, choices=odd, now=now)
    assert not EqualityTally.objects.exists()


@pytest.mark.parametrize(("first", "counts"), [("yes", True), ("no", False), ("", False)])
def test_how_much_an_illness_matters_is_counted_only_after_a_yes(sent, now, first, counts):
    choices = {"condition": first, "condition_effect": "a_lot"}
    record_equality(response=sent, choices=choices, now=now)
    assert (("condition_effect", "a_lot") in counted()) is counts


def test_a_draft_is_not_asked(asks, now):
    draft, _ = begin_response(survey=asks, now=now)
    assert not record_equality(response=draft, choices=CHOICES, now=now)
    assert not EqualityTally.objects.exists()


def test_a_trial_is_asked_and_not_counted(asks, now):
    asks.pilot_key = "key"
    asks.save()
    before = asks.opens_at - timedelta(days=1)
    trial, _ = begin_response(survey=asks, now=before, pilot_key="key")
    question = asks.questions.first()
    save_answer(response=trial, question=question, text="x", seen=None, now=before)
    send_response(response=trial, may_quote=None, now=before)
    assert record_equality(response=trial, choices=CHOICES, now=before)
    assert not EqualityTally.objects.exists()


def test_nothing_of_a_tally_names_a_response(sent, now):
    record_equality(response=sent, choices=CHOICES, now=now)
    fields = {field.name for field in EqualityTally._meta.get_fields()}
    assert fields == {
        "id",
        "survey",
        "survey_version",
        "week",
        "question_set",
        "question",
        "choice",
        "people",
    }


def test_parents_and_practitioners_are_asked_four_things_and_a_fifth_after_a_yes(
    sent, consultation, now
):
    assert keys(sent) == ["age", "sex", "condition", "condition_effect", "ethnic_group"]
    survey = world.survey(consultation, "practitioner", "practitioners", now)
    survey.asks_equality = True
    survey.save()
    assert keys(world.response(survey, "x", now)) == keys(sent)


def test_what_is_off_by_default_is_asked_once_somebody_recorded_why(sent, asha, now):
    for one in OFF_BY_DEFAULT:
        ExtraEqualityQuestion.objects.create(
            survey=sent.survey, question=one.key, reason="The assessment needs it.", by=asha, at=now
        )
    assert keys(sent)[5:] == ["religion", "sexual_orientation", "gender_identity"]


@pytest.mark.parametrize("age", ["", "11_to_13", "14_to_15"])
def test_under_16_or_of_unknown_age_is_asked_three_things(consultation, asha, now, age):
    response = young(consultation, now, age)
    ExtraEqualityQuestion.objects.create(
        survey=response.survey, question="religion", reason="Why.", by=asha, at=now
    )
    assert keys(response) == ["age", "ethnic_group", "extra_help"]


@pytest.mark.parametrize("age", ["16_to_18", "19_to_25"])
def test_from_16_on_young_people_are_asked_what_adults_are(consultation, now, age):
    response = young(consultation, now, age)
    assert keys(response) == ["age", "sex", "condition", "condition_effect", "ethnic_group"]
    assert [key for key, _ in questions_for(response)[0].choices] == ["16_to_18", "19_to_25"]


def test_under_11_is_asked_nothing(consultation, now):
    assert keys(young(consultation, now, ages="under_11")) == []
    assert keys(young(consultation, now, "under_11")) == []


def test_a_survey_may_ask_nothing(survey, now):
    assert keys(world.response(survey, "x", now)) == []


def test_every_choice_fits_its_column(sent):
    longest = {
        name: EqualityTally._meta.get_field(name).max_length for name in ("question", "choice")
    }
    for one in [*questions_for(sent), *OFF_BY_DEFAULT]:
        assert len(one.key) <= longest["question"]
        assert all(len(key) <= longest["choice"] for key, _ in one.choices)
    assert len(QUESTION_SET) <= EqualityTally._meta.get_field("question_set").max_length


def test_nothing_about_the_rows_tells_which_were_chosen_together(asks, now):
    """Neither keys that follow each other, nor their order, show who was first or last."""
    before = set()
    for person in ({"sex": "female"}, CHOICES | {"sex": "male"}, CHOICES):
        record_equality(response=world.response(asks, "x", now), choices=person, now=now)
        keys = list(EqualityTally.objects.order_by("pk").values_list("pk", flat=True))
        assert not before & set(keys)
        assert all(later - key > 1_000 for key, later in pairwise(keys))
        before |= set(keys)
    expected = dict.fromkeys(CHOICES.items(), 2) | {("sex", "male"): 1}
    assert counted() == expected


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps who wrote a row")
def test_postgresql_knows_of_no_row_by_which_transaction_it_was_written(asks, now):
    for person in ({"sex": "female"}, CHOICES | {"sex": "male"}):
        record_equality(response=world.response(asks, "x", now), choices=person, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM surveys_equalitytally")
        assert len(cursor.fetchall()) == 1
        cursor.execute("SELECT question, choice FROM surveys_equalitytally ORDER BY ctid")
        assert cursor.fetchall() == sorted(counted())
