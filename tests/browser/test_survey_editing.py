"""Officers write, preview, pilot and correct a survey in a real browser."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from outcomes.actions import ask_about
from surveys.actions import begin_response, save_answer, send_response
from surveys.models import Picture, QuestionWording, Survey, SurveyWording
from tests import world
from tests.browser.test_admin_pages import sign_in
from tests.chromium import assert_accessible


@pytest.fixture
def survey(consultation) -> Survey:
    """The parents' survey, open today, also in easy read."""
    made = world.survey(consultation, "parent_carer", "parents", timezone.now())
    for question in made.questions.all():
        QuestionWording.objects.create(question=question, form="easy_read", text="What is good?")
    SurveyWording.objects.create(survey=made, form="easy_read", intro="We ask 3 things.")
    made.questions.first().pictures.create(drawing="home", label="Home")
    return made


@pytest.fixture
def waiting(survey) -> Survey:
    Survey.objects.filter(pk=survey.pk).update(opens_on=None, closes_on=None)
    survey.refresh_from_db()
    return survey


@pytest.fixture
def outcome(survey, asha):
    now = timezone.now()
    return world.proposed(world.cluster(survey, asha, now), asha, now)


@pytest.fixture
def second(consultation, outcome) -> Survey:
    """The second round, open today, with one answer."""
    now = timezone.now()
    made = world.second_round(consultation, "young_person")
    (question,) = ask_about(survey=made, outcomes=[outcome], now=now)
    Survey.objects.filter(pk=made.pk).update(
        opens_on=now.date() - timedelta(days=1), closes_on=now.date() + timedelta(days=9)
    )
    made.refresh_from_db()
    response, _ = begin_response(survey=made, now=now)
    save_answer(response=response, question=question, choice="nearly", text="x", seen=None, now=now)
    send_response(response=response, may_quote=None, now=now)
    return made


def visit_all(page, live_server, complaints, addresses):
    for address in addresses:
        page.goto(f"{live_server.url}/admin/{address}")
        assert complaints == []
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], address
        complaints.clear()  # axe looks for parts of the admin's styles beside the page


def test_the_pages_of_an_open_survey_are_accessible(
    page, live_server, complaints, survey, second, outcome, asha
):
    sign_in(page, live_server)
    wording = survey.questions.first().wordings.first()
    visit_all(
        page,
        live_server,
        complaints,
        [
            f"surveys/survey/{survey.pk}/change/",
            f"surveys/survey/{survey.pk}/fix-words/",
            f"surveys/question/{wording.question_id}/change/",
            f"surveys/questionwording/{wording.pk}/fix-words/",
            f"outcomes/outcome/{outcome.pk}/change/",
            f"outcomes/outcome/ask/{second.pk}/",
        ],
    )


def test_the_pages_of_a_survey_being_written_are_accessible(
    page, live_server, complaints, waiting, asha
):
    sign_in(page, live_server)
    visit_all(
        page,
        live_server,
        complaints,
        [
            f"surveys/survey/{waiting.pk}/change/",
            f"surveys/survey/{waiting.pk}/ask-extra-equality/",
            f"surveys/question/{waiting.questions.first().pk}/change/",
            f"surveys/survey/{waiting.pk}/preview/",
            f"surveys/survey/{waiting.pk}/preview/?form=easy_read",
            "surveys/survey/add/",
        ],
    )


def test_a_refused_date_is_an_accessible_error(page, live_server, waiting, asha):
    waiting.questions.last().wordings.all().delete()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/surveys/survey/{waiting.pk}/change/")
    page.get_by_label("Opens on:").fill("2030-01-04")
    page.get_by_label("Closes on:").fill("2030-02-04")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The dates can be set once this is so.").wait_for()
    assert page.get_by_label("Opens on:").input_value() == "2030-01-04"
    assert_accessible(page)


def test_nothing_in_a_preview_can_be_filled_in(page, live_server, waiting, asha):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/surveys/survey/{waiting.pk}/preview/")
    page.get_by_label("Easy read").check()
    page.get_by_role("button", name="Show it so").click()
    page.get_by_text("We ask 3 things.").wait_for()
    assert page.locator("main textarea").count() >= 3
    assert page.locator("main textarea:not(:disabled)").count() == 0
    assert page.get_by_role("checkbox", name="Home").is_disabled()


def test_a_pilot_is_made_tried_and_stopped(page, live_server, waiting, asha):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/surveys/survey/{waiting.pk}/change/")
    page.get_by_role("button", name="Make a pilot link").click()
    link = page.get_by_role("link", name="/s/parents/pilot/")
    link.wait_for()
    assert_accessible(page)
    address = link.get_attribute("href")
    page.goto(live_server.url + address)
    page.get_by_text("This is a trial.").first.wait_for()
    page.goto(f"{live_server.url}/admin/surveys/survey/{waiting.pk}/stop-pilot/")
    assert_accessible(page)
    page.get_by_role("button", name="Stop it and delete the trial answers").click()
    page.get_by_text("has stopped").wait_for()
    assert page.goto(live_server.url + address).status in (404, 410)


def test_a_picture_is_uploaded_without_a_script(browser, live_server, waiting, asha):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server)
    made = Picture.objects.get()
    page.goto(f"{live_server.url}/admin/surveys/question/{made.question_id}/change/")
    kept = io.BytesIO()
    Image.new("RGB", (600, 300), "teal").save(kept, "JPEG")
    page.get_by_label("or your own picture").first.set_input_files(
        {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}
    )
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("img", name="Home").wait_for()
    made.refresh_from_db()
    assert made.drawing == ""
    assert bytes(made.image).startswith(b"\x89PNG")
    page.context.close()
