"""The rest of an officer's afternoon by keyboard: hiding, splitting, handing on, taking out."""

import pytest
from django.utils import timezone

from outcomes.actions import adopt
from outcomes.hiding import suggest
from outcomes.models import Cluster, Disposition
from surveys.models import Answer, AuditEvent, Passage
from tests import world
from tests.browser.test_admin_pages import sign_in
from tests.keyboard import Keyboard

SAID = ("Maya hit the wall at school", "Sleep at night", "A bus that comes", "Nobody rang back")


@pytest.fixture
def cluster(survey, asha):
    """Of four ideas; a name in the first of them waits for a redactor."""
    now = timezone.now()
    said = [world.response(survey, text, now) for text in SAID]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    Passage.everything.update(screened_at=now)
    suggest(answers[0].passage, [(0, 4, "person", 0.9)])
    group = world.group(world.run(survey.consultation, asha, now), "health", answers)
    return adopt(suggestion=group, name="A calm day and night", by=asha, now=now)


def keyboard_of(page, live_server, who) -> Keyboard:
    sign_in(page, live_server, who)
    return Keyboard(page)


def test_a_redactor_decides_what_is_hidden(page, live_server, cluster):
    world.person("rosa", "Officer", "Redactor")
    keyboard = keyboard_of(page, live_server, "rosa")
    keyboard.follow("Redactions")
    keyboard.picture("redaction-list")
    keyboard.reach(page.locator("main table a").first)
    keyboard.enter()
    keyboard.picture("redaction-page")
    keyboard.reach(page.get_by_role("button", name="Keep it hidden, and go on"))
    keyboard.enter()
    first = Passage.objects.get(answer__text=SAID[0])
    assert "Maya" not in first.words
    assert AuditEvent.objects.filter(what="read the original").exists()


def test_an_officer_splits_a_cluster(page, live_server, cluster):
    keyboard = keyboard_of(page, live_server, "asha")
    page.goto(f"{live_server.url}/admin/outcomes/cluster/{cluster.pk}/change/")
    keyboard.reach(page.locator("input[name=ideas]").nth(2))
    keyboard.press("Space")
    keyboard.reach(page.get_by_role("button", name="Split off as a cluster of their own"))
    keyboard.enter()
    keyboard.reach(page.get_by_label("Name of the new cluster"))
    page.keyboard.type("Getting there by bus")
    keyboard.picture("cluster-split")
    keyboard.reach(page.get_by_role("button", name="Split off"))
    keyboard.enter()
    keyboard.see("“Getting there by bus” is a cluster of its own now.")
    assert Cluster.objects.get(name="Getting there by bus").ideas.count() == 1
    assert cluster.ideas.count() == len(SAID) - 1


def test_an_officer_hands_a_complaint_on(page, live_server, survey, asha):
    world.response(survey, "Nobody rang back", timezone.now())
    keyboard = keyboard_of(page, live_server, "asha")
    keyboard.follow("Inbox")
    keyboard.press("j")
    keyboard.enter()
    keyboard.reach(page.locator(".whole summary"))
    keyboard.press("Enter")
    keyboard.reach(page.locator("[name=what]").first)
    while not page.locator("[name=what][value=complaint]").is_checked():
        keyboard.press("ArrowDown")
    keyboard.reach(page.get_by_role("button", name="Decide about all of it"))
    keyboard.enter()
    page.goto(f"{live_server.url}/admin/")
    keyboard.follow("To hand on")
    keyboard.reach(page.locator("input.action-select").first)
    keyboard.press("Space")
    keyboard.reach(page.locator("select[name=action]"))
    page.keyboard.type("They were")
    keyboard.reach(page.locator("button[name=index]"))
    keyboard.enter()
    keyboard.reach(page.locator("main input[type=text]").first)
    page.keyboard.type("Complaints team")
    keyboard.picture("handing-on")
    keyboard.reach(page.locator("main [type=submit]").first)
    keyboard.enter()
    keyboard.see("Kept: 1 handed on to Complaints team.")
    assert not Disposition.objects.to_hand_on().exists()


def test_an_officer_takes_the_ideas_out(page, live_server, cluster):
    keyboard = keyboard_of(page, live_server, "asha")
    keyboard.follow("Take out and bring in")
    keyboard.follow(str(cluster.consultation))
    keyboard.picture("exchange")
    keyboard.reach(page.locator("a[href$='what=ideas&as=csv']"))
    with page.expect_download() as taken:
        keyboard.press("Enter")
    text = taken.value.path().read_text(encoding="utf-8-sig")
    assert SAID[1] in text
    assert AuditEvent.objects.filter(what__startswith="exported").exists()
