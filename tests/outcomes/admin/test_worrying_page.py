"""“I am worried about somebody”: told by all staff who may, read by the safeguarding lead."""

import re
from html import unescape

import pytest

from outcomes.actions import raise_concern, tell_of_concern
from surveys.actions import Received, enter_response, withdraw_response
from surveys.models import AuditEvent, Concern
from surveys.models.safety import WORDS_GONE
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
WORRY = {"category": "neglect", "reason": "A girl at the drop-in had no coat again."}
LINK = "I am worried about somebody"


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.fixture
def told(gwen) -> Concern:
    return tell_of_concern(by=gwen, now=NOW, **WORRY)


def test_all_staff_but_administrators_tell_of_a_worry(visit, gwen, fran, asha, lena, dev, survey):
    world.response(survey, "What somebody said", NOW)
    pip = world.person("pip", "Administrator")
    olu = world.person("olu", "Co-production reviewer")
    for person in (dev, pip):
        assert LINK not in text(visit(person, "index"))
        assert visit(person, "surveys_concern_raise", data=WORRY).status_code == 403
    for person in (gwen, fran, asha, lena, olu):
        assert LINK in text(visit(person, "index"))
        page = text(visit(person, "surveys_concern_raise"))
        assert "If somebody is in danger now, call 999." in page
        assert "What somebody said" not in page
        assert visit(person, "surveys_concern_raise", data=WORRY).status_code == 302
    assert Concern.objects.filter(answer=None, note=None, score=1).count() == 5


def test_the_teller_is_told_what_happens_next_and_sees_nothing_more(visit, client, gwen):
    visit(gwen, "surveys_concern_raise", data=WORRY)
    row = Concern.objects.get()
    page = text(client.get("/admin/"))
    assert f"Your worry has number {row.pk}." in page
    assert "call 999" in page
    assert WORRY["reason"] not in page
    assert visit(gwen, "surveys_concern_change", row.pk).status_code == 403
    event = AuditEvent.objects.get(what="raised a concern")
    assert WORRY["reason"] not in event.detail


def test_an_agency_lead_reads_nobodys_words_by_it(visit, gwen, survey):
    """Not even of a response that they once typed in, by a role that they have no more."""
    said = Received(
        survey=survey, channel="paper", received_on=NOW.date(), texts={"what_matters": "Said"}
    )
    answer = enter_response(received=said, by=gwen, now=NOW).answers.get()
    for data in (None, WORRY):
        page = visit(gwen, "surveys_concern_raise-answer", answer.pk, data=data)
        assert page.status_code == 404


def test_a_worry_needs_its_words_and_keeps_them_when_refused(visit, gwen):
    page = visit(gwen, "surveys_concern_raise", data={"reason": "She had no coat."})
    assert "Please correct what is marked below." in text(page)
    assert "She had no coat." in text(page)
    for reason in (" ", "\x00 "):
        visit(gwen, "surveys_concern_raise", data=WORRY | {"reason": reason})
    assert not Concern.objects.exists()


def test_the_same_sent_twice_is_one(visit, gwen, told):
    assert visit(gwen, "surveys_concern_raise", data=WORRY).status_code == 302
    assert Concern.objects.get() == told


def test_the_lead_reads_it_in_the_queue_and_on_its_page(visit, lena, told):
    assert "1 that nobody has read" in text(visit(lena, "index"))
    queue = text(visit(lena, "surveys_concern_changelist"))
    page = text(visit(lena, "surveys_concern_change", told.pk))
    for shown in (queue, page):
        assert WORRY["reason"] in shown
        assert "taken back" not in shown
    assert "Told by gwen" in page
    assert "others may read" not in page
    read = AuditEvent.objects.filter(what="concern: read the original", by=lena)
    assert [one.about for one in read] == [f"surveys.concern {told.pk}", "surveys.concern"]


def test_the_lead_passes_it_on_and_closes_it_and_nobody_else_does(visit, lena, asha, gwen, told):
    visit(lena, "surveys_concern_seen", told.pk, data={})
    handed = {"told": "Duty social worker", "reason": "Third time."}
    assert visit(lena, "surveys_concern_refer", told.pk, data=handed).status_code == 302
    closing = {"reason": "She has a coat and a visitor."}
    for person in (asha, gwen):
        assert visit(person, "surveys_concern_close", told.pk, data=closing).status_code == 403
    assert visit(lena, "surveys_concern_close", told.pk, data=closing).status_code == 302
    page = text(visit(lena, "surveys_concern_change", told.pk))
    for words in ("Closed. Told by gwen", "Duty social worker", closing["reason"]):
        assert words in page
    assert "others may read" not in page
    assert AuditEvent.objects.filter(what="concern: closed").exists()
    assert "Closed: " not in text(visit(lena, "index"))


def test_clearing_from_the_list_leaves_it_for_its_page(client, visit, lena, told):
    visit(lena, "index")
    data = {"action": "clear_read", "_selected_action": [told.pk]}
    page = text(client.post("/admin/surveys/concern/", data, follow=True))
    assert f"for somebody told you of them (open each): {told.pk}." in page
    told.refresh_from_db()
    assert told.is_open


def test_what_is_about_an_answer_is_cleared_and_not_closed(visit, lena, asha, survey):
    answer = world.response(survey, "He shouts.", NOW).answers.get()
    about = raise_concern(source=answer, category="other", reason="Look.", by=asha, now=NOW)
    refused = visit(lena, "surveys_concern_close", about.pk, data={"reason": "Done."})
    assert refused.status_code == 403
    withdraw_response(response=answer.response, now=NOW)
    about.refresh_from_db()
    assert about.reason == WORDS_GONE
    assert not about.was_told
    assert "taken back" in text(visit(lena, "surveys_concern_change", about.pk))
