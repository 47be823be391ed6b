"""The worker carries out what somebody asked for, part by part, and says what is done."""

import csv
import io
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from outcomes import jobs
from outcomes.actions import (
    ask_for_analysis,
    ask_for_codes,
    ask_for_file,
    ask_for_themes,
    can_be_confirmed,
    cancel_job,
    code,
    confirm_themes,
    decided_together,
    hide,
    raise_concern,
    take_file,
)
from outcomes.actions.jobs import FileGone, TooMuchAsked
from outcomes.actions.resuming import tidy_work
from outcomes.models import AnalysisRun, Coding, Idea, Job
from outcomes.tasks import Broken, carry_out_job
from surveys.actions import withdraw_response
from surveys.models import Answer, AuditEvent, Concern, Passage
from tests import world
from tests.conftest import NOW
from tests.journeys.worker import running_worker

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _in_parts_of_two(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    monkeypatch.setattr(jobs, "AT_A_TIME", 2)
    settings.DATA_DIR = tmp_path


@pytest.fixture
def ideas(survey, asha):
    """Five that the machine puts under health, and that nobody coded."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(5)]
    answers = Answer.objects.filter(response__in=said)
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    Passage.everything.update(screened_at=NOW)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def theme(area):
    return lambda name: area.themes.get(code=name)


def carried_out(job):
    carry_out_job.call(job.pk)
    job.refresh_from_db()
    return job


def codes_of(ideas):
    current = Coding.objects.current().filter(idea__in=ideas)
    return {one.idea_id: one.theme.code for one in current.select_related("theme")}


def sheet_of(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["idea", "theme", "second", "third", "seen"], *rows])
    return out.getvalue().encode()


def a_file(survey, by, what="ideas", kind="csv"):
    return ask_for_file(consultation=survey.consultation, what=what, kind=kind, by=by, now=NOW)


def a_decision(ideas, by, what="accept", themes=()):
    return ask_for_codes(ideas=ideas, what=what, themes=themes, by=by, now=NOW)


def a_sheet(survey, rows, by, **how):
    asked = {"consultation": survey.consultation, "kind": "csv", "by": by, "now": NOW}
    return ask_for_themes(sheet=sheet_of(rows), **asked, **how)


def cancelled_before(job, number):
    """In place of jobs._part: somebody presses Cancel before the part that ends with `number`."""
    part = jobs._part

    def cancelled(of, stage, done, *args):
        if done == number:
            cancel_job(job=job, by=job.asked_by, now=LATER)
        return part(of, stage, done, *args)

    return cancelled


# Files


@pytest.mark.parametrize("what", ["ideas", "project-refi"])
def test_a_file_is_written_kept_for_who_asked_and_recorded_when_it_is_taken(
    survey, ideas, asha, what
):
    job = carried_out(a_file(survey, asha, what))
    assert (job.state, job.outcome, job.done, job.trouble) == ("done", "5 rows.", 5, "")
    taken = take_file(job=job, by=asha, now=LATER)
    assert len(bytes(taken.made)) > 100
    event = AuditEvent.objects.get(what="exported")
    assert event.by == asha
    assert event.detail.startswith(f"outcomes-{what}-2026-11-22.")
    assert event.detail.endswith(": 5 rows")


def test_nobody_else_takes_it(survey, ideas, asha, ben):
    job = carried_out(a_file(survey, asha))
    with pytest.raises(Job.DoesNotExist):
        take_file(job=job, by=ben, now=LATER)


def worried(ideas, by):
    raise_concern(source=ideas[0].source, category="harm", reason="Look.", by=by, now=LATER)


def redacted(ideas, by):
    hide(passage=ideas[0].source.passage, start=0, end=5, kind="other", by=by, now=LATER)


def taken_back(ideas, by):
    withdraw_response(response=ideas[0].answer.response, now=LATER)


@pytest.mark.parametrize("happens", [worried, redacted, taken_back])
def test_words_that_went_since_are_in_no_file_that_can_be_taken(survey, ideas, asha, happens):
    job = carried_out(a_file(survey, asha))
    happens(ideas, asha)
    with pytest.raises(FileGone, match="withheld, hidden, changed or taken back"):
        take_file(job=job, by=asha, now=LATER)
    job.refresh_from_db()
    assert job.made is None
    assert not AuditEvent.objects.filter(what="exported").exists()


def test_tidying_deletes_such_a_file_before_anybody_asks(survey, ideas, asha):
    job = carried_out(a_file(survey, asha))
    assert tidy_work(now=LATER) == []
    redacted(ideas, asha)
    assert "Deleted 1 files" in tidy_work(now=LATER)[0]
    job.refresh_from_db()
    assert job.made is None


def test_what_is_screened_later_leaves_the_file_as_it_is(survey, ideas, asha):
    job = carried_out(a_file(survey, asha))
    world.response(survey, "Another", NOW)
    Passage.everything.filter(screened_at=None).update(screened_at=LATER + timedelta(seconds=1))
    assert take_file(job=job, by=asha, now=LATER).made


def test_words_that_go_while_it_is_written_end_it(survey, ideas, asha, monkeypatch):
    job, report = a_file(survey, asha), jobs._report

    def worry(*args):
        if not Concern.objects.exists():
            worried(ideas, asha)
        report(*args)

    monkeypatch.setattr(jobs, "_report", worry)
    carried_out(job)
    assert (job.state, job.made) == ("failed", None)
    assert "While the file was made, words in it were withheld" in job.trouble


def test_a_file_is_deleted_after_a_day(survey, ideas, asha):
    job = carried_out(a_file(survey, asha))
    assert tidy_work(now=LATER + timedelta(hours=23)) == []
    assert "Deleted 1 files" in tidy_work(now=LATER + timedelta(hours=25))[0]
    with pytest.raises(FileGone, match="deleted a day after"):
        take_file(job=job, by=asha, now=LATER)


def test_who_lost_the_role_meanwhile_gets_nothing(survey, ideas, asha):
    job = a_file(survey, asha)
    asha.groups.clear()
    assert carried_out(job).state == "failed"
    assert "You may no longer do this" in job.trouble


# Asking


def test_asked_for_twice_it_is_one_and_more_than_three_are_refused(survey, ideas, asha, ben):
    job = a_file(survey, asha)
    assert a_file(survey, asha) == job
    assert a_file(survey, ben) != job
    a_file(survey, asha, kind="xlsx")
    a_decision(ideas, asha)
    with pytest.raises(TooMuchAsked, match="Three things"):
        a_file(survey, asha, "responses")
    cancel_job(job=job, by=asha, now=NOW)
    assert a_file(survey, asha, "responses")


# One decision for many ideas


def test_many_are_decided_on_and_the_decision_can_be_taken_back_as_one(survey, ideas, asha, theme):
    job = carried_out(a_decision(ideas, asha, "themes", [theme("education")]))
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert job.outcome == "5 ideas changed."
    assert set(codes_of(ideas).values()) == {"education"}
    assert decided_together(made_by=asha, made_at=LATER).back == 5


def test_what_somebody_decided_since_stays_and_is_told(ideas, asha, ben, theme):
    job = a_decision(ideas, asha)
    code(idea=ideas[1], themes=[theme("none")], by=ben, now=NOW)
    carried_out(job)
    assert codes_of(ideas)[ideas[1].pk] == "none"
    assert codes_of(ideas)[ideas[0].pk] == "health"
    assert job.outcome == (
        "4 ideas changed. 1 was changed by somebody meanwhile, and stays as it is."
    )


def test_cancelled_in_the_middle_it_keeps_what_is_done_and_says_how_much(ideas, asha, monkeypatch):
    job = a_decision(ideas, asha, "nothing")
    monkeypatch.setattr(jobs, "_part", cancelled_before(job, 5))
    carried_out(job)
    assert (job.state, job.done, job.total) == ("cancelled", 4, 5)
    assert job.outcome == "4 ideas changed."


def test_cancelled_before_it_began_it_does_nothing(ideas, asha):
    job = a_decision(ideas, asha)
    cancel_job(job=job, by=asha, now=NOW)
    assert carried_out(job).state == "cancelled"
    assert codes_of(ideas) == {}


def test_a_part_that_fails_is_undone_and_those_before_it_stay(ideas, asha, monkeypatch):
    job, decide = a_decision(ideas, asha), jobs._decide

    def fails(of, some, *args):
        decide(of, some, *args)
        if ideas[3] in some:
            raise RuntimeError
        return len(some)

    monkeypatch.setattr(jobs, "_decide", fails)
    with pytest.raises(Broken):
        carried_out(job)
    job.refresh_from_db()
    assert (job.state, job.done) == ("failed", 2)
    assert job.outcome == "2 ideas changed."
    assert codes_of(ideas).keys() == {ideas[0].pk, ideas[1].pk}


# Sheets


def test_a_large_sheet_is_read_first_and_brought_in_once_it_is_confirmed(survey, ideas, asha):
    rows = [[idea.pk, "none", "", "", ""] for idea in ideas]
    job = carried_out(a_sheet(survey, rows, asha))
    assert (job.state, job.outcome) == ("done", "5 ideas will change once you confirm it.")
    assert codes_of(ideas) == {}
    assert not any(idea.text in str(job.asked) for idea in ideas)
    second = carried_out(confirm_themes(job=job, by=asha, now=LATER))
    assert (second.state, second.outcome, second.made) == ("done", "5 ideas changed.", None)
    assert set(codes_of(ideas).values()) == {"none"}
    with pytest.raises(FileGone, match="confirmed already"):
        confirm_themes(job=job, by=asha, now=LATER)


def test_a_sheet_that_is_deleted_is_offered_no_longer(survey, ideas, asha):
    job = carried_out(a_sheet(survey, [[ideas[0].pk, "none", "", "", ""]], asha))
    assert can_be_confirmed(job)
    tidy_work(now=LATER + timedelta(hours=25))
    assert not can_be_confirmed(job)
    with pytest.raises(FileGone, match="more than a day ago"):
        confirm_themes(job=job, by=asha, now=LATER)


def test_a_sheet_with_a_wrong_row_is_not_brought_in_at_all(survey, ideas, asha):
    rows = [[ideas[0].pk, "none", "", "", ""], [ideas[1].pk, "joy", "", "", ""]]
    job = carried_out(a_sheet(survey, rows, asha, confirmed=True))
    assert (job.state, job.made) == ("failed", None)
    assert job.asked["problems"][0][:2] == [3, "theme"]
    assert codes_of(ideas) == {}
    for minutes, kept in ((59, True), (61, False)):
        tidy_work(now=LATER + timedelta(minutes=minutes))
        job.refresh_from_db()
        assert ("joy" in str(job.asked)) is kept


def test_a_sheet_that_is_none_is_told(survey, ideas, asha):
    asked = {"consultation": survey.consultation, "kind": "xlsx", "by": asha, "now": NOW}
    job = carried_out(ask_for_themes(sheet=b"no sheet", **asked))
    assert job.state == "failed"
    assert "not an XLSX file" in job.trouble


def test_a_sheet_cancelled_in_the_middle_goes_on_when_it_is_sent_again(
    survey, ideas, asha, monkeypatch
):
    rows = [[idea.pk, "none", "", "", ""] for idea in ideas]
    job, whole = a_sheet(survey, rows, asha, confirmed=True), jobs._part
    monkeypatch.setattr(jobs, "_part", cancelled_before(job, 4))
    carried_out(job)
    assert (job.state, job.done, job.outcome) == ("cancelled", 2, "2 ideas changed.")
    monkeypatch.setattr(jobs, "_part", whole)
    again = carried_out(a_sheet(survey, rows, asha, confirmed=True))
    assert again.outcome == "3 ideas changed."


# A worker that stopped


def test_one_whose_worker_fell_silent_is_ended_by_tidying(ideas, asha, capsys):
    job = a_decision(ideas, asha)
    silent = {"state": "running", "heard_from_at": LATER - timedelta(minutes=3)}
    Job.objects.filter(pk=job.pk).update(**silent, done=2, outcome="2 ideas changed.")
    call_command("tidy")
    job.refresh_from_db()
    assert (job.state, job.trouble) == ("failed", "The worker stopped before it was done.")
    assert job.outcome == "2 ideas changed."
    assert "Ended 1 analyses and jobs whose worker stopped." in capsys.readouterr().out


def test_one_that_is_heard_from_is_not_ended(ideas, asha):
    job = a_decision(ideas, asha)
    Job.objects.filter(pk=job.pk).update(state="running", heard_from_at=LATER)
    tidy_work(now=LATER)
    job.refresh_from_db()
    assert job.state == "running"


@pytest.mark.parametrize("cut_off", [False, True])
def test_a_lost_task_is_queued_again_and_one_that_waits_is_not(survey, ideas, asha, cut_off):
    a_decision(ideas, asha)
    ask_for_analysis(consultation=survey.consultation, by=asha, now=NOW)
    tasks = DBTaskResult.objects.filter(status="READY", task_path__endswith="carry_out_job")
    runs = DBTaskResult.objects.filter(status="READY", task_path__endswith="carry_out_analysis")
    assert tidy_work(now=LATER) == []
    if cut_off:
        begun = {"status": "RUNNING", "started_at": LATER - timedelta(minutes=5)}
        (tasks | runs).update(**begun)
    else:
        (tasks | runs).delete()
    assert tidy_work(now=LATER) == ["Queued 2 analyses and jobs again, whose task was lost."]
    assert tidy_work(now=LATER) == []
    assert (tasks.count(), runs.count()) == (1, 1)


def test_an_analysis_that_fell_silent_is_ended_too(survey, ideas, asha):
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=NOW)
    silent = {"state": "running", "heard_from_at": LATER - timedelta(minutes=3)}
    AnalysisRun.objects.filter(pk=run.pk).update(**silent)
    tidy_work(now=LATER)
    run.refresh_from_db()
    assert run.state == "failed"


def test_more_ideas_take_as_many_queries_for_each_part(ideas, asha):
    def queries(some):
        job = a_decision(some, asha, "nothing")
        with CaptureQueriesContext(connection) as asked:
            carried_out(job)
        return len(asked)

    assert queries(ideas[:1]) == queries(ideas[1:3])


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_up_what_was_asked_for_while_none_was_running(
    survey, ideas, asha, monkeypatch
):
    monkeypatch.undo()  # the worker reads the real clock
    file, decision = a_file(survey, asha), a_decision(ideas, asha)
    with running_worker():
        end = time.monotonic() + 300
        while Job.objects.under_way().exists() and time.monotonic() < end:
            time.sleep(0.1)
    for job in (file, decision):
        job.refresh_from_db()
        assert (job.state, job.trouble) == ("done", "")
    assert set(codes_of(ideas).values()) == {"health"}
    made = take_file(job=file, by=asha, now=timezone.now()).made
    assert b"Sleep at night, 4" in bytes(made)
