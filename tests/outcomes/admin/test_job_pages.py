"""What somebody asked the worker for: the page says how far it is, honestly, to them alone."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import ask_for_codes, ask_for_file, raise_concern
from outcomes.admin import jobs as pages
from outcomes.admin import sheets_leaving
from outcomes.models import Coding, Idea, Job
from outcomes.tasks import carry_out_job
from surveys.models import AuditEvent, Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ideas(cluster, group, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    Passage.everything.update(screened_at=NOW)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def job(survey, ideas, asha):
    of = survey.consultation
    return ask_for_file(consultation=of, what="ideas", kind="csv", by=asha, now=NOW)


def open_(visit, who, job, query="", **facts):
    Job.objects.filter(pk=job.pk).update(**facts)
    return visit(who, "outcomes_job_change", job.pk, query=query)


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_a_large_file_is_the_workers_and_is_taken_from_its_page(
    visit, survey, ideas, asha, monkeypatch
):
    monkeypatch.setattr(sheets_leaving, "MOST_AT_ONCE", 4)
    what = (survey.consultation_id,)
    page = visit(asha, "outcomes_coding_file", *what, query="?what=ideas&as=xlsx")
    assert "This file is large: about 5 rows to go through." in words(page)
    assert not Job.objects.exists()
    asked = visit(asha, "outcomes_coding_file", *what, query="?what=ideas&as=xlsx", data={})
    job = Job.objects.get()
    assert asked.url == f"/admin/outcomes/job/{job.pk}/change/"
    carry_out_job.call(job.pk)
    page = visit(asha, "outcomes_job_change", job.pk)
    assert "Done 22 November 2026, 12:00. 5 rows." in words(page)
    assert "Ideas with themes, XLSX" in words(page)
    taken = visit(asha, "outcomes_job_take", job.pk)
    assert taken.content.startswith(b"PK")
    assert "ideas-2026-11-22.xlsx" in taken["Content-Disposition"]
    assert AuditEvent.objects.get(what="exported").detail.endswith("xlsx: 5 rows")


def test_a_file_whose_words_went_is_refused_with_a_sentence(visit, job, ideas, asha):
    carry_out_job.call(job.pk)
    raise_concern(source=ideas[0].source, category="harm", reason="Look.", by=asha, now=NOW)
    back = visit(asha, "outcomes_job_take", job.pk)
    assert back.status_code == 302
    page = words(visit(asha, "outcomes_job_change", job.pk))
    assert "words in it were withheld, hidden, changed or taken back" in page
    assert "The file is not there any longer." in page


def test_nobody_else_meets_it(visit, job, ben):
    carry_out_job.call(job.pk)
    for name in ("change", "take", "history"):
        assert visit(ben, f"outcomes_job_{name}", job.pk).status_code == 404
    assert visit(ben, "outcomes_job_cancel", job.pk, data={}).status_code == 404
    assert "Ideas with themes" not in words(visit(ben, "outcomes_job_changelist"))
    assert Job.objects.get().made


def test_who_lost_the_role_does_not_take_it(visit, job, asha):
    carry_out_job.call(job.pk)
    asha.groups.clear()
    assert visit(asha, "outcomes_job_take", job.pk).status_code == 403


def test_waiting_is_told_and_after_half_a_minute_a_worker_is_asked_after(visit, job, asha):
    page = words(open_(visit, asha, job))
    assert "Waiting for the worker since 12:00." in page
    assert "Is one running?" not in page
    page = words(open_(visit, asha, job, asked_at=NOW - timedelta(seconds=31)))
    assert "No worker has taken it yet." in page
    assert "Is one running?" in page


def test_how_far_it_is_has_a_bar_and_it_looks_again_only_when_asked_to(visit, job, asha):
    running = {"state": "running", "heard_from_at": NOW, "done": 1000, "total": 4200}
    page = open_(visit, asha, job, **running)
    assert '<progress max="100" value="23"' in page.content.decode()
    assert "1,000 of 4,200" in words(page)
    assert "Refresh" not in page
    assert open_(visit, asha, job, query="?watch=1")["Refresh"] == "10"
    page = open_(visit, asha, job, query="?watch=1", state="done", finished_at=NOW)
    assert "Refresh" not in page


def test_a_worker_that_fell_silent_is_told(visit, job, asha):
    heard = {"state": "running", "heard_from_at": NOW - timedelta(minutes=3)}
    page = words(open_(visit, asha, job, **heard))
    assert "The worker has not been heard from since 11:57." in page
    assert "Cancel it" in page


def test_what_was_done_before_it_was_cancelled_is_told(visit, ideas, asha):
    job = ask_for_codes(ideas=ideas, what="nothing", themes=[], by=asha, now=NOW)
    told = {"done": 1000, "total": 4200, "outcome": "982 ideas changed.", "state": "running"}
    Job.objects.filter(pk=job.pk).update(**told, heard_from_at=NOW)
    visit(asha, "outcomes_job_cancel", job.pk, data={})
    page = words(visit(asha, "outcomes_job_change", job.pk))
    assert "Cancelled by you, 22 November 2026, 12:00." in page
    assert (
        "1,000 of 4,200 ideas were dealt with before that, and stay so: 982 ideas changed." in page
    )


def test_one_decision_for_very_many_ideas_is_the_workers(visit, ideas, asha, monkeypatch):
    monkeypatch.setattr("outcomes.actions.MANY_IDEAS", 2)
    sent = {"ids": ",".join(str(one.pk) for one in ideas), "what": "accept", "back": "sure=no"}
    preview = visit(asha, "outcomes_idea_together", data=sent)
    seen = preview.context["plan"]["seen"]
    asked = visit(asha, "outcomes_idea_together", data=sent | {"seen": seen})
    job = Job.objects.get()
    assert asked.url == f"/admin/outcomes/job/{job.pk}/change/"
    assert not Coding.objects.exists()
    carry_out_job.call(job.pk)
    page = visit(asha, "outcomes_job_change", job.pk)
    assert "5 ideas changed." in words(page)
    assert "/admin/outcomes/idea/?sure=no" in page.content.decode()
    assert "Take this decision back for all of them" in words(page)
    assert Coding.objects.current().count() == 5


def sheet(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["idea", "theme", "second", "third", "seen"], *rows])
    return SimpleUploadedFile("ideas.csv", out.getvalue().encode())


def upload(visit, who, rows):
    sent = {"import_file": sheet(rows), "format": "1", "resource": "0"}
    return visit(who, "outcomes_coding_import", data=sent)


def test_a_large_sheet_is_read_by_the_worker_and_confirmed_on_its_page(
    visit, ideas, asha, monkeypatch
):
    monkeypatch.setattr(pages, "LARGE", 10)
    sent = upload(visit, asha, [[one.pk, "education", "", "", ""] for one in ideas])
    job = Job.objects.get()
    assert sent.url == f"/admin/outcomes/job/{job.pk}/change/"
    carry_out_job.call(job.pk)
    raise_concern(source=ideas[0].source, category="harm", reason="Look.", by=asha, now=NOW)
    page = words(visit(asha, "outcomes_job_change", job.pk))
    assert "5 ideas will change once you confirm it." in page
    assert ideas[1].text in page
    assert ideas[0].text not in page
    done = visit(asha, "outcomes_job_confirm", job.pk, data={})
    second = Job.objects.first()
    assert done.url == f"/admin/outcomes/job/{second.pk}/change/"
    carry_out_job.call(second.pk)
    assert "4 ideas changed" not in words(visit(asha, "outcomes_job_change", job.pk))


def test_what_is_wrong_in_a_large_sheet_is_told_by_row(visit, ideas, asha, monkeypatch):
    monkeypatch.setattr(pages, "LARGE", 10)
    upload(visit, asha, [[ideas[0].pk, "joy", "", "", ""]])
    carry_out_job.call(Job.objects.get().pk)
    page = words(visit(asha, "outcomes_job_change", Job.objects.get().pk))
    assert "Nothing was brought in." in page
    assert "Row 2, column “theme”: “joy” is no theme of this area." in page
    assert "Confirm: bring it in" not in page


def test_many_rows_that_were_previewed_are_brought_in_by_the_worker(
    visit, ideas, asha, monkeypatch
):
    monkeypatch.setattr(pages, "MANY_ROWS", 2)
    preview = upload(visit, asha, [[one.pk, "education", "", "", ""] for one in ideas])
    form = {name: str(value) for name, value in preview.context["confirm_form"].initial.items()}
    visit(asha, "outcomes_coding_process_import", data=form)
    assert not Coding.objects.exists()
    carry_out_job.call(Job.objects.get().pk)
    assert Coding.objects.current().count() == 5
    again = visit(asha, "outcomes_coding_process_import", data=form)
    assert again.status_code == 302
    assert Job.objects.count() == 1


def test_who_may_not_code_may_ask_for_nothing(visit, ideas, monkeypatch):
    monkeypatch.setattr(pages, "LARGE", 10)
    pat = world.person("pat", "Publisher")
    assert upload(visit, pat, [[ideas[0].pk, "none", "", "", ""]]).status_code == 403
    assert not Job.objects.exists()


def test_a_list_of_many_takes_as_many_queries_as_one_of_few(visit, job, asha):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            visit(asha, "outcomes_job_changelist")
        return len(asked)

    queries()
    few = queries()
    for number in range(5):
        Job.objects.create(
            kind="file", consultation=job.consultation, asked_by=asha, asked_at=NOW,
            asked={"what": "notes", "as": "csv", "n": number},
        )  # fmt: skip
    assert queries() == few
