"""Responses and workshop notes in the admin."""

import pytest
from django.urls import reverse

from surveys.actions import add_note, begin_response, save_answer
from surveys.models import Session
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(survey):
    made, _ = begin_response(survey=survey, now=NOW)
    first = survey.questions.all()[0]
    save_answer(response=made, question=first, text="not sent yet", seen=None, now=NOW)
    return made


@pytest.fixture
def session(consultation, fran):
    return Session.objects.create(
        consultation=consultation,
        facilitator=fran,
        title="Evening workshop",
        audience="parent_carer",
        held_on=NOW.date(),
        people=12,
    )


def test_a_response_shows_its_answers_as_typed_and_no_hash(visit, asha, survey):
    made = world.response(survey, "Line one\n  <script>alert(1)</script>", NOW)
    page = visit(asha, "surveys_response_change", made.pk).content.decode()
    assert '<blockquote class="original">Line one\n  &lt;script&gt;alert(1)' in page
    lines = visit(asha, "surveys_response_changelist").content.decode()
    assert made.reference in lines
    for shown in (page, lines):
        assert made.code_hash not in shown
        assert "code_hash" not in shown


def test_a_draft_is_read_by_nobody(visit, asha, survey, draft):
    root = world.person("root")
    root.is_superuser = True
    root.save()
    for person in (asha, root):
        assert draft.reference not in visit(person, "surveys_response_changelist").content.decode()
        for name in ("change", "history", "delete"):
            page = visit(person, f"surveys_response_{name}", draft.pk)
            assert page.status_code in (403, 404)
            assert b"not sent yet" not in page.content
        answer = draft.answers.get()
        assert visit(person, "outcomes_idea_answer", answer.pk).status_code == 404


def test_a_code_cannot_be_guessed_at_through_the_filters(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    start = made.code_hash[:4]
    page = visit(asha, "surveys_response_changelist", query=f"?code_hash__startswith={start}")
    assert page.status_code == 400


def test_responses_are_neither_added_nor_changed(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    assert visit(asha, "surveys_response_add").status_code == 403
    visit(asha, "surveys_response_change", made.pk, data={"channel": "phone"})
    made.refresh_from_db()
    assert made.channel == "online"


def test_the_list_asks_the_database_no_more_for_more_rows(
    visit, asha, survey, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(5):
        world.response(survey, f"Heard {number}", NOW)
    visit(asha, "surveys_response_changelist")
    with django_assert_max_num_queries(20) as few:
        visit(asha, "surveys_response_changelist")
    for number in range(45):
        world.response(survey, f"Heard again {number}", NOW)
    with django_assert_num_queries(len(few)):
        visit(asha, "surveys_response_changelist")


def notes_form(session: Session, *texts: str, initial: int = 0) -> dict:
    sent = {
        "consultation": session.consultation_id,
        "title": session.title,
        "audience": session.audience,
        "held_on": "2026-11-22",
        "people": 12,
        "notes-TOTAL_FORMS": len(texts) + initial,
        "notes-INITIAL_FORMS": initial,
    }
    for number, text in enumerate(texts, start=initial):
        sent |= {f"notes-{number}-text": text, f"notes-{number}-kind": "exact" if text else "said"}
    return sent


def test_a_facilitator_adds_a_workshop_and_its_notes(visit, fran, session):
    sent = notes_form(session, "We want a club.", "And a bus home.") | {"title": "Mine"}
    assert visit(fran, "surveys_session_add", data=sent).status_code == 302
    made = Session.objects.get(title="Mine")
    assert made.facilitator == fran
    assert [(note.order, note.text, note.kind) for note in made.notes.all()] == [
        (1, "We want a club.", "exact"),
        (2, "And a bus home.", "exact"),
    ]


def test_notes_are_added_at_the_end_and_stay_as_written(visit, fran, session):
    first = add_note(session=session, text="As it was said.")
    sent = notes_form(session, "One more.", initial=1) | {
        "notes-0-id": first.pk,
        "notes-0-session": session.pk,
        "notes-0-text": "Something else.",
        "notes-0-kind": "exact",
        "notes-0-DELETE": "on",
    }
    assert visit(fran, "surveys_session_change", session.pk, data=sent).status_code == 302
    assert "As it was said." in [note.text for note in session.notes.all()]
    assert "Something else." not in [note.text for note in session.notes.all()]


def test_a_facilitator_sees_only_their_own_workshops(visit, fran, session):
    other = world.person("flo", "Facilitator")
    assert visit(fran, "surveys_session_change", session.pk).status_code == 200
    assert visit(other, "surveys_session_change", session.pk).status_code == 404
    assert session.title not in visit(other, "surveys_session_changelist").content.decode()


def test_whose_words_the_notes_are_does_not_change(visit, fran, session):
    add_note(session=session, text="As it was said.")
    sent = notes_form(session) | {"audience": "young_person", "title": "Renamed"}
    assert visit(fran, "surveys_session_change", session.pk, data=sent).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.audience) == ("Renamed", "parent_carer")


def test_an_empty_form_adds_no_note(visit, fran, session):
    visit(fran, "surveys_session_change", session.pk, data=notes_form(session, "", "Said."))
    assert [note.text for note in session.notes.all()] == ["Said."]


def test_a_facilitator_reads_no_response(visit, fran, survey):
    made = world.response(survey, "Being heard", NOW)
    assert visit(fran, "surveys_response_change", made.pk).status_code == 403
    assert reverse("admin:surveys_response_changelist") not in visit(fran, "index").content.decode()
