"""After sending, in a real browser: come back, change, take back, the equality questions."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.models import Idea
from surveys.models import Answer, EqualityTally, Response, Survey
from tests import world
from tests.chromium import DESKTOP, PHONE, assert_accessible


@pytest.fixture
def survey(survey):
    """It asks the equality questions."""
    survey.asks_equality = True
    survey.save()
    return survey


@pytest.fixture(
    params=[(PHONE, False), (PHONE, True), (DESKTOP, False), (DESKTOP, True)],
    ids=["phone-plain", "phone", "desktop-plain", "desktop"],
)
def visitor(request, browser):
    """A browser of 320 or 1280 pixels, without or with JavaScript."""
    size, script = request.param
    context = browser.new_context(java_script_enabled=script, viewport=size)
    yield context.new_page()
    context.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(text))


def fits(page):
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def sends(page, live_server, text="Friends"):
    """Answers the first question and sends; the gate of the equality questions is open then."""
    page.goto(f"{live_server.url}/s/parents/")
    press(page, "Start now")
    page.get_by_label("What about what_matters?").fill(text)
    press(page, "Continue")
    page.goto(f"{live_server.url}/s/parents/check/")
    press(page, "Send")
    heading(page, "Equality questions")


def skips(page):
    page.get_by_label("No, skip the equality questions").check()
    press(page, "Continue")
    heading(page, "Thank you. We have your answers")


def comes_back(page, live_server, code):
    page.goto(f"{live_server.url}/return/")
    page.get_by_label("Your code").fill(code)
    press(page, "Continue")


def closes(survey):
    Response.objects.filter(state="draft").update(started_at=timezone.now() - timedelta(days=5))
    survey.closes_on = timezone.localdate() - timedelta(days=2)
    survey.save()


def test_change_what_was_sent_from_another_device(visitor, browser, live_server, survey):
    sends(visitor, live_server)
    skips(visitor)
    fits(visitor)
    code = visitor.locator(".portal-code").inner_text()
    other = browser.new_context(viewport=PHONE).new_page()
    comes_back(other, live_server, code.lower())
    heading(other, "Thank you. We have your answers")
    press(other, "Change my answers")
    heading(other, "Check your changes before sending them")
    other.get_by_role("link", name="Change question 1").click()
    other.get_by_label("What about what_matters?").fill("Friends and rest")
    press(other, "Continue")
    other.context.close()

    comes_back(visitor, live_server, code)
    heading(visitor, "You began to change your answers")
    fits(visitor)
    press(visitor, "Go on with my changes")
    expect(visitor.locator(".portal-answer").first).to_have_text("Friends and rest")
    fits(visitor)
    press(visitor, "Send my changes")
    heading(visitor, "Thank you. We have your changed answers")
    assert Response.objects.get().texts().popitem()[1] == "Friends and rest"


def test_keep_what_was_sent(visitor, live_server, survey):
    sends(visitor, live_server)
    skips(visitor)
    press(visitor, "Change my answers")
    press(visitor, "Keep what I sent")
    heading(visitor, "Thank you. We have your answers")
    assert Response.objects.count() == 1


def test_take_back_what_was_sent(visitor, live_server, survey):
    sends(visitor, live_server)
    skips(visitor)
    code = visitor.locator(".portal-code").inner_text()
    visitor.get_by_role("link", name="Take back my answers").click()
    heading(visitor, "Take back your answers")
    fits(visitor)
    press(visitor, "Delete my answers")
    heading(visitor, "We have deleted your answers")
    fits(visitor)
    assert not Answer.objects.exists()
    comes_back(visitor, live_server, code)
    heading(visitor, "We have deleted your answers")


def test_the_equality_questions(visitor, live_server, survey):
    sends(visitor, live_server)
    fits(visitor)
    visitor.get_by_label("Yes, answer the equality questions (takes 2 minutes)").check()
    press(visitor, "Continue")
    fits(visitor)
    follows = visitor.get_by_text("Do any of your conditions or illnesses reduce")
    expect(follows).to_be_hidden()
    visitor.get_by_role("group", name="Do you have any physical").get_by_label("Yes").check()
    expect(follows).to_be_visible()
    visitor.get_by_label("Yes, a little").check()
    visitor.get_by_label("Female").check()
    fits(visitor)
    press(visitor, "Continue")
    heading(visitor, "Thank you. We have your answers")
    assert set(EqualityTally.objects.values_list("question", "choice")) == {
        ("condition", "yes"),
        ("condition_effect", "a_little"),
        ("sex", "female"),
    }
    visitor.go_back()
    visitor.reload()
    heading(visitor, "Thank you. We have your answers")


def test_the_square_fills_in_the_code_and_leaves_no_trace_of_it(
    page, live_server, survey, complaints
):
    sends(page, live_server)
    skips(page)
    code = page.locator(".portal-code").inner_text()
    asked = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/return/#{code}")
    expect(page.get_by_label("Your code")).to_have_value(code)
    assert page.url == f"{live_server.url}/return/"
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    page.keyboard.press("Enter")
    heading(page, "Thank you. We have your answers")
    assert [one for one in asked if code in one.partition("'cookie'")[0]] == []
    page.go_back()
    assert code not in page.url
    assert complaints == []


def test_a_square_read_while_the_page_is_open(page, live_server, survey):
    page.goto(f"{live_server.url}/return/")
    page.evaluate("location.hash = 'BCDF-GH23-K4MN'")
    expect(page.get_by_label("Your code")).to_have_value("BCDF-GH23-K4MN")
    assert page.url == f"{live_server.url}/return/"


def test_the_way_past_the_menu_is_no_code(page, live_server, survey):
    page.goto(f"{live_server.url}/return/#main")
    expect(page.get_by_label("Your code")).to_have_value("")
    assert page.url.endswith("#main")


def test_without_javascript_the_code_is_typed_and_the_next_address_does_not_keep_it(
    browser, live_server, survey
):
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    sends(page, live_server)
    skips(page)
    code = page.locator(".portal-code").inner_text()
    page.goto(f"{live_server.url}/return/#{code}")
    page.get_by_label("Your code").fill(code)
    press(page, "Continue")
    heading(page, "Thank you. We have your answers")
    assert code not in page.url
    page.context.close()


def test_the_receipt_prints_without_buttons_and_with_the_address(page, live_server, survey):
    sends(page, live_server)
    skips(page)
    page.emulate_media(media="print")
    for hidden in ("Change my answers", "Leave: this is a shared device"):
        expect(page.get_by_role("button", name=hidden)).to_be_hidden()
    expect(page.locator(".portal-footer")).to_be_hidden()
    expect(page.locator(".portal-print-only")).to_contain_text("/return/")
    expect(page.locator(".portal-qr")).to_be_visible()
    expect(page.locator(".portal-code")).to_be_visible()


def test_each_state_is_accessible(page, live_server, survey, asha, complaints):
    sends(page, live_server)
    assert_accessible(page)
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Yes, answer the equality questions (takes 2 minutes)").check()
    press(page, "Continue")
    assert_accessible(page)
    page.get_by_role("group", name="Do you have any physical").get_by_label("Yes").check()
    assert_accessible(page)
    page.evaluate("document.querySelector('[name=sex]').value = 'unicorn'")
    page.get_by_label("Female").check()
    press(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Female").check()
    press(page, "Continue")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/what-happened/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/withdraw/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/sent/")
    press(page, "Change my answers")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/change/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/s/parents/sent/")
    assert_accessible(page)
    closes(survey)
    for address in ("change", "sent", "what-happened"):
        page.goto(f"{live_server.url}/s/parents/{address}/")
        assert_accessible(page)
    run = world.run(survey.consultation, asha, timezone.now())
    answer = Answer.objects.get(response__state="sent")
    Idea.objects.create(answer=answer, start=0, end=3, found_by=run)
    page.goto(f"{live_server.url}/s/parents/what-happened/")
    assert_accessible(page)
    assert [one for one in complaints if "422" not in one] == []


def test_taken_back_is_accessible(page, live_server, survey, complaints):
    sends(page, live_server)
    skips(page)
    page.goto(f"{live_server.url}/s/parents/withdraw/")
    press(page, "Delete my answers")
    page.wait_for_url("**/withdrawn/")
    assert_accessible(page)
    Survey.objects.update(closes_on=timezone.localdate() - timedelta(days=2))
    page.reload()
    assert_accessible(page)
    assert complaints == []


def test_the_keyboard_alone_reaches_the_receipt(page, live_server, survey):
    sends(page, live_server)
    page.get_by_label("Yes, answer the equality questions (takes 2 minutes)").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/equality/questions/")
    page.get_by_label("Under 25").focus()
    page.keyboard.press("Space")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent/")
    assert EqualityTally.objects.get().choice == "under_25"
