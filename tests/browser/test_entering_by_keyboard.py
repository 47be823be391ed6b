"""Typing in paper answers in a real browser: by keyboard, without a script, read by anybody."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys.actions import Received, add_standard_stakeholders, check_entry, enter_response
from surveys.models import Response
from tests.browser.test_admin_pages import sign_in
from tests.chromium import assert_accessible


@pytest.fixture
def today(now):
    return timezone.localtime(now).date()


@pytest.fixture
def entered(survey, fran, now, today):
    """What Fran typed; its reference is in the sample for a second typing."""
    received = Received(
        survey=survey,
        channel="paper",
        received_on=today,
        texts={"what_matters": "Being heard at school"},
        number="7",
    )
    return enter_response(received=received, by=fran, now=now, reference="BCDFGHJKMP")


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "answers.csv"
    path.write_text("survey,number,channel,received_on,what_matters\n" + "\n".join(lines))
    return path


def choose(page, live_server, path):
    page.goto(f"{live_server.url}/admin/surveys/response/import/")
    page.get_by_label("File to import").set_input_files(path)
    page.get_by_label("Format").select_option(label="csv")
    with page.expect_event("load"):
        page.get_by_role("button", name="Show what will happen").click()


def test_every_page_of_it_is_accessible_in_every_state(
    page, live_server, complaints, survey, entered, asha, now, today, tmp_path
):
    add_standard_stakeholders(consultation=survey.consultation)
    sign_in(page, live_server)
    admin = f"{live_server.url}/admin/surveys"

    def fine():
        assert complaints == []
        assert_accessible(page)
        complaints.clear()  # axe looks for parts of the admin's styles beside the page

    for address in ("response/enter/?choose", "response/checks/", "response/import/"):
        page.goto(f"{admin}/{address}")
        fine()
    page.goto(f"{admin}/response/enter/{survey.pk}/")
    fine()
    page.get_by_role("button", name="Save and enter the next").click()
    expect(page.locator(".errornote.summary")).to_be_focused()
    fine()
    page.goto(f"{admin}/response/{entered.pk}/check/")
    fine()
    page.get_by_role("button", name="Save", exact=True).click()
    fine()
    check_entry(response=entered, texts={"what_matters": "Being hurt"}, by=asha, now=now)
    page.goto(f"{admin}/response/{entered.pk}/settle/")
    fine()
    page.get_by_role("button", name="Keep what I chose").click()
    fine()
    page.goto(f"{admin}/response/{entered.pk}/change/")
    fine()
    for line in (f"parents,1,fax,{today},Friends", f"parents,1,paper,{today},Friends"):
        choose(page, live_server, sheet(tmp_path, line))
        fine()
    page.goto(f"{admin}/consultation/{survey.consultation_id}/reach/")
    fine()


def test_papers_are_typed_in_by_keyboard_and_without_a_script(
    browser, live_server, survey, fran, today
):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server, who="fran")
    page.goto(f"{live_server.url}/admin/surveys/response/enter/{survey.pk}/")
    for number, words in (("1", "Friends"), ("2", "Rest")):
        expect(page.get_by_label("Number on the paper")).to_be_focused()
        page.keyboard.type(number)  # the cursor is there already
        for _ in range(4):  # how, when, wording, language: as before
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(words)
        page.get_by_label("They did not say").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"number {number}")
    made = Response.objects.order_by("pk")
    assert [(one.paper_number, one.answers.get().text, one.may_quote) for one in made] == [
        ("1", "Friends", True),
        ("2", "Rest", True),
    ]
    assert {one.answers.get().question.construct for one in made} == {"what_matters"}
    page.context.close()


def test_control_and_enter_save_from_inside_a_box(page, live_server, survey, fran, complaints):
    sign_in(page, live_server, who="fran")
    page.goto(f"{live_server.url}/admin/surveys/response/enter/{survey.pk}/")
    page.locator("#id_what_matters").fill("Friends")
    page.keyboard.press("Enter")
    page.keyboard.type("and rest")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Entered as")
    assert Response.objects.get().answers.get().text == "Friends\nand rest"
    assert complaints == []


def test_no_page_of_it_is_wider_than_a_small_phone(page, live_server, survey, entered, asha):
    sign_in(page, live_server)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (
        f"response/enter/{survey.pk}/",
        "response/checks/",
        "response/import/",
        f"response/{entered.pk}/check/",
        f"consultation/{survey.consultation_id}/reach/",
    ):
        page.goto(f"{live_server.url}/admin/surveys/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
