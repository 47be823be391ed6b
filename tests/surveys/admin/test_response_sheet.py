"""Sheets of answers from paper: previewed, whole or not at all, and once."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from surveys.actions import Received, enter_response
from surveys.admin.response_sheet import COLUMNS
from surveys.models import Answer, Picture, Response, Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
XLSX, CSV = "0", "1"
IMPORT, CONFIRM, EMPTY = (
    f"surveys_response_{name}" for name in ("import", "process_import", "empty-sheet")
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where uploads wait."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"


def row(**changes):
    cells = {
        "survey": "parents",
        "number": "12",
        "channel": "paper",
        "received_on": "20/11/2026",
        "what_matters": "Friends",
    }
    return cells | changes


def csv_of(*rows):
    names = list(dict.fromkeys(name for one in rows for name in one))
    out = io.StringIO()
    lines = csv.DictWriter(out, names, restval="")
    lines.writeheader()
    lines.writerows(rows)
    return out.getvalue()


def xlsx_of(*rows, change=None):
    book, out = Workbook(), io.BytesIO()
    names = list(dict.fromkeys(name for one in rows for name in one))
    book.active.append(names)
    for one in rows:
        book.active.append([one.get(name) for name in names])
    if change:
        change(book.active)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def send(visit, fran, survey):
    """`send(csv)` chooses a file and opens its preview."""

    def send(content, format=CSV, who=fran):
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile("answers", data)
        return visit(who, IMPORT, data={"import_file": file, "format": format, "resource": "0"})

    return send


@pytest.fixture
def confirm(visit, fran):
    def confirm(preview, who=fran):
        initial = preview.context["confirm_form"].initial
        return visit(who, CONFIRM, data={name: str(value) for name, value in initial.items()})

    return confirm


def words(page):
    return " ".join(page.content.decode().split())


def said(response):
    return [str(message) for message in response.wsgi_request._messages][-1]


def is_refused(page, *sentences):
    text = words(page)
    assert page.status_code == 200
    assert "confirm_form" not in page.context
    for sentence in sentences:
        assert sentence in text
    for code in ("Traceback", "site-packages", "&lt;class", "Error:"):
        assert code not in text
    assert not Response.objects.exists()


def test_only_those_who_may_enter_import(visit, send, asha, fran, gwen, dev, survey):
    for name in (IMPORT, EMPTY):
        for refused in (gwen, dev):
            assert visit(refused, name).status_code == 403
        for allowed in (asha, fran):
            assert visit(allowed, name).status_code == 200
    assert visit(gwen, CONFIRM, data={}).status_code == 403
    for person in (asha, fran):
        assert visit(person, "surveys_response_export").status_code == 403


@pytest.mark.parametrize("format", [XLSX, CSV])
def test_a_sheet_is_previewed_and_entered_once_confirmed(send, confirm, fran, survey, format):
    Picture.objects.create(question=survey.questions.all()[0], drawing="home", label="Home")
    full = row(
        difference="He would sleep.\nSo would we.",
        how_know="=A party",
        form="Easy read",
        may_quote="yes",
        help="they read it to me",
        helper="family",
        relationship="foster",
        pictures="home",
    )
    if format == XLSX:
        full["how_know"] = "'=A party"
    content = (xlsx_of if format == XLSX else csv_of)(full, row(number="13", channel="phone"))
    preview = send(content, format)
    assert "2 will be entered. 0 are here already" in words(preview)
    assert "He would sleep." in words(preview)
    assert not Response.objects.exists()
    done = confirm(preview)
    assert done.url == reverse("admin:surveys_response_changelist")
    assert said(done) == "2 entered. 0 were here already."
    made = Response.objects.get(paper_number="12")
    assert (made.entered_by, made.channel, made.wording_form) == (fran, "paper", "easy_read")
    assert (made.received_on.isoformat(), made.may_quote) == ("2026-11-20", True)
    assert (made.help, made.helper, made.about.get().choice) == ("read", "family", "foster")
    assert made.ticks.get().picture.label == "Home"
    assert {one.question.construct: one.text for one in made.answers.all()} == {
        "what_matters": "Friends",
        "difference": "He would sleep.\nSo would we.",
        "how_know": "=A party",
    }


def test_the_same_sheet_again_changes_nothing(send, confirm):
    sheet = csv_of(row(may_quote="no", phase="primary"), row(number="13", difference="Sleep "))
    confirm(send(sheet))
    before = list(Response.objects.order_by("pk").values())
    answers = list(Answer.objects.order_by("pk").values())
    preview = send(sheet)
    assert "0 will be entered. 2 are here already" in words(preview)
    assert "already here" in words(preview)
    assert said(confirm(preview)) == "0 entered. 2 were here already."
    assert list(Response.objects.order_by("pk").values()) == before
    assert list(Answer.objects.order_by("pk").values()) == answers


def test_what_was_typed_in_is_already_here_too(send, fran, survey):
    received = Received(
        survey=survey,
        channel="paper",
        received_on=NOW.date(),
        texts={"what_matters": "Friends"},
        number="p 12",
    )
    enter_response(received=received, by=fran, now=NOW)
    page = send(csv_of(row(number="P  12", received_on="2026-11-22")))
    assert "0 will be entered. 1 is here already" in words(page)


def test_the_same_number_with_other_words_is_named_by_row_and_column(send, confirm):
    confirm(send(csv_of(row(difference="Sleep"))))
    page = words(send(csv_of(row(number="1"), row(number="2"), row(number="3"), row())))
    assert "Row 5, column “difference”: This was entered before with other words." in page
    page = words(send(csv_of(row(difference="Sleep", channel="email", may_quote="yes"))))
    assert "Row 2, column “channel”: This was entered before with something else." in page
    assert "Row 2, column “may_quote”: This was entered before with something else." in page
    assert Response.objects.count() == 1


def test_every_fault_is_named_by_row_and_column_and_nothing_comes_in(send, survey):
    rows = [
        row(number="1"),
        row(number="2", survey="nobody"),
        row(number="3", channel="fax", received_on="2026-13-01"),
        row(number="4", received_on="23/11/2026"),
        row(number=""),
        row(number="6", what_matters=" "),
        row(number="7", what_matters="x" * 2001),
        row(number="8", may_quote="maybe", help="much"),
        row(number="9", relationship="aunt"),
        row(number="10", sector="health"),
        row(number="11", late="accepted", late_reason="Post"),
        row(number="12", pictures="cat"),
        row(number="13", language="klingon"),
        row(number="14", received_on="1/1/2026"),
    ]
    is_refused(
        send(csv_of(*rows)),
        "Row 3, column “survey”: “nobody” is no survey. These can be entered: parents.",
        "Row 4, column “channel”: “fax” is none of the choices: paper, phone, email.",
        "Row 4, column “received_on”: “2026-13-01” is not a date.",
        "Row 5, column “received_on”: This day is still to come.",
        "Row 6, column “number”: Give the number that is written on the paper.",
        "Row 7, column “what_matters”: Enter an answer to at least one of the questions.",
        "Row 8, column “what_matters”: Use 2,000 characters or fewer. This has 2,001.",
        "Row 9, column “may_quote”: “maybe” is neither yes nor no.",
        "Row 9, column “help”: “much” is none of the choices",
        "Row 10, column “relationship”: “aunt” is none of the choices",
        "Row 11, column “sector”: This survey does not ask that.",
        "Row 12, column “late”: It came while the survey was open",
        "Row 13, column “pictures”: The survey has no picture “cat”.",
        "Row 14, column “language”: Choose one of the languages.",
        "Row 15, column “received_on”: The survey opened on 12 November 2026.",
    )


def test_a_number_twice_in_one_sheet_is_refused(send):
    page = send(csv_of(row(number="a 1"), row(number="2"), row(number="A  1")))
    is_refused(page, "Row 4, column “number”: Row 2 has this number already.")


def test_what_came_after_closing_needs_its_decision(send, confirm, survey):
    Survey.objects.update(closes_on="2026-11-19")
    is_refused(send(csv_of(row())), "column “late”: It came after", "column “late_reason”: Say why")
    confirm(send(csv_of(row(late="late, and not counted", late_reason="Posted on 19."))))
    assert Response.objects.get().late == "not_counted"


def test_columns_that_are_missing_or_unknown_are_named(send):
    is_refused(send("survey,number\nparents,1"), "no column “channel” and “received_on”")
    is_refused(send(csv_of(row(what_maters="Friends"))), "The column “what_maters” is not known")


def test_the_second_rounds_questions_are_not_taken_from_a_sheet(send, survey):
    Survey.objects.update(kind="outcomes")
    is_refused(send(csv_of(row())), "“parents” is no survey")


def test_a_formula_is_refused_at_its_cell_and_words_that_look_like_one_are_not(send, confirm):
    def formulas(sheet):
        sheet["E2"], sheet["D2"] = "=1+1", "=TODAY()"
        sheet["E2"].data_type = sheet["D2"].data_type = "f"

    formula = "This cell has a formula. Put in its place what it says."
    is_refused(
        send(xlsx_of(row(), change=formulas), XLSX),
        f"Row 2, column “what_matters”: {formula}",
        f"Row 2, column “received_on”: {formula}",
    )

    def as_text(sheet):
        sheet["E2"] = "=HYPERLINK(1)"
        sheet["E2"].data_type = "s"

    confirm(send(xlsx_of(row(), change=as_text), XLSX))
    assert Answer.objects.get().text == "=HYPERLINK(1)"


def test_merged_cells_are_refused(send):
    page = send(xlsx_of(row(), row(number="13"), change=lambda s: s.merge_cells("E2:E3")), XLSX)
    is_refused(page, "This sheet has merged cells")


def test_numbers_and_dates_of_a_spreadsheet_are_read_as_they_are_meant(send, confirm):
    good = row(number=12, received_on=NOW.replace(tzinfo=None), difference=7.0)
    confirm(send(xlsx_of(good), XLSX))
    made = Response.objects.get()
    assert (made.paper_number, made.received_on) == ("12", NOW.date())
    assert made.answers.get(question__construct="difference").text == "7"
    Response.objects.all().delete()
    page = send(xlsx_of(row(number=NOW.date())), XLSX)
    is_refused(page, "column “number”: The spreadsheet made a date of this.")


@pytest.mark.parametrize(
    ("content", "format", "sentence"),
    [
        (b"", CSV, "empty"),
        (csv_of(row(what_matters="Café")).encode("latin-1"), CSV, "not in UTF-8"),
        (csv_of(row()).encode("utf-16"), CSV, "not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0", CSV, "not a CSV file"),
        (b"\x89PNG\r\n\x1a\n\0\0", XLSX, "not an XLSX file"),
        (csv_of(row()).encode(), XLSX, "not an XLSX file"),
        (b"survey,number,channel,received_on\n", CSV, "no rows"),
        (b"x" * (2 * 1024 * 1024 + 1), CSV, "larger than 2 MB"),
        (csv_of(*[{"survey": "p", "number": "1"}] * 5001).encode(), CSV, "more than 5,000 rows"),
    ],
)
def test_what_is_no_sheet_of_answers_gets_a_sentence(send, content, format, sentence):
    is_refused(send(content, format), sentence)


def test_a_number_that_was_entered_since_the_preview_stops_all(send, confirm, fran, survey):
    preview = send(csv_of(row(number="11"), row()))
    received = Received(
        survey=survey,
        channel="paper",
        received_on=NOW.date(),
        texts={"what_matters": "Another"},
        number="12",
    )
    enter_response(received=received, by=fran, now=NOW)
    done = confirm(preview)
    assert done.url == reverse(f"admin:{IMPORT}")
    assert said(done).startswith("Nothing was imported: since the preview something has changed.")
    assert "Row 3, " in said(done)
    assert Response.objects.count() == 1


def test_thousands_of_rows_ask_the_database_little(
    send, confirm, survey, django_assert_max_num_queries
):
    sheet = csv_of(*(row(number=str(n), what_matters=f"Friends {n}") for n in range(300)))
    with django_assert_max_num_queries(60):
        preview = send(sheet)
    assert "300 will be entered" in words(preview)
    with django_assert_max_num_queries(65):
        confirm(preview)
    assert Response.objects.count() == 300
    assert "And 250 more." in words(preview)


def test_the_empty_sheet_explains_its_columns_and_can_be_filled_in(visit, send, confirm, fran):
    page = visit(fran, EMPTY)
    assert page["Content-Disposition"] == 'attachment; filename="answers.xlsx"'
    book = load_workbook(io.BytesIO(page.content))
    assert book.sheetnames == ["Answers", "Columns", "Surveys"]
    assert [cell.value for cell in book["Answers"][1]] == COLUMNS
    assert [cell.value for cell in book["Columns"]["A"]][1:] == COLUMNS
    assert all(cell.value for cell in book["Columns"]["B"])
    assert book["Surveys"]["A2"].value == "parents"
    filled = row()
    for number, name in enumerate(COLUMNS, start=1):
        book["Answers"].cell(2, number).value = filled.get(name)
    out = io.BytesIO()
    book.save(out)
    confirm(send(out.getvalue(), XLSX))
    assert Response.objects.get().answers.get().text == "Friends"


def test_a_title_that_looks_like_a_formula_stays_text(visit, fran, survey):
    Survey.objects.update(title="=1+1")
    book = load_workbook(io.BytesIO(visit(fran, EMPTY).content))
    assert book["Surveys"]["B2"].data_type == "s"


def test_a_sheet_about_another_survey_is_entered_for_it(send, confirm, consultation):
    other = world.survey(consultation, "practitioner", "practitioners", NOW)
    confirm(send(csv_of(row(), row(survey="practitioners", sector="health"))))
    assert Response.objects.get(survey=other).about.get().choice == "health"
    assert Response.objects.count() == 2


@pytest.mark.parametrize("guess", ["Friends", "Other words"])
def test_a_facilitator_learns_nothing_of_what_another_entered(send, survey, asha, guess):
    """Right or wrong, a guess at another person's entry gets the same answer."""
    received = Received(
        survey=survey,
        channel="paper",
        received_on=NOW.date(),
        texts={"what_matters": "Friends"},
        number="12",
    )
    enter_response(received=received, by=asha, now=NOW)
    page = words(send(csv_of(row(what_matters=guess, received_on="2026-11-22"))))
    assert "Row 2, column “number”: Somebody else entered this number before." in page
    assert "already here" not in page


def test_a_day_of_a_spreadsheet_is_shown_without_its_midnight(send):
    page = words(send(xlsx_of(row(received_on=datetime(2026, 11, 20))), XLSX))
    assert "2026-11-20" in page
    assert "00:00" not in page


def test_a_survey_that_has_not_opened_is_not_offered(send, survey):
    later = world.survey(survey.consultation, "practitioner", "later", NOW)
    later.opens_on = NOW.date() + timedelta(days=1)
    later.save()
    page = words(send(csv_of(row(survey="nope"))))
    assert "These can be entered: parents." in page
    is_refused(send(csv_of(row(survey="later"))), "“later” is no survey.")
