"""What leaves the portal as a file: opened again, and searched for what may not leave."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now as clock_now
from lxml.etree import fromstring
from openpyxl import load_workbook

from outcomes.actions import check_quote, code, hide, raise_concern, set_aside
from outcomes.admin.sheets_elsewhere import FILES
from outcomes.admin.sheets_out import TABLES
from outcomes.hiding import suggest
from outcomes.models import Idea, ThemeSuggestion
from surveys.actions import add_note
from surveys.models import Answer, AuditEvent, Passage, Response, Theme
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

# The portal's own code book holds no words of anybody's; as a sheet it is large.
OF_TABLES = [one.path for one in TABLES if one.path != "code-book-whole"]
EVERY = [*OF_TABLES, *(one.path for one in FILES if one.path != "code-book-lines")]
PROJECT = "{urn:QDA-XML:project:1.0}"


def screened():
    Passage.everything.update(screened_at=clock_now())


@pytest.fixture
def said(cluster, survey, asha):
    """Two parents' ideas in a cluster, and a third answer with a name in it, all screened."""
    response = world.response(survey, "Sam Smith hits out, =1+1 he says.", NOW)
    answer = response.answers.get()
    run = world.run(survey.consultation, asha, NOW)
    world.group(run, "families", [answer])
    suggest(answer.passage, [(0, 9, "person", 0.9)])
    screened()
    return response


@pytest.fixture
def take(visit, asha, survey):
    """`take("ideas")` gives the rows as dictionaries; with `raw=True`, the page that has them."""

    def take(what, kind="csv", who=asha, raw=False):
        query = f"?what={what}&as={kind}"
        page = visit(who, "outcomes_coding_file", survey.consultation_id, query=query)
        if raw or page.status_code != 200:
            return page
        if kind == "xlsx":
            sheet = load_workbook(io.BytesIO(page.content)).active
            columns, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
            return [dict(zip(columns, row, strict=True)) for row in rows]
        return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"), newline="")))

    return take


def everything_in(page) -> str:
    """All that a file says, unpacked."""
    if not page.content.startswith(b"PK"):
        return page.content.decode()
    with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
        return " ".join(packed.read(name).decode() for name in packed.namelist())


# The files


@pytest.mark.parametrize("what", OF_TABLES)
def test_a_csv_opens_right_in_excel_and_has_the_columns_that_the_page_promises(take, said, what):
    page = take(what, raw=True)
    assert page.content.startswith(b"\xef\xbb\xbf")
    columns = page.content.decode("utf-8-sig").splitlines()[0].split(",")
    table = next(one for one in TABLES if one.path == what)
    assert columns == list(table.columns)
    assert f"{what}-2026-11-22.csv" in page["Content-Disposition"]
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("what", OF_TABLES)
def test_a_workbook_has_the_same_rows_as_the_csv(take, said, asha, what):
    idea = Idea.objects.first()
    code(idea=idea, themes=[Theme.objects.get(code="health")], by=asha, now=NOW)
    add_note(session=world.session(idea.answer.response.survey.consultation, asha, NOW), text="A.")
    screened()
    Response.objects.update(may_quote=True)
    check_quote(idea=idea, answer="no one", by=asha, now=NOW)
    sheet, book = take(what), take(what, "xlsx")
    assert sheet
    as_text = [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in book
    ]
    assert as_text == sheet


def test_every_answer_is_a_row_with_all_that_is_told_of_it(take, said):
    Response.objects.filter(pk=said.pk).update(may_quote=True)
    rows = {row["reference"]: row for row in take("responses")}
    assert len(rows) == 3
    assert rows[said.reference] == {
        "reference": said.reference,
        "survey": "Survey for parent_carer",
        "audience": "parents and carers",
        "channel": "online",
        "language": "",
        "question": "what matters",
        "words": "[name] hits out, =1+1 he says.",
        "agreed_to_quote": "yes",
    }


def test_an_idea_says_what_the_machine_suggests_what_people_decided_and_where_it_stands(
    take, said, cluster, asha, area
):
    idea = Idea.objects.get(answer__response=said)
    ThemeSuggestion.objects.filter(idea=idea).update(kind="experience", sure=False)
    themes = [area.themes.get(code=name) for name in ("health", "education")]
    made = code(idea=idea, themes=themes, by=asha, now=NOW)
    rows = {int(row["idea"]): row for row in take("ideas")}
    assert len(rows) == 3
    row = rows[idea.pk]
    assert (row["theme"], row["second"], row["third"]) == ("health", "education", "")
    assert (row["suggested"], row["sure"], row["kind"]) == ("families", "no", "experience")
    assert (row["standing"], row["seen"]) == ("coded, and in no cluster yet", str(made.pk))
    in_cluster = next(row for row in rows.values() if row["cluster"])
    assert in_cluster["cluster_name"] == cluster.name
    assert in_cluster["seen"] == ""


def test_an_idea_coded_several_times_is_one_row(take, said, asha, area):
    idea = Idea.objects.get(answer__response=said)
    for name in ("health", "education", "none"):
        code(idea=idea, themes=[area.themes.get(code=name)], by=asha, now=NOW)
    row = next(row for row in take("ideas") if int(row["idea"]) == idea.pk)
    assert row["theme"] == "none"
    assert len(take("ideas")) == 3
    assert [row["theme"] for row in take("codes")] == ["health", "education", "none"]


def test_few_people_are_not_told_apart_nor_by_the_number_of_ideas(take, said, survey, asha):
    big = world.cluster(survey, asha, NOW, voices=6)
    rows = {row["cluster"]: row for row in take("clusters")}
    assert rows[str(big.pk)]["parents and carers"] == "6"
    assert rows[str(big.pk)]["ideas"] == "6"
    small = next(row for key, row in rows.items() if key != str(big.pk))
    assert small["parents and carers"] == "fewer than 5"
    assert small["ideas"] == "not shown"
    assert small["practitioners"] == "0"


def test_a_decision_is_told_with_who_and_why(take, said, cluster, asha):
    set_aside(cluster=cluster, reason="@home it is out of scope.", by=asha, now=NOW)
    adopted, aside = take("decisions")
    assert (adopted["by"], adopted["what"]) == ("asha", "adopted")
    assert aside["reason"] == "'@home it is out of scope."
    assert aside["at"] == "2026-11-22 12:00:00"


def test_the_code_book_has_every_topic_with_what_is_in_it_and_what_is_not(take, said):
    rows = take("code-book")
    assert {row["theme"] for row in rows} == {
        "families",
        "health",
        "education",
        "activities",
        "none",
    }
    assert all(row["name"] and row["definition"] for row in rows)
    assert any(row["excludes"] for row in rows)
    assert any(row["opposes"] for row in rows)


def test_only_what_somebody_checked_and_people_agreed_to_is_a_quote(take, said, cluster, asha):
    assert take("quotes") == []
    ideas = list(Idea.objects.filter(membership__cluster=cluster).order_by("pk"))
    Response.objects.update(may_quote=True)
    for idea, answer in zip(ideas, ("no one", "somebody"), strict=True):
        check_quote(idea=idea, answer=answer, by=asha, now=NOW)
    [row] = take("quotes")
    assert (row["idea"], row["words"], row["cluster_name"]) == (
        str(ideas[0].pk), ideas[0].text, cluster.name,
    )  # fmt: skip
    assert row["checked_by"] == "asha"
    Response.objects.update(may_quote=False)
    assert take("quotes") == []


# What may not leave


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2 hours", "@all", "＝1", "'=1"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_words_are_taken_for_a_formula(take, survey, text, kind):
    world.response(survey, text, NOW)
    screened()
    [row] = take("responses", kind)
    assert row["words"] == f"'{text}"


def test_a_cell_that_no_workbook_can_hold_is_made_to_fit(take, survey):
    world.response(survey, "a bell\x07 rings", NOW)
    screened()
    assert take("responses", "xlsx")[0]["words"] == "a bell\ufffd rings"
    assert take("responses")[0]["words"] == "a bell\x07 rings"


def test_what_is_hidden_is_in_no_file(take, said, asha):
    hide(passage=said.answers.get().passage, start=10, end=18, kind="other", by=asha, now=NOW)
    for what in EVERY:
        found = everything_in(take(what, raw=True))
        assert "Smith" not in found, what
        assert "hits out" not in found, what


def test_what_is_withheld_is_in_no_file(take, said, asha, area):
    answer = said.answers.get()
    idea = Idea.objects.get(answer=answer)
    code(idea=idea, themes=[area.themes.get(code="health")], by=asha, now=NOW)
    raise_concern(source=answer, category="harm", reason="Bruises.", by=asha, now=NOW)
    for what in EVERY:
        found = everything_in(take(what, raw=True))
        assert said.reference not in found, what
        assert "he says" not in found, what
    for what in ("ideas", "codes"):
        assert str(idea.pk) not in [row["idea"] for row in take(what)]


def test_words_that_nobody_screened_yet_stay_here(take, visit, said, asha):
    Passage.everything.filter(answer__response=said).update(screened_at=None)
    for what in EVERY:
        assert "he says" not in everything_in(take(what, raw=True)), what
    page = visit(asha, "outcomes_coding_of", said.survey.consultation_id).content.decode()
    assert "1 answer or note" in page


def test_no_file_leads_to_a_person(take, said):
    Response.objects.filter(pk=said.pk).update(paper_number="77-PAPER")
    said.refresh_from_db()
    for what in EVERY:
        found = everything_in(take(what, raw=True))
        assert said.code_hash not in found, what
        assert "77-PAPER" not in found, what


def test_trials_and_answers_that_do_not_count_stay_here(take, said):
    Response.objects.filter(pk=said.pk).update(late="not_counted", late_reason="Too late.")
    assert said.reference not in [row["reference"] for row in take("responses")]


# Who may


@pytest.mark.parametrize("role", ["Analyst", "Officer"])
def test_who_sorts_what_people_said_may_take_it_out(take, said, role):
    assert take("ideas", who=world.person("ana", role))


@pytest.mark.parametrize(
    "role",
    [
        "Publisher",
        "Co-production reviewer",
        "Facilitator",
        "Agency lead",
        "Safeguarding lead",
        "Redactor",
        "Administrator",
        "Data protection reader",
    ],
)
def test_nobody_else_may(take, said, role):
    pat = world.person("pat", role)
    for what in EVERY:
        assert take(what, who=pat).status_code == 403
    assert not AuditEvent.objects.filter(what="exported").exists()


def test_each_file_is_recorded_with_who_took_it_and_how_many_rows(take, said, asha):
    about = f"surveys.consultation {said.survey.consultation_id}"
    for number, what in enumerate(EVERY, start=1):
        page = take(what, raw=True)
        event = AuditEvent.objects.filter(what="exported").first()
        assert (event.by, event.about) == (asha, about)
        assert event.detail.split(": ")[0] in page["Content-Disposition"]
        assert event.detail.endswith(" rows")
        assert AuditEvent.objects.filter(what="exported").count() == number


def test_the_number_of_rows_is_the_number_of_rows(take, said):
    assert len(take("ideas")) == 3
    assert AuditEvent.objects.get(what="exported").detail.endswith(".csv: 3 rows")


def test_the_index_and_the_page_lead_to_every_file(visit, said, asha):
    assert "Take out and bring in" in visit(asha, "index").content.decode()
    listed = visit(asha, "outcomes_coding_changelist")
    page = visit(asha, "outcomes_coding_of", said.survey.consultation_id)
    assert page.request["PATH_INFO"] in listed.content.decode()
    for what in EVERY:
        assert f"?what={what}" in page.content.decode()


@pytest.mark.parametrize("query", ["", "?what=passwords", "?what=ideas&as=exe"])
def test_a_file_that_there_is_not_leads_back_to_the_page(visit, said, asha, query):
    page = visit(asha, "outcomes_coding_file", said.survey.consultation_id, query=query)
    assert page.status_code == 302
    assert not AuditEvent.objects.filter(what="exported").exists()


# For other programs


def test_themefinder_gets_two_columns_for_each_question_and_the_questions(take, said):
    page = take("themefinder", raw=True)
    with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
        name = "parents_1_what_matters.csv"
        assert sorted(packed.namelist()) == [name, "questions.csv"]
        rows = list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig"))))
        [asked] = csv.DictReader(io.StringIO(packed.read("questions.csv").decode("utf-8-sig")))
    assert len(rows) == 3
    assert list(rows[0]) == ["response_id", "response"]
    assert {"response_id": said.reference, "response": "[name] hits out, =1+1 he says."} in rows
    assert (asked["question"], asked["responses"]) == ("What about what_matters?", "3")


def test_themefinder_gets_one_file_for_a_question_however_many_surveys_there_are(
    take, said, survey
):
    second = world.survey(survey.consultation, "practitioner", "staff", NOW)
    for to in (second, survey, second):
        world.response(to, "Rest", NOW)
    screened()
    with zipfile.ZipFile(io.BytesIO(take("themefinder", raw=True).content)) as packed:
        found = {name: len(packed.read(name).splitlines()) for name in packed.namelist()}
    assert found == {
        "parents_1_what_matters.csv": 5,
        "staff_1_what_matters.csv": 3,
        "questions.csv": 3,
    }


def test_codes_and_segments_are_the_themes_and_clusters_that_people_decided(
    take, said, cluster, asha, area
):
    idea = Idea.objects.get(answer__response=said)
    code(idea=idea, themes=[area.themes.get(code="education")], by=asha, now=NOW)
    rows = take("segments")
    assert [row["code"] for row in rows if row["segment"].startswith("[name]")] == [
        "Great education"
    ]
    assert sum(row["code"] == cluster.name for row in rows) == 2
    root = fromstring(take("codes-refi", raw=True).content)
    names = [one.get("name") for one in root.iter("{urn:QDA-XML:codebook:1.0}Code")]
    assert names == [
        "Supporting families",
        "Healthy lives",
        cluster.name,
        "Great education",
        "Positive activities",
        "None of the four",
    ]


def test_in_a_project_every_selection_is_the_words_of_the_idea(take, said, asha, area):
    Idea.objects.filter(answer__response=said).update(start=10, end=18)  # behind a hidden name
    idea = Idea.objects.get(answer__response=said)
    code(idea=idea, themes=[area.themes.get(code="education")], by=asha, now=NOW)
    page = take("project-refi", raw=True)
    with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
        root = fromstring(packed.read("project.qde"))
        texts = {}
        for source in root.iter(f"{PROJECT}TextSource"):
            path = source.get("plainTextPath").replace("internal://", "Sources/")
            text = packed.read(path).decode()
            for one in source.iter(f"{PROJECT}PlainTextSelection"):
                start, end = int(one.get("startPosition")), int(one.get("endPosition"))
                texts[text[start:end]] = source.get("name")
    assert set(texts) == {one.text for one in Idea.objects.with_source()}
    assert texts["hits out"] == f"{said.reference} what matters"


def test_there_is_no_code_book_without_themes(take, visit, asha, survey):
    Theme.objects.all().delete()
    page = take("codes-refi", raw=True)
    assert page.status_code == 302
    shown = visit(asha, "outcomes_coding_of", survey.consultation_id).content.decode()
    assert "The area has no themes yet" in shown


# However many


@pytest.mark.parametrize("what", EVERY)
def test_a_file_takes_as_many_queries_however_many_rows_it_has(take, survey, asha, area, what):
    def more(first, last):
        for _ in range(first, last):
            made = world.cluster(survey, asha, NOW, voices=2)
            idea = made.members.first().idea
            code(idea=idea, themes=[area.themes.get(code="health")], by=asha, now=NOW)
        screened()

    more(0, 2)
    take(what, raw=True)
    with CaptureQueriesContext(connection) as few:
        take(what, raw=True)
    more(2, 8)
    with CaptureQueriesContext(connection) as many:
        take(what, raw=True)
    assert len(many) == len(few)


def test_three_thousand_ideas_take_as_many_queries_as_ten(take, survey, asha):
    def ideas(count):
        rows = Response.objects.bulk_create(
            Response(
                survey=survey,
                code_hash=f"{survey.responses.count()}-{number}",
                state="sent",
                started_at=NOW,
                sent_at=NOW,
            )
            for number in range(count)
        )
        question = survey.questions.first()
        answers = Answer.objects.bulk_create(
            Answer(response=one, question=question, text="Rest") for one in rows
        )
        Passage.everything.take_up(answers=answers)
        run = world.run(survey.consultation, asha, NOW)
        Idea.objects.bulk_create(Idea(answer=one, start=0, end=4, found_by=run) for one in answers)
        screened()

    ideas(10)
    take("ideas", raw=True)
    with CaptureQueriesContext(connection) as few:
        assert len(take("ideas")) == 10
    ideas(2_990)
    with CaptureQueriesContext(connection) as many:
        assert len(take("ideas")) == 3_000
    assert len(many) == len(few)
