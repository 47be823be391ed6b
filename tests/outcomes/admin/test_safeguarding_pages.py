"""The safeguarding lead's queue, and the page on which whoever reads raises a worry."""

import re
from html import unescape

import pytest
from django.urls import reverse

from outcomes.actions import clear_concern, hide, raise_concern
from surveys.actions import (
    Received,
    add_note,
    begin_response,
    enter_response,
    save_answer,
    send_response,
    withdraw_response,
)
from surveys.models import Answer, AuditEvent, Concern, Session
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
WORDS = "He hurts me at night."
WORRY = {"category": "disclosure", "reason": "It sounds as if somebody hurts her."}


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.fixture
def answer(survey) -> Answer:
    return world.response(survey, WORDS, NOW).answers.get()


@pytest.fixture
def concern(answer, asha) -> Concern:
    return raise_concern(source=answer, by=asha, now=NOW, **WORRY)


def test_the_queue_and_its_pages_are_the_leads_alone(visit, concern, asha, ben, fran, gwen, dev):
    pages = [("changelist",), ("change", concern.pk), ("refer", concern.pk), ("clear", concern.pk)]
    for person in (asha, ben, fran, gwen, dev):
        for name, *args in [*pages, ("history", concern.pk)]:
            assert visit(person, f"surveys_concern_{name}", *args).status_code == 403, person
        for name in ("seen", "refer", "clear"):
            data = {"told": "Me", "reason": "Let me."}
            refused = visit(person, f"surveys_concern_{name}", concern.pk, data=data)
            assert refused.status_code == 403, person
    concern.refresh_from_db()
    assert concern.state == "new"


def test_the_lead_reads_the_words_with_their_question(visit, concern, lena):
    for name, *args in [("changelist",), ("refer", concern.pk), ("history", concern.pk)]:
        assert visit(lena, f"surveys_concern_{name}", *args).status_code == 200
    page = text(visit(lena, "surveys_concern_change", concern.pk))
    assert WORDS in page
    assert "What about what_matters?" in page
    assert WORRY["reason"] in page
    assert "Raised by asha" in page


def test_the_lead_is_told_what_waits_and_others_are_not(visit, concern, lena, asha):
    assert "1 that nobody has read" in text(visit(lena, "index"))
    assert "oncern" not in text(visit(asha, "index"))
    visit(lena, "surveys_concern_seen", concern.pk, data={})
    assert "1 read, and not decided yet" in text(visit(lena, "index"))


def test_the_lead_reads_it_passes_it_on_and_clears_it(visit, concern, lena, asha):
    def at():
        concern.refresh_from_db()
        return concern.state

    visit(lena, "surveys_concern_seen", concern.pk, data={})
    assert at() == "seen"
    told = {"told": "Duty social worker", "reason": "She names him."}
    visit(lena, "surveys_concern_refer", concern.pk, data=told)
    assert at() == "referred"
    assert visit(asha, "outcomes_idea_answer", concern.answer_id).status_code == 404
    visit(lena, "surveys_concern_clear", concern.pk, data={"reason": "She is looked after."})
    assert at() == "cleared"
    assert WORDS in text(visit(asha, "surveys_passage_change", concern.answer.passage.pk))
    page = text(visit(lena, "surveys_concern_change", concern.pk))
    for words in ("Duty social worker", "She names him.", "She is looked after."):
        assert words in page


def test_every_opening_of_the_page_is_kept(visit, concern, lena):
    for _ in range(2):
        visit(lena, "surveys_concern_change", concern.pk)
    events = AuditEvent.objects.filter(what="concern: read the original", by=lena)
    assert [one.about for one in events] == [f"surveys.concern {concern.pk}"] * 2
    assert "kept in the audit log" in text(visit(lena, "surveys_concern_change", concern.pk))


def test_the_page_shows_what_else_the_response_says_without_what_is_hidden(
    visit, survey, asha, lena
):
    made, _ = begin_response(survey=survey, now=NOW)
    said = (WORDS, "Ask Mia at the pool.", "A third thing.")
    for question, words in zip(survey.questions.all(), said, strict=True):
        save_answer(response=made, question=question, text=words, seen=None, now=NOW)
    send_response(response=made, may_quote=None, now=NOW)
    first, second, third = made.answers.order_by("question__order")
    hide(passage=second.passage, start=4, end=7, kind="person", by=asha, now=NOW)
    about = [raise_concern(source=one, by=asha, now=NOW, **WORRY) for one in (first, third)]
    page = text(visit(lena, "surveys_concern_change", about[0].pk))
    assert WORDS in page
    assert "Ask [name] at the pool." in page
    assert "Mia" not in page
    assert "What about difference?" in page
    assert "A third thing." not in page
    assert "There is a worry about this answer too." in page


def test_the_form_presumes_nothing_of_what_it_is_about(visit, answer, asha):
    page = visit(asha, "surveys_concern_raise-answer", answer.pk).content.decode()
    assert page.count("selected") == 1
    assert '<option value="" selected>' in page
    assert '<option value="other">something else</option>' in page
    refused = visit(asha, "surveys_concern_raise-answer", answer.pk, data={"reason": "Look."})
    assert "This field is required." in text(refused)
    assert not Concern.objects.exists()


def test_whoever_raises_a_worry_reads_the_words_without_what_is_hidden(visit, answer, asha, ben):
    hide(passage=answer.passage, start=0, end=2, kind="person", by=asha, now=NOW)
    page = text(visit(ben, "surveys_concern_raise-answer", answer.pk))
    assert "[name] hurts me at night." in page


def test_a_reviewer_raises_a_worry_about_what_they_read(visit, answer, session, groups):
    cora = world.person("cora", "Co-production reviewer")
    note = add_note(session=session, text="He shouts.")
    for kind, source in (("answer", answer), ("note", note)):
        sent = visit(cora, f"surveys_concern_raise-{kind}", source.pk, data=WORRY)
        assert sent.status_code == 302
    assert Concern.objects.filter(raised_by=cora).count() == 2


@pytest.mark.parametrize("name", ["refer", "clear"])
def test_a_decision_without_a_reason_is_refused_on_its_page(visit, concern, lena, name):
    page = visit(lena, f"surveys_concern_{name}", concern.pk, data={"told": "x", "reason": " "})
    assert page.status_code == 200
    assert "This field is required." in text(page)
    assert not concern.steps.exists()


def test_what_was_cleared_offers_no_decision_and_refuses_one(visit, concern, lena):
    clear_concern(concern=concern, reason="A story.", by=lena, now=NOW)
    page = visit(lena, "surveys_concern_change", concern.pk).content.decode()
    assert reverse("admin:surveys_concern_clear", args=[concern.pk]) not in page
    again = visit(lena, "surveys_concern_clear", concern.pk, data={"reason": "Again."})
    assert "cleared already" in text(again)


def test_the_record_of_words_taken_back_says_so(visit, concern, lena):
    withdraw_response(response=concern.answer.response, now=NOW)
    page = text(visit(lena, "surveys_concern_change", concern.pk))
    assert "taken back by whoever wrote them" in page
    assert WORDS not in page
    assert "words taken back" in text(visit(lena, "surveys_concern_changelist"))


def test_the_lead_reads_nothing_else_by_this_role(visit, concern, survey, lena):
    other = world.response(survey, "Sleep", NOW).answers.get()
    assert visit(lena, "surveys_concern_raise-answer", other.pk).status_code == 404
    for name, *args in [
        ("outcomes_idea_changelist",),
        ("outcomes_idea_answer", other.pk),
        ("surveys_response_changelist",),
        ("surveys_response_change", concern.answer.response_id),
        ("surveys_session_changelist",),
        ("outcomes_cluster_changelist",),
    ]:
        assert visit(lena, name, *args).status_code == 403, name


def test_whoever_reads_an_answer_raises_a_worry_about_it(visit, answer, asha, ben, fran, gwen, dev):
    way = reverse("admin:surveys_concern_raise-answer", args=[answer.pk])
    for name, key in (
        ("surveys_response_change", answer.response_id),
        ("surveys_passage_change", answer.passage.pk),
    ):
        assert way in visit(asha, name, key).content.decode()
    for person, status in ((dev, 403), (gwen, 404), (fran, 404)):
        for data in (None, WORRY):
            page = visit(person, "surveys_concern_raise-answer", answer.pk, data=data)
            assert page.status_code == status, person
    assert not Concern.objects.exists()
    assert WORDS in text(visit(ben, "surveys_concern_raise-answer", answer.pk))
    done = visit(ben, "surveys_concern_raise-answer", answer.pk, data=WORRY)
    assert done.url == reverse("admin:index")
    assert Concern.objects.get().raised_by == ben
    for person in (asha, ben):
        assert visit(person, "surveys_concern_raise-answer", answer.pk).status_code == 404
        page = visit(person, "surveys_response_change", answer.response_id).content.decode()
        assert WORDS not in page
        assert "withheld" in page
        assert way not in page


def test_a_worry_needs_its_reason(visit, answer, asha):
    page = visit(asha, "surveys_concern_raise-answer", answer.pk, data={"category": "other"})
    assert "This field is required." in text(page)
    assert not Concern.objects.exists()


def test_who_typed_answers_in_raises_a_worry_about_them(visit, survey, fran, asha):
    typed = Received(
        survey=survey, channel="paper", received_on=NOW.date(), texts={"what_matters": WORDS}
    )
    own = enter_response(received=typed, by=fran, now=NOW).answers.get()
    assert visit(fran, "surveys_concern_raise-answer", own.pk, data=WORRY).status_code == 302
    assert Concern.objects.get().answer == own


def test_a_facilitator_reads_and_raises_notes_of_their_own_workshops_alone(
    visit, session, consultation, asha, fran
):
    own = add_note(session=session, text=WORDS)
    elsewhere = Session.objects.create(
        consultation=consultation,
        facilitator=asha,
        title="Morning workshop",
        audience="parent_carer",
        held_on=NOW.date(),
        people=3,
    )
    other = add_note(session=elsewhere, text="Elsewhere they said this.")
    page = visit(fran, "surveys_concern_raise-note", other.pk)
    assert page.status_code == 404
    assert "Elsewhere" not in page.content.decode()
    assert visit(fran, "surveys_concern_raise-note", other.pk, data=WORRY).status_code == 404
    way = reverse("admin:surveys_concern_raise-note", args=[own.pk])
    assert way in visit(fran, "surveys_session_notes", session.pk).content.decode()
    assert visit(fran, "surveys_concern_raise-note", own.pk, data=WORRY).status_code == 302
    assert WORDS not in visit(fran, "surveys_session_notes", session.pk).content.decode()
    assert visit(asha, "surveys_concern_raise-note", other.pk).status_code == 200


def test_drafts_are_nobodys_to_worry_about(visit, survey, asha):
    draft, _ = begin_response(survey=survey, now=NOW)
    question = survey.questions.first()
    save_answer(response=draft, question=question, text=WORDS, seen=None, now=NOW)
    page = visit(asha, "surveys_concern_raise-answer", draft.answers.get().pk)
    assert page.status_code == 404
