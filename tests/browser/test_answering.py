"""Answering in a real browser: every wording, with and without a script, by keyboard, zoomed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys.models import Answer, Picture, Question, QuestionWording, Response
from surveys.worded import DRAWINGS
from tests import world
from tests.chromium import PHONE, assert_accessible

SAFETY = "No names.\n\nIn danger? Call 999."


@pytest.fixture
def young(consultation, now):
    """Young people's survey in all three forms and in Polish, with twelve pictures."""
    survey = world.survey(consultation, "young_person", "young", now)
    survey.safety_text = SAFETY
    survey.save()
    for question in survey.questions.all():
        for form, language in (("easy_read", "en"), ("under_11", "en"), ("standard", "pl")):
            words = f"{form} {question.order} {language}?"
            QuestionWording.objects.create(
                question=question, text=words, form=form, language=language
            )
    for order, (name, label) in enumerate(DRAWINGS.items()):
        Picture.objects.create(
            question=survey.questions.first(), drawing=name, label=label, order=order
        )
    return survey


@pytest.fixture
def right(consultation, now):
    """The second round, with one draft outcome."""
    survey = world.survey(consultation, "parent_carer", "right", now)
    survey.questions.all().delete()
    question = Question.objects.create(
        survey=survey, order=1, construct="right", label="One", background="Parents said so."
    )
    for form in ("standard", "easy_read"):
        QuestionWording.objects.create(question=question, text="I have friends.", form=form)
    return survey


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def phone(browser, request):
    context = browser.new_context(java_script_enabled=request.param, viewport=PHONE)
    yield context.new_page()
    context.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def starts(page, live_server, slug="young"):
    page.goto(f"{live_server.url}/s/{slug}/")
    press(page, "Start now")
    page.wait_for_url(f"**/s/{slug}/1/")


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_person_changes_the_wording_and_keeps_the_words(phone, live_server, young):
    starts(phone, live_server)
    phone.locator("textarea").fill("My dog")
    press(phone, "Easy read")
    expect(heading(phone)).to_have_text("easy_read 1 en?")
    expect(phone.locator("textarea")).to_have_value("My dog")
    phone.get_by_label("Friends", exact=True).check()
    phone.locator("textarea").fill("My dog and my cat")
    press(phone, "Under 11")
    expect(heading(phone)).to_have_text("under_11 1 en?")
    expect(phone.get_by_label("Friends", exact=True)).to_be_checked()
    press(phone, "Standard")
    expect(phone.locator("textarea")).to_have_value("My dog and my cat")
    press(phone, "Polski")
    expect(heading(phone)).to_have_text("standard 1 pl?")
    expect(phone.locator("textarea")).to_have_value("My dog and my cat")
    response = Response.objects.get()
    assert response.language == "pl"
    assert response.wording_form == "standard"
    assert response.ticks.get().picture.label == "Friends"
    assert Answer.objects.get().text == "My dog and my cat"


def test_easy_read_from_the_start_to_the_receipt(phone, live_server, young):
    phone.goto(f"{live_server.url}/s/young/?from=school")
    phone.get_by_role("link", name="Easy read").click()
    press(phone, "Start now")
    phone.get_by_label("Home", exact=True).check()
    phone.get_by_label("Being listened to", exact=True).check()
    press(phone, "Continue")
    press(phone, "Continue")
    press(phone, "Continue")
    phone.get_by_label("11 to 13").check()
    phone.get_by_label("Yes. They read it to me").check()
    press(phone, "Continue")
    expect(phone.get_by_text("Picture: Home")).to_be_visible()
    press(phone, "Send")
    phone.wait_for_url(re.compile("/s/young/(sent|equality)/"))
    sent = Response.objects.get()
    assert (sent.source, sent.help, sent.wording_form) == ("school", "read", "easy_read")
    assert sent.about.get().choice == "11_to_13"
    assert sent.ticks.count() == 2


def test_enter_on_a_picture_goes_on_and_changes_no_wording(page, live_server, young):
    starts(page, live_server)
    press(page, "Easy read")
    page.wait_for_load_state()
    page.get_by_label("Friends", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/young/2/")
    assert Response.objects.get().language == "en"
    assert Response.objects.get().wording_form == "easy_read"
    assert Response.objects.get().ticks.count() == 1


def tab_to(page, name):
    """Presses Tab until what has that text, label or id is focused; the names on the way."""
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(e => (e.labels && e.labels[0] || e).innerText.trim() || e.id)"
                "(document.activeElement)"
            )
        )
        if name in (seen[-1], page.evaluate("document.activeElement.id")):
            return seen
    raise AssertionError(f"The Tab key never reached “{name}”: {seen}")


def test_with_the_keyboard_only(page, live_server, young, complaints):
    starts(page, live_server)
    first = tab_to(page, "Easy read")
    assert first[:2] == ["Skip to main content", "Exit this page quickly"]
    assert "Continue" not in first
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("easy_read 1 en?")
    tab_to(page, "Having fun")
    page.keyboard.press("Space")
    seen = tab_to(page, "id_text")
    assert "Leave this box empty" not in seen
    page.keyboard.type("Swimming")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/young/2/")
    page.goto(f"{live_server.url}/s/young/about-you/")
    tab_to(page, "id_about-age_0")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/young/check/")
    response = Response.objects.get()
    assert response.about.get().choice == "11_to_13"
    assert response.answers.get().text == "Swimming"
    assert response.ticks.get().picture.label == "Having fun"
    assert complaints == []


def test_what_has_the_focus_is_not_under_the_way_out(page, live_server, young):
    """Tabbing back up a long page, past the button that stays at the top."""
    page.set_viewport_size(PHONE)
    starts(page, live_server)
    press(page, "Easy read")
    page.get_by_role("button", name="Continue", exact=True).focus()
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate(
            """() => {
              const box = document.activeElement.getBoundingClientRect();
              const top = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
              return Boolean(top && top.closest(".govuk-exit-this-page"));
            }"""
        )
        assert not covered


def test_the_way_out_is_a_link_that_is_not_followed_before(page, live_server, young, complaints):
    page.goto(f"{live_server.url}/s/young/")
    way_out = page.get_by_role("button", name="Exit this page", exact=True)
    expect(way_out).to_have_attribute("href", "https://www.bbc.co.uk/weather")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page.get_by_text("Press Shift one more time to leave.")).to_be_attached()
    assert complaints == []


@pytest.mark.parametrize("form", ["Standard", "Easy read", "Under 11"])
def test_each_wording_is_accessible_and_quiet(page, live_server, young, complaints, form):
    page.goto(f"{live_server.url}/s/young/")
    page.get_by_role("link", name=form, exact=True).click()
    assert_accessible(page)
    press(page, "Start now")
    page.wait_for_url("**/1/")
    assert_accessible(page)
    page.locator("textarea").fill("x" * 2001)
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.locator("textarea").fill("Friends")
    press(page, "Polski")
    page.wait_for_load_state()
    assert_accessible(page)
    assert [said for said in complaints if "422" not in said] == []


def test_what_is_said_about_oneself_is_accessible_also_when_refused(page, live_server, young):
    starts(page, live_server)
    page.goto(f"{live_server.url}/s/young/about-you/")
    assert_accessible(page)
    page.get_by_label("Yes. They read it to me").check()
    page.locator("textarea").fill("I think he meant the park")
    page.get_by_label("No", exact=True).check()
    assert_accessible(page)
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("textarea")).to_have_value("I think he meant the park")
    assert_accessible(page)
    page.locator(".govuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "id_helper_words"


def test_who_helped_is_asked_only_once_somebody_helped(phone, live_server, young):
    """Also without a script; and nothing is hidden again that was chosen or typed."""
    starts(phone, live_server)
    phone.goto(f"{live_server.url}/s/young/about-you/")
    who, box = phone.get_by_text("Who helped you?"), phone.locator("textarea")
    expect(who).to_be_hidden()
    expect(box).to_be_hidden()
    phone.get_by_label("Yes. They wrote what I said").check()
    expect(who).to_be_visible()
    phone.get_by_label("No", exact=True).check()
    expect(who).to_be_hidden()
    phone.get_by_label("Yes. They wrote what I said").check()
    box.fill("I think he meant the park")
    phone.get_by_label("No", exact=True).check()
    expect(box).to_be_visible()


def test_a_phone_shows_the_way_in_within_two_screens(phone, live_server, young):
    young.safety_text = "\n\n".join(["A long text about safety. Call 999. " * 5] * 5)
    young.save()
    phone.goto(f"{live_server.url}/s/young/")
    start = phone.get_by_role("button", name="Start now").bounding_box()
    assert start["y"] + start["height"] <= 2 * PHONE["height"]


def test_a_verdict_in_both_forms(page, live_server, right, complaints):
    starts(page, live_server, "right")
    expect(page.get_by_text("Parents said so.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Nearly").check()
    page.get_by_label("What would you change? (optional)").fill("Say more.")
    press(page, "Easy read")
    expect(page.get_by_label("Nearly")).to_be_checked()
    assert_accessible(page)
    press(page, "Continue")
    page.wait_for_url("**/about-you/")
    assert (Answer.objects.get().choice, Answer.objects.get().text) == ("nearly", "Say more.")
    assert complaints == []


def test_a_trial_and_a_survey_that_is_coming_are_accessible(page, live_server, young):
    young.opens_on = young.closes_on = None
    young.how_to_hear_more = "Ask the forum."
    young.pilot_key = "key"
    young.save()
    page.goto(f"{live_server.url}/s/young/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/young/pilot/key/")
    assert_accessible(page)
    press(page, "Start now")
    page.wait_for_url("**/1/")
    expect(page.get_by_text("This is a trial.")).to_be_visible()
    assert_accessible(page)
    young.opens_on = young.closes_on = timezone.localdate()
    young.save()
    page.goto(f"{live_server.url}/s/young/pilot/key/")
    expect(heading(page)).to_have_text("The trial is over")
    assert_accessible(page)


@pytest.mark.parametrize("form", ["Standard", "Easy read"])
def test_nothing_is_wider_than_a_phone_also_with_letters_twice_as_large(
    browser, live_server, young, form
):
    page = browser.new_context(bypass_csp=True, viewport=PHONE).new_page()
    starts(page, live_server)
    page.locator("textarea").fill("Words")
    if form != "Standard":
        press(page, form)
    for address in ("1/", "2/", "about-you/", "later/", ""):
        page.goto(f"{live_server.url}/s/young/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        page.add_style_tag(content="html { font-size: 200% !important }")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    page.context.close()
