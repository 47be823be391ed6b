"""axe on every page that says no, or not yet, and on the children's survey."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys.limits import LIMITS, held_back
from surveys.models import Response, Survey
from tests import world
from tests.chromium import assert_accessible


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def answers(page, live_server):
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    page.get_by_role("textbox").fill("Friends")
    press(page, "Continue")
    page.wait_for_url("**/2/")
    page.goto(f"{live_server.url}/s/parents/check/")


def sends(page, live_server):
    answers(page, live_server)
    press(page, "Send")
    page.wait_for_url("**/sent/")


def closes(survey):
    Response.objects.filter(state="draft").update(started_at=timezone.now() - timedelta(days=5))
    survey.closes_on = timezone.localdate() - timedelta(days=2)
    survey.save()


def crowd(rf, what):
    for _ in range(LIMITS[what].most):
        held_back(rf.get("/"), what)


def test_taking_back_too_late(page, live_server, survey):
    sends(page, live_server)
    page.get_by_role("link", name="Take back my answers").click()
    closes(survey)
    press(page, "Delete my answers")
    heading(page, "We did not change anything")
    assert_accessible(page)


def test_sending_a_change_too_late(page, live_server, survey):
    sends(page, live_server)
    press(page, "Change my answers")
    page.get_by_role("link", name="Change question 1").click()
    page.get_by_role("textbox").fill("Friends and rest")
    press(page, "Continue")
    page.wait_for_url("**/check/")
    closes(survey)
    press(page, "Send my changes")
    heading(page, "Your changes were not sent")
    assert_accessible(page)


def test_a_form_without_its_token(page, live_server, survey):
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    page.get_by_role("textbox").fill("My words")
    page.context.clear_cookies()
    press(page, "Continue")
    heading(page, "We could not take this form")
    expect(page.locator("main")).to_contain_text("My words")
    assert_accessible(page)


def test_sending_as_fast_as_a_program(page, live_server, survey):
    answers(page, live_server)
    Response.objects.update(started_at=timezone.now() + timedelta(hours=1))
    press(page, "Send")
    expect(page.locator(".govuk-error-summary")).to_contain_text("That was very quick")
    assert_accessible(page)


def test_starting_where_there_is_a_crowd(page, live_server, survey, rf):
    crowd(rf, "begin")
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    expect(page.locator("main")).to_contain_text("Wait a minute")
    assert_accessible(page)


def test_too_many_wrong_codes(page, live_server, survey, rf):
    crowd(rf, "code")
    page.goto(f"{live_server.url}/return/")
    page.get_by_label("Your code").fill("BCDF-GH23-K4MN")
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Too many wrong codes")
    assert_accessible(page)


def test_a_site_that_sends_no_email(page, live_server, survey, settings):
    settings.EMAILS_GO_OUT = False
    page.goto(f"{live_server.url}/hear/")
    expect(page.locator("main")).to_contain_text("This site cannot send emails.")
    assert_accessible(page)


@pytest.mark.parametrize("days", [-3, 3], ids=["closed", "not open yet"])
def test_a_survey_that_takes_no_answers(page, live_server, survey, days):
    today = timezone.localdate()
    survey.opens_on, survey.closes_on = today + timedelta(days - 2), today + timedelta(days)
    if days > 0:
        survey.opens_on = today + timedelta(1)
    survey.save()
    for address in ("/", "/s/parents/"):
        page.goto(live_server.url + address)
        assert_accessible(page)


def test_a_trial_that_ended_while_somebody_wrote(page, live_server, survey):
    survey.opens_on, survey.closes_on, survey.pilot_key = None, None, "key"
    survey.save()
    page.goto(f"{live_server.url}/s/parents/pilot/key/")
    press(page, "Start now")
    page.get_by_role("textbox").fill("My trial words")
    Survey.objects.update(opens_on=timezone.localdate(), closes_on=timezone.localdate())
    press(page, "Continue")
    expect(page.locator("main")).to_contain_text("My trial words")
    assert_accessible(page)


def test_the_childrens_survey_from_the_start_to_the_receipt(page, live_server, consultation, now):
    children = world.survey(consultation, "young_person", "children", now)
    children.ages, children.asks_equality = Survey.Ages.UNDER_11, True
    children.save()
    page.goto(f"{live_server.url}/s/children/")
    assert_accessible(page)
    press(page, "Start now")
    for _ in range(3):
        assert_accessible(page)
        page.get_by_role("textbox").fill("My dog")
        press(page, "Continue")
    heading(page, "About you")
    page.get_by_label("Yes. They wrote what I said").check()
    page.get_by_role("textbox").fill("He misses his friend")
    assert_accessible(page)
    press(page, "Continue")
    page.wait_for_url("**/check/")
    assert_accessible(page)
    press(page, "Send")
    page.wait_for_url("**/sent/")
    expect(page.locator("main")).to_contain_text("He misses his friend")
    assert_accessible(page)
