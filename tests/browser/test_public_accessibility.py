"""axe on every public page and every error of it; nothing from elsewhere; no broken policy."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.models import ImprovementPriority, Strategy
from surveys.models import Document, Response, TimelineEvent
from tests import world
from tests.chromium import assert_accessible


@pytest.fixture
def full(survey, consultation, area, asha, ben, gwen, hari, council, nhs, now):
    """A site with something on every page."""
    Document.objects.create(consultation=consultation, title="Plan", url="https://example.org/")
    for section in TimelineEvent.Section.values:
        TimelineEvent.objects.create(
            consultation=consultation, section=section, title="Step", starts_on=now.date()
        )
    Strategy.objects.create(area=area, title="Autism Strategy", status_text="Under review")
    ImprovementPriority.objects.create(
        area=area,
        order_in_report=1,
        number=1,
        name="Voice of EHC plans",
        wording="lack of voice",
        source="The report",
    )
    world.sign(consultation, council, required=True)
    world.sign(consultation, nhs, required=True)
    outcome = world.proposed(world.cluster(survey, asha, now), asha, now)
    world.endorse(outcome, council, gwen, now)
    world.endorse(outcome, nhs, hari, now)
    world.publish(consultation, ben, now)
    Response.objects.all().update(started_at=timezone.now())


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def starts(page, live_server):
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    page.wait_for_url("**/s/parents/1/")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/s/parents/",
        "/return/",
        "/privacy/",
        "/accessibility/",
        "/cookies/",
        "/words/",
        "/framework/",
        "/framework/1.0/",
        "/strategies/",
        "/s/parents/leave/",
    ],
)
def test_each_page(page, live_server, full, complaints, address):
    page.goto(live_server.url + address)
    assert_accessible(page)
    assert complaints == []


def test_an_unknown_address(page, live_server, full):
    page.goto(f"{live_server.url}/nope/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert_accessible(page)


def test_a_site_with_nothing_on_it(page, live_server, db):
    for address in ("/", "/framework/", "/strategies/"):
        page.goto(live_server.url + address)
        assert_accessible(page)


def test_each_step_of_a_survey(page, live_server, full, complaints):
    starts(page, live_server)
    assert_accessible(page)
    page.locator("textarea").fill("Friends")
    press(page, "Save and finish later")
    page.wait_for_url("**/later/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/check/")
    assert_accessible(page)
    press(page, "Send")
    page.wait_for_url("**/sent/")
    assert_accessible(page)
    press(page, "Leave: this is a shared device")
    page.wait_for_url("**/leave/")
    assert_accessible(page)
    assert complaints == []


def test_the_folded_words_for_who_is_not_safe_and_what_was_written_before(
    page, live_server, full, survey, complaints
):
    survey.safety_text = "No names.\n\nCall 999."
    survey.save()
    starts(page, live_server)
    page.locator("textarea").fill("Friends " * 200)
    press(page, "Continue")
    page.wait_for_url("**/2/")
    expect(page.get_by_text("You wrote:")).to_be_visible()
    expect(page.get_by_text("Call 999.")).to_be_hidden()
    assert_accessible(page)
    page.get_by_text("If you are not safe").click()
    expect(page.get_by_text("Call 999.")).to_be_visible()
    assert_accessible(page)
    assert complaints == []


def test_words_of_a_tab_after_somebody_else_began(page, live_server, full):
    starts(page, live_server)
    page.locator("textarea").fill("Friends")
    press(page, "Continue")
    page.wait_for_url("**/2/")
    old = page.context.new_page()
    old.goto(page.url)
    page.goto(f"{live_server.url}/s/parents/check/")
    read = page.context.new_page()
    read.goto(page.url)
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start new answers")
    page.wait_for_url("**/1/")
    for tab, name in ((old, "Continue"), (read, "Send")):
        tab.bring_to_front()
        press(tab, name)
        expect(tab.locator(".govuk-error-summary")).to_be_focused()
        assert_accessible(tab)


def too_long(page, live_server):
    starts(page, live_server)
    page.locator("textarea").fill("x" * 2001)
    press(page, "Continue")
    return "id_text"


def changed_elsewhere(page, live_server):
    starts(page, live_server)
    other = page.context.new_page()
    other.goto(page.url)
    for tab, text in ((page, "First"), (other, "Second")):
        tab.locator("textarea").fill(text)
        press(tab, "Continue")
        tab.wait_for_load_state()
    page.goto("about:blank")
    other.bring_to_front()
    return other, "id_text"


def nothing_answered(page, live_server):
    starts(page, live_server)
    page.goto(f"{live_server.url}/s/parents/check/")
    press(page, "Send")
    return "change-1"


def bad_choice(page, live_server):
    starts(page, live_server)
    page.goto(f"{live_server.url}/s/parents/check/")
    page.evaluate("document.querySelectorAll('[name=may_quote]').forEach(r => r.value = 'maybe')")
    page.get_by_label("Yes, you may publish some of my words").check()
    press(page, "Send")
    return "id_may_quote_0"


def wrong_code(page, live_server):
    page.goto(f"{live_server.url}/return/")
    page.get_by_label("Your code").fill("wrong")
    press(page, "Continue")
    return "id_code"


@pytest.mark.parametrize(
    "mistake", [too_long, changed_elsewhere, nothing_answered, bad_choice, wrong_code]
)
def test_each_error_is_accessible_and_its_link_focuses_the_field(page, live_server, full, mistake):
    made = mistake(page, live_server)
    tab, field = made if isinstance(made, tuple) else (page, made)
    summary = tab.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert tab.title().startswith("Error: ")
    assert_accessible(tab)
    for link in summary.get_by_role("link").all():
        link.click()
        assert tab.evaluate("document.activeElement.id") == field


def test_words_that_come_too_late(page, live_server, full, survey):
    starts(page, live_server)
    page.locator("textarea").fill("Too late")
    Response.objects.filter(state="draft").update(started_at=timezone.now() - timedelta(days=5))
    survey.closes_on = timezone.localdate() - timedelta(days=2)
    survey.save()
    press(page, "Continue")
    expect(page.locator(".portal-answer")).to_have_text("Too late")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/leave/")
    page.goto(f"{live_server.url}/")
    assert_accessible(page)


def test_a_survey_that_was_sent_in_another_tab(page, live_server, full):
    starts(page, live_server)
    page.locator("textarea").fill("Friends")
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "Continue")
    page.goto(f"{live_server.url}/s/parents/check/")
    press(page, "Send")
    page.wait_for_url("**/sent/")
    other.locator("textarea").fill("An afterthought")
    press(other, "Continue")
    expect(other.locator(".portal-answer")).to_have_text("An afterthought")
    assert_accessible(other)
