"""Somebody opens a page of the admin at NOW."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from surveys.actions import add_note
from surveys.models import Answer, Session
from tests import world
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def visit(client) -> Callable:
    """`visit(asha, "surveys_survey_change", 3)`; with `data` it sends a form."""

    def visit(who, name, *args, data=None, query=""):
        if who is None:
            client.logout()
        else:
            client.force_login(who)
        address = reverse(f"admin:{name}", args=args) + query
        return client.get(address) if data is None else client.post(address, data)

    return visit


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
def note(consultation):
    session = Session.objects.create(
        consultation=consultation,
        title="Evening workshop",
        audience="young_person",
        held_on=NOW.date(),
        people=9,
    )
    return add_note(session=session, text="A club that says yes.")
