"""The questions on paper: there while the survey is open, in every wording there is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.models import Form, Picture, Question, QuestionWording
from surveys.qr import png
from tests import world
from tests.papers import Paper
from tests.surveys.pages.conftest import where

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ADDRESS = "/s/parents/paper.pdf"


@pytest.fixture
def read(client, survey):
    def read(query="", address=ADDRESS) -> Paper:
        page = client.get(address + query)
        assert page.status_code == 200
        assert page["Content-Type"] == "application/pdf"
        return Paper(page.content)

    return read


@pytest.fixture
def worded(survey):
    """Every question in every form, and in Polish."""
    for question in survey.questions.all():
        for form in (Form.EASY_READ, Form.UNDER_11):
            words = f"{form} {question.construct}"
            QuestionWording.objects.create(question=question, form=form, text=words)
        QuestionWording.objects.create(
            question=question, language="pl", text=f"Żółć {question.construct}"
        )
    return survey


def test_the_standard_form_has_all_that_a_person_needs(read, survey):
    area = survey.consultation.area
    area.contact_post, area.contact_email = "1 Example Street\nAnytown", "us@example.org"
    area.save()
    paper = read()
    for words in (
        survey.title,
        survey.closes_words,
        survey.safety_text,
        "Do not write your name.",
        "1. What about what_matters?",
        "3. What about how_know?",
        "Who are you to the child or young person?",
        "Foster carer",
        "Did someone help you answer?",
        "May we publish some of your words?",
        "1 Example Street Anytown",
        "us@example.org",
        area.contact_phone,
        "testserver/s/parents",
        "Number on this paper:",
        "Received on:",
    ):
        assert words in paper.text, words


def test_it_is_tagged_titled_and_in_a_language(read):
    paper = read()
    assert paper.says_that_it_can_be_read_aloud()
    assert paper.title == "Survey for parent_carer: paper form"
    assert paper.language == "en-GB"
    assert paper.tags.count("/H1") == 1
    assert {"/H2", "/H3", "/L", "/LI", "/P"} <= set(paper.tags)
    assert all(paper.pictures)


@pytest.mark.parametrize("form", [Form.EASY_READ, Form.UNDER_11])
def test_the_easy_forms_have_pictures_to_tick(read, worded, form):
    first = worded.questions.all()[0]
    Picture.objects.create(question=first, drawing="home", label="Our house")
    Picture.objects.create(question=first, image=png("x"), label="A garden")
    paper = read(f"?form={form}")
    assert f"1. {form} what_matters" in paper.text
    assert "Our house" in paper.text
    assert {"Picture: Our house", "Picture: A garden"} <= set(paper.pictures)
    assert "Picture: Our house" not in read("?form=standard").pictures


def test_a_picture_that_cannot_be_drawn_leaves_its_word(read, worded):
    first = worded.questions.all()[0]
    Picture.objects.create(question=first, image=b"no picture at all", label="A garden")
    Picture.objects.create(question=first, drawing="nothing-like-it", label="A pond")
    text = read("?form=easy_read").text
    assert "A garden" in text
    assert "A pond" in text


def test_it_comes_in_each_language_there_is(read, worded):
    paper = read("?language=pl")
    assert "1. Żółć what_matters" in paper.text
    assert paper.language == "pl"


@pytest.mark.parametrize(
    "query", ["?form=nonsense", "?language=xx", "?form=%F0%9F%98%80&language=../../etc", "?form="]
)
def test_what_there_is_not_gives_the_nearest(read, worded, query):
    assert "1. What about what_matters?" in read(query).text


def test_a_language_of_the_questions_alone_keeps_our_own_words_english(read, survey):
    for question in survey.questions.all():
        QuestionWording.objects.create(question=question, language="so", text="Su'aal")
    paper = read("?language=so")
    assert "1. Su'aal" in paper.text
    assert "Before you start" in paper.text
    assert paper.language == "en-GB"


def test_the_second_round_has_boxes_for_the_verdict(read, survey):
    right = Question.objects.create(
        survey=survey, order=9, construct="right", label="Right?", background="You told us so."
    )
    QuestionWording.objects.create(question=right, text="I have a friend.")
    text = read().text
    for words in ("4. I have a friend.", "You told us so.", "Nearly", "Not sure"):
        assert words in text


def test_young_people_s_helpers_have_their_own_box(client, consultation, survey):
    world.survey(consultation, "young_person", "young", timezone.now())
    young = Paper(client.get("/s/young/paper.pdf").content).text
    parents = Paper(client.get(ADDRESS).content).text
    assert "For the person who helped" in young
    assert "For the person who helped" not in parents


def test_practitioners_are_not_asked_who_helped(client, consultation, survey):
    world.survey(consultation, "practitioner", "work", timezone.now())
    text = Paper(client.get("/s/work/paper.pdf").content).text
    assert "Did someone help you answer?" not in text
    assert "Where do you work?" in text


def test_hostile_words_stay_words(read, survey):
    survey.safety_text = "<script>x</script><img src=http://example.org/x.png>"
    survey.save()
    paper = read()
    assert "<script>x</script><img src=http://example.org/x.png>" in paper.text
    assert len(paper.pictures) == 1


def test_it_is_there_only_while_the_survey_is_open(client, survey):
    today = timezone.localdate()
    survey.opens_on, survey.closes_on = today + timedelta(days=1), today + timedelta(days=9)
    survey.save()
    assert where(client.get(ADDRESS)) == "/s/parents/"
    survey.opens_on, survey.closes_on = today - timedelta(days=9), today - timedelta(days=1)
    survey.save()
    assert where(client.get(ADDRESS)) == "/s/parents/"
    survey.opens_on = survey.closes_on = None
    survey.save()
    assert where(client.get(ADDRESS)) == "/s/parents/"


def test_a_survey_without_questions_has_no_paper_form(client, survey):
    survey.questions.all().delete()
    assert where(client.get(ADDRESS)) == "/s/parents/"


def test_a_survey_of_a_hidden_consultation_has_none(client, survey):
    survey.consultation.published_at = survey.consultation.published_by = None
    survey.consultation.save()
    assert client.get(ADDRESS).status_code == 404


def test_it_sets_no_cookie(client, survey):
    assert not client.get(ADDRESS).cookies


def test_a_new_closing_date_is_on_the_next_paper(read, survey):
    before = survey.closes_words
    assert before in read().text
    survey.closes_on += timedelta(days=7)
    survey.save()
    assert before not in read().text
    assert survey.closes_words in read().text
