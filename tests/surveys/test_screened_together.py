"""What arrives is screened at once; what arrives in one block by one task."""

import pytest
from django_tasks_db.models import DBTaskResult

from surveys.actions import add_note
from surveys.screening import screened_together
from tests import world

pytestmark = pytest.mark.django_db


def asked():
    return [task.args_kwargs["kwargs"] for task in DBTaskResult.objects.order_by("enqueued_at")]


def test_each_that_arrives_is_screened_by_a_task_of_its_own(survey, session, now):
    said = world.response(survey, "Sleep.", now)
    add_note(session=session, text="A club.")
    assert asked() == [
        {"responses": [said.pk], "sessions": []},
        {"responses": [], "sessions": [session.pk]},
    ]


def test_many_that_arrive_together_are_screened_by_one_task(survey, session, now):
    with screened_together():
        said = [world.response(survey, f"Sleep, {n}.", now) for n in range(3)]
        add_note(session=session, text="A club.")
        add_note(session=session, text="A bus.")
        assert asked() == []
    assert asked() == [{"responses": [one.pk for one in said], "sessions": [session.pk]}]


def test_after_a_failure_in_between_each_is_screened_by_itself_again(survey, now):
    with pytest.raises(ZeroDivisionError), screened_together():
        1 / 0  # noqa: B018
    said = world.response(survey, "Sleep.", now)
    assert asked() == [{"responses": [said.pk], "sessions": []}]
