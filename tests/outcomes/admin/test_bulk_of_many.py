"""All ideas that a filter finds, more than a page can wait for: the worker counts what one decision
would change, and does it, and takes it back."""

import re
from datetime import timedelta
from html import unescape

import pytest

from outcomes.actions import code, code_several
from outcomes.admin import inbox_bulk
from outcomes.admin.inbox_undo import undo_address
from outcomes.models import Coding, Idea, Job
from outcomes.tasks import carry_out_job
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LIST, TOGETHER = "outcomes_idea_changelist", "outcomes_idea_together"
UNDO, JOB, DECIDE = "outcomes_idea_undo-together", "outcomes_job_change", "outcomes_job_decide"


@pytest.fixture
def ideas(survey, asha, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(3)]
    said.append(world.response(survey, "More clubs", NOW))
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    run = world.run(survey.consultation, asha, NOW)
    world.group(run, "health", answers[:3])
    world.group(run, "activities", answers[3:])
    return list(Idea.objects.order_by("pk"))


@pytest.fixture(autouse=True)
def _two_are_many(monkeypatch):
    monkeypatch.setattr(inbox_bulk, "AT_ONCE", 2)
    monkeypatch.setattr("outcomes.actions.MANY_IDEAS", 2)


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def choose(visit, who, ideas, query="", **data):
    ticked = {"action": "code_together", "_selected_action": [ideas[0].pk], "select_across": "1"}
    return visit(who, LIST, query=query, data=ticked | data)


def decide(visit, who, back="", **data):
    return visit(who, TOGETHER, data={"every": "1", "back": back, "what": "accept", **data})


def worked(visit, who):
    """The page of the newest job once the worker has done it."""
    job = Job.objects.first()
    carry_out_job.call(job.pk)
    return visit(who, JOB, job.pk)


def confirm(visit, who):
    return visit(who, DECIDE, Job.objects.first().pk, data={})


def coded():
    return Coding.objects.current().filter(theme__isnull=False).count()


def test_all_that_a_filter_finds_are_counted_confirmed_and_decided(visit, asha, ideas):
    page = choose(visit, asha, ideas, "?theme=health")
    assert "Decide about 3 ideas together" in words(page)
    assert "The worker counts what will change and shows it to you." in words(page)
    assert "Sleep at night, 2" in words(page)
    assert 'name="ids"' not in page.content.decode()
    asked = decide(visit, asha, "theme=health")
    assert asked.url == f"/admin/outcomes/job/{Job.objects.get().pk}/change/"
    page = worked(visit, asha)
    assert "What one decision for 3 ideas would change" in words(page)
    assert "3 of 3 ideas will change" in words(page)
    assert "Nothing is changed yet." in words(page)
    assert coded() == 0
    confirm(visit, asha)
    assert "One decision for 3 ideas" in words(visit(asha, JOB, Job.objects.first().pk))
    page = worked(visit, asha)
    assert "3 ideas changed." in words(page)
    assert "/admin/outcomes/idea/?theme=health" in page.content.decode()
    assert set(Coding.objects.current().values_list("idea", flat=True)) == {
        one.pk for one in ideas[:3]
    }


def test_a_search_counts_and_the_page_of_the_list_does_not(visit, asha, ideas, monkeypatch):
    monkeypatch.setattr("outcomes.admin.reading.IdeaAdmin.list_per_page", 1)
    decide(visit, asha, "q=sleep&p=7&e=1")
    assert "3 of 3 ideas will change" in words(worked(visit, asha))


def test_once_confirmed_its_button_is_gone_and_twice_is_told(visit, asha, ideas, client):
    decide(visit, asha)
    page = worked(visit, asha)
    first = Job.objects.get()
    assert "Confirm: change these ideas" in words(page)
    confirm(visit, asha)
    page = visit(asha, JOB, first.pk)
    assert "Confirm: change these ideas" not in words(page)
    assert "This was confirmed" in words(page)
    again = visit(asha, DECIDE, first.pk, data={})
    assert "This was confirmed already" in words(client.get(again.url))
    assert Job.objects.count() == 2


def test_bad_choices_are_told_and_all_stay_chosen(visit, asha, ideas):
    page = decide(visit, asha, "theme=health", what="")
    assert "Choose what to decide." in words(page)
    assert "Decide about 3 ideas together" in words(page)
    assert 'name="back" value="theme=health"' in page.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("back", ["q=nobody", "theme=health&colour=red", "answer__text=x", "%00"])
def test_an_address_that_finds_nothing_or_is_none_decides_nothing(visit, asha, ideas, back):
    assert decide(visit, asha, back).status_code in (302, 400)
    assert not Job.objects.exists()


def test_who_finds_nothing_any_more_is_told(visit, asha, ideas, client):
    page = client.get(decide(visit, asha, "q=nobody").url)
    assert "None of the ideas that you chose is found any longer." in words(page)


def test_too_many_are_refused_before_and_after_the_choice(visit, asha, ideas, client, monkeypatch):
    monkeypatch.setattr(inbox_bulk, "MOST", 3)
    told = "You chose 4 ideas. Choose 3 at most"
    assert told in words(client.get(choose(visit, asha, ideas).url))
    assert told in words(decide(visit, asha))
    assert not Job.objects.exists()


def test_many_that_were_ticked_one_by_one_are_refused(visit, asha, ideas, client):
    ticked = {"_selected_action": [one.pk for one in ideas], "select_across": "0"}
    page = choose(visit, asha, ideas, **ticked)
    assert "You chose 4 ideas. Choose 2 at most" in words(client.get(page.url))


def test_it_is_for_those_who_code(visit, ideas):
    reader = world.person("rob", "Co-production reviewer")
    assert decide(visit, reader).status_code == 403
    assert not Job.objects.exists()


def test_a_large_decision_is_taken_back_by_the_worker(visit, asha, ideas, client):
    decide(visit, asha)
    worked(visit, asha)
    confirm(visit, asha)
    page = worked(visit, asha)
    address = unescape(re.search(r'href="([^"]*/together/undo/[^"]*)"', page.content.decode())[1])
    page = client.get(address)
    assert "These are 4 ideas. The worker counts first" in words(page)
    assert "See what will change back" in page.content.decode()
    client.post(address, {"seen": ""})
    page = worked(visit, asha)
    assert "What would change back" in words(page)
    assert "4 of 4 ideas will change back" in words(page)
    assert coded() == 4
    confirm(visit, asha)
    page = worked(visit, asha)
    assert "Taking back a decision for 4 ideas" in words(page)
    assert "4 ideas changed." in words(page)
    assert "Take this decision back" not in words(page)
    assert coded() == 0


def test_what_is_still_carried_out_says_so_in_place_of_a_button(visit, asha, ideas, client):
    decide(visit, asha)
    worked(visit, asha)
    confirm(visit, asha)
    job = Job.objects.first()
    running = {"state": "running", "heard_from_at": NOW, "asked": job.asked | {"at": at(NOW)}}
    Job.objects.filter(pk=job.pk).update(**running)
    code_several(ideas=ideas, themes=[ideas[0].suggestions.get().theme], by=asha, now=NOW)
    address = undo_address(asha.pk, NOW)
    page = client.get(address)
    assert "Stop it first, or wait until it is done." in words(page)
    assert "See what will change back" not in page.content.decode()
    told = client.post(address, {"seen": ""})
    assert "Stop it first, or wait until it is done." in words(client.get(told.url))
    assert coded() == 4


def at(moment):
    return moment.isoformat()


def test_what_was_done_until_it_was_cancelled_can_be_taken_back_there(visit, asha, ideas, area):
    code_several(ideas=ideas[:1], themes=[area.themes.first()], by=asha, now=NOW)
    decide(visit, asha)
    worked(visit, asha)
    confirm(visit, asha)
    job = Job.objects.first()
    told = {"done": 1, "total": 4, "outcome": "1 ideas changed.", "state": "running"}
    of = {"asked": job.asked | {"at": at(NOW)}, "heard_from_at": NOW}
    Job.objects.filter(pk=job.pk).update(**told, **of)
    assert "Take back what was decided" not in words(visit(asha, JOB, job.pk))
    visit(asha, "outcomes_job_cancel", job.pk, data={})
    page = words(visit(asha, JOB, job.pk))
    assert "1 of 4 ideas were dealt with before that, and stay so: 1 ideas changed." in page
    assert "To go on, decide the same once more" in page
    assert "Take back what was decided" in page


def test_what_was_wrong_in_a_sheet_is_told_to_be_deleted_once_it_is(visit, asha, survey):
    wrong = {"as": "csv", "sha256": "0", "confirmed": False, "more": 0}
    job = Job.objects.create(
        kind="themes",
        consultation=survey.consultation,
        asked=wrong | {"problems": [[2, "theme", "“joy” is no theme."]]},
        asked_by=asha,
        asked_at=NOW,
        finished_at=NOW,
        state="failed",
    )
    page = words(visit(asha, JOB, job.pk))
    assert "“joy” is no theme." in page
    assert "deleted an hour after" not in page
    Job.objects.update(asked=wrong)
    assert "was deleted an hour after it was read" in words(visit(asha, JOB, job.pk))


def test_somebody_elses_newer_code_is_counted_as_another(visit, asha, ben, ideas, area):
    code(
        idea=ideas[0],
        themes=[area.themes.get(code="families")],
        by=ben,
        now=NOW - timedelta(hours=1),
    )
    decide(visit, asha, "theme=health")
    page = words(worked(visit, asha))
    assert "1 of these was decided otherwise before." in page
