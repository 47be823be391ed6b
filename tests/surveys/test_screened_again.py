"""What was not screened because its task failed is queued again, and people are told of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from surveys.actions import add_note
from surveys.models import Passage, Response
from surveys.screening import MOST_AGAIN, overdue, screen_again, unscreened
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def said(survey) -> Response:
    return world.response(survey, "Sleep.", NOW)


@pytest.fixture
def task(said) -> DBTaskResult:
    """The one that would screen it."""
    row = DBTaskResult.objects.get()
    DBTaskResult.objects.update(enqueued_at=NOW)
    return row


def stands(task, status, **more):
    DBTaskResult.objects.filter(pk=task.pk).update(status=status, **more)


def asked_after(task) -> list[dict]:
    rows = DBTaskResult.objects.exclude(pk=task.pk).order_by("enqueued_at")
    return [row.args_kwargs["kwargs"] for row in rows]


def test_what_a_task_failed_to_screen_is_queued_again(task, said, session):
    note = add_note(session=session, text="A club.")
    DBTaskResult.objects.update(status="FAILED")
    before = set(DBTaskResult.objects.values_list("pk", flat=True))
    assert screen_again(now=LATER) == 2
    new = DBTaskResult.objects.exclude(pk__in=before)
    assert [row.args_kwargs["kwargs"] for row in new.order_by("enqueued_at")] == [
        {"responses": [said.pk], "sessions": []},
        {"responses": [], "sessions": [note.session_id]},
    ]


def test_two_that_failed_together_are_tried_each_by_itself(task, said, survey):
    other = world.response(survey, "Swim.", NOW)
    DBTaskResult.objects.update(status="FAILED")
    assert screen_again(now=LATER) == 2
    queued = [one["responses"] for one in asked_after(task) if one["responses"] != []]
    assert queued[-2:] == [[said.pk], [other.pk]]


def test_nothing_is_queued_twice_while_a_task_waits_or_is_at_work(task):
    stands(task, "READY")
    assert screen_again(now=LATER) == 0
    stands(task, "RUNNING", started_at=NOW + timedelta(minutes=5))
    assert screen_again(now=LATER) == 0
    stands(task, "RUNNING", started_at=NOW)
    assert screen_again(now=LATER) == 1
    assert screen_again(now=LATER) == 0


def test_what_was_screened_withdrawn_or_is_a_trial_is_left_alone(task, said):
    stands(task, "FAILED")
    Response.objects.update(is_pilot=True)
    assert not unscreened().exists()
    Response.objects.update(is_pilot=False)
    Passage.everything.update(screened_at=NOW)
    assert screen_again(now=LATER) == 0


def test_the_tidier_does_it(task, capsys):
    stands(task, "FAILED")
    call_command("tidy")
    assert "Queued 1 responses and workshops again" in capsys.readouterr().out
    call_command("tidy")
    assert "Queued" not in capsys.readouterr().out


def test_it_takes_no_more_at_a_time_than_it_says(task, said, survey, monkeypatch):
    for number in range(3):
        world.response(survey, f"Swim {number}.", NOW)
    DBTaskResult.objects.update(status="FAILED")
    monkeypatch.setattr("surveys.screening.MOST_AGAIN", 2)
    assert screen_again(now=LATER) == 2
    assert MOST_AGAIN > 2


def test_how_many_wait_is_told_only_once_the_first_has_waited_too_long(task):
    assert overdue(now=NOW + timedelta(minutes=9)) == 0
    assert overdue(now=LATER) == 1
    stands(task, "FAILED")
    assert overdue(now=NOW) == 1
    Passage.everything.update(screened_at=NOW)
    assert overdue(now=LATER) == 0


def test_those_who_read_words_or_look_after_the_server_are_told(
    client, monkeypatch, task, asha, lena, fran, dev
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    told = [asha, lena, world.person("mo", "Administrator")]
    for person in (*told, fran, dev):
        client.force_login(person)
        page = client.get(reverse("admin:index")).content.decode()
        assert ("1 answer or note waits to be screened" in page) is (person in told), person
    client.force_login(lena)
    queue = client.get(reverse("admin:surveys_concern_changelist")).content.decode()
    assert "1 answer or note waits to be screened" in queue
    stands(task, "SUCCESSFUL")
    Passage.everything.update(screened_at=NOW)
    assert "to be screened" not in client.get(reverse("admin:index")).content.decode()
