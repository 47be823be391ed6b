"""Sending twice, from a double click, two tabs or a replay: one response, the same receipt."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from surveys.models import Answer, Response
from tests.surveys.pages.conftest import Parent


def test_sending_twice_gives_the_same_receipt(parent):
    parent.answers(1, "Words")
    assert parent.sends(may_quote="yes").url == "/s/parents/sent/"
    first = parent.response
    assert parent.sends(may_quote="no").url == "/s/parents/sent/"
    assert parent.response.sent_at == first.sent_at
    assert parent.response.may_quote is True
    assert Response.objects.count() == 1


def test_an_empty_response_is_not_sent(parent):
    page = parent.sends()
    assert page.status_code == 422
    assert "Answer at least one of the 3 questions." in page.content.decode()
    assert not parent.response.is_sent


def test_a_tampered_choice_is_refused_and_nothing_sent(parent):
    parent.answers(1, "Words")
    page = parent.sends(may_quote="maybe")
    assert page.status_code == 422
    assert "Choose yes or no" in page.content.decode()
    assert not parent.response.is_sent


def test_going_back_after_sending_leads_to_the_receipt(parent):
    parent.answers(1, "Words")
    parent.sends()
    for address in ("/s/parents/1/", "/s/parents/check/", "/s/parents/later/"):
        assert parent.get(address).url == "/s/parents/sent/"


def test_changing_after_sending_changes_nothing_and_shows_the_words(parent):
    parent.answers(1, "Words")
    parent.sends()
    page = parent.post("/s/parents/1/", text="An <afterthought>", seen="", of=parent.of)
    words = page.content.decode()
    assert page.status_code == 409
    assert "already sent" in words
    assert "An &lt;afterthought&gt;" in words
    assert 'href="/s/parents/sent/"' in words
    assert parent.stored(1) == "Words"


@pytest.mark.django_db(transaction=True)
def test_eight_sends_at_once_make_one_response(survey):
    parent = Parent()
    parent.begins()
    parent.answers(1, "Words")
    code, seen = parent.code, parent.reads()

    def send(_):
        tab = Parent()
        tab.client.cookies["answers"] = code
        try:
            return tab.post("/s/parents/check/", seen=seen).url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tabs:
        assert set(tabs.map(send, range(8))) == {"/s/parents/sent/"}
    assert Response.objects.sent().count() == 1
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_saves_at_once_keep_one_answer_and_lose_no_words(survey):
    parent = Parent()
    parent.begins()
    code, of = parent.code, parent.of

    def save(number):
        tab = Parent()
        tab.client.cookies["answers"] = code
        try:
            page = tab.post("/s/parents/1/", text=f"Words {number}", seen="", of=of)
            return page.status_code, f"Words {number}" in page.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tabs:
        results = list(tabs.map(save, range(8)))
    assert Answer.objects.count() == 1
    assert results.count((302, False)) == 1
    assert results.count((409, True)) == 7
