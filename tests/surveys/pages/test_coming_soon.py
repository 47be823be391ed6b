"""A survey that is not open yet says when, and how to hear more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.dates import in_words
from surveys.models import SurveyWording


@pytest.fixture
def soon(survey):
    survey.opens_on = survey.closes_on = None
    survey.how_to_hear_more = "Ask the <forum>."
    survey.save()
    return survey


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def test_it_says_how_to_hear_more_once_and_leads_there(client, soon):
    words = shown(client.get("/s/parents/"))
    assert "Coming soon." in words
    assert words.count("Ask the &lt;forum&gt;.") == 1
    assert '<a class="govuk-link" href="/hear/">Ask us to tell you when it opens</a>' in words
    assert "Start now" not in words


def test_it_says_so_in_the_visitors_language(client, soon):
    SurveyWording.objects.create(survey=soon, language="pl", how_to_hear_more="Proszę pytać.")
    client.cookies["django_language"] = "pl"
    words = shown(client.get("/s/parents/"))
    assert "<span>Proszę pytać.</span>" in words
    assert "Ask the" not in words


def test_with_a_date_it_says_both(client, soon):
    day = timezone.localdate() + timedelta(days=3)
    soon.opens_on = soon.closes_on = day
    soon.save()
    words = shown(client.get("/s/parents/"))
    assert f"Opens on {in_words(day)}." in words
    assert "Ask the &lt;forum&gt;." in words
    assert 'href="/hear/"' in words


def test_an_open_survey_does_not_ask_to_be_told_when_it_opens(client, survey):
    assert "Ask us to tell you when it opens" not in shown(client.get("/s/parents/"))
