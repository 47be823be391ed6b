"""A run that is under way: told in words, looked at again without a script, honest when silent."""

from datetime import timedelta

import pytest

from outcomes.models import AnalysisRun
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(survey, asha):
    world.response(survey, "Rest", NOW)
    return AnalysisRun.objects.create(
        consultation=survey.consultation, asked_by=asha, asked_at=NOW, state="queued"
    )


def open_(visit, who, run, query="", **facts):
    AnalysisRun.objects.filter(pk=run.pk).update(**facts)
    return visit(who, "outcomes_analysisrun_change", run.pk, query=query)


def test_it_looks_again_by_itself_only_when_asked_and_only_under_way(visit, asha, run):
    page = open_(visit, asha, run)
    assert "Refresh" not in page
    assert '?watch=1">Look again by itself every 10 seconds' in page.content.decode()
    page = open_(visit, asha, run, query="?watch=1", state="running")
    assert page["Refresh"] == "10"
    assert "Stop that" in page.content.decode()
    page = open_(visit, asha, run, query="?watch=1", state="done", finished_at=NOW)
    assert "Refresh" not in page
    assert "Look again" not in page.content.decode()


def test_waiting_has_a_bar_and_a_long_wait_is_told(visit, asha, run):
    page = open_(visit, asha, run).content.decode()
    assert "Waiting for the worker since 12:00." in page
    assert '<progress aria-label="Waiting to begin">' in page
    assert "longer than usual" not in page
    page = open_(visit, asha, run, asked_at=NOW - timedelta(minutes=3)).content.decode()
    assert "longer than usual" in page


def test_more_done_than_there_was_is_no_more_than_all(visit, asha, run):
    page = open_(visit, asha, run, state="running", done=7, total=5).content.decode()
    assert 'value="100"' in page


def test_after_a_restart_of_the_worker_a_new_one_is_asked_for_from_the_page(
    visit, asha, client, run
):
    silent = {"state": "running", "heard_from_at": NOW - timedelta(minutes=3)}
    page = open_(visit, asha, run, **silent).content.decode()
    assert "It may have stopped or been\n      started again" in page
    assert "Ask for a new analysis" in page
    assert "Cancel this analysis" in page
    done = visit(asha, "outcomes_analysisrun_ask", run.consultation_id, data={})
    fresh = AnalysisRun.objects.first()
    assert done.url == f"/admin/outcomes/analysisrun/{fresh.pk}/change/"
    assert fresh.state == "queued"
    ended = open_(visit, asha, run).content.decode()
    assert "The worker stopped before it was done." in ended


def test_one_that_is_heard_from_is_not_ended(visit, asha, run):
    heard = {"state": "running", "heard_from_at": NOW - timedelta(minutes=1)}
    page = open_(visit, asha, run, **heard).content.decode()
    assert "Ask for a new analysis" not in page
    visit(asha, "outcomes_analysisrun_ask", run.consultation_id, data={})
    assert AnalysisRun.objects.get().state == "running"


def test_who_may_not_ask_meets_no_button(visit, groups, run):
    pat = world.person("pat", "Publisher")
    page = open_(visit, pat, run, state="failed", finished_at=NOW).content.decode()
    assert "This analysis failed." in page
    assert "Ask for a new analysis" not in page
