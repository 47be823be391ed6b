"""However a reader sets colours, size and direction, the pages stay readable and fit a phone."""

import json

import pytest
from playwright.sync_api import expect

from tests.chromium import CHROMIUM, PHONE, assert_accessible

LOOKS = {
    "dark": {"color_scheme": "dark"},
    "more contrast": {"contrast": "more"},
    "dark with more contrast": {"color_scheme": "dark", "contrast": "more"},
    "the system's colours": {"forced_colors": "active"},
    "no motion": {"reduced_motion": "reduce"},
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def walk(page, site):
    """Home, start, a question, its error, check, its error, the receipt and a refusal."""
    page.goto(f"{site}/")
    yield "home"
    page.goto(f"{site}/s/parents/")
    yield "start"
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/1/**")
    yield "question"
    page.locator("textarea").first.fill("x" * 2001)
    page.locator("main form .govuk-button").first.click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    yield "error"
    page.locator("textarea").first.fill("She has friends.")
    page.locator("main form .govuk-button").first.click()
    page.wait_for_url("**/2/**")
    page.goto(f"{site}/s/parents/check/")
    yield "check"
    page.locator("main form .govuk-button").last.click()
    page.wait_for_load_state()
    yield "sent"
    page.goto(f"{site}/strategies/")
    yield "strategies"
    page.goto(f"{site}/nowhere/")
    yield "refused"


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_each_page_is_accessible_however_it_is_coloured(browser, live_server, survey, look):
    context = browser.new_context(viewport=PHONE, locale="en-GB", **look)
    page = context.new_page()
    for _ in walk(page, live_server.url):
        assert_accessible(page, sizes=[PHONE])  # wider ones are tested in the usual colours
    context.close()


def test_a_dark_page_is_dark(browser, live_server, survey):
    seen = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(live_server.url)
        seen.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert seen == ["rgb(255, 255, 255)", "rgb(18, 23, 23)"]


def test_a_page_zoomed_four_times_never_scrolls_sideways(browser, live_server, survey):
    """At 400% a screen of 1280 pixels is 320 wide."""
    context = browser.new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    page = context.new_page()
    for name in walk(page, live_server.url):
        assert page.evaluate(WIDER) <= 0, name
    context.close()


def test_text_of_twice_the_size_fits_a_phone(browser_type, live_server, survey, tmp_path):
    """The reader's own setting for text, in a browser of their own: 32 pixels, not 16."""
    (tmp_path / "Default").mkdir()
    wish = {"webkit": {"webprefs": {"default_font_size": 32}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(wish))
    context = browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=["--no-sandbox"], viewport=PHONE, locale="en-GB"
    )
    page = context.new_page()
    for name in walk(page, live_server.url):
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
        assert size >= 48, name
        assert page.evaluate(WIDER) <= 0, name
    context.close()


def test_a_right_to_left_page_is_laid_out_from_the_right(browser, live_server, survey, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    context = browser.new_context(viewport=PHONE, locale="ar")
    page = context.new_page()
    for name in walk(page, live_server.url):
        assert page.locator("html").get_attribute("dir") == "rtl", name
        assert page.evaluate(WIDER) <= 0, name
        assert_accessible(page)
        page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/s/parents/")
    back = page.locator(".govuk-back-link").bounding_box()
    assert back["x"] > PHONE["width"] / 2
    context.close()


def test_reading_aloud_begins_and_stops_by_the_keyboard(page, live_server, survey, complaints):
    page.add_init_script(
        """
        window.said = [];
        SpeechSynthesis.prototype.speak = one => said.push([one.lang, one.text]);
        SpeechSynthesis.prototype.cancel = () => said.push("stop");
        """
    )
    page.goto(f"{live_server.url}/s/parents/")
    listen = page.get_by_role("button", name="Listen to this page")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    assert page.evaluate("said.filter(one => one !== 'stop')") == []
    listen.focus()
    page.keyboard.press("Enter")
    said = [one for one in page.evaluate("said") if one != "stop"]
    assert said[0] == ["en-GB", page.locator("h1").inner_text()]
    assert all(lang == "en-GB" for lang, _ in said)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).press("Enter")
    assert page.evaluate("said.at(-1)") == "stop"
    expect(listen).to_be_focused()
    assert complaints == []


def test_a_browser_that_cannot_speak_shows_no_button(page, live_server, survey, complaints):
    page.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis")
    page.goto(f"{live_server.url}/s/parents/")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-read-aloud] button").count() == 0
    assert complaints == []
