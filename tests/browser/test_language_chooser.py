"""Choosing a language in a real browser, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.chromium import PHONE, assert_accessible


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_turns_the_page_into_polish_and_back(browser, live_server, survey, scripts):
    context = browser.new_context(java_script_enabled=scripts, viewport=PHONE, locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/return/")
    page.get_by_role("button", name="Polski", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    assert page.url == f"{live_server.url}/return/"
    expect(page.get_by_role("button", name="Polski", exact=True)).to_have_count(0)
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    context.close()


def test_a_polish_browser_gets_polish_pages_that_are_accessible(browser, live_server, survey):
    context = browser.new_context(viewport=PHONE, locale="pl-PL")
    page = context.new_page()
    for address in ("/", "/s/parents/", "/return/", "/privacy/", "/cookies/", "/accessibility/"):
        page.goto(live_server.url + address)
        expect(page.locator("html")).to_have_attribute("lang", "pl")
        assert_accessible(page)
    context.close()
