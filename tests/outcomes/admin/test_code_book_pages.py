"""An officer takes the code book out, changes it, has it checked, and chooses it."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from outcomes import book_check, jobs
from outcomes.actions import (
    ask_for_analysis,
    ask_to_check_code_book,
    cancel_job,
    stop_using,
    use_code_book,
)
from outcomes.actions.codebooks import KnownAlready, ThemesGone
from outcomes.codebooks import SEND
from outcomes.models import AnalysisRun, CodeBook, Idea, Job, ThemeSuggestion
from outcomes.tasks import carry_out_analysis, carry_out_job
from surveys.models import AuditEvent, Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

TOPICS = [
    {"theme": "activities", "topic": "trees", "label": "Trees", "opposes": "bins"},
    {"theme": "health", "topic": "bins", "label": "Bins", "improvement_priorities": "3, 7"},
]
EXAMPLES = [
    *({"topic": "bins", "text": f"the bin men missed us {n} times"} for n in range(6)),
    *({"topic": "trees", "text": f"plant {n} oaks and birches"} for n in range(6)),
]
NAMES = ["theme", "topic", "label", "opposes", "improvement_priorities", "text", "kind"]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def sheet(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def bring(visit, who, consultation, data, name="ours.csv"):
    form = {"name": "Ours", "file": SimpleUploadedFile(name, data)}
    return visit(who, "outcomes_codebook_bring", consultation.pk, data=form)


def checked(consultation, asha, data, kind="csv"):
    """The job that has read it."""
    job = ask_to_check_code_book(
        consultation=consultation, name="Ours", book=data, kind=kind, by=asha, now=NOW
    )
    carry_out_job.call(job.pk)
    job.refresh_from_db()
    return job


# Bringing in


def test_a_sheet_is_checked_tried_and_kept_and_used_by_nothing(visit, consultation, asha):
    page = bring(visit, asha, consultation, sheet(TOPICS + EXAMPLES))
    job = Job.objects.get()
    assert page.url == reverse("admin:outcomes_job_change", args=[job.pk])
    carry_out_job.call(job.pk)
    book = CodeBook.objects.get()
    assert not book.in_use
    assert book.found["themes"] == {"health": [1, 6], "activities": [1, 6]}
    assert book.found["held_out"]["tried"] == 2
    said = visit(asha, "outcomes_job_change", job.pk).content.decode()
    assert reverse("admin:outcomes_codebook_change", args=[book.pk]) in said
    said = visit(asha, "outcomes_codebook_change", book.pk).content.decode()
    assert "“Supporting families”, so the machine will never suggest it" in said
    assert "New topics (2)" in said
    assert "Topics that are not in it (110)" in said
    assert "100%" in said


def test_the_same_book_comes_from_a_workbook_a_csv_and_json_lines(consultation, asha):
    first = CodeBook.objects.get(
        pk=checked(consultation, asha, sheet(TOPICS + EXAMPLES)).asked["book"]
    )
    assert json.loads(first.lines.splitlines()[0])["opposes"] == ["trees"]
    assert json.loads(first.lines.splitlines()[0])["improvement_priorities"] == [3, 7]
    book, out = Workbook(), io.BytesIO()
    book.active.append(NAMES)
    for row in TOPICS + EXAMPLES:
        book.active.append([row.get(name) for name in NAMES])
    book.save(out)
    for data, kind in ((out.getvalue(), "xlsx"), (first.lines.encode(), "jsonl")):
        again = checked(consultation, asha, data, kind)
        assert again.trouble == "The same topics and examples are here already, as “Ours”."


def test_what_is_taken_out_comes_in_again_as_it_was(visit, consultation, asha):
    rows = [*TOPICS, *EXAMPLES, {"topic": "bins", "text": "=1+1 bins, he says"}]
    book = CodeBook.objects.get(pk=checked(consultation, asha, sheet(rows)).asked["book"])
    use_code_book(book=book, by=asha, now=NOW)
    for kind in ("csv", "xlsx"):
        query = f"?what=code-book-whole&as={kind}"
        file = visit(asha, "outcomes_coding_file", consultation.pk, query=query).content
        assert "already" in checked(consultation, asha, file, kind).trouble
    query = "?what=code-book-lines&as=jsonl"
    file = visit(asha, "outcomes_coding_file", consultation.pk, query=query).content
    assert "already" in checked(consultation, asha, file, "jsonl").trouble


def test_the_portals_own_code_book_is_told_as_such(consultation, asha):
    lines = b"".join(path.read_bytes() for path in sorted(SEND.glob("*.jsonl")))
    assert book_check.SAME_AS_SEND in checked(consultation, asha, lines, "jsonl").trouble
    assert not CodeBook.objects.exists()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{**TOPICS[0], "theme": "parks"}], "Row 2: the area has no theme “parks”"),
        ([*TOPICS, {"topic": "bins", "text": "x" * 2001}], "Row 4: “text” has 2,001 characters"),
        ([*TOPICS, {"topic": "bus", "text": "late"}], "Row 4: no topic “bus” is described"),
        ([*TOPICS, {"topic": "bins", "text": "x", "kind": "wish"}], "Row 4: “wish” is not a kind"),
        ([*TOPICS, {"topic": "bins", "text": "late"}], "Row 2: the codebook has no example"),
        ([{**TOPICS[1], "improvement_priorities": "many"}], "Row 2: the field “improvement_pri"),
        ([{**TOPICS[0], "topic": "oak, ash"}], "Row 2: “topic” has a comma"),
        ([{**TOPICS[0], "label": ""}], "Row 2: the field “text” of an example, or “label” of a"),
    ],
)
def test_each_mistake_is_told_by_its_row(visit, consultation, asha, rows, sentence):
    job = checked(consultation, asha, sheet(rows))
    said = " ".join(visit(asha, "outcomes_job_change", job.pk).content.decode().split())
    assert job.state == "failed"
    assert sentence in said
    assert not CodeBook.objects.exists()


@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (b"\xff\xfeb\x00", "csv", "not in UTF-8"),
        (b"PK\x03\x04 broken", "xlsx", "not an XLSX file"),
        (b"topic,text\nbins,late\n", "csv", "These columns are missing: theme, label."),
        (b"", "csv", "no rows in this sheet"),
        (b"", "jsonl", "the file is empty"),
        (b"\xff\xfe{", "jsonl", "UTF-16"),
        (b'{"topic": "a"', "jsonl", "Below is what is wrong"),
        (b'["a"]\n', "jsonl", "Below is what is wrong"),
        (b"\x00" * 90, "csv", "more than text"),
    ],
)
def test_what_is_no_code_book_is_refused_with_a_sentence(consultation, asha, data, kind, sentence):
    job = checked(consultation, asha, data, kind)
    assert job.state == "failed"
    assert sentence in job.trouble


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("book.pdf", b"%PDF"), "ends in .xlsx, .csv or .jsonl"),
        (SimpleUploadedFile("book.csv", b""), "empty"),
        (None, "required"),
    ],
)
def test_another_file_is_refused_on_the_page_which_keeps_the_name(
    visit, consultation, asha, file, sentence
):
    form = {"name": "Ours & theirs"} | ({"file": file} if file else {})
    page = visit(asha, "outcomes_codebook_bring", consultation.pk, data=form).content.decode()
    assert sentence in page
    assert 'value="Ours &amp; theirs"' in page
    assert not Job.objects.exists()


def test_one_too_large_for_a_code_book_is_refused(consultation, asha, monkeypatch):
    monkeypatch.setattr(book_check, "MOST_EXAMPLES", 11)
    assert (
        "It may have up to 300 and 11."
        in checked(consultation, asha, sheet(TOPICS + EXAMPLES)).trouble
    )


def test_who_lost_the_role_meanwhile_keeps_nothing(consultation, asha):
    asha.groups.clear()
    assert "no longer" in checked(consultation, asha, sheet(TOPICS + EXAMPLES)).trouble
    assert not CodeBook.objects.exists()


TREES_AND_BINS = [{**TOPICS[0]}, {"theme": "health", "topic": "bins", "label": "Bins"}]


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows).encode()


@pytest.mark.parametrize(
    "row",
    [
        {**TREES_AND_BINS[0], "theme": "a\ud800b"},
        {**TREES_AND_BINS[0], "label": "Tr\x00ees"},
        {**TREES_AND_BINS[0], "opposes": ["\udfff"]},
        {"topic": "bins", "text": "half \ud800 of one"},
    ],
)
def test_half_a_character_is_told_and_never_kept(visit, consultation, asha, row):
    job = checked(consultation, asha, lines(row, *TREES_AND_BINS[1:], *EXAMPLES), "jsonl")
    page = " ".join(visit(asha, "outcomes_job_change", job.pk).content.decode().split())
    assert "Row 1: " in page
    assert "holds half of a character, or none. Write it again." in page
    kept = json.dumps(job.asked)
    assert not any(half in kept for half in ("\\u0000", "\\ud800", "\\udfff"))


def test_what_a_sentence_quotes_is_cut_however_long_it_is(consultation, asha):
    long = "z" * 100_000
    wrong = [
        {**TREES_AND_BINS[0], "opposes": long},
        {"topic": "bins", "text": "late", "theme": long, "kind": long},
        {"topic": long, "text": "late"},
    ]
    job = checked(consultation, asha, lines(*wrong, *TREES_AND_BINS, *EXAMPLES), "jsonl")
    assert len(json.dumps(job.asked)) < 10_000
    right = [*TREES_AND_BINS, {**EXAMPLES[0], f"{long}\ud800": 1}, *EXAMPLES]
    [book] = [checked(consultation, asha, lines(*right), "jsonl").asked["book"]]
    assert len(json.dumps(CodeBook.objects.get(pk=book).found)) < 10_000


def test_a_file_of_very_many_lines_or_fields_is_refused_before_it_is_judged(
    consultation, asha, monkeypatch
):
    monkeypatch.setattr(book_check, "MOST_EXAMPLES", 100)
    trouble = checked(consultation, asha, b"1\n" * 401, "jsonl").trouble
    assert "more lines than 300 topics and 100 examples" in trouble
    fields = dict.fromkeys(map(str, range(1001)), "")
    trouble = checked(consultation, asha, lines(fields), "jsonl").trouble
    assert "Line 1 has more than 1,000 fields or names." in trouble


def test_no_sentence_names_the_file_that_the_worker_makes_of_it(visit, consultation, asha):
    twice = checked(consultation, asha, lines(*TREES_AND_BINS, *TREES_AND_BINS, *EXAMPLES), "jsonl")
    assert twice.asked["problems"][0][2] == "the topic “trees” is already described in line 1."
    one = checked(consultation, asha, lines(TREES_AND_BINS[1], EXAMPLES[0]), "jsonl")
    assert one.trouble == "Nothing was brought in. line 1: the codebook needs two topics or more."
    wide = checked(consultation, asha, b"\xff\xfe{", "jsonl")
    assert wide.trouble == "Nothing was brought in. The file is UTF-16 text. Save it as UTF-8."


def test_a_check_that_is_cancelled_while_it_learns_keeps_nothing(consultation, asha, monkeypatch):
    check = book_check.check

    def cancelled(*args):
        found = check(*args)
        cancel_job(job=Job.objects.get(), by=asha, now=NOW)
        return found

    monkeypatch.setattr(jobs, "check", cancelled)
    assert checked(consultation, asha, sheet(TOPICS + EXAMPLES)).state == "cancelled"
    assert not CodeBook.objects.exists()
    assert not AuditEvent.objects.filter(what="brought in a code book").exists()


# Choosing


@pytest.fixture
def book(area, asha):
    return world.code_book(area, asha, NOW)


def test_only_one_is_in_use_and_who_chose_it_is_recorded(visit, area, book, asha):
    other = CodeBook.objects.create(
        area=area, name="Other", lines=book.lines, fingerprint="e" * 64, found=book.found,
        by=asha, at=NOW,
    )  # fmt: skip
    visit(asha, "outcomes_codebook_use", book.pk, data={})
    visit(asha, "outcomes_codebook_use", other.pk, data={})
    assert list(CodeBook.objects.filter(in_use=True)) == [other]
    visit(asha, "outcomes_codebook_stop", other.pk, data={})
    assert not CodeBook.objects.filter(in_use=True).exists()
    told = AuditEvent.objects.filter(by=asha, what__contains="code book").order_by("pk")
    assert [one.what for one in told] == [
        "brought in a code book",
        "chose a code book",
        "chose a code book",
        "stopped using a code book",
    ]


def test_chosen_twice_it_is_recorded_once(book, asha):
    for _ in range(2):
        use_code_book(book=book, by=asha, now=NOW)
    assert AuditEvent.objects.filter(what="chose a code book").count() == 1
    for _ in range(2):
        stop_using(book=book, by=asha, now=NOW)
    assert AuditEvent.objects.filter(what="stopped using a code book").count() == 1


def test_one_of_a_theme_that_the_area_has_no_longer_is_not_chosen(area, book, asha):
    area.themes.filter(code="health").update(code="wellbeing")
    with pytest.raises(ThemesGone, match="Missing: health"):
        use_code_book(book=book, by=asha, now=NOW)
    assert not CodeBook.objects.filter(in_use=True).exists()


def test_the_same_book_is_kept_once_by_an_area(area, book, asha):
    with pytest.raises(KnownAlready, match="as “Two topics”"):
        world.code_book(area, asha, NOW)


def test_the_list_says_which_book_is_read(visit, book, asha):
    said = visit(asha, "outcomes_codebook_changelist").content.decode()
    assert "the code book that the portal brings" in said
    use_code_book(book=book, by=asha, now=NOW)
    said = " ".join(visit(asha, "outcomes_codebook_changelist").content.decode().split())
    assert ">Two topics</a>." in said


@pytest.mark.any_database
def test_the_next_analysis_reads_the_chosen_book_and_says_so(visit, survey, area, book, asha):
    for text in ("She has just one mate.", "He is awake all night."):
        world.response(survey, text, NOW)
    Passage.everything.update(screened_at=NOW)
    use_code_book(book=book, by=asha, now=NOW)
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=NOW)
    carry_out_analysis.call(run.pk)
    run = AnalysisRun.objects.get(pk=run.pk)
    assert (run.state, run.trouble, run.codebook) == ("done", "", book)
    themes = dict(ThemeSuggestion.objects.filter(run=run).values_list("idea", "theme__code"))
    said = {idea.text: themes[idea.pk] for idea in Idea.objects.with_source()}
    assert said == {"She has just one mate.": "activities", "He is awake all night.": "health"}
    page = visit(asha, "outcomes_analysisrun_change", run.pk).content.decode()
    assert reverse("admin:outcomes_codebook_change", args=[book.pk]) in page
