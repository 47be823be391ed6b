"""The receipt as a PDF: for whoever holds the code, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions import begin_response, save_answer, send_response, withdraw_response
from surveys.models import Answer, Picture, Question, QuestionWording
from surveys.printing import lines
from tests.papers import Paper
from tests.surveys.pages.conftest import where

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ADDRESS = "/s/parents/sent/receipt.pdf"
AWKWARD = (
    "A friend.\n\n<img src=file:///etc/passwd> <script>alert(1)</script> & “quotes”\n"
    "Zażółć gęślą jaźń 😀 ☕\nشكرا جزيلا\nתודה"
)


class Sender:
    """Somebody who has sent answers, and the browser that holds the code."""

    def __init__(self, survey, *, text="A friend.", may_quote=True, **begin):
        now = timezone.now()
        self.survey, self.client = survey, Client()
        self.response, self.code = begin_response(survey=survey, now=now, **begin)
        self.client.cookies["answers"] = self.code
        first = survey.questions.all()[0]
        wording = first.wording(self.response.wording_form)
        ticks = [one.pk for one in first.pictures.all()]
        save_answer(
            response=self.response,
            question=first,
            text=text,
            ticks=ticks,
            wording=wording,
            seen=None,
            now=now,
        )
        self.response = send_response(response=self.response, may_quote=may_quote, now=now)

    def gets(self):
        return self.client.get(ADDRESS)

    def reads(self) -> Paper:
        page = self.gets()
        assert page.status_code == 200
        return Paper(page.content)


def test_it_says_what_was_sent_and_how_to_come_back(survey):
    sender = Sender(survey)
    paper = sender.reads()
    for words in (
        sender.response.reference,
        sender.code,
        "http://testserver/return/",
        "What about what_matters? A friend.",
        "What about how_know? Not answered",
        survey.closes_words,
        "We may publish some of your words",
    ):
        assert words in paper.text, words


def test_it_is_tagged_titled_and_in_a_language(survey):
    sender = Sender(survey)
    paper = sender.reads()
    assert paper.says_that_it_can_be_read_aloud()
    assert paper.title == f"Your answers {sender.response.reference}"
    assert paper.language == "en-GB"
    assert paper.tags.count("/H1") == 1
    assert paper.tags.count("/H2") >= 4
    assert paper.tags.count("/H3") == survey.questions.count()
    assert {"/Document", "/P", "/Table", "/TH", "/TD", "/Figure"} <= set(paper.tags)
    assert paper.pictures == ["The way back to your answers"]


def test_it_is_kept_nowhere_and_its_name_is_the_reference_not_the_code(survey):
    sender = Sender(survey)
    page = sender.gets()
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"] == (
        f'attachment; filename="answers-{sender.response.reference}.pdf"'
    )
    assert "no-store" in page["Cache-Control"]
    assert sender.code not in str(page.headers)


def test_hostile_and_foreign_words_are_printed_as_words(survey):
    paper = Sender(survey, text=AWKWARD).reads()
    assert "<img src=file:///etc/passwd> <script>alert(1)</script> & “quotes”" in paper.text
    assert "Zażółć gęślą jaźń 😀 ☕" in paper.text
    assert "شكرا جزيلا"[:4] in paper.text or "شكرا جزيلا"[:4][::-1] in paper.text
    assert "root:" not in paper.text
    assert len(paper.pictures) == 1


@pytest.mark.parametrize(
    ("words", "way"),
    [("شكرا 123 hello", "rtl"), ("123 תודה", "rtl"), ("hello شكرا", "ltr"), ("😀 123", "ltr")],
)
def test_each_line_runs_as_its_first_letter_does(words, way):
    assert lines(f"One\n\n{words}\n") == [("One", "ltr"), (words, way)]


def test_a_very_long_answer_is_printed_whole(survey):
    words = [f"piece{number}" for number in range(220)]
    printed = Sender(survey, text=" ".join(words)[:2000]).reads().text.split()
    assert [word for word in printed if word.startswith("piece")] == words
    assert Sender(survey, text="ж" * 2000).reads().text.count("ж") == 2000


def test_each_question_stands_in_the_wording_that_was_answered(survey):
    first = survey.questions.all()[0]
    QuestionWording.objects.create(question=first, form="easy_read", text="What is important?")
    sender = Sender(survey, form="easy_read")
    QuestionWording.objects.create(
        question=first, form="easy_read", text="Corrected since.", version=2
    )
    text = sender.reads().text
    assert "What is important? A friend." in text
    assert "Corrected since." not in text
    assert "What about what_matters?" not in text


def test_pictures_and_a_verdict_are_printed(survey):
    first = survey.questions.all()[0]
    Picture.objects.create(question=first, drawing="home", label="Our house")
    right = Question.objects.create(survey=survey, order=9, construct="right", label="Right?")
    sender = Sender(survey)
    Answer.objects.create(response=sender.response, question=right, choice="nearly")
    paper = sender.reads()
    assert "Our house A friend." in paper.text
    assert "Right? Nearly" in paper.text
    assert len(paper.pictures) == 2
    assert all(paper.pictures)


def test_it_is_in_the_language_of_the_page(survey):
    sender = Sender(survey)
    sender.client.cookies["django_language"] = "pl"
    assert sender.reads().language == "pl"


def test_a_stranger_is_sent_away_to_type_a_code(survey):
    sender = Sender(survey)
    assert where(Client().get(ADDRESS)) == "/s/parents/sent/"
    for wrong in ("BCDF-GH23-K4MN", sender.response.reference, "", "\x7f", "B" * 5000):
        stranger = Client()
        stranger.cookies["answers"] = wrong
        assert where(stranger.get(ADDRESS)) == "/s/parents/sent/"


def test_a_draft_and_what_was_taken_back_have_no_receipt(survey):
    draft = Client()
    _response, draft.cookies["answers"] = begin_response(survey=survey, now=timezone.now())
    assert where(draft.get(ADDRESS)) == "/s/parents/sent/"
    sender = Sender(survey)
    withdraw_response(response=sender.response, now=timezone.now())
    assert where(sender.gets()) == "/s/parents/sent/"


def test_after_the_close_it_is_there_and_offers_no_change(survey):
    sender = Sender(survey)
    assert re.search("You can change your answers", sender.reads().text)
    survey.closes_on = timezone.localdate() - timedelta(days=2)
    survey.save()
    text = sender.reads().text
    assert "You can change your answers" not in text
    assert "A friend." in text


def test_it_cannot_be_posted_to(survey):
    assert Sender(survey).client.post(ADDRESS).status_code == 405
