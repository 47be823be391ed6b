"""Officers' pages in a real browser: quiet, accessible, and done without a script or a mouse."""

import pytest
from django.utils import timezone

from outcomes.actions import raise_concern, see_concern
from outcomes.models import AnalysisRun, Cluster
from surveys.actions import add_note
from surveys.models import Answer
from tests import world
from tests.chromium import assert_accessible

PASSWORD = "a good long password"


def sign_in(page, live_server, who="asha"):
    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="From what people say").wait_for()


@pytest.fixture
def group(survey, asha):
    said = [world.response(survey, f"Sleep at night, {n}", timezone.now()) for n in range(3)]
    answers = list(Answer.objects.filter(response__in=said))
    return world.group(world.run(survey.consultation, asha, timezone.now()), "health", answers)


@pytest.fixture
def outcome(group, survey, asha):
    made = world.cluster(survey, asha, timezone.now())
    return world.proposed(made, asha, timezone.now())


def test_the_pages_of_an_officer_are_accessible_and_quiet(
    page, live_server, complaints, survey, group, outcome
):
    sign_in(page, live_server)
    cluster = Cluster.objects.get()
    answer = group.members.first().idea.answer_id
    for address in [
        "",
        f"outcomes/analysisrun/{group.run_id}/change/",
        f"outcomes/groupsuggestion/{group.pk}/change/",
        f"outcomes/idea/answer/{answer}/",
        f"outcomes/cluster/{cluster.pk}/change/",
        f"outcomes/cluster/board/{survey.consultation_id}/?theme=health",
        f"outcomes/cluster/picture/{survey.consultation_id}/",
        f"outcomes/cluster/{cluster.pk}/draft-outcome/",
        f"outcomes/outcome/{outcome.pk}/change/",
        f"outcomes/outcome/{outcome.pk}/reword/",
        f"surveys/response/{Answer.objects.get(pk=answer).response_id}/change/",
        "surveys/response/",
        "surveys/",
        f"surveys/survey/{survey.pk}/equality/",
    ]:
        page.goto(f"{live_server.url}/admin/{address}")
        assert complaints == []
        assert_accessible(page)
        complaints.clear()  # axe looks for parts of the admin's styles beside the page


@pytest.fixture
def concern(survey, asha):
    """One that was seen, beside one that nobody has read."""
    now = timezone.now()
    said = [world.response(survey, f"The taxi hurts, {n}", now).answers.get() for n in range(2)]
    seen, _ = [
        raise_concern(source=one, category="allegation", reason="A taxi.", by=asha, now=now)
        for one in said
    ]
    return see_concern(concern=seen, by=asha, now=now)


def test_the_pages_of_a_safeguarding_lead_are_accessible_and_say_what_waits(
    page, live_server, complaints, concern, lena
):
    sign_in(page, live_server, "lena")
    for address in [
        "",
        "surveys/concern/",
        f"surveys/concern/{concern.pk}/change/",
        f"surveys/concern/{concern.pk}/refer/",
        f"surveys/concern/{concern.pk}/clear/",
    ]:
        page.goto(f"{live_server.url}/admin/{address}")
        assert page.get_by_role("link", name="1 worry about harm that nobody has read").is_visible()
        assert complaints == []
        assert_accessible(page)
        complaints.clear()


def test_the_pages_on_which_a_worry_is_raised_are_accessible(
    page, live_server, complaints, concern, session
):
    note = add_note(session=session, text="A club that says yes.")
    readable = world.response(concern.answer.response.survey, "Sleep.", timezone.now())
    sign_in(page, live_server)
    for address in [
        f"surveys/concern/raise/answer/{readable.answers.get().pk}/",
        f"surveys/concern/raise/note/{note.pk}/",
        f"surveys/response/{concern.answer.response_id}/change/",
        f"surveys/session/{session.pk}/notes/",
    ]:
        page.goto(f"{live_server.url}/admin/{address}")
        assert page.locator(".unread").count() == 0
        assert complaints == []
        assert_accessible(page)
        complaints.clear()


def test_progress_is_kept_fresh_and_the_page_loads_again_at_the_end(
    page, live_server, complaints, survey, asha
):
    sign_in(page, live_server)
    now = timezone.now()
    run = AnalysisRun.objects.create(
        consultation=survey.consultation, asked_by=asha, asked_at=now, state="running"
    )
    rows = AnalysisRun.objects.filter(pk=run.pk)
    page.goto(f"{live_server.url}/admin/outcomes/analysisrun/{run.pk}/change/")
    rows.update(stage="Splitting into ideas", done=1, total=2)
    page.get_by_text("Running: Splitting into ideas").wait_for(timeout=5000)
    rows.update(state="failed", trouble="The model is missing.", finished_at=now)
    page.get_by_text("The model is missing.").wait_for(timeout=5000)
    assert page.get_by_role("button", name="Cancel this analysis").count() == 0
    assert complaints == []


def test_a_group_is_adopted_by_keyboard_and_without_a_script(browser, live_server, group):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/outcomes/groupsuggestion/{group.pk}/change/")
    page.get_by_label("Your name for it").focus()
    page.keyboard.type("We sleep at night")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="We sleep at night").wait_for()
    assert Cluster.objects.get().name == "We sleep at night"
    page.context.close()
