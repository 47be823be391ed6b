"""Workshops in the admin: whose they are, their notes typed and corrected."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.html import escape

from surveys.actions import add_note
from surveys.models import Session
from tests import world

pytestmark = pytest.mark.django_db
PAGES = ("change", "history", "notes", "paste", "file", "preview")


@pytest.fixture
def flo(groups):
    """Another facilitator."""
    return world.person("flo", "Facilitator")


def workshop(consultation, **changes) -> dict:
    facts = {
        "consultation": consultation.pk,
        "title": "Mine",
        "audience": "parent_carer",
        "held_on": "2026-11-22",
        "people": 12,
        "method": "Small groups, then dots",
        "about": "Online.",
    }
    return facts | changes


def said(session):
    return [(note.order, note.text, note.kind, note.dots) for note in session.notes.all()]


def typed(text, kind="said", **more) -> dict:
    return {"text": text, "kind": kind, "dots": "", "seen": "0"} | more


# Whose they are.


def test_a_facilitator_adds_a_workshop_and_goes_on_to_its_notes(visit, fran, consultation):
    answer = visit(fran, "surveys_session_add", data=workshop(consultation))
    made = Session.objects.get()
    assert (made.facilitator, made.method, made.people) == (fran, "Small groups, then dots", 12)
    assert answer.url == reverse("admin:surveys_session_notes", args=[made.pk])


def test_an_officer_says_whose_it_is_and_a_facilitator_cannot(
    visit, asha, fran, flo, gwen, consultation
):
    visit(asha, "surveys_session_add", data=workshop(consultation, facilitator=flo.pk))
    assert Session.objects.get().facilitator == flo
    visit(asha, "surveys_session_add", data=workshop(consultation, title="Asha’s", facilitator=""))
    assert Session.objects.get(title="Asha’s").facilitator == asha
    page = visit(asha, "surveys_session_add", data=workshop(consultation, facilitator=gwen.pk))
    assert "Select a valid choice" in page.content.decode()
    sent = workshop(consultation, title="Fran’s", facilitator=flo.pk)
    visit(fran, "surveys_session_add", data=sent)
    assert Session.objects.get(title="Fran’s").facilitator == fran


@pytest.mark.parametrize("people", ["0", "-1", "10001", "many", ""])
def test_the_number_in_the_room_is_a_number_of_people(visit, fran, consultation, people):
    page = visit(fran, "surveys_session_add", data=workshop(consultation, people=people))
    assert page.status_code == 200
    assert not Session.objects.exists()


def test_a_facilitator_sees_and_changes_only_their_own(visit, fran, flo, asha, session):
    note = add_note(session=session, text="A club")
    for name in PAGES:
        assert visit(flo, f"surveys_session_{name}", session.pk).status_code == 404, name
    assert visit(flo, "surveys_session_note", session.pk, note.order).status_code == 404
    assert session.title not in visit(flo, "surveys_session_changelist").content.decode()
    for who in (fran, asha):
        for name in PAGES[:-1]:
            assert visit(who, f"surveys_session_{name}", session.pk).status_code == 200, name
        assert visit(who, "surveys_session_note", session.pk, note.order).status_code == 200
        assert session.title in visit(who, "surveys_session_changelist").content.decode()


def test_nobody_writes_into_a_workshop_by_guessing_its_address(visit, flo, dev, gwen, session):
    note = add_note(session=session, text="A club")
    for who in (flo, dev, gwen):
        for name, *args in [
            ("notes", session.pk),
            ("note", session.pk, note.order),
            ("paste", session.pk),
            ("file", session.pk),
            ("preview", session.pk),
            ("change", session.pk),
        ]:
            data = typed("Changed", seen=note.pk, divide="line")
            page = visit(who, f"surveys_session_{name}", *args, data=data)
            assert page.status_code in (403, 404), (who, name)
    assert said(session) == [(1, "A club", "said", None)]


def test_who_only_publishes_reads_notes_and_writes_none(visit, session):
    paul = world.person("paul", "Publisher")
    note = add_note(session=session, text="A club")
    page = visit(paul, "surveys_session_notes", session.pk).content.decode()
    assert "A club" in page
    assert "note-form" not in page
    assert "Correct" not in page
    for name, *args in [("notes", session.pk), ("note", session.pk, note.order)]:
        assert visit(paul, f"surveys_session_{name}", *args, data=typed("x")).status_code == 403
    assert visit(paul, "surveys_session_paste", session.pk).status_code == 403


def test_whose_words_the_notes_are_does_not_change(visit, fran, session, consultation):
    add_note(session=session, text="As it was said.")
    sent = workshop(consultation, audience="young_person", title="Renamed")
    assert visit(fran, "surveys_session_change", session.pk, data=sent).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.audience) == ("Renamed", "parent_carer")


# Typed live.


def test_a_note_is_saved_and_the_form_comes_back_with_its_kind(visit, client, fran, session):
    answer = visit(fran, "surveys_session_notes", session.pk, data=typed("A club", "exact"))
    assert answer.url.endswith("/notes/?kind=exact")
    page = client.get(answer.url).content.decode()
    assert "Note 1 is saved." in page
    assert 'value="exact"' in page.split("checked")[0].rpartition("<input")[2]
    assert page.count("autofocus") == 1
    assert said(session) == [(1, "A club", "exact", None)]


def test_dots_have_their_number(visit, fran, session):
    page = visit(fran, "surveys_session_notes", session.pk, data=typed("More buses", "dots"))
    assert "Give the number of dots or votes." in page.content.decode()
    assert "More buses</textarea>" in page.content.decode()
    visit(fran, "surveys_session_notes", session.pk, data=typed("More buses", "dots", dots="7"))
    assert said(session) == [(1, "More buses", "dots", 7)]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (typed(" "), "Write something before you save the note."),
        (typed("x" * 10_001), "Use 10,000 characters or fewer"),
        (typed("Kept <b>words</b>", "shouted"), "Select a valid choice"),
        (typed("Kept", "dots", dots="many"), "Enter a whole number"),
        (typed("Kept", "said", dots="3"), "for dots or votes alone"),
        (typed("Kept", seen="9" * 30), "Ensure this value is less than"),
        (typed("Kept\0"), "Null characters"),
    ],
)
def test_a_refused_note_loses_nothing(visit, fran, session, sent, sentence):
    page = visit(fran, "surveys_session_notes", session.pk, data=sent).content.decode()
    assert sentence in page
    assert escape(sent["text"].strip().replace("\0", "")) in page
    assert not session.notes.exists()


def test_enter_twice_is_one_note_and_says_so(visit, client, fran, session):
    for _ in range(2):
        answer = visit(fran, "surveys_session_notes", session.pk, data=typed("A club"))
    page = client.get(answer.url).content.decode()
    assert "Note 1 says exactly this already" in page
    assert said(session) == [(1, "A club", "said", None)]


def fetched(client, session, **sent):
    address = reverse("admin:surveys_session_notes", args=[session.pk])
    return client.post(address, typed(**sent), headers={"Accept": "application/json"})


def test_the_script_is_answered_in_kind(visit, client, fran, session):
    add_note(session=session, text="Somebody else’s <i>")
    visit(fran, "surveys_session_notes", session.pk)
    answer = fetched(client, session, text="A club", seen="", shown="0")
    found = answer.json()
    note = session.notes.get(order=2)
    assert (found["number"], found["newest"], found["count"]) == (2, note.pk, 2)
    assert len(found["rows"]) == 2
    assert "Somebody else’s &lt;i&gt;" in found["rows"][1]
    again = fetched(client, session, text="A club", seen="", shown=note.pk).json()
    assert (again["number"], len(again["rows"])) == (3, 1)
    refused = fetched(client, session, text="x" * 10_001, seen="")
    assert (refused.status_code, refused.json()["sentence"][:10]) == (400, "Use 10,000")
    assert session.notes.count() == 3


def test_what_the_script_sends_again_is_there_once(visit, client, fran, session):
    visit(fran, "surveys_session_notes", session.pk)
    first = fetched(client, session, text="A club", seen="", shown="0").json()
    again = fetched(client, session, text="A club", seen="0", shown="0").json()
    assert again == first
    assert session.notes.count() == 1


@pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 40, "²"])
def test_a_wrong_shown_number_loses_no_note(visit, client, fran, session, shown):
    visit(fran, "surveys_session_notes", session.pk)
    assert fetched(client, session, text="A club", seen="", shown=shown).json()["number"] == 1


def test_the_newest_notes_come_first_and_hundreds_on_pages(
    visit, fran, session, django_assert_max_num_queries
):
    for number in range(205):
        add_note(session=session, text=f"Said {number}.")
    with django_assert_max_num_queries(30):
        page = visit(fran, "surveys_session_notes", session.pk).content.decode()
    assert page.index("Said 204.") < page.index("Said 203.")
    assert "Said 4." not in page
    second = visit(fran, "surveys_session_notes", session.pk, query="?page=2").content.decode()
    assert "Said 4." in second


# Corrected.


def test_a_note_is_corrected_and_the_history_says_by_whom(visit, fran, session):
    note = add_note(session=session, text="A clob")
    page = visit(fran, "surveys_session_note", session.pk, 1).content.decode()
    assert "A clob</textarea>" in page
    sent = typed("A club", "dots", dots="4", seen=note.pk)
    assert visit(fran, "surveys_session_note", session.pk, 1, data=sent).status_code == 302
    assert said(session) == [(1, "A club", "dots", 4)]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (fran, "Note 1 is corrected.")
    assert "A club" not in entry.change_message


def test_a_note_is_removed(visit, asha, session):
    note = add_note(session=session, text="A clob")
    sent = {"remove": "Remove", "seen": note.pk}
    assert visit(asha, "surveys_session_note", session.pk, 1, data=sent).status_code == 302
    assert not session.notes.exists()
    assert visit(asha, "surveys_session_note", session.pk, 1).status_code == 404
    assert visit(asha, "surveys_session_note", session.pk, 10**30).status_code == 404


def test_a_correction_of_what_changed_meanwhile_shows_both(visit, fran, session):
    note = add_note(session=session, text="A clob")
    sent = typed("A clock", seen=note.pk)
    visit(fran, "surveys_session_note", session.pk, 1, data=typed("A club", seen=note.pk))
    page = visit(fran, "surveys_session_note", session.pk, 1, data=sent).content.decode()
    assert "Somebody changed this note meanwhile" in page
    assert '<blockquote class="original">A club</blockquote>' in page
    assert "A clock</textarea>" in page
    assert said(session) == [(1, "A club", "said", None)]
    newest = session.notes.get().pk
    assert f'value="{newest}"' in page
    visit(fran, "surveys_session_note", session.pk, 1, data=sent | {"seen": newest})
    assert said(session) == [(1, "A clock", "said", None)]


def test_the_words_of_a_correction_outlive_the_note(visit, fran, session):
    note = add_note(session=session, text="A clob")
    sent = typed("A club", "exact", seen=note.pk)
    note.delete()
    page = visit(fran, "surveys_session_note", session.pk, 1, data=sent).content.decode()
    assert "Somebody removed that note meanwhile" in page
    assert "A club</textarea>" in page
    assert f'action="{reverse("admin:surveys_session_notes", args=[session.pk])}"' in page


@pytest.mark.parametrize("sent", [typed(" "), typed("x" * 10_001), typed("x", "dots"), {}])
def test_a_refused_correction_changes_nothing(visit, fran, session, sent):
    note = add_note(session=session, text="A clob")
    page = visit(fran, "surveys_session_note", session.pk, 1, data=sent | {"seen": note.pk})
    assert page.status_code == 200
    assert said(session) == [(1, "A clob", "said", None)]


def test_a_facilitator_is_led_to_no_page_that_is_not_theirs(visit, fran, session):
    add_note(session=session, text="Sleep")
    page = visit(fran, "surveys_session_change", session.pk).content.decode()
    assert str(session.consultation) in page
    assert reverse("admin:surveys_consultation_change", args=[session.consultation_id]) not in page
