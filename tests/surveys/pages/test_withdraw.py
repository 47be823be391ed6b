"""Taking back what was sent."""

import html

import pytest

from surveys.dates import moment_words
from surveys.models import Answer, Response


@pytest.fixture
def sent(parent):
    parent.answers(1, "My words")
    parent.sends()
    return parent


def shown(page) -> str:
    return html.unescape(page.content.decode())


def test_it_says_what_happens_before_it_happens(sent, survey):
    page = shown(sent.get("/s/parents/withdraw/"))
    assert "We delete your answers now. You cannot get them back." in page
    assert "What we have already published does not change." in page
    assert "equality questions" not in page
    assert survey.closes_words in page
    assert sent.stored(1) == "My words"


def test_it_says_what_stays_of_the_equality_questions(sent):
    Response.objects.update(asked_equality=True)
    assert "they stay in the count" in shown(sent.get("/s/parents/withdraw/"))


def test_taking_back_deletes_the_words_and_says_so(sent):
    assert sent.post("/s/parents/withdraw/").url == "/s/parents/withdrawn/"
    assert not Answer.objects.exists()
    page = shown(sent.get("/s/parents/withdrawn/"))
    assert "We have deleted your answers" in page
    assert moment_words(sent.response.withdrawn_at) in page
    assert "My words" not in page


def test_taking_back_twice_is_taking_back_once(sent):
    sent.post("/s/parents/withdraw/")
    first = sent.response.withdrawn_at
    assert sent.post("/s/parents/withdraw/").url == "/s/parents/sent/"
    assert sent.get("/s/parents/sent/").url == "/s/parents/withdrawn/"
    assert sent.response.withdrawn_at == first


@pytest.mark.parametrize(
    "page", ["sent", "check", "1", "later", "change", "withdraw", "equality", "what-happened"]
)
def test_every_page_of_it_leads_to_that(sent, page):
    sent.post("/s/parents/withdraw/")
    leads = sent.get(f"/s/parents/{page}/").url
    assert leads in ("/s/parents/withdrawn/", "/s/parents/sent/")
    assert sent.get("/s/parents/sent/").url == "/s/parents/withdrawn/"


def test_a_page_left_open_sends_nothing_again(sent):
    seen = sent.reads()
    sent.post("/s/parents/withdraw/")
    assert sent.post("/s/parents/check/", seen=seen).url == "/s/parents/sent/"
    assert not Answer.objects.exists()


def test_the_code_says_so_afterwards_and_new_answers_can_be_started(sent, stranger):
    sent.post("/s/parents/withdraw/")
    assert stranger.post("/return/", code=sent.code).url == "/s/parents/withdrawn/"
    page = shown(stranger.get("/s/parents/withdrawn/"))
    assert "You took them back at" in page
    assert "Start new answers" in page
    stranger.begins()
    assert stranger.code != sent.code
    assert Response.objects.filter(state="draft").count() == 1


def test_a_change_under_way_goes_too(sent):
    sent.post("/s/parents/change/")
    sent.post("/s/parents/withdraw/")
    assert Response.objects.count() == 1


def test_nothing_is_taken_back_after_closing(sent, closed):
    closed()
    assert sent.get("/s/parents/withdraw/").url == "/s/parents/sent/"
    page = sent.post("/s/parents/withdraw/")
    assert page.status_code == 403
    assert "We did not change anything" in shown(page)
    assert sent.response.reference in shown(page)
    assert sent.stored(1) == "My words"


def test_what_was_not_taken_back_is_not_said_to_be(sent):
    assert sent.get("/s/parents/withdrawn/").url == "/s/parents/sent/"
