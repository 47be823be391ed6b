"""Changing what was sent, until the survey closes."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.models import Response


@pytest.fixture
def sent(parent):
    parent.answers(1, "My words")
    parent.sends(may_quote="yes")
    return parent


def shown(page) -> str:
    return html.unescape(page.content.decode())


def changes(person, text: str) -> None:
    """Begins to change, and says something else to the first question."""
    assert person.post("/s/parents/change/").url == "/s/parents/check/"
    form = person.get("/s/parents/1/?change=1").context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    person.post("/s/parents/1/?change=1", text=text, **hidden)


def test_a_change_is_checked_sent_and_acknowledged(sent):
    reference = sent.response.reference
    changes(sent, "Other words")
    page = shown(sent.get("/s/parents/check/"))
    assert "Check your changes before sending them" in page
    assert "Other words" in page
    assert sent.stored(1) == "My words"
    assert sent.sends(may_quote="no").url == "/s/parents/sent/?changed=1"
    receipt = shown(sent.get("/s/parents/sent/?changed=1"))
    assert "Thank you. We have your changed answers" in receipt
    assert "Other words" in receipt
    assert reference in receipt
    assert sent.response.may_quote is False
    assert Response.objects.count() == 1


def test_the_earlier_choice_about_publishing_is_shown_again(sent):
    sent.post("/s/parents/change/")
    assert sent.get("/s/parents/check/").context["form"]["may_quote"].value() == "yes"


def test_sending_a_change_twice_gives_the_receipt_again(sent):
    changes(sent, "Other words")
    seen = sent.reads()
    assert sent.post("/s/parents/check/", seen=seen).url == "/s/parents/sent/?changed=1"
    assert sent.post("/s/parents/check/", seen=seen).url == "/s/parents/sent/"
    assert sent.stored(1) == "Other words"


def test_what_was_sent_can_be_kept(sent):
    changes(sent, "Other words")
    assert sent.post("/s/parents/change/", go="keep").url == "/s/parents/sent/"
    assert sent.stored(1) == "My words"
    assert Response.objects.count() == 1
    assert sent.post("/s/parents/change/", go="keep").url == "/s/parents/sent/"


def test_keeping_what_was_sent_from_the_check_page(sent):
    changes(sent, "Other words")
    assert 'formaction="/s/parents/change/"' in shown(sent.get("/s/parents/check/"))


def test_the_code_leads_to_a_change_under_way_with_a_choice(sent, stranger):
    changes(sent, "Other words")
    assert stranger.post("/return/", code=sent.code).url == "/s/parents/change/"
    page = shown(stranger.get("/s/parents/change/"))
    assert "You began to change your answers" in page
    assert "Go on with my changes" in page
    assert "Keep what I sent" in page
    assert "Other words" in page
    assert stranger.post("/s/parents/change/", go="on").url == "/s/parents/check/"
    assert "Other words" in shown(stranger.get("/s/parents/check/"))


def test_the_receipt_says_that_a_change_is_under_way(sent):
    changes(sent, "Other words")
    page = shown(sent.get("/s/parents/sent/"))
    assert "have not sent the changes" in page
    assert "My words" in page
    assert "Other words" not in page


def test_nothing_to_change_leads_to_the_receipt(sent):
    assert sent.get("/s/parents/change/").url == "/s/parents/sent/"


def test_a_draft_has_nothing_to_change_or_to_take_back(parent):
    for page in ("change", "withdraw", "withdrawn", "equality", "keep-words"):
        assert parent.post(f"/s/parents/{page}/").url == "/s/parents/sent/"
    assert parent.get("/s/parents/sent/").url == "/s/parents/check/"
    assert parent.response.state == "draft"


def test_a_change_that_comes_too_late_is_shown_back_and_the_earlier_answers_count(sent, closed):
    changes(sent, "Other words")
    seen = sent.reads()
    closed()
    page = sent.post("/s/parents/check/", seen=seen, may_quote="yes")
    assert page.status_code == 403
    assert "Your changes were not sent" in shown(page)
    assert "What you sent before still counts." in shown(page)
    assert "Other words" in shown(page)
    assert sent.stored(1) == "My words"


def test_coming_back_after_closing_shows_the_changes_that_were_not_sent(sent, stranger, closed):
    changes(sent, "Other words")
    closed()
    assert stranger.post("/return/", code=sent.code).url == "/s/parents/change/"
    assert "Other words" in shown(stranger.get("/s/parents/change/"))
    receipt = shown(stranger.get("/s/parents/sent/"))
    assert "The survey closed before you sent the changes." in receipt
    assert "My words" in receipt
    page = stranger.post("/s/parents/change/", go="on")
    assert page.status_code == 403
    assert "This survey closed at" in shown(page)


def test_words_typed_into_a_change_after_closing_are_shown_back(sent, closed):
    changes(sent, "Other words")
    form = sent.get("/s/parents/2/").context["form"]
    hidden = {name: form[name].value() or "" for name in ("seen", "of")}
    closed()
    page = sent.post("/s/parents/2/", text="Typed <too> late", **hidden)
    assert page.status_code in (403, 409)
    assert "Typed <too> late" in shown(page)
    assert sent.stored(2) == ""


def test_nobody_begins_to_change_after_closing(sent, closed):
    closed()
    page = sent.post("/s/parents/change/")
    assert page.status_code == 403
    assert "This survey closed at" in shown(page)
    assert sent.response.reference in shown(page)
    assert Response.objects.count() == 1


def test_a_change_begun_before_closing_may_be_sent_in_the_grace_time(sent, survey):
    changes(sent, "Other words")
    Response.objects.filter(state="draft").update(started_at=timezone.now() - timedelta(days=3))
    survey.closes_on = timezone.localdate() - timedelta(days=1)
    survey.grace_minutes = 24 * 60
    survey.save()
    assert sent.sends().url == "/s/parents/sent/?changed=1"
    assert sent.stored(1) == "Other words"
    assert sent.response.in_grace


def test_another_persons_check_page_is_not_taken_for_a_change(sent, stranger):
    stranger.begins()
    stranger.answers(1, "Theirs")
    seen = stranger.reads()
    stranger.client.cookies["answers"] = sent.code
    changes(sent, "Other words")
    assert stranger.post("/s/parents/check/", seen=seen).status_code == 409
    assert sent.stored(1) == "My words"
