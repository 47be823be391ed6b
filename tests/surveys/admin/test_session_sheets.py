"""Notes of a workshop pasted or from a file: looked at in a preview, then added together."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.actions import add_note

pytestmark = pytest.mark.django_db


def said(session):
    return [(note.order, note.text, note.kind, note.dots) for note in session.notes.all()]


def preview_of(page) -> dict:
    """What the preview's form sends when nothing is changed."""
    preview = page.context["preview"]
    sent = {"lines": preview.carried(), "seen": preview.seen, "pasted": preview.pasted}
    sent["take"] = [n for n, row in enumerate(preview.rows) if row.line.take]
    for number, row in enumerate(preview.rows):
        sent |= {f"kind-{number}": row.line.kind, f"dots-{number}": row.number}
    return sent


PASTED = "- A club\nexact: I want to sleep\n\n• dots 3: More buses\nA club"


def test_pasted_lines_are_shown_changed_and_added_together(visit, fran, session):
    add_note(session=session, text="more buses")
    sent = {"text": PASTED, "divide": "line"}
    page = visit(fran, "surveys_session_paste", session.pk, data=sent)
    shown = page.content.decode()
    assert "4 found" in shown
    assert "The same words as note 1." in shown
    assert "The same words as line 1." in shown
    assert session.notes.count() == 1
    back = preview_of(page) | {"kind-0": "facilitator", "take": [0, 1, 2]}
    answer = visit(fran, "surveys_session_preview", session.pk, data=back)
    assert answer.url == reverse("admin:surveys_session_notes", args=[session.pk])
    assert said(session)[1:] == [
        (2, "A club", "facilitator", None),
        (3, "I want to sleep", "exact", None),
        (4, "More buses", "dots", 3),
    ]


def test_a_preview_sent_twice_adds_once(visit, client, fran, session):
    page = visit(fran, "surveys_session_paste", session.pk, data={"text": PASTED, "divide": "line"})
    back = preview_of(page)
    for _ in range(2):
        answer = visit(fran, "surveys_session_preview", session.pk, data=back)
    assert "Notes 1 to 4 say exactly this already" in client.get(answer.url).content.decode()
    assert session.notes.count() == 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind-0": "dots"}, "Give the number of dots or votes."),
        ({"dots-0": "3"}, "Give a number of dots for dots or votes alone."),
        ({"kind-2": "dots", "dots-2": "many"}, "in figures, such as 7"),
        ({"kind-2": "dots", "dots-2": "99999"}, "from 0 to 10,000"),
        ({"kind-0": "shouted"}, "Choose what kind of note it is."),
        ({"take": []}, "Tick at least one line to add."),
    ],
)
def test_a_wrong_line_stops_all_and_keeps_what_was_chosen(visit, fran, session, change, sentence):
    page = visit(fran, "surveys_session_paste", session.pk, data={"text": PASTED, "divide": "line"})
    back = preview_of(page) | {"kind-1": "facilitator"} | change
    again = visit(fran, "surveys_session_preview", session.pk, data=back)
    assert sentence in again.content.decode()
    assert preview_of(again) == back
    assert not session.notes.exists()


def test_a_wrong_line_that_is_not_ticked_stops_nothing(visit, fran, session):
    page = visit(fran, "surveys_session_paste", session.pk, data={"text": PASTED, "divide": "line"})
    back = preview_of(page) | {"kind-0": "dots", "take": [1]}
    visit(fran, "surveys_session_preview", session.pk, data=back)
    assert said(session) == [(1, "I want to sleep", "exact", None)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste or write something first."),
        ("- \n---", "There is nothing in it that could be a note."),
        ("kept\n" + "x" * 10_001, "Line 2 has 10,001 characters."),
        ("kept\n" * 2001, "There are 2,001 notes in it."),
    ],
)
def test_a_refused_paste_keeps_the_text(visit, fran, session, text, sentence):
    sent = {"text": text, "divide": "line"}
    page = visit(fran, "surveys_session_paste", session.pk, data=sent).content.decode()
    assert sentence in page
    assert text.strip()[:200] in page


def test_from_the_preview_one_goes_back_to_the_text(visit, fran, session):
    page = visit(fran, "surveys_session_paste", session.pk, data={"text": PASTED, "divide": "line"})
    back = preview_of(page) | {"back": "Back to the text"}
    page = visit(fran, "surveys_session_paste", session.pk, data=back).content.decode()
    assert f"{PASTED}</textarea>" in page


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"lines": "[", "seen": "0"},
        {"lines": "[]", "seen": "0"},
        {"lines": "7", "seen": "0"},
        {"lines": '[["line 1", "x"]]', "seen": "0"},
        {"lines": '[["line 1", "x", []]]', "seen": "-1"},
        {"lines": '[["line 1", "x", []]]', "seen": "9" * 30},
        {"lines": '[["line 1", "x", []]]', "seen": "0", "take": ["x"]},
        {"lines": "[" * 100_000, "seen": "0"},
    ],
)
def test_a_preview_that_is_none_is_told(visit, client, fran, session, broken):
    answer = visit(fran, "surveys_session_preview", session.pk, data=broken)
    assert "This preview cannot be read any more." in client.get(answer.url).content.decode()
    assert not session.notes.exists()


def test_a_forged_preview_adds_no_more_than_a_form_could(visit, fran, session):
    lines = [[f"line {n}", "x" * 10_001 if n == 1 else "x", []] for n in range(3)]
    back = {"lines": json.dumps(lines), "seen": "0", "take": [0, 1]}
    back |= {f"kind-{n}": "said" for n in range(3)}
    page = visit(fran, "surveys_session_preview", session.pk, data=back).content.decode()
    assert "Use 10,000 characters or fewer in a note." in page
    assert not session.notes.exists()


def test_two_thousand_lines_go_through_the_preview(visit, fran, session):
    text = "\n".join(f"Somebody said thing number {n}" for n in range(2000))
    page = visit(fran, "surveys_session_paste", session.pk, data={"text": text, "divide": "line"})
    visit(fran, "surveys_session_preview", session.pk, data=preview_of(page))
    assert session.notes.count() == 2000


def test_a_file_is_shown_and_added_and_not_kept(visit, fran, session, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    file = SimpleUploadedFile("notes.csv", "text;kind\r\n£5 is too much;exact\r\n".encode("cp1252"))
    page = visit(fran, "surveys_session_file", session.pk, data={"file": file, "divide": "line"})
    assert "It was read as Windows text" in page.content.decode()
    visit(fran, "surveys_session_preview", session.pk, data=preview_of(page))
    assert said(session) == [(1, "£5 is too much", "exact", None)]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("notes.pdf", b"%PDF-1.7", "Choose a file that ends in .xlsx, .csv, .docx or .txt."),
        ("notes.docx", b"plain", "This file is not what its name says."),
        ("notes.txt", b"", "There is nothing in this file."),
        ("notes.txt", b"x" * (5 * 1024 * 1024 + 1), "This file is larger than 5 MB."),
        ("notes.csv", b"text\r\n" + b"a" * 10_001, "Row 2 has 10,001 characters."),
    ],
)
def test_a_refused_file_is_told_in_a_sentence(visit, fran, session, name, data, sentence):
    sent = {"file": SimpleUploadedFile(name, data), "divide": "line"}
    page = visit(fran, "surveys_session_file", session.pk, data=sent).content.decode()
    assert sentence in page
    assert not session.notes.exists()


def test_no_file_chosen_is_told(visit, fran, session):
    page = visit(fran, "surveys_session_file", session.pk, data={"divide": "line"})
    assert "Choose a file." in page.content.decode()
