"""A sample is typed a second time by somebody else, who does not see the first."""

import pytest

from surveys.actions import (
    Received,
    agreement,
    check_entry,
    enter_response,
    settle_check,
    waiting,
)
from surveys.actions.checking import draw, sample
from surveys.models import EntryCheck
from surveys.models.response import new_reference
from surveys.refusals import BadText, NotAllowed
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def enter(survey, by, text="Friends", channel="paper", reference=""):
    received = Received(
        survey=survey,
        channel=channel,
        received_on=NOW.date(),
        texts={"what_matters": text, "how_know": "A party"},
    )
    return enter_response(received=received, by=by, now=NOW, reference=reference)


@pytest.fixture
def entered(survey, fran):
    """One paper that Fran typed: the sample of its survey."""
    return enter(survey, fran)


def check(response, by, **texts):
    return check_entry(response=response, texts=texts, by=by, now=NOW)


def test_one_in_ten_is_drawn_by_lot_and_always_the_same():
    references = [new_reference() for _ in range(2000)]
    drawn = sample(references)
    assert 120 < len(drawn) < 280
    assert drawn == sample(list(reversed(references)))
    assert drawn <= sample([*references, "BCDFGHJKMN"])


def test_there_is_at_least_one_until_one_was_checked():
    references = sorted((new_reference() for _ in range(200)), key=draw)
    few = [one for one in references if draw(one) % 10][:3]
    assert sample(few) == {few[0]}
    assert sample(few[:0] + few[:2], checked=[few[2]]) == {few[2]}
    assert sample([]) == set()


def test_each_survey_has_its_own_sample_and_nobody_waits_twice(entered, survey, fran, asha):
    other = world.survey(survey.consultation, "practitioner", "practitioners", NOW)
    second = enter(other, fran)
    assert set(waiting()) == {entered, second}
    check(entered, asha, what_matters="Friends", how_know="A party")
    assert set(waiting()) == {second}


def test_online_answers_and_phone_calls_are_not_in_the_sample(survey, fran):
    world.response(survey, "Online", NOW)
    enter(survey, fran, channel="phone")
    assert not waiting().exists()


def test_the_same_words_agree_whatever_their_spaces(entered, asha):
    made = check(entered, asha, what_matters=" Friends \r\n", how_know="A\n party")
    assert not made.differs
    assert (made.by, made.at, made.kept) == (asha, NOW, "")
    assert (agreement().checked, agreement().same, agreement().unsettled) == (1, 1, 0)
    with pytest.raises(NotAllowed, match="nothing to settle"):
        settle_check(check=made, keep="first", by=asha, now=NOW)


def test_whoever_typed_it_first_does_not_type_it_again(entered, fran):
    with pytest.raises(NotAllowed, match="Somebody else"):
        check(entered, fran, what_matters="Friends")
    assert not EntryCheck.objects.exists()


def test_it_is_typed_a_second_time_once(entered, asha, ben):
    check(entered, asha, what_matters="Friends")
    with pytest.raises(NotAllowed, match="already, on 22 November 2026"):
        check(entered, ben, what_matters="Friends")


def test_what_is_not_in_the_sample_is_not_checked(survey, asha, fran, ben):
    online = world.response(survey, "Online", NOW)
    with pytest.raises(NotAllowed, match="not in the sample"):
        check(online, asha, what_matters="Online")


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"what_matters": " "},
        {"what_matters": "x" * 2001},
        {"another": "?"},
        {"what_matters-choice": "yes"},
    ],
)
def test_a_second_typing_obeys_the_rules_of_the_first(entered, asha, texts):
    with pytest.raises(BadText):
        check(entered, asha, **texts)
    assert not EntryCheck.objects.exists()


def test_a_difference_waits_for_an_officer_who_may_keep_the_first(entered, asha, ben):
    before = list(entered.answers.values())
    made = check(entered, asha, what_matters="Friend", how_know="A party")
    assert made.differs
    assert agreement().unsettled == 1
    settle_check(check=made, keep="first", by=ben, now=NOW)
    made.refresh_from_db()
    assert (made.kept, made.settled_by, made.settled_at) == ("first", ben, NOW)
    assert list(entered.answers.values()) == before
    with pytest.raises(NotAllowed, match="already"):
        settle_check(check=made, keep="second", by=ben, now=NOW)


def test_the_second_is_put_as_new_rows_and_what_agrees_stays(entered, asha, ben):
    before = {one.question.construct: one.pk for one in entered.answers.all()}
    made = check(entered, asha, difference="Sleep", how_know="A  party")
    settle_check(check=made, keep="second", by=ben, now=NOW)
    after = {one.question.construct: one for one in entered.answers.all()}
    assert {key: one.text for key, one in after.items()} == {
        "difference": "Sleep",
        "how_know": "A party",
    }
    assert after["how_know"].pk == before["how_know"]
    assert after["difference"].pk not in before.values()
    assert after["difference"].wording is not None
    assert agreement().second == 1


def test_nobody_settles_with_a_word_of_their_own(entered, asha, ben):
    made = check(entered, asha, difference="Sleep")
    with pytest.raises(BadText):
        settle_check(check=made, keep="third", by=ben, now=NOW)
