"""How heavy a page is over the wire, from a server like a real one, and whether it stands still."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.pages import Bytes, afresh, begin
from tests.chromium import PHONE

FIRST = 60_000
NEXT = 15_000
SHIFTS = """new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 500);
})"""


def easy_read(page):
    page.get_by_role("button", name="Easy read").click()
    page.wait_for_load_state("networkidle")
    return page.url


@pytest.fixture
def person(browser):
    """A browser of somebody who answers."""
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    yield context
    context.close()


@pytest.fixture(params=["standard", "easy read"])
def question(request, person, production):
    """The address of the first question, begun, in one wording."""
    page = person.new_page()
    address = begin(page, production)
    if request.param == "easy read":
        address = easy_read(page)
        expect(page.locator("main img, main svg").first).to_be_visible()
    return address


def test_a_question_page_is_light_on_a_first_visit_and_lighter_on_the_next(
    browser, person, question, production
):
    context = afresh(browser, person)
    page = context.new_page()
    wire = Bytes(context.new_cdp_session(page))
    page.goto(question, wait_until="networkidle")
    first = wire.since()
    assert 5_000 < first <= FIRST
    page.locator("textarea").first.fill("Friends")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_url("**/2/**")
    page.wait_for_load_state("networkidle")
    assert 500 < wire.since() <= NEXT
    elsewhere = [asked for asked in wire.asked if not asked.startswith((production, "data:"))]
    assert elsewhere == []
    context.close()


def test_a_question_page_stands_still_while_it_loads(browser, person, question):
    context = afresh(browser, person)
    page = context.new_page()
    page.goto(question, wait_until="networkidle")
    assert page.evaluate(SHIFTS) == 0
    context.close()


def test_a_question_can_be_answered_before_any_script_has_come(browser, person, question):
    context = afresh(browser, person)
    page = context.new_page()
    page.route(re.compile(r"\.js"), lambda route: route.abort())
    page.goto(question)
    page.locator("textarea").first.fill("Friends")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_url("**/2/**")
    context.close()


def test_files_are_kept_for_good_and_pages_are_compressed(browser, person, production):
    page = person.new_page()
    answers = {}
    page.on("response", lambda response: answers.update({response.url: response.all_headers()}))
    page.goto(f"{production}/", wait_until="networkidle")
    styles = next(headers for url, headers in answers.items() if url.endswith(".css"))
    assert styles["content-encoding"] in ("br", "gzip")
    assert "immutable" in styles["cache-control"]
    assert answers[f"{production}/"]["content-encoding"] == "gzip"
    assert {"Cookie", "Accept-Language"} <= set(re.split(r", *", answers[f"{production}/"]["vary"]))
