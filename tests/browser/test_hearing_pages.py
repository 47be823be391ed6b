"""Wanting to hear, other formats and what the site says of itself, in a real browser."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from surveys.actions import publish_notice
from surveys.models import Contact, FormatRequest
from tests.browser.test_admin_pages import sign_in
from tests.chromium import PHONE, assert_accessible
from tests.mail_servers import no_server  # noqa: F401

ADDRESSES = [
    "/hear/",
    "/hear/sent/",
    "/hear/link/",
    "/hear/on/",
    "/hear/off/",
    "/formats/",
    "/formats/asked/",
    "/privacy/",
    "/privacy/1/",
    "/accessibility/",
    "/cookies/",
]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def two_notices(survey, asha):
    area = survey.consultation.area
    publish_notice(area=area, body="## New\n\n- this", by=asha, now=timezone.now())


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page(page, live_server, two_notices, complaints, address):
    page.goto(live_server.url + address)
    assert_accessible(page)
    assert complaints == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_pages_of_a_site_with_nothing_on_it(page, live_server, db):
    for address in ("/hear/", "/formats/", "/privacy/", "/accessibility/"):
        page.goto(live_server.url + address)
        assert_accessible(page)


def test_somebody_asks_to_hear_and_says_yes_without_javascript(browser, live_server, survey):
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(live_server.url)
    page.get_by_role("link", name="Hear from us").click()
    page.get_by_label("Your email address").fill("a@example.org")
    page.get_by_label("When another survey opens").check()
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your email")
    page.goto(re.search(r"http\S+link=\S+", mail.outbox[0].body)[0])
    press(page, "Yes, write to me")
    expect(page.get_by_role("heading", level=1)).to_have_text("You will hear from us")
    contact = Contact.objects.get()
    assert contact.confirmed_on
    assert contact.wants_results
    assert contact.wants_openings
    page.context.close()


def test_the_page_of_the_link_is_accessible(page, live_server, survey, complaints):
    page.goto(f"{live_server.url}/hear/")
    page.get_by_label("Your email address").fill("a@example.org")
    press(page, "Continue")
    page.wait_for_url("**/hear/sent/")
    page.goto(re.search(r"http\S+link=\S+", mail.outbox[0].body)[0])
    assert_accessible(page)
    press(page, "No, delete my email address")
    page.wait_for_url("**/hear/off/")
    assert not Contact.objects.exists()
    assert complaints == []


def nothing_said_to_hear(page, live_server):
    page.goto(f"{live_server.url}/hear/")
    page.get_by_label("What people told us").uncheck()
    press(page, "Continue")


def no_mail_server(page, live_server):
    page.goto(f"{live_server.url}/hear/")
    page.get_by_label("Your email address").fill("a@example.org")
    press(page, "Continue")
    expect(page.get_by_label("Your email address")).to_have_value("a@example.org")


def nothing_said_of_a_format(page, live_server):
    page.goto(f"{live_server.url}/formats/")
    press(page, "Send")


@pytest.mark.parametrize(
    "mistake", [nothing_said_to_hear, no_mail_server, nothing_said_of_a_format]
)
def test_each_error_is_accessible_and_its_link_leads_there(
    page,
    live_server,
    survey,
    mistake,
    no_server,  # noqa: F811
):
    mistake(page, live_server)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    assert_accessible(page)
    for link in summary.get_by_role("link").all():
        link.click()
        assert page.evaluate("document.activeElement.tagName") in ("INPUT", "TEXTAREA")


def test_another_format_is_asked_for_by_keyboard(page, live_server, survey):
    page.goto(f"{live_server.url}/formats/")
    page.get_by_label("Easy read").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("The first page")
    page.keyboard.press("Tab")
    page.keyboard.type("01632 960111")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/formats/asked/")
    made = FormatRequest.objects.get()
    assert (made.format, made.details, made.contact) == (
        "large_print",
        "The first page",
        "01632 960111",
    )


def test_the_pages_of_officers_are_accessible(page, live_server, survey, asha, two_notices):
    consultation = survey.consultation
    Contact.objects.create(consultation=consultation, email="a@example.org", asked_on="2026-11-22")
    request = FormatRequest.objects.create(
        area=consultation.area, format="bsl", contact="Call me", asked_at=timezone.now()
    )
    sign_in(page, live_server)
    for address in [
        "contact/",
        "formatrequest/",
        f"formatrequest/{request.pk}/change/",
        f"formatrequest/{request.pk}/met/",
        "privacynotice/",
        "privacynotice/add/",
        f"privacynotice/{consultation.area.privacy_notices.first().pk}/change/",
        f"contact/write/{consultation.pk}/",
    ]:
        page.goto(f"{live_server.url}/admin/surveys/{address}")
        assert_accessible(page)
    page.get_by_label("the results").check()
    page.get_by_label("Subject").fill("The results")
    page.get_by_label("Text").fill("They are out.")
    press(page, "Preview")
    expect(page.get_by_text("We have now deleted your address.")).to_be_visible()
    assert_accessible(page)
