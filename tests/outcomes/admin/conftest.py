"""Somebody opens a page of the admin at NOW."""

import pytest

from surveys.actions import add_note
from surveys.models import Answer, Session
from tests import world
from tests.admin_visits import clock, visit  # noqa: F401
from tests.conftest import NOW


@pytest.fixture
def cluster(council, nhs, survey, asha):
    """Adopted from a suggestion of a run: two parents' ideas."""
    return world.cluster(survey, asha, NOW)


@pytest.fixture
def outcome(cluster, asha):
    """Put forward, so that the agencies are asked."""
    return world.proposed(cluster, asha, NOW)


@pytest.fixture
def group(cluster, survey, asha):
    """Suggested by a second run and adopted by nobody yet."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(3)]
    answers = list(Answer.objects.filter(response__in=said))
    return world.group(world.run(survey.consultation, asha, NOW), "families", answers)


@pytest.fixture
def note(consultation, fran):
    """In a workshop of Fran's."""
    session = Session.objects.create(
        consultation=consultation,
        facilitator=fran,
        title="Evening workshop",
        audience="young_person",
        held_on=NOW.date(),
        people=9,
    )
    return add_note(session=session, text="A club that says yes.")
