"""However much there is to show, a page asks the database as often as before."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from surveys.models import (
    Answer,
    DeadlineChange,
    Document,
    Picture,
    Question,
    QuestionWording,
    SurveyWording,
    Tick,
    TimelineEvent,
)
from tests import world

pytestmark = pytest.mark.django_db
MOST = 40
LANGUAGES = ["en", "pl", "cy", "ur", "ar", "ro", "uk"]


@pytest.fixture
def parent(parent):
    """Reads easy read, which shows the most; said something of everything."""
    draft = parent.response
    draft.wording_form = "easy_read"
    draft.save()
    parent.answers(1, "Being heard.")
    return parent


@pytest.fixture
def more(survey, asha, parent):
    """Adds to all that pages of a survey draw from, also what others said. Twice is more still."""
    numbers = count(1)

    def add(times: int):
        number = next(numbers)
        for question in survey.questions.all():
            for language in LANGUAGES[(number - 1) * times : number * times]:
                QuestionWording.objects.create(
                    question=question, form="easy_read", language=language, text="Easy?"
                )
            for at in range(times):
                label = f"Home {number}.{at}"
                picture = Picture.objects.create(question=question, drawing="home", label=label)
                Tick.objects.create(response=parent.response, picture=picture)
        for language in LANGUAGES[(number - 1) * times : number * times]:
            SurveyWording.objects.create(
                survey=survey, form="easy_read", language=language, title="Easy"
            )
        for at in range(times):
            change(survey, asha)
            world.response(survey, f"Said by others, {number}.{at}", timezone.now())

    return add


def change(survey, by):
    day = survey.closes_on
    DeadlineChange.objects.create(
        survey=survey,
        closed_on_before=day,
        closes_on_now=day + timedelta(days=1),
        reason="More time.",
        by=by,
        at=timezone.now(),
    )


def asked_as_often(get, more, few, at_most):
    """The same page before and after there is more to show."""
    more(1)
    assert get().status_code == 200  # what a process keeps is read once
    with few(MOST) as before:
        get()
    more(3)
    with at_most(len(before)):
        assert get().status_code == 200


@pytest.mark.parametrize("page", ["", "1/", "2/", "about-you/", "later/", "check/", "leave/"])
def test_the_pages_of_a_draft(parent, more, page, django_assert_max_num_queries):
    limit = django_assert_max_num_queries
    asked_as_often(lambda: parent.get(f"/s/parents/{page}"), more, limit, limit)


@pytest.mark.parametrize("page", ["sent/", "withdraw/"])
def test_the_pages_of_what_was_sent(parent, more, page, django_assert_max_num_queries):
    parent.sends()
    limit = django_assert_max_num_queries
    asked_as_often(lambda: parent.get(f"/s/parents/{page}"), more, limit, limit)


def test_the_page_of_a_change(parent, more, django_assert_max_num_queries):
    parent.sends()
    parent.post("/s/parents/change/")
    limit = django_assert_max_num_queries
    asked_as_often(lambda: parent.get("/s/parents/change/"), more, limit, limit)


def test_the_words_of_a_closed_survey(parent, more, closed, django_assert_max_num_queries):
    limit = django_assert_max_num_queries
    more(1)
    closed_page = lambda: parent.get("/s/parents/1/")  # noqa: E731
    closed()
    with limit(MOST) as before:
        assert closed_page().status_code == 403
    for order in range(4, 9):
        question = Question.objects.create(
            survey=parent.response.survey, order=order, construct="right", label=f"Said {order}"
        )
        Answer.objects.create(response=parent.response, question=question, text="More words.")
    with limit(len(before)):
        assert "More words." in closed_page().content.decode()


def test_the_first_page(client, consultation, survey, asha, django_assert_max_num_queries):
    numbers = count(1)

    def more(times: int):
        for _ in range(times):
            number = next(numbers)
            made = world.survey(consultation, "young_person", f"young-{number}", timezone.now())
            change(made, asha)
            SurveyWording.objects.create(survey=made, language="pl", title="Po polsku")
            TimelineEvent.objects.create(
                consultation=consultation, survey=made, section="next", title=f"Then {number}"
            )
            Document.objects.create(consultation=consultation, title=f"Read {number}")

    limit = django_assert_max_num_queries
    asked_as_often(lambda: client.get("/"), more, limit, limit)
