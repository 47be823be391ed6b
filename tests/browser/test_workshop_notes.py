"""A facilitator types notes in a real browser: by keyboard alone, with and without a script, and
while the line is down. Nothing is lost and nothing is there twice."""

import pytest
from django.contrib.sessions.models import Session as SignedIn
from playwright.sync_api import expect

from surveys.actions import add_note
from tests.browser.test_admin_pages import sign_in
from tests.chromium import PHONE, assert_accessible

TEN = [f"Somebody said thing {number}." for number in range(1, 11)]


def open_notes(page, live_server, session, end=""):
    sign_in(page, live_server, "fran")
    page.goto(f"{live_server.url}/admin/surveys/session/{session.pk}/notes/{end}")
    expect(page.locator("#id_text")).to_be_focused()


def state(page):
    return page.get_by_role("status").filter(has_text="aved")


def texts(session):
    return [note.text for note in session.notes.all()]


def down(page):
    """Nothing that is sent arrives."""
    page.route("**/notes/", lambda route: route.abort())


def test_ten_notes_by_keyboard_alone(page, live_server, session, complaints):
    open_notes(page, live_server, session)
    for text in TEN:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Note 10 saved.")
    assert texts(session) == TEN
    rows = page.locator("ol.notes .words")
    expect(rows).to_have_count(10)
    expect(rows.first).to_have_text(TEN[-1])
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    assert page.evaluate("localStorage.length + sessionStorage.length") <= 1  # the admin's theme
    assert complaints == []


def test_ten_notes_by_keyboard_alone_and_without_a_script(browser, live_server, session):
    page = browser.new_context(java_script_enabled=False).new_page()
    open_notes(page, live_server, session)
    page.get_by_label("exact words").check()
    page.get_by_label("Note", exact=True).focus()
    for number, text in enumerate(TEN, start=1):
        expect(page.get_by_label("Note", exact=True)).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text(f"Note {number} is saved.").wait_for()
    assert texts(session) == TEN
    assert {note.kind for note in session.notes.all()} == {"exact"}
    page.context.close()


def test_kinds_by_keyboard_and_dots_with_their_number(page, live_server, session):
    open_notes(page, live_server, session)
    page.keyboard.press("Alt+Digit2")
    page.keyboard.type("I want")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("to sleep")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+Digit4")
    expect(page.get_by_label("How many dots or votes")).to_be_focused()
    for number, text in [(7, "More buses"), (3, "A club")]:
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Alt+Digit3")
    page.keyboard.type("The room was cold")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Note 4 saved.")
    assert [(note.text, note.kind, note.dots) for note in session.notes.all()] == [
        ("I want\nto sleep", "exact", None),
        ("More buses", "dots", 7),
        ("A club", "dots", 3),
        ("The room was cold", "facilitator", None),
    ]


def test_what_is_missing_is_said_and_the_words_stay(page, live_server, session):
    open_notes(page, live_server, session)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Write something before you save the note.")
    page.keyboard.press("Alt+Digit4")
    page.get_by_label("Note", exact=True).fill("More buses")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Give the number of dots or votes.")
    expect(page.get_by_label("How many dots or votes")).to_be_focused()
    expect(page.get_by_label("Note", exact=True)).to_have_value("More buses")
    page.keyboard.press("Alt+Digit1")
    page.get_by_label("Note", exact=True).fill("x" * 10_001)
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Not saved: Use 10,000 characters or fewer")
    expect(page.get_by_label("Note", exact=True)).to_have_value("x" * 10_001)
    assert not session.notes.exists()


def test_while_the_line_is_down_notes_stay_in_sight_and_are_tried_again(page, live_server, session):
    open_notes(page, live_server, session)
    down(page)
    for text in TEN[:3]:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    waiting = page.locator("#waiting")
    expect(waiting.get_by_role("heading")).to_have_text("Not saved yet")
    expect(waiting.locator(".words")).to_have_text(TEN[:3])
    expect(state(page)).to_contain_text("Not saved yet: the connection is down.")
    assert not session.notes.exists()
    assert_accessible(page)
    page.unroute("**/notes/")
    expect(state(page)).to_have_text("Note 3 saved.", timeout=10_000)
    expect(waiting).to_be_hidden()
    assert texts(session) == TEN[:3]


def test_closing_the_page_with_unsaved_notes_asks_first(page, live_server, session):
    open_notes(page, live_server, session)
    down(page)
    page.keyboard.type("A club")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_be_visible()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


def test_a_lost_reply_makes_no_second_note(page, live_server, session):
    open_notes(page, live_server, session)
    lost = []

    def lose_reply(route):
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/notes/", lose_reply, times=1)
    page.keyboard.type("A club")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Not saved yet")
    expect(state(page)).to_have_text("Note 1 saved.", timeout=10_000)
    assert lost == [200]
    page.keyboard.type("A club")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Note 2 saved.")
    assert texts(session) == ["A club", "A club"]


def test_signed_out_while_typing_loses_nothing(page, live_server, session):
    open_notes(page, live_server, session)
    SignedIn.objects.all().delete()
    page.keyboard.type("A club")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("Not saved yet: you are signed out.")
    assert_accessible(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    there = opened.value
    there.get_by_label("Username").fill("fran")
    there.get_by_label("Password").fill("a good long password")
    there.keyboard.press("Enter")
    there.get_by_role("heading", name="Notes: Evening workshop").wait_for()
    expect(state(page)).to_have_text("Note 1 saved.", timeout=15_000)
    assert texts(session) == ["A club"]


def test_what_a_colleague_wrote_appears_with_the_next_note(page, live_server, session):
    open_notes(page, live_server, session)
    add_note(session=session, text="A colleague heard <b>this</b>.")
    page.keyboard.type("I heard that.")
    page.keyboard.press("Enter")
    expect(page.locator("ol.notes .words")).to_have_text(
        ["I heard that.", "A colleague heard <b>this</b>."]
    )


def test_a_note_just_typed_is_corrected_and_removed_by_keyboard(page, live_server, session):
    open_notes(page, live_server, session)
    page.keyboard.type("A clob")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Correct note 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("A club")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Note 1 is corrected.").wait_for()
    assert texts(session) == ["A club"]
    page.get_by_role("link", name="Correct note 1").click()
    page.get_by_role("button", name="Remove this note").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Note 1 is removed.").wait_for()
    assert texts(session) == []


PASTED = "- A club\nexact: I want to sleep\n" + "dots 3: " + "very long words " * 80


@pytest.mark.parametrize("scripted", [True, False], ids=["with a script", "without"])
def test_pasted_notes_are_looked_at_mended_and_added(browser, live_server, session, scripted):
    add_note(session=session, text="a club")
    page = browser.new_context(java_script_enabled=scripted).new_page()
    open_notes(page, live_server, session, "paste/")
    page.keyboard.insert_text(PASTED)
    page.get_by_role("button", name="See what it gives").click()
    expect(page.get_by_label("Add line 1")).not_to_be_checked()
    page.get_by_label("Kind of line 2").select_option("dots")
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_text("Give the number of dots or votes.")).to_be_visible()
    page.get_by_label("Dots of line 2").fill("5")
    page.get_by_role("button", name="Add what is ticked").click()
    page.get_by_text("2 notes are added: 2 to 3.").wait_for()
    assert [note.dots for note in session.notes.all()] == [None, 5, 3]
    page.context.close()


def test_a_preview_of_pasted_notes_is_accessible_also_when_refused(page, live_server, session):
    open_notes(page, live_server, session, "paste/")
    page.keyboard.insert_text(PASTED)
    page.get_by_role("button", name="See what it gives").click()
    page.get_by_label("Kind of line 2").select_option("dots")
    assert_accessible(page)
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_text("Give the number of dots or votes.")).to_be_visible()
    assert_accessible(page)


def test_the_pages_of_a_workshop_are_accessible_and_quiet(page, live_server, session, complaints):
    for kind, dots in (("said", None), ("dots", 4)):
        add_note(session=session, text="A club " * 30, kind=kind, dots=dots)
    open_notes(page, live_server, session)
    where = f"{live_server.url}/admin/surveys/session"
    for address in (
        "add/",
        *(
            f"{session.pk}/{end}"
            for end in ("change/", "notes/", "notes/1/", "notes/paste/", "notes/file/")
        ),
    ):
        page.goto(f"{where}/{address}")
        assert complaints == []
        assert_accessible(page)
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        complaints.clear()  # axe looks for parts of the admin's styles beside the page


def test_refused_pages_of_a_workshop_are_accessible(browser, live_server, session):
    add_note(session=session, text="A club")
    page = browser.new_context().new_page()
    open_notes(page, live_server, session)
    where = f"{live_server.url}/admin/surveys/session/{session.pk}/notes"
    for address, button in [
        ("/1/", "Save the correction"),
        ("/paste/", "See what it gives"),
        ("/file/", "See what it gives"),
    ]:
        page.goto(where + address)
        if address == "/1/":
            page.get_by_label("Note", exact=True).fill(" ")
        page.get_by_role("button", name=button).click()
        page.get_by_role("alert").wait_for()
        assert page.title().startswith("Error:")
        assert_accessible(page)
    page.context.close()


def test_on_a_phone_a_preview_shows_the_kind_of_each_line(page, live_server, session):
    open_notes(page, live_server, session, "paste/")
    page.set_viewport_size(PHONE)
    page.keyboard.insert_text("dots 7: clubs\nSleep")
    page.get_by_role("button", name="See what it gives").click()
    for part in (page.get_by_label("Kind of line 1"), page.get_by_label("Dots of line 1")):
        box = part.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]
