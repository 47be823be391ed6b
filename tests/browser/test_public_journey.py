"""A parent's whole way in a real browser: without JavaScript, on a small phone, by keyboard."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys.models import Response
from tests import world
from tests.chromium import PHONE


@pytest.fixture
def plain(browser):
    """A phone of 320 pixels with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_without_javascript_on_a_small_phone(plain, browser, live_server, survey):
    page = plain
    page.goto(live_server.url)
    page.get_by_role("link", name="Answer 3 questions").click()
    press(page, "Start now")
    page.get_by_label("What about what_matters?").fill("Friends\n\nand rest")
    press(page, "Save and finish later")
    code = page.locator(".portal-code").inner_text()

    other = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    other.goto(f"{live_server.url}/return/")
    other.get_by_label("Your code").fill(code.lower())
    press(other, "Continue")
    expect(other).to_have_url(re.compile("/s/parents/2/$"))
    press(other, "Continue")
    other.get_by_label("What about how_know?").fill("A party")
    press(other, "Continue")
    expect(other.get_by_role("heading", level=1)).to_have_text("About you")
    press(other, "Continue")
    expect(other.get_by_role("heading", level=1)).to_have_text(re.compile("Check your answers"))
    other.get_by_role("link", name="Change question 3").click()
    other.get_by_label("What about how_know?").fill("A birthday party")
    press(other, "Continue")
    other.get_by_label("Yes, you may publish some of my words").check()
    press(other, "Send")
    expect(other.get_by_role("heading", level=1)).to_have_text("Thank you. We have your answers")
    expect(other.locator(".portal-code")).to_have_text(code)
    sent = Response.objects.get()
    assert sent.is_sent
    assert sent.may_quote is True
    assert sorted(sent.texts().values()) == ["A birthday party", "Friends\n\nand rest"]

    press(other, "Leave: this is a shared device")
    other.goto(f"{live_server.url}/s/parents/sent/")
    expect(other).to_have_url(re.compile("/return/$"))
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile("/s/parents/sent/$"))
    other.context.close()


def test_no_page_is_wider_than_a_small_phone(page, live_server, survey):
    page.set_viewport_size(PHONE)
    for address in (
        "/",
        "/s/parents/",
        "/return/",
        "/privacy/",
        "/accessibility/",
        "/cookies/",
        "/framework/",
        "/strategies/",
    ):
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_a_phone_leads_young_people_to_their_card(page, live_server, survey, consultation):
    world.survey(consultation, "practitioner", "practitioners", timezone.now())
    world.survey(consultation, "young_person", "young-people", timezone.now())
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    jump = page.get_by_role("link", name="Young people", exact=True)
    expect(jump).to_be_in_viewport()
    jump.click()
    expect(page.locator("#card-young-people").get_by_role("link")).to_be_in_viewport()


def tab_to(page, name):
    """Presses Tab until what has that text is focused."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.innerText || document.activeElement.id"):
            return
    raise AssertionError(f"The Tab key never reached “{name}”.")


def test_with_the_keyboard_only(page, live_server, survey, complaints):
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "Answer 3 questions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/parents/")
    tab_to(page, "Start now")
    page.keyboard.press("Enter")
    for number in (1, 2, 3):
        page.wait_for_url(f"**/s/parents/{number}/")
        tab_to(page, "id_text")
        page.keyboard.type(f"Answer {number}")
        tab_to(page, "Continue")
        page.keyboard.press("Enter")
    page.wait_for_url("**/s/parents/about-you/")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/parents/check/")
    tab_to(page, "id_may_quote_0")
    page.keyboard.press("Space")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/parents/sent/")
    assert Response.objects.get().may_quote is True
    assert complaints == []


def test_a_double_click_sends_once(page, live_server, survey):
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    page.get_by_label("What about what_matters?").fill("Friends")
    for _ in ("one", "two", "three", "about you"):
        press(page, "Continue")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    page.wait_for_url("**/s/parents/sent/")
    assert Response.objects.count() == 1


def test_the_count_of_characters_helps_and_never_cuts_off(page, live_server, survey):
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    box = page.get_by_label("What about what_matters?")
    expect(page.get_by_text("You have 2,000 characters remaining").first).to_be_visible()
    box.fill("x" * 2005)
    expect(page.get_by_text("You have 5 characters too many").first).to_be_visible()
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("2,000 characters or fewer")
    expect(box).to_have_value("x" * 2005)
