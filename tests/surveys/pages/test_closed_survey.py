"""A survey that is not open says so, and keeps what was typed on the page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions import extend_survey
from surveys.dates import closing_words, in_words, moment_words
from surveys.models import Answer, Response


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def test_words_typed_after_closing_are_shown_in_full(parent, closed):
    parent.answers(1, "Saved before")
    closed()
    page = parent.post("/s/parents/2/", text="Typed <too> late\n" * 50, seen="", of=parent.of)
    words = page.content.decode()
    assert page.status_code == 403
    assert words.count("Typed &lt;too&gt; late") == 50
    assert "Saved before" in words
    assert closing_words(timezone.localdate() - timedelta(days=2)) in words
    assert Answer.objects.count() == 1


def test_sending_after_closing_shows_the_draft(parent, closed):
    parent.answers(1, "Saved before")
    closed()
    page = parent.sends()
    assert page.status_code == 403
    assert "Saved before" in page.content.decode()
    assert not parent.response.is_sent


def test_looking_after_closing_shows_the_draft(parent, closed):
    parent.answers(1, "Saved before")
    closed()
    for address in ("/s/parents/1/", "/s/parents/check/"):
        page = parent.get(address)
        assert page.status_code == 403
        assert "Saved before" in page.content.decode()


def test_nobody_begins_after_closing_and_typed_words_are_shown(stranger, closed):
    closed()
    assert "Closed at 11:59pm on" in stranger.get("/s/parents/").content.decode()
    assert "Start now" not in stranger.get("/s/parents/").content.decode()
    assert stranger.begins().status_code == 403
    page = stranger.post("/s/parents/1/", text="My words", seen="")
    assert page.status_code == 403
    assert "My words" in page.content.decode()
    assert not Response.objects.exists()


def test_a_receipt_stays_after_closing(parent, closed):
    parent.answers(1, "Words")
    parent.sends()
    closed()
    assert parent.get("/s/parents/sent/").status_code == 200


def test_a_draft_may_go_on_in_the_grace_time(parent, survey):
    parent.answers(1, "Words")
    Response.objects.update(started_at=timezone.now() - timedelta(days=3))
    survey.closes_on = timezone.localdate() - timedelta(days=1)
    survey.grace_minutes = 24 * 60
    survey.save()
    assert parent.answers(2, "More").url == "/s/parents/3/"
    assert "Go on with these answers" in parent.get("/s/parents/").content.decode()
    assert parent.sends().url == "/s/parents/sent/"
    assert parent.response.in_grace


def test_in_the_grace_time_every_page_says_until_when(parent, survey):
    parent.answers(1, "Words")
    pages = ["", "2/", "about-you/", "later/", "check/"]
    sentence = "You began in time, so you can still send your answers."
    assert not any(sentence in shown(parent.get(f"/s/parents/{page}")) for page in pages)
    Response.objects.update(started_at=timezone.now() - timedelta(days=3))
    survey.closes_on = timezone.localdate() - timedelta(days=1)
    survey.grace_minutes = 24 * 60 + 30
    survey.save()
    until = f"Send them before {moment_words(survey.grace_ends_at)}."
    for page in pages:
        words = shown(parent.get(f"/s/parents/{page}"))
        assert sentence in words
        assert until in words
        assert "until the survey closes" not in words
        assert "before the survey closes" not in words
        assert "start new answers" not in words


@pytest.mark.parametrize("dated", [True, False])
def test_a_survey_that_has_not_opened_says_when(stranger, survey, dated):
    survey.how_to_hear_more = "Ask the forum."
    survey.opens_on = timezone.localdate() + timedelta(days=3) if dated else None
    survey.closes_on = survey.opens_on
    survey.save()
    words = stranger.get("/s/parents/").content.decode()
    assert (f"Opens on {in_words(survey.opens_on)}" if dated else "Ask the forum.") in words
    assert "Start now" not in words
    page = stranger.post("/s/parents/1/", text="Too early", seen="")
    assert page.status_code == 403
    assert "Too early" in page.content.decode()


def test_an_extension_is_shown_with_its_reason(stranger, survey, asha):
    before = survey.closes_on
    later = before + timedelta(days=7)
    extend_survey(
        survey=survey, closes_on=later, reason="Snow closed schools.", by=asha, now=timezone.now()
    )
    for address in ("/", "/s/parents/"):
        words = stranger.get(address).content.decode()
        assert closing_words(later) in words
        assert f"It was {in_words(before)}." in words
        assert "Snow closed schools." in words
