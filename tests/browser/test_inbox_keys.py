"""An officer reads and codes by keyboard; the pages are accessible, and work without a script."""

import pytest
from django.utils import timezone

from outcomes.models import Coding, Idea
from surveys.models import Answer, Passage
from tests import world
from tests.browser.test_admin_pages import sign_in
from tests.chromium import assert_accessible


@pytest.fixture
def passages(survey, asha):
    """Two answers, each with an idea for which health is suggested."""
    now = timezone.now()
    said = [world.response(survey, f"Sleep at night, {n}", now) for n in range(2)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, now), "health", answers)
    return list(Passage.objects.order_by("pk"))


def themes():
    return [str(one) for one in Coding.objects.current().order_by("idea")]


def leads_on(page, key):
    """Press it, and wait until the next page takes keys."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")


def test_an_officer_codes_by_keyboard_alone(page, live_server, complaints, passages):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/surveys/passage/")
    page.keyboard.press("j")
    leads_on(page, "Enter")
    page.get_by_text("1 of 2").wait_for()
    leads_on(page, "a")
    page.get_by_text("Accepted: Healthy lives.").wait_for()
    page.get_by_text("2 of 2").wait_for()
    leads_on(page, "1")
    page.get_by_text("Nothing is left to decide in this list.").wait_for()
    assert themes() == ["Healthy lives", "Supporting families"]
    leads_on(page, "u")
    page.get_by_text("It is now: not coded").wait_for()
    assert themes() == ["Healthy lives", "not coded"]
    page.keyboard.press("/")
    page.keyboard.type("a1x")
    assert page.get_by_label("Search the inbox").input_value() == "a1x"
    assert complaints == []


def test_the_keys_can_be_turned_off(page, live_server, passages):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/surveys/passage/{passages[0].pk}/change/")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys are on").uncheck()
    page.locator("h1").first.click()
    page.keyboard.press("a")
    page.reload()
    page.keyboard.press("a")
    assert not page.get_by_label("Keys are on").is_checked()
    assert themes() == []


def test_the_pages_of_the_inbox_are_accessible(page, live_server, complaints, passages):
    sign_in(page, live_server)
    idea, key = Idea.objects.first().pk, passages[0].pk
    for address in (
        "surveys/passage/",
        f"surveys/passage/{key}/change/",
        f"outcomes/idea/{idea}/cut/",
        f"outcomes/idea/{idea}/borders/",
        "outcomes/idea/check/",
        "outcomes/idea/",
    ):
        page.goto(f"{live_server.url}/admin/{address}")
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert complaints == [], address
        assert_accessible(page)
        complaints.clear()


def test_an_idea_is_cut_and_coded_without_a_script(browser, live_server, passages):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server)
    idea = Idea.objects.first()
    page.goto(f"{live_server.url}/admin/outcomes/idea/{idea.pk}/cut/")
    page.get_by_label("at", exact=True).check()
    page.get_by_role("button", name="Cut in two").click()
    page.get_by_role("button", name="Great education").first.click()
    page.get_by_text("About: Great education.").wait_for()
    assert [one.text for one in Idea.objects.order_by("pk")][::2] == ["Sleep", "at night, 0"]
    page.context.close()
