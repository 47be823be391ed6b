"""All that was said, once more, before it is sent."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.models import AboutYou, Answer, Picture, Question, QuestionWording, Response, Tick


@pytest.fixture
def page(parent):
    """What the check page says."""

    def read():
        return html.unescape(parent.get("/s/parents/check/").content.decode())

    return read


def test_it_says_until_when_answers_can_be_changed(parent, survey, page):
    parent.answers(1, "Words")
    assert f"until the survey closes at {survey.closes_words}." in page()
    assert "You cannot change your answers" not in page()


def test_pictures_choices_and_what_people_said_of_themselves_are_shown(parent, survey, page):
    first, second, _ = survey.questions.all()
    picture = Picture.objects.create(question=first, label="Home", drawing="home")
    Tick.objects.create(response=parent.response, picture=picture)
    Question.objects.filter(pk=second.pk).update(construct=Question.Construct.RIGHT)
    Answer.objects.create(response=parent.response, question=second, choice="nearly")
    AboutYou.objects.create(response=parent.response, question="relationship", choice="foster")
    Response.objects.update(help="read", helper="family")
    shown = page()
    assert "Picture: <span>Home</span>" in shown
    assert "<strong>Nearly</strong>" in shown
    assert "Foster carer" in shown
    assert "Yes. They read it to me" in shown
    assert "/s/parents/about-you/?change=1" in shown


def test_each_answer_stands_under_the_words_that_were_read(parent, survey, page):
    question = survey.questions.first()
    easy = QuestionWording.objects.create(question=question, form="easy_read", text="What is good?")
    Answer.objects.create(response=parent.response, question=question, text="Rest", wording=easy)
    assert "What is good?</dt>" in page()
    assert "What about what_matters?" not in page()


def test_what_changed_in_another_tab_is_shown_with_the_choice_made_here(parent):
    parent.answers(1, "As read")
    seen = parent.reads()
    parent.answers(1, "Changed since")
    page = parent.post("/s/parents/check/", seen=seen, may_quote="yes")
    assert page.status_code == 409
    assert page.context["form"]["may_quote"].value() == "yes"


def test_sent_faster_than_anybody_answers_is_kept_and_may_be_sent_again(parent, settings):
    settings.SECONDS_TO_ANSWER = 60
    parent.answers(1, "Words")
    page = parent.sends(may_quote="yes")
    assert page.status_code == 429
    assert "That was very quick. Your answers are saved." in page.content.decode()
    assert page.context["form"]["may_quote"].value() == "yes"
    assert parent.stored(1) == "Words"
    Response.objects.update(started_at=timezone.now() - timedelta(minutes=2))
    assert parent.sends().url == "/s/parents/sent/"


def test_a_survey_of_more_questions_says_how_many(parent, survey):
    Question.objects.create(survey=survey, order=4, construct="right", label="Question 4")
    page = parent.sends()
    assert page.status_code == 422
    assert "Answer at least one of the 4 questions." in page.content.decode()


def test_back_leads_to_the_page_before(parent, page):
    assert 'class="govuk-back-link" href="/s/parents/about-you/"' in page()


def test_the_number_of_queries_does_not_grow_with_the_questions(
    parent, survey, django_assert_max_num_queries
):
    parent.answers(1, "Words")
    with django_assert_max_num_queries(40) as few:
        parent.get("/s/parents/check/")
    for order in range(4, 12):
        more = Question.objects.create(survey=survey, order=order, construct="right", label="More")
        Answer.objects.create(response=parent.response, question=more, text="x", choice="yes")
    with django_assert_max_num_queries(len(few)):
        parent.get("/s/parents/check/")
