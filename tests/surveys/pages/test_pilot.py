"""Trying a survey before it opens, by a link; what is written then is wiped at opening."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.models import Response
from tests import world
from tests.surveys.pages.conftest import Parent

LINK = "/s/parents/pilot/a-key-of-chance/"
BANNER = "This is a trial. What you write is deleted when the survey opens."


@pytest.fixture(params=[None, 5])
def survey(consultation, request):
    """Coming soon, or opening in five days."""
    made = world.survey(consultation, "parent_carer", "parents", timezone.now())
    day = timezone.localdate() + timedelta(days=request.param) if request.param else None
    made.opens_on = made.closes_on = day
    made.pilot_key = "a-key-of-chance"
    made.save()
    return made


@pytest.fixture
def trier(survey):
    made = Parent()
    made.post(LINK)
    return made


@pytest.fixture
def opened(survey):
    def open_now():
        survey.opens_on = survey.closes_on = timezone.localdate()
        survey.save()

    return open_now


def test_the_link_shows_the_survey_as_it_will_be_and_says_that_it_is_a_trial(stranger):
    words = stranger.get(LINK).content.decode()
    assert BANNER in words
    assert "Start now" in words
    assert "There are 3 questions." in words


def test_a_trial_goes_from_the_first_question_to_the_receipt(trier):
    assert trier.response.is_pilot
    assert "Please do not write names." in trier.get("/s/parents/1/").content.decode()
    for number in (1, 2, 3):
        assert BANNER in trier.get(f"/s/parents/{number}/").content.decode()
        assert trier.answers(number, "Words").status_code == 302
    for page in ("about-you", "later", "check"):
        assert BANNER in trier.get(f"/s/parents/{page}/").content.decode()
    trier.sends()
    assert trier.response.is_sent
    assert "trial" in trier.get("/s/parents/sent/").content.decode()
    assert not Response.objects.sent().exists()


@pytest.mark.parametrize("key", ["another", "a-key-of-chance2", "x" * 300, "é", "%00"])
def test_another_key_opens_nothing(stranger, survey, key):
    assert stranger.get(f"/s/parents/pilot/{key}/").status_code in (400, 404)
    assert stranger.post(f"/s/parents/pilot/{key}/").status_code in (400, 404)
    assert not Response.objects.exists()


def test_a_survey_without_a_key_has_no_pilot(stranger, survey):
    survey.pilot_key = ""
    survey.save()
    assert stranger.get(LINK).status_code == 404


def test_the_survey_itself_still_lets_nobody_in(trier, stranger):
    assert "Start now" not in stranger.get("/s/parents/").content.decode()
    assert stranger.post("/s/parents/").status_code == 403
    assert Response.objects.count() == 1


def test_once_open_the_link_says_so_and_leads_to_the_survey(stranger, opened):
    opened()
    for page in (stranger.get(LINK), stranger.post(LINK)):
        words = page.content.decode()
        assert "The trial is over" in words
        assert 'href="/s/parents/"' in words
    assert not Response.objects.exists()


def test_a_trial_that_was_not_finished_is_shown_and_not_taken(trier, opened):
    trier.answers(1, "Half a thought")
    opened()
    assert "Half a thought" in trier.get("/s/parents/1/").content.decode()
    page = trier.post("/s/parents/2/", text="Too late", seen="", of=trier.of)
    words = page.content.decode()
    assert page.status_code == 403
    assert "The trial is over" in words
    assert "Too late" in words
    assert trier.post("/s/parents/").url == "/s/parents/1/"
    assert not trier.response.is_pilot
