"""What the equality questions found, for officers and publishers once a survey has closed."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from surveys.actions import equality_counts
from surveys.actions.equality_counts import Choices
from surveys.equality import PREFER_NOT, QUESTION_SET
from surveys.models import EqualityTally
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
CLOSED = date(2026, 11, 20)


@pytest.fixture
def closed(consultation):
    made = world.survey(consultation, "parent_carer", "parents", NOW, closes_on=CLOSED)
    made.asks_equality = True
    made.save()
    return made


def tally(survey, question, choice, people, *, week=date(2026, 11, 16), version=1):
    EqualityTally.objects.create(
        survey=survey,
        survey_version=version,
        week=week,
        question_set=QUESTION_SET,
        question=question,
        choice=choice,
        people=people,
    )


def counted(survey, question) -> Choices:
    found = equality_counts(survey=survey, now=NOW)
    return next(one for one in found if str(one.text) == question)


def numbers(one: Choices) -> list[str]:
    return [people for _, people in one.lines] + [one.total]


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_weeks_and_versions_are_added_together(closed):
    tally(closed, "sex", "female", 15)
    tally(closed, "sex", "female", 6, week=date(2026, 11, 9))
    tally(closed, "sex", "female", 4, version=2)
    tally(closed, "sex", "male", 12)
    assert numbers(counted(closed, "What is your sex?")) == ["25", "12", "0", "37"]


def test_fewer_than_10_are_not_told_and_cannot_be_worked_out(closed):
    tally(closed, "sex", "female", 30)
    tally(closed, "sex", "male", 20)
    tally(closed, "sex", PREFER_NOT, 9)
    shown = numbers(counted(closed, "What is your sex?"))
    assert shown == ["30", "not shown", "fewer than 10", "59"]


def test_a_question_that_follows_a_hidden_choice_does_not_tell_it(closed):
    question = (
        "Do any of your conditions or illnesses reduce your ability to carry out day to day "
        "activities?"
    )
    tally(closed, "condition", "yes", 20)
    tally(closed, "condition", "no", 3)
    tally(closed, "condition_effect", "a_lot", 20)
    assert set(numbers(counted(closed, question))) == {"not shown"}


def test_nothing_is_shown_while_somebody_may_still_send(visit, asha, survey):
    """Two looks at a count that grows would tell what the person between them chose."""
    survey.asks_equality = True
    survey.save()
    tally(survey, "sex", "female", 30)
    page = words(visit(asha, "surveys_survey_equality", survey.pk))
    assert "once the survey has closed, which is at 11:59pm on Saturday 5 December 2026" in page
    assert "What is your sex?" not in page
    last = survey.grace_ends_at - timedelta(seconds=1)
    assert not equality_counts(survey=survey, now=last)
    assert equality_counts(survey=survey, now=survey.grace_ends_at)


def test_officers_and_publishers_read_it_and_nobody_else(visit, asha, ben, fran, gwen, dev, closed):
    tally(closed, "sex", "female", 30)
    for person in (asha, ben, world.person("pat", "Publisher")):
        page = words(visit(person, "surveys_survey_equality", closed.pk))
        assert "Female 30" in page
        assert "Equality answers" in words(visit(person, "surveys_survey_change", closed.pk))
    for person in (fran, gwen, dev):
        assert visit(person, "surveys_survey_equality", closed.pk).status_code == 403
    assert "Equality answers" not in words(visit(gwen, "surveys_survey_change", closed.pk))


def test_a_survey_that_asks_none_says_so(visit, asha, closed):
    closed.ages, closed.audience = "under_11", "young_person"
    closed.save()
    page = words(visit(asha, "surveys_survey_equality", closed.pk))
    assert "does not ask the equality questions" in page
    assert "Equality answers" not in words(visit(asha, "surveys_survey_change", closed.pk))


def test_young_people_are_counted_in_all_that_their_ages_are_asked(closed):
    closed.audience, closed.ages = "young_person", "11_to_25"
    closed.save()
    for choice in ("11_to_13", "19_to_25"):
        tally(closed, "age", choice, 12)
    tally(closed, "extra_help", "yes", 11)
    assert numbers(counted(closed, "How old are you?")) == ["12", "0", "0", "12", "0", "24"]
    assert numbers(counted(closed, "Do you get extra help?"))[0] == "11"
