"""Registers come in from spreadsheets: whole or not at all, and never what nobody confirmed."""

import io
import os
import re
import stat
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from outcomes.models import ImprovementPriority, Strategy
from surveys.admin import uploads
from surveys.models import Agency

pytestmark = pytest.mark.django_db

XLSX, CSV = "0", "1"
IMPORT, CONFIRM, EXPORT = (
    f"outcomes_strategy_{name}" for name in ("import", "process_import", "export")
)
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OPENS, CLOSES = f"<worksheet {MAIN}><sheetData>", "</sheetData></worksheet>"
TITLE = '<row r="1"><c t="str"><v>title</v></c></row>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where uploads wait."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"


@pytest.fixture
def send(visit, asha, area):
    """`send("title\\r\\nA plan")` chooses a file and opens its preview."""

    def send(content, format=CSV, name="plans.csv", to=IMPORT, who=asha):
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, data)
        return visit(who, to, data={"import_file": file, "format": format, "resource": "0"})

    return send


@pytest.fixture
def confirm(visit, asha):
    """`confirm(preview)` presses the preview's button; `changed` is what an attacker writes."""

    def confirm(preview, to=CONFIRM, who=asha, **changed):
        form = {name: str(value) for name, value in preview.context["confirm_form"].initial.items()}
        return visit(who, to, data=form | changed)

    return confirm


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="a good long password")


def xlsx(*rows):
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def words(page):
    """The text of a page on one line."""
    return re.sub(r"\s+", " ", page.content.decode())


def said(response):
    """The messages of the page that a redirect leads to."""
    return [str(message) for message in response.wsgi_request._messages]


def goes_back(response):
    """It leads to the import page and says a sentence, which is returned."""
    assert response.status_code == 302
    assert response.url == reverse(f"admin:{IMPORT}")
    return said(response)[-1]


def is_refused(page, sentence, folder):
    """The form again with this sentence; nothing came in, nothing waits, no code is shown."""
    assert page.status_code == 200
    assert "confirm_form" not in page.context
    text = words(page)
    assert sentence in text
    for code in ("Traceback", "site-packages", "&lt;class", "<class", "Error", "not present in"):
        assert code not in text
    assert not Strategy.objects.exists()
    assert not any(folder.iterdir()) if folder.exists() else True


# Previewed, then confirmed


@pytest.mark.parametrize("format", [XLSX, CSV])
def test_a_sheet_comes_in_once_it_was_confirmed(send, confirm, format, folder):
    rows = [["title", "period_text", "review_due", "order"], ["A plan", "2015 -18", "", "3"]]
    text = "\n".join(",".join(row) for row in rows)
    preview = send(xlsx(*rows) if format == XLSX else text, format)
    assert not Strategy.objects.exists()
    done = confirm(preview)
    assert done.url == reverse("admin:outcomes_strategy_changelist")
    plan = Strategy.objects.get()
    assert (plan.title, plan.start_year, plan.end_year, plan.order) == ("A plan", 2015, 2018, 3)
    assert not any(folder.iterdir())


def test_the_same_sheet_again_changes_nothing(send, confirm):
    dated = xlsx(
        ["title", "summary", "period_text", "review_due", "url"],
        ["A plan", None, 2021, date(2021, 7, 1), "https://example.org/"],
        ["Another", "=1+1", None, None, None],
    )
    confirm(send(dated, XLSX))
    before = list(Strategy.objects.values())
    assert before[0]["review_due"] == date(2021, 7, 1)
    again = confirm(send(dated, XLSX))
    assert "0 new, 0 updated, 0 deleted and 2 skipped" in said(again)[-1]
    assert list(Strategy.objects.values()) == before


def test_columns_left_out_keep_what_is_stored(send, confirm, area):
    Strategy.objects.create(area=area, title="A plan", start_year=2015, end_year=2018)
    confirm(send("title,summary\nA plan,Short"))
    plan = Strategy.objects.get()
    assert (plan.start_year, plan.end_year, plan.summary) == (2015, 2018, "Short")


def test_one_bad_row_means_that_nothing_comes_in(send, folder):
    page = send("title,start_year\nGood,2019\nBad,abc\n\nWorse,20.5\nAlso good,2020")
    is_refused(page, "Row 3, column “start_year”: “abc” is not a whole number.", folder)
    assert "Row 5, column “start_year”: “20.5” is not a whole number." in words(page)
    assert "as a whole or not at all" in words(page)


def test_a_row_that_went_bad_since_the_preview_stops_all_rows(send, confirm, area):
    preview = send("title,end_year\nOne,2019\nTwo,2020")
    Strategy.objects.create(area=area, title="Two", start_year=2024, end_year=2025)
    sentence = goes_back(confirm(preview))
    assert sentence.startswith("Nothing was imported: since the preview something has changed. ")
    assert "Row 3: This breaks the rule “strategy ends after it starts”." in sentence
    assert Strategy.objects.get().end_year == 2025


# What waits is ours alone


def test_no_file_of_the_server_is_read_or_deleted(send, confirm, visit, asha, folder):
    preview = send("title\nA plan")
    victim = Path(tempfile.gettempdir()) / f"attack_victim_{os.getpid()}.csv"
    beside = folder.parent / "beside.csv"
    for file in (victim, beside):
        file.write_text("title\nA secret")
    try:
        for name in (victim.name, str(victim), "../beside.csv", str(beside), "", ".", "a" * 32):
            assert goes_back(confirm(preview, import_file_name=name))
            assert victim.exists()
            assert beside.exists()
    finally:
        victim.unlink()
    assert not Strategy.objects.exists()


def test_what_waits_has_a_random_name_and_is_for_the_portal_only(send, folder):
    for _ in range(2):
        send("title\nA plan")
    one, other = folder.iterdir()
    assert one.name != other.name
    assert re.fullmatch("[0-9a-f]{32}", one.name)
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_nobody_confirmed_within_a_day_is_deleted_by_the_next_upload(send, confirm, folder):
    forgotten = send("title\nForgotten")
    (old,) = folder.iterdir()
    os.utime(old, (time.time() - 25 * 60 * 60,) * 2)
    send("title\nA plan")
    assert len(list(folder.iterdir())) == 1
    assert not old.exists()
    assert "choose the file again" in goes_back(confirm(forgotten))


def test_confirming_twice_imports_once_and_says_so(send, confirm):
    preview = send("title\nA plan")
    confirm(preview)
    assert "was confirmed already" in goes_back(confirm(preview)).lower()
    assert Strategy.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "99"},
        {"format": "-1"},
        {"format": "x"},
        {"resource": "99"},
        {"original_file_name": ""},
        {"import_file_name": "0" * 32},
        {"import_file_name": "\0"},
        {"format": XLSX},
    ],
    ids=str,
)
def test_a_confirmation_that_the_preview_did_not_write_is_refused(send, confirm, changed):
    assert goes_back(confirm(send("title\nA plan"), **changed))
    assert not Strategy.objects.exists()


def test_only_who_may_import_confirms(send, confirm, visit, dev, fran):
    preview = send("title\nA plan")
    for person in (dev, fran):
        assert confirm(preview, who=person).status_code == 403
    assert visit(fran, CONFIRM).status_code in {403, 405}
    assert not Strategy.objects.exists()


# How large


def test_a_file_of_more_than_two_megabytes_is_refused(send, folder):
    is_refused(send("title\n" + "a" * uploads.MAX_SIZE), uploads.TOO_LARGE, folder)


def test_a_sheet_that_unpacks_to_more_than_20_megabytes_is_refused(send, folder):
    out = io.BytesIO(xlsx(["title"], ["A plan"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(uploads.MAX_UNPACKED))
    assert len(out.getvalue()) < 100_000
    is_refused(send(out.getvalue(), XLSX), uploads.TOO_LARGE_UNPACKED, folder)


def test_a_sheet_of_very_many_styles_is_refused(send, folder):
    sheet = with_part("xl/styles.xml", bytes(uploads.MAX_STYLES + 1))
    is_refused(send(sheet, XLSX), uploads.TOO_MUCH_STYLE, folder)


@pytest.mark.parametrize("format", [XLSX, CSV])
def test_a_sheet_of_more_than_1000_rows_is_refused(send, folder, format):
    rows = [["title"], *([f"Plan {number}"] for number in range(5_001))]
    text = "\n".join(row[0] for row in rows)
    page = send(xlsx(*rows) if format == XLSX else text, format)
    is_refused(page, uploads.TOO_MANY_ROWS.format(most=1000), folder)


@pytest.mark.parametrize(
    ("part", "start", "repeated", "end"),
    [
        (SHEET, OPENS, "<row><c><v>1</v></c></row>" * 400_000, CLOSES),
        (SHEET, f"{OPENS}<row>", "<c/>" * 2_000_000, f"</row>{CLOSES}"),
        ("xl/sharedStrings.xml", f"<sst {MAIN}>", "<si><t/></si>" * 1_000_000, "</sst>"),
    ],
    ids=["rows", "cells", "texts"],
)
def test_a_small_file_that_unpacks_to_very_many_cells_is_refused_at_once(
    send, folder, part, start, repeated, end
):
    bomb = with_part(part, (start + repeated + end).encode())
    assert len(bomb) < 100_000
    begun = time.process_time()
    is_refused(send(bomb, XLSX), uploads.TOO_MANY_CELLS, folder)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_sheet_that_defines_entities_of_its_own_is_refused(send, folder, encoding):
    start = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
    part = (start + OPENS + CLOSES).encode(encoding)
    is_refused(send(with_part(SHEET, part), XLSX), uploads.NOT_XLSX, folder)


def test_a_sheet_with_a_gap_of_a_million_rows_is_refused(send, folder):
    rows = f'{TITLE}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    far = with_part(SHEET, f"{OPENS}{rows}{CLOSES}".encode())
    is_refused(send(far, XLSX), uploads.TOO_MANY_ROWS.format(most=1000), folder)


def with_part(name, data):
    """An XLSX file of which one part is as it is told to."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(["title"]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for part in {*old.namelist(), name}:
            new.writestr(part, data if part == name else old.read(part))
    return made.getvalue()


# What cannot be read


@pytest.mark.parametrize(
    ("content", "format", "sentence"),
    [
        ("title\nCafé plan".encode("latin-1"), CSV, uploads.NOT_UTF8),
        ("title\nCafé plan".encode("utf-16"), CSV, uploads.NOT_UTF8),
        (PNG, CSV, uploads.NOT_CSV),
        (PNG, XLSX, uploads.NOT_XLSX),
        (xlsx(["title"], ["A plan"]), CSV, uploads.NOT_CSV),
        (xlsx(["title"], ["A plan"])[:-200], XLSX, uploads.NOT_XLSX),
        ("title\nA plan", XLSX, uploads.NOT_XLSX),
        ("title", CSV, uploads.EMPTY),
        ("\n\n", CSV, uploads.EMPTY),
        (xlsx(), XLSX, uploads.EMPTY),
        ("title,title\na,b", CSV, "The column “title” is there twice."),
        ("title\nA plan\nAnother,with a comma", CSV, "Row 3 has more cells than the first row"),
        ("title\n" + "a" * 200_000, CSV, uploads.NOT_CSV),
        (",".join(["title", *(f"c{n}" for n in range(101))]) + "\n1", CSV, "more than 100 columns"),
    ],
    ids=[
        "latin-1",
        "utf-16",
        "png as csv",
        "png as xlsx",
        "xlsx as csv",
        "cut off",
        "csv as xlsx",
        "only names",
        "blank",
        "empty xlsx",
        "twice",
        "too wide",
        "long cell",
        "many columns",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    send, folder, content, format, sentence
):
    is_refused(send(content, format), sentence, folder)


def test_a_zip_that_is_no_sheet_is_refused_with_a_sentence(send, folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    is_refused(send(out.getvalue(), XLSX), uploads.NOT_XLSX, folder)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name\nA plan", "The sheet has no column “title” in its first row."),
        (
            "title,start_year\nA plan,nan",
            "Row 2, column “start_year”: “nan” is not a whole number.",
        ),
        ("title,order\nA plan,-1", "Row 2, column “order”: Ensure this value is greater than"),
        ("title,review_due\nA,July", "Row 2, column “review_due”: “July” is not a date."),
        (
            "title,area\nA plan,moon",
            "Row 2, column “area”: Write the area’s slug: “moon” names none.",
        ),
        ("title,url\nA plan,x", "Row 2, column “url”: Enter a valid URL."),
        ("title,url\n,https://example.org/", "Row 2, column “title”: This field cannot be blank."),
        ("title,period_text\nA,2019-2015", "Row 2: This breaks the rule “strategy ends after"),
        ("title\nA\nB\nA", "Row 4: This row is about the same as row 2. Keep one of them."),
    ],
)
def test_a_wrong_row_is_named_with_its_column(send, folder, content, sentence):
    is_refused(send(content), sentence, folder)


def test_days_are_read_as_they_are_written_here(send, confirm):
    confirm(send("title,review_due\nA plan,03/04/2027"))
    assert Strategy.objects.get().review_due == date(2027, 4, 3)


def test_many_wrong_rows_are_not_all_listed(send):
    page = send("title,order\n" + "\n".join(f"Plan {number},x" for number in range(60)))
    assert words(page).count("is not a whole number.") == 50
    assert "There are 10 more." in words(page)


@pytest.mark.parametrize(
    ("register", "content", "sentence"),
    [
        (
            "outcomes_improvementpriority",
            "number,order_in_report,name,wording\nfirst,1,Waits,Long waits",
            "Row 2, column “number”: “first” is not a whole number.",
        ),
        (
            "outcomes_improvementpriority",
            "name\nWaits",
            "The sheet has no column “number” in its first row.",
        ),
        (
            "surveys_agency",
            "slug,name,short_name,sector,is_accountable\nnhs,NHS,NHS,other,perhaps",
            "Row 2, column “is_accountable”: “perhaps” is neither yes nor no.",
        ),
    ],
)
def test_the_other_registers_say_it_too(send, root, register, content, sentence):
    page = send(content, to=f"{register}_import", who=root)
    assert sentence in words(page)
    assert "Traceback" not in words(page)


def test_the_other_registers_come_in(send, confirm, root):
    agency = "slug,name,short_name,sector,is_accountable\nnhs,NHS,NHS,other,yes"
    priority = "number,order_in_report,name,wording,name_verified\n1,2,Waits,Long waits,no"
    for register, content in [
        ("surveys_agency", agency),
        ("outcomes_improvementpriority", priority),
    ]:
        preview = send(content, to=f"{register}_import", who=root)
        confirm(preview, to=f"{register}_process_import", who=root)
    assert Agency.objects.get().is_accountable
    assert not ImprovementPriority.objects.get().name_verified


# Out and in again

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"),
    *("'=1+1", "''＝1"),
]
PLAIN = ["'tis", "'", "1-1", "a=b"]


def exported(visit, who, format):
    page = visit(who, EXPORT, data={"format": format, "resource": "0"})
    assert page.status_code == 200
    return page.content


def test_no_cell_goes_out_as_a_formula(visit, asha, area):
    for text in FORMULAS + PLAIN:
        Strategy.objects.create(area=area, title=f"Plan {text!r}", summary=text)
    sheet = load_workbook(io.BytesIO(exported(visit, asha, XLSX))).active
    cells = {row[1].value: row[2].value for row in sheet.iter_rows(min_row=2)}
    text = exported(visit, asha, CSV).decode()
    for formula in FORMULAS:
        # which kind of line end comes back depends on the XML library
        cell = cells[f"Plan {formula!r}"].replace("\r", "\n")
        assert cell == f"'{formula}".replace("\r", "\n")
        assert f"'{formula}" in text
    for plain in PLAIN:
        assert cells[f"Plan {plain!r}"] == plain


@pytest.mark.parametrize("format", [XLSX, CSV])
def test_what_went_out_comes_in_as_it_was(visit, send, asha, area, format):
    texts = [text for text in FORMULAS + PLAIN if format == CSV or "\r" not in text]
    for text in texts:
        Strategy.objects.create(area=area, title=text, summary=text, start_year=2019)
    preview = send(exported(visit, asha, format), format)
    assert not preview.context["result"].has_validation_errors()
    assert preview.context["result"].totals["skip"] == len(texts)


def test_an_apostrophe_that_we_did_not_put_stays(send, confirm):
    confirm(send("title,summary\n'Tis a plan,'quoted'"))
    assert list(Strategy.objects.values_list("title", "summary")) == [("'Tis a plan", "'quoted'")]
