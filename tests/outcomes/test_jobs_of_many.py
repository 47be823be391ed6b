"""One decision for very many ideas: counted by the worker, confirmed, carried out in parts, and
taken back the same way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes import jobs
from outcomes.actions import (
    ask_what_changes,
    ask_what_changes_back,
    cancel_job,
    code,
    code_several,
    confirm_codes,
    decided_together,
    raise_concern,
    undo_several,
)
from outcomes.actions.jobs import FileGone, unpacked
from outcomes.actions.resuming import tidy_work
from outcomes.actions.uncoding import StillUnderWay
from outcomes.models import Coding, Disposition, Idea, Job
from outcomes.tasks import carry_out_job
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _in_parts_of_two(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    monkeypatch.setattr(jobs, "AT_A_TIME", 2)
    monkeypatch.setattr(jobs, "COUNTED_AT_A_TIME", 3)
    settings.DATA_DIR = tmp_path


@pytest.fixture
def ideas(survey, asha):
    """Five that the machine puts under health, and that nobody coded."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(5)]
    answers = Answer.objects.filter(response__in=said)
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def theme(area):
    return lambda name: area.themes.get(code=name)


def carried_out(job):
    carry_out_job.call(job.pk)
    job.refresh_from_db()
    return job


def counted(ideas, by, what="accept", themes=(), back=""):
    keys = [one.pk for one in ideas]
    asked = {"what": what, "themes": themes, "by": by, "now": NOW, "back": back}
    return carried_out(ask_what_changes(keys=keys, **asked))


def confirmed(job, by):
    return confirm_codes(job=job, by=by, now=LATER)


def counted_back(ideas, made_by, by, made_at=LATER):
    keys = [one.pk for one in ideas]
    made = {"made_by": made_by, "made_at": made_at}
    return carried_out(ask_what_changes_back(keys=keys, **made, by=by, now=LATER))


def codes_of(ideas):
    current = Coding.objects.current().filter(idea__in=ideas, theme__isnull=False)
    return {one.idea_id: one.theme.code for one in current.select_related("theme")}


def cancelled_before(job, number):
    """In place of jobs._part: somebody presses Cancel before the part that ends with `number`."""
    part = jobs._part

    def cancelled(of, stage, done, *args):
        if done == number:
            cancel_job(job=job, by=job.asked_by, now=LATER)
        return part(of, stage, done, *args)

    return cancelled


def test_what_will_change_is_counted_exactly_and_nothing_is_decided(ideas, asha, ben, theme):
    code(idea=ideas[0], themes=[theme("families")], by=ben, now=NOW)
    code(idea=ideas[1], themes=[theme("health")], by=ben, now=NOW)
    raise_concern(source=ideas[4].answer, category="other", reason="So.", by=asha, now=NOW)
    job = counted(ideas, asha)
    assert (job.state, job.outcome) == ("done", "3 of 5 ideas will change once you confirm it.")
    assert sorted(job.asked["changes"]) == [
        ["Supporting families", "Healthy lives", 1],
        ["not coded", "Healthy lives", 2],
    ]
    told = [job.asked[name] for name in ("changed", "otherwise", "same", "left", "gone")]
    assert told == [3, 1, 1, 0, 1]
    assert not Coding.objects.filter(by=asha).exists()


def test_what_is_confirmed_is_what_was_counted_and_what_changed_since_is_told(
    ideas, asha, ben, theme
):
    code(idea=ideas[0], themes=[theme("health")], by=ben, now=NOW)
    job = counted(ideas, asha)
    code(idea=ideas[0], themes=[theme("families")], by=ben, now=NOW)  # stayed; stays
    code(idea=ideas[1], themes=[theme("education")], by=ben, now=NOW)
    raise_concern(source=ideas[2].answer, category="other", reason="So.", by=asha, now=NOW)
    done = carried_out(confirmed(job, asha))
    assert (done.state, done.done, done.total) == ("done", 4, 4)
    assert done.outcome == (
        "2 ideas changed. 2 were changed by somebody meanwhile, and stay as they are."
    )
    assert codes_of(ideas[:2]) == {ideas[0].pk: "families", ideas[1].pk: "education"}
    assert codes_of(ideas[3:]) == {ideas[3].pk: "health", ideas[4].pk: "health"}


def test_it_is_confirmed_once_by_who_asked_within_a_day(ideas, asha, ben):
    job = counted(ideas, asha, "nothing")
    with pytest.raises(Job.DoesNotExist):
        confirmed(job, ben)
    confirmed(job, asha)
    with pytest.raises(FileGone, match="confirmed already"):
        confirmed(job, asha)
    late = counted(ideas, asha, "nothing")
    tidy_work(now=LATER + timedelta(hours=25))
    with pytest.raises(FileGone, match="more than a day ago"):
        confirmed(late, asha)
    assert not Disposition.objects.exists()


def test_where_nothing_would_change_there_is_nothing_to_confirm(ideas, asha, theme):
    code_several(ideas=ideas, themes=[theme("health")], by=asha, now=NOW)
    job = counted(ideas, asha)
    assert (job.outcome, job.made) == ("None of the 5 ideas would change.", None)
    with pytest.raises(FileGone):
        confirmed(job, asha)


def test_a_theme_of_another_area_is_told_before_anything_changes(ideas, asha):
    other = world.area("Elsewhere")
    job = counted(ideas, asha, "themes", [other.themes.first()])
    assert job.state == "failed"
    assert "Filter by one consultation." in job.trouble


def test_two_choices_of_as_many_ideas_are_two_jobs(ideas, asha):
    asked = {"what": "accept", "themes": [], "by": asha, "now": NOW}
    first = ask_what_changes(keys=[ideas[0].pk], **asked)
    assert ask_what_changes(keys=[ideas[1].pk], **asked) != first
    assert ask_what_changes(keys=[ideas[0].pk], **asked) == first


def test_the_list_of_ideas_goes_with_the_job_and_the_search_an_hour_later(ideas, asha):
    job = counted(ideas, asha, back="q=swimming")
    done = carried_out(confirmed(job, asha))
    job.refresh_from_db()
    assert (job.made, done.made) == (None, None)
    assert done.asked["back"] == "q=swimming"
    tidy_work(now=LATER + timedelta(minutes=59))
    done.refresh_from_db()
    assert "back" in done.asked
    tidy_work(now=LATER + timedelta(minutes=61))
    assert not any("swimming" in str(one.asked) for one in Job.objects.all())
    assert undo_several(made_by=asha, made_at=LATER, by=asha, now=LATER) == 5


def test_the_list_of_one_whose_worker_was_killed_goes_too(ideas, asha):
    job = confirmed(counted(ideas, asha), asha)
    silent = {"state": "running", "heard_from_at": LATER - timedelta(minutes=3)}
    Job.objects.filter(pk=job.pk).update(**silent, done=2, outcome="2 ideas changed.")
    tidy_work(now=LATER)
    job.refresh_from_db()
    assert (job.state, job.outcome, job.made) == ("failed", "2 ideas changed.", None)


# Taken back


def test_a_decision_for_many_is_taken_back_by_the_worker_as_it_was_counted(ideas, asha, ben, theme):
    code(idea=ideas[0], themes=[theme("families")], by=ben, now=NOW)
    carried_out(confirmed(counted(ideas, asha), asha))
    code(idea=ideas[1], themes=[theme("education")], by=ben, now=LATER)
    job = counted_back(ideas, asha, ben)
    assert sorted(job.asked["changes"]) == [
        ["Healthy lives", "Supporting families", 1],
        ["Healthy lives", "not coded", 3],
    ]
    assert job.asked["left"] == 1
    code(idea=ideas[2], themes=[theme("education")], by=asha, now=LATER)
    done = carried_out(confirmed(job, ben))
    assert done.outcome == (
        "3 ideas changed. 1 was changed by somebody meanwhile, and stays as it is."
    )
    assert codes_of(ideas) == {
        ideas[0].pk: "families",
        ideas[1].pk: "education",
        ideas[2].pk: "education",
    }


def test_nothing_to_code_in_many_is_taken_back_by_the_worker(ideas, asha):
    carried_out(confirmed(counted(ideas, asha, "nothing"), asha))
    assert Disposition.objects.current().count() == 5
    done = carried_out(confirmed(counted_back(ideas, asha, asha), asha))
    assert done.outcome == "5 ideas changed."
    assert not Disposition.objects.current().exists()


def test_what_is_still_carried_out_is_not_taken_back(ideas, asha, monkeypatch):
    job = confirmed(counted(ideas, asha), asha)
    refused, part = [], jobs._part

    def tried(of, stage, done, *args):
        if done == 4:
            for ask in (undo, count):
                with pytest.raises(StillUnderWay, match="Stop it first, or wait"):
                    ask()
                refused.append(ask)
        return part(of, stage, done, *args)

    def undo():
        undo_several(made_by=asha, made_at=LATER, by=asha, now=LATER)

    def count():
        counted_back(ideas, asha, asha)

    monkeypatch.setattr(jobs, "_part", tried)
    carried_out(job)
    assert refused == [undo, count]
    undo()
    assert codes_of(ideas) == {}


def test_what_is_being_taken_back_is_not_taken_back_twice(ideas, asha, ben):
    carried_out(confirmed(counted(ideas, asha), asha))
    first, second = (counted_back(ideas, asha, who) for who in (asha, ben))
    job = confirmed(first, asha)
    with pytest.raises(StillUnderWay, match="being taken back already"):
        confirmed(second, ben)
    with pytest.raises(StillUnderWay, match="being taken back already"):
        undo_several(made_by=asha, made_at=LATER, by=ben, now=LATER)
    cancel_job(job=job, by=asha, now=LATER)
    assert undo_several(made_by=asha, made_at=LATER, by=ben, now=LATER) == 5


def test_cancelled_in_the_middle_what_was_done_can_be_taken_back(ideas, asha, monkeypatch):
    job, whole = confirmed(counted(ideas, asha), asha), jobs._part
    monkeypatch.setattr(jobs, "_part", cancelled_before(job, 4))
    carried_out(job)
    assert (job.state, job.done, job.total, job.made) == ("cancelled", 2, 5, None)
    monkeypatch.setattr(jobs, "_part", whole)
    assert decided_together(made_by=asha, made_at=LATER).back == 2
    done = carried_out(confirmed(counted_back(ideas[:2], asha, asha), asha))
    assert done.outcome == "2 ideas changed."
    assert codes_of(ideas) == {}


def test_more_ideas_take_as_many_queries_for_each_part(ideas, asha):
    def queries(some, work):
        with CaptureQueriesContext(connection) as asked:
            work(some)
        return len(asked)

    def count(some):
        counted(some, asha, "nothing")

    assert queries(ideas[:1], count) == queries(ideas[1:4], count)
    carried_out(confirmed(counted(ideas[:3], asha, "nothing"), asha))

    def back(some):
        counted_back(some, asha, asha)

    assert queries(ideas[:1], back) == queries(ideas[:3], back)


def test_only_keys_and_what_held_of_them_wait_in_the_job(ideas, asha):
    job = counted(ideas[:2], asha)
    health = ideas[0].suggestions.get().theme_id
    assert unpacked(bytes(job.made)) == [[one.pk, None, None, health] for one in ideas[:2]]


def test_a_theme_deleted_before_it_is_confirmed_is_told(ideas, asha, area):
    extra = area.themes.create(code="extra", prefix="EX", label="Extra", order=9)
    job = counted(ideas, asha, "themes", [extra])
    extra.delete()
    told = carried_out(confirmed(job, asha))
    assert (told.state, told.trouble) == ("failed", jobs.THEME_GONE)
