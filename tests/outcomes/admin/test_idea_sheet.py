"""Ideas with themes come back in a sheet: shown, then decided whole, and nobody is overwritten."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from outcomes.actions import code, raise_concern
from outcomes.models import AnalysisRun, Coding, Idea
from surveys.models import Answer, AuditEvent, Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

XLSX, CSV = "0", "1"
COLUMNS = ["idea", "theme", "second", "third", "seen"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"


@pytest.fixture
def ideas(cluster, group):
    """Five ideas that nobody coded yet."""
    Passage.everything.update(screened_at=NOW)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def theme(area):
    return lambda name: area.themes.get(code=name)


@pytest.fixture
def send(visit, asha):
    """`send([idea, "health", "", "", ""])` opens the preview of a sheet with these rows."""

    def send(*rows, columns=COLUMNS, kind=CSV, who=asha):
        rows = [[getattr(cell, "pk", cell) for cell in row] for row in rows]
        data = _xlsx(columns, rows) if kind == XLSX else _csv(columns, rows)
        file = SimpleUploadedFile("ideas", data)
        sent = {"import_file": file, "format": kind, "resource": "0"}
        return visit(who, "outcomes_coding_import", data=sent)

    return send


@pytest.fixture
def confirm(visit, asha):
    def confirm(preview, who=asha):
        form = {name: str(value) for name, value in preview.context["confirm_form"].initial.items()}
        return visit(who, "outcomes_coding_process_import", data=form)

    return confirm


def _csv(columns, rows):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode()


def _xlsx(columns, rows):
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in [columns, *rows]:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def codes_of(idea):
    current = Coding.objects.current().filter(idea=idea).first()
    return [one.code for one in current.themes] if current else []


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_what_will_change_is_shown_and_happens_only_once_confirmed(
    send, confirm, ideas, asha, theme, kind
):
    code(idea=ideas[1], themes=[theme("health")], by=asha, now=NOW)
    seen = Coding.objects.current().get(idea=ideas[1]).pk
    preview = send(
        [ideas[0], "health", "education", "", ""], [ideas[1], "health", "", "", seen], kind=kind
    )
    assert "change something: 1. Rows that say what is decided already: 1." in words(preview)
    assert ideas[0].text in words(preview)
    assert "Healthy lives, Great education" in words(preview)
    assert codes_of(ideas[0]) == []
    done = confirm(preview)
    assert done.status_code == 302
    assert codes_of(ideas[0]) == ["health", "education"]
    made = Coding.objects.current().get(idea=ideas[0])
    assert (made.how, made.by, made.at) == ("imported", asha, NOW)
    event = AuditEvent.objects.get(what="coded from a sheet")
    assert (event.by, event.detail) == (asha, "1 ideas")


def test_the_sheet_that_was_taken_out_changes_nothing(visit, send, ideas, asha, theme, survey):
    code(idea=ideas[0], themes=[theme("health"), theme("none")][:1], by=asha, now=NOW)
    page = visit(asha, "outcomes_coding_file", survey.consultation_id, query="?what=ideas&as=csv")
    columns, *rows = csv.reader(io.StringIO(page.content.decode("utf-8-sig"), newline=""))
    preview = send(*rows, columns=columns)
    assert f"change something: 0. Rows that say what is decided already: {len(ideas)}." in words(
        preview
    )


def test_the_same_sheet_twice_changes_nothing_the_second_time(send, confirm, ideas):
    confirm(send([ideas[0], "health", "", "", ""]))
    assert "change something: 0." in words(send([ideas[0], "health", "", "", ""]))


def test_an_empty_theme_takes_the_code_back_and_keeps_it_in_the_history(
    send, confirm, ideas, asha, theme
):
    made = code(idea=ideas[0], themes=[theme("health")], by=asha, now=NOW)
    confirm(send([ideas[0], "", "", "", made.pk]))
    assert codes_of(ideas[0]) == []
    assert Coding.objects.filter(idea=ideas[0]).count() == 2


def test_themes_may_be_written_by_their_names(send, confirm, ideas):
    confirm(send([ideas[0], "Healthy Lives", "GREAT EDUCATION", "", ""]))
    assert codes_of(ideas[0]) == ["health", "education"]


def test_what_somebody_else_decided_since_is_told_and_stays(send, confirm, ideas, asha, ben, theme):
    code(idea=ideas[0], themes=[theme("none")], by=ben, now=NOW)
    preview = send([ideas[0], "health", "", "", ""], [ideas[1], "health", "", "", ""])
    assert "taken out, which stays so: 1." in words(preview)
    assert "None of the four (ben)" in words(preview)
    confirm(preview)
    assert codes_of(ideas[0]) == ["none"]
    assert codes_of(ideas[1]) == ["health"]


def test_what_somebody_decides_between_preview_and_confirming_stays_too(
    visit, send, confirm, ideas, asha, ben, theme
):
    preview = send([ideas[0], "health", "", "", ""], [ideas[1], "health", "", "", ""])
    code(idea=ideas[0], themes=[theme("none")], by=ben, now=NOW)
    confirm(preview)
    assert codes_of(ideas[0]) == ["none"]
    assert codes_of(ideas[1]) == ["health"]
    assert "1 changed" in words(visit(asha, "index"))


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (["", "health", "", "", ""], "idea", "No idea here has this number"),
        ([99_999, "health", "", "", ""], "idea", "No idea here has this number"),
        (["x", "health", "", "", ""], "idea", "No idea here has this number"),
        ([10**30, "health", "", "", ""], "idea", "No idea here has this number"),
        (["idea", "joy", "", "", ""], "theme", "“joy” is no theme of this area"),
        (["idea", "health", "joy", "", ""], "second", "“joy” is no theme of this area"),
        (["idea", "health", "health", "", ""], "theme", "Choose each theme once"),
        (["idea", "health", "none", "", ""], "theme", "An idea about none of the themes"),
        (["idea", "health", "", "", "soon"], "seen", "“soon” is not a whole number"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column_and_nothing_comes_in(
    send, ideas, folder, row, column, sentence
):
    row = [ideas[0].pk if cell == "idea" else cell for cell in row]
    preview = send([ideas[1], "health", "", "", ""], row)
    assert f"Row 3, column “{column}”: {sentence}" in words(preview)
    assert "confirm_form" not in preview.context
    assert list(folder.iterdir()) == []
    assert not Coding.objects.exists()


def test_one_idea_in_two_rows_is_refused(send, ideas):
    preview = send([ideas[0], "health", "", "", ""], [ideas[0], "none", "", "", ""])
    assert "Row 3, column “idea”: Row 2 is about this idea already." in words(preview)


@pytest.mark.parametrize("missing", COLUMNS)
def test_a_sheet_without_a_column_that_is_needed_is_refused(send, ideas, missing):
    columns = [name for name in COLUMNS if name != missing]
    preview = send([ideas[0].pk, "", "", ""], columns=columns)
    assert f"has no column “{missing}”" in words(preview)


def test_a_withheld_idea_is_told_as_one_that_there_is_not(send, ideas, asha):
    raise_concern(source=ideas[0].source, category="harm", reason="Look.", by=asha, now=NOW)
    withheld = words(send([ideas[0], "health", "", "", ""]))
    unknown = words(send([99_999, "health", "", "", ""]))
    assert withheld == unknown
    assert "No idea here has this number" in withheld


def test_an_idea_that_is_withheld_before_confirming_stays_as_it_is(send, confirm, ideas, asha):
    preview = send([ideas[0], "health", "", "", ""])
    raise_concern(source=ideas[0].source, category="harm", reason="Look.", by=asha, now=NOW)
    confirm(preview)
    assert not Coding.everything.exists()


@pytest.mark.parametrize(
    "role", ["Publisher", "Co-production reviewer", "Facilitator", "Safeguarding lead"]
)
def test_who_may_not_code_may_not_bring_codes_in(send, confirm, ideas, role):
    pat = world.person("pat", role)
    assert send([ideas[0], "health", "", "", ""], who=pat).status_code == 403
    preview = send([ideas[0], "health", "", "", ""])
    assert confirm(preview, who=pat).status_code == 403
    assert not Coding.objects.exists()


def test_an_analyst_may(send, confirm, ideas):
    ana = world.person("ana", "Analyst")
    confirm(send([ideas[0], "health", "", "", ""], who=ana), who=ana)
    assert codes_of(ideas[0]) == ["health"]


def test_enough_of_them_have_the_machine_learn(send, confirm, survey, asha):
    said = [world.response(survey, f"Rest {number}", NOW) for number in range(5)]
    run = world.run(survey.consultation, asha, NOW - timedelta(days=1))
    world.group(run, "none", Answer.objects.filter(response__in=said))
    confirm(send(*([idea, "health", "", "", ""] for idea in Idea.objects.all())))
    newest = AnalysisRun.objects.first()
    assert newest != run
    assert newest.by_itself


def test_many_rows_take_as_many_queries_as_few(send, confirm, survey, asha):
    said = [world.response(survey, f"Rest {number}", NOW) for number in range(40)]
    answers = Answer.objects.filter(response__in=said)
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    ideas = list(Idea.objects.order_by("pk"))

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            confirm(send(*([idea, "health", "", "", ""] for idea in some)))
        assert all(codes_of(idea) == ["health"] for idea in some)
        return len(asked)

    queries(ideas[:6])  # after these the machine learns, once
    assert queries(ideas[6:9]) == queries(ideas[9:])
