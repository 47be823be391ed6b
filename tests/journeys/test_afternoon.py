"""An officer's afternoon, by keyboard alone: from the answers to a cluster and the ledger.

With PICTURES=1 it also makes the pictures of docs/officers.md.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.demo import load
from outcomes.demo.load import PASSWORD
from outcomes.ledger import State, ledger_of_ideas
from outcomes.models import AnalysisRun, Cluster, Coding, GroupSuggestion
from surveys.models import AuditEvent
from tests.journeys.worker import running_worker
from tests.keyboard import Keyboard


@pytest.fixture
def officer(page, live_server, groups):
    consultation = load.load(now=timezone.now())
    page.set_default_timeout(30_000)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/admin/login/")
    keyboard = Keyboard(page)
    keyboard.reach(page.get_by_label("Username"))
    page.keyboard.type("asha")
    keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    keyboard.press("Enter")
    keyboard.see("From what people say")
    return keyboard, consultation


def test_an_officer_sorts_what_was_said_by_keyboard_alone(officer, live_server):
    keyboard, consultation = officer
    analysed(keyboard, live_server)
    coded(keyboard, live_server)
    cluster = adopted(keyboard, live_server)
    keyboard.page.goto(f"{live_server.url}/admin/")
    keyboard.follow("Ledger")
    keyboard.see("Left to do")
    keyboard.picture("officers-ledger")
    stands = ledger_of_ideas(consultation)
    assert stands[State.CLUSTER] >= cluster.ideas.count() > 0
    assert stands[State.CODED] >= 2
    assert AuditEvent.objects.filter(what__startswith="coded").count() >= 3


def analysed(keyboard: Keyboard, live_server) -> None:
    keyboard.page.goto(f"{live_server.url}/admin/")
    keyboard.picture("officers-index")
    keyboard.follow("Analysis runs")
    keyboard.reach(keyboard.page.get_by_role("button", name="Ask for an analysis").first)
    with running_worker():
        keyboard.press("Enter")
        for _ in range(2_000):
            run = AnalysisRun.objects.first()
            if run and not run.is_under_way:
                break
            keyboard.page.wait_for_timeout(300)
    assert AnalysisRun.objects.get().state == AnalysisRun.State.DONE
    # It says so by itself: nobody presses anything.
    expect(keyboard.page.locator("progress")).to_have_count(0)
    keyboard.page.wait_for_load_state("networkidle")
    keyboard.picture("officers-analysis")


def coded(keyboard: Keyboard, live_server) -> None:
    keyboard.page.goto(f"{live_server.url}/admin/")
    keyboard.follow("Inbox")
    keyboard.picture("officers-inbox")
    keyboard.press("j")
    keyboard.enter()
    keyboard.picture("officers-answer")
    for number, key in enumerate(("a", "1", "2"), start=1):
        keyboard.enter(key)
        assert Coding.objects.count() == number
    keyboard.enter("u")
    keyboard.see("It is now")
    assert Coding.objects.current().filter(theme__isnull=False).count() == 2


def adopted(keyboard: Keyboard, live_server) -> Cluster:
    keyboard.page.goto(f"{live_server.url}/admin/")
    keyboard.follow("Boards")
    keyboard.picture("officers-board")
    group = GroupSuggestion.objects.filter(theme__code="families").order_by("order").first()
    link = keyboard.page.locator(f'h3 a[href$="/groupsuggestion/{group.pk}/change/"]').first
    keyboard.reach(link if link.count() else keyboard.page.locator("h3 a").first)
    keyboard.enter()
    keyboard.reach(keyboard.page.get_by_label("Your name for it"))
    keyboard.press("Control+a")
    keyboard.page.keyboard.type("Help early, before things get worse")
    keyboard.enter()
    keyboard.see("You adopted “Help early, before things get worse”.")
    keyboard.picture("officers-cluster")
    return Cluster.objects.get(name="Help early, before things get worse")
