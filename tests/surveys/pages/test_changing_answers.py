"""While sent answers are being changed, the question pages edit the change and say so."""

import pytest
from django.utils import timezone

from surveys.actions import begin_change, forget_change, withdraw_response

NOTICE = "You are changing answers that you sent."


@pytest.fixture
def sender(parent):
    """Has sent an answer and begun to change it."""
    parent.answers(1, "As sent")
    parent.sends()
    begin_change(response=parent.response, now=timezone.now())
    return parent


@pytest.mark.parametrize("address", ["1/", "2/", "about-you/", "later/"])
def test_the_pages_say_what_counts(sender, address):
    assert NOTICE in sender.get(f"/s/parents/{address}").content.decode()


def test_the_question_shows_what_was_sent_and_changes_only_the_draft(sender):
    assert "As sent</textarea>" in sender.get("/s/parents/1/").content.decode()
    assert sender.answers(1, "Better").url == "/s/parents/2/"
    assert sender.stored(1) == "As sent"
    assert "Better</textarea>" in sender.get("/s/parents/1/").content.decode()


def test_the_code_goes_on_naming_what_was_sent(sender):
    code = sender.code
    sender.answers(1, "Better")
    assert sender.code == code
    assert sender.response.is_sent


def test_a_tab_from_before_the_change_overwrites_nothing_unseen(sender):
    page = sender.post("/s/parents/1/", text="From an old tab", seen="", of=sender.of)
    assert page.status_code == 409
    assert "As sent" in page.content.decode()
    assert "From an old tab</textarea>" in page.content.decode()


def test_words_typed_after_the_change_was_thrown_away_are_shown_back(sender):
    form = sender.get("/s/parents/1/").context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    forget_change(response=sender.response)
    page = sender.post("/s/parents/1/", text="Too late", **hidden)
    assert page.status_code == 409
    assert "Too late" in page.content.decode()
    assert sender.stored(1) == "As sent"
    assert sender.get("/s/parents/1/").url == "/s/parents/sent/"


def test_answers_taken_back_lead_to_the_receipt_and_words_are_shown_back(sender):
    of = sender.of
    withdraw_response(response=sender.response, now=timezone.now())
    for address in ("1/", "about-you/", "later/"):
        assert sender.get(f"/s/parents/{address}").url == "/s/parents/sent/"
    page = sender.post("/s/parents/1/", text="Too late", seen="", of=of)
    assert page.status_code == 409
    assert "Too late" in page.content.decode()
    assert "You took these answers back." in page.content.decode()


def test_after_taking_back_somebody_may_start_anew(sender):
    withdraw_response(response=sender.response, now=timezone.now())
    assert "See the receipt" not in sender.get("/s/parents/").content.decode()
    assert sender.begins().url == "/s/parents/1/"
    assert sender.response.state == "draft"


def test_the_start_page_offers_to_go_on_with_the_change(sender):
    words = sender.get("/s/parents/").content.decode()
    assert "Go on with these answers" in words
    assert "See the receipt" in words
