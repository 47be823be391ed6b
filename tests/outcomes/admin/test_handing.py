"""Cases and complaints: a list to hand over, redacted, never published."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import dispose, raise_concern
from outcomes.models import Disposition, Idea
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage, Response
from surveys.redacted import Hidden
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LIST = "outcomes_disposition_changelist"


def said(survey, text):
    return world.response(survey, text, NOW).answers.get().passage


@pytest.fixture
def case(survey, asha):
    passage = said(survey, "My son Tom has waited a year.")
    passage.hide([Hidden(7, 10, "person")])
    passage.save()
    return dispose(of=passage, what="case", by=asha, now=NOW, reason="A plan that is late.")


@pytest.fixture
def complaint(session, asha):
    passage = add_note(session=session, text="=The office never rings back.").passage
    return dispose(of=passage, what="complaint", by=asha, now=NOW)


def sheet(page):
    return list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))


def test_the_list_says_where_to_find_each_and_hides_what_is_hidden(visit, case, complaint, asha):
    page = visit(asha, LIST).content.decode()
    assert Response.objects.get().reference in page
    assert "Evening workshop" in page
    assert "My son [name] has waited a year." in page
    assert "Tom" not in page
    assert "A plan that is late." in page


def test_other_dispositions_and_those_taken_back_are_not_on_it(visit, survey, case, asha):
    dispose(of=said(survey, "Blah"), what="nothing", by=asha, now=NOW)
    dispose(of=case.passage, what="open", by=asha, now=NOW)
    page = visit(asha, LIST)
    assert page.context_data["cl"].result_count == 0


def test_what_is_withheld_is_not_on_it(visit, case, asha):
    raise_concern(source=case.passage.answer, category="other", reason="So.", by=asha, now=NOW)
    for name in (LIST, "outcomes_disposition_sheet", "outcomes_disposition_paper"):
        assert "waited a year" not in visit(asha, name).content.decode()
    assert visit(asha, "outcomes_disposition_change", case.pk).status_code == 404
    assert visit(asha, "outcomes_disposition_hand-on", case.pk).status_code == 404


def test_an_idea_can_be_a_case_too(visit, survey, group, asha):
    idea = Idea.objects.in_no_cluster().first()
    made = dispose(of=idea, what="case", by=asha, now=NOW)
    assert idea.text in visit(asha, LIST).content.decode()
    raise_concern(source=idea.answer, category="other", reason="So.", by=asha, now=NOW)
    assert visit(asha, "outcomes_disposition_change", made.pk).status_code == 404


def test_the_index_says_how_many_wait(visit, case, complaint, asha, dev):
    assert "2 to hand on" in visit(asha, "index").content.decode()
    visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": "SEND team"})
    assert "1 to hand on" in visit(asha, "index").content.decode()
    assert "to hand on" not in visit(dev, "index").content.decode()


def test_handing_on_is_kept_with_the_team(visit, case, asha):
    page = visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": ""})
    assert page.status_code == 200
    assert Disposition.objects.get().handed_at is None
    visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": "The SEND team"})
    case.refresh_from_db()
    assert (case.handed_to, case.handed_by, case.handed_at) == ("The SEND team", asha, NOW)
    page = visit(asha, "outcomes_disposition_change", case.pk).content.decode()
    assert "to The SEND team, 22 November 2026, by asha" in page


def test_to_hand_on_twice_is_told(visit, case, asha, ben):
    visit(ben, "outcomes_disposition_hand-on", case.pk, data={"to": "The SEND team"})
    page = visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": "Another team"})
    assert "Somebody handed this on, or took it back, meanwhile." in page.content.decode()
    case.refresh_from_db()
    assert case.handed_by == ben


def test_who_only_reads_hands_nothing_on_and_takes_nothing_away(visit, case, fran, dev, lena):
    pia = world.person("pia", "Publisher")
    assert visit(pia, LIST).status_code == 200
    for who in (pia, fran, dev, lena):
        for name, *args in [
            ("hand-on", case.pk),
            ("hand-on-several",),
            ("sheet",),
            ("paper",),
        ]:
            assert visit(who, f"outcomes_disposition_{name}", *args).status_code == 403
    for who in (fran, dev, lena):
        assert visit(who, LIST).status_code == 403


def test_several_are_handed_on_together(visit, case, complaint, asha):
    chosen = {"action": "hand_on_several", "_selected_action": [case.pk, complaint.pk]}
    page = visit(asha, LIST, data=chosen)
    assert page.status_code == 302
    query = "?" + page.url.split("?")[1]
    page = visit(asha, "outcomes_disposition_hand-on-several", query=query).content.decode()
    assert Response.objects.get().reference in page
    assert not Disposition.objects.filter(handed_at__isnull=False).exists()
    visit(asha, "outcomes_disposition_hand-on-several", query=query, data={"to": "A team"})
    assert Disposition.objects.filter(handed_to="A team", handed_by=asha).count() == 2


@pytest.mark.parametrize("ids", ["", "x", "9" * 40, "²", "1,2,3"])
def test_none_chosen_is_told(visit, asha, ids):
    page = visit(asha, "outcomes_disposition_hand-on-several", query=f"?ids={ids}")
    assert page.status_code == 302
    assert "Choose what was handed on." in visit(asha, LIST).content.decode()


def test_the_sheet_is_redacted_safe_and_audited(visit, case, complaint, asha):
    page = visit(asha, "outcomes_disposition_sheet")
    head, first, second = sheet(page)
    assert head[:3] == ["where", "what", "words"]
    assert first[2] == "My son [name] has waited a year."
    assert first[0] == f"response {Response.objects.get().reference}"
    assert second[2] == "'=The office never rings back."
    event = AuditEvent.objects.first()
    assert (event.what, event.by) == ("exported the hand-over list", asha)
    assert "waited" not in event.detail


def test_what_was_handed_on_is_not_given_away_again(visit, case, asha):
    visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": "A team"})
    assert len(sheet(visit(asha, "outcomes_disposition_sheet"))) == 1
    page = visit(asha, "outcomes_disposition_paper").content.decode()
    assert "nothing to hand on" in page
    assert not AuditEvent.objects.filter(what="exported the hand-over list").exists()


def test_the_same_to_print_is_audited_too(visit, case, asha):
    page = visit(asha, "outcomes_disposition_paper").content.decode()
    assert "My son [name] has waited a year." in page
    assert AuditEvent.objects.first().detail == "1 of them, to print"


def test_filters_find_what_is_not_handed_on_yet(visit, case, complaint, asha):
    visit(asha, "outcomes_disposition_hand-on", case.pk, data={"to": "A team"})
    for query, number in [("handed=no", 1), ("handed=yes", 1), ("kind=case", 1), ("kind=x", 2)]:
        page = visit(asha, LIST, query=f"?{query}")
        assert page.context_data["cl"].result_count == number, query


def test_the_list_asks_no_more_for_more(visit, survey, session, case, complaint, asha):
    def asked():
        found = []
        for name in (LIST, "outcomes_disposition_paper", "outcomes_disposition_sheet"):
            with CaptureQueriesContext(connection) as queries:
                visit(asha, name)
            found.append(len(queries))
        return found

    asked()
    few = asked()
    for number in range(8):
        dispose(of=said(survey, f"Ours, {number}"), what="case", by=asha, now=NOW)
        note = add_note(session=session, text=f"Theirs, {number}")
        dispose(of=note.passage, what="complaint", by=asha, now=NOW)
    assert Passage.objects.count() == 18
    assert asked() == few
