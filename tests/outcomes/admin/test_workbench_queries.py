"""No page of the workbench asks the database more for many more ideas."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch

from benchmarks.workbench_data import fill
from benchmarks.workbench_pages import PAGES, REDACTORS
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
# So many that every list and every part of a board has lines.
FEW = 1_500
EVERY = {page.title: page for page in (*PAGES, *REDACTORS)}


@pytest.fixture
def surveys(consultation):
    """One for each audience."""
    for audience in ("parent_carer", "practitioner", "young_person"):
        world.survey(consultation, audience, audience.replace("_", "-"), NOW)
    return consultation


def questions(client, page, consultation):
    """How many it asks, on the first of its addresses; what it opened, for the message."""
    address = next(page.addresses(consultation, 1)).split("?p=")[0]
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answered = client.get(address)
    assert answered.status_code == 200, address
    return len(asked), [one["sql"][:200] for one in asked.captured_queries]


def test_no_page_asks_more_for_five_times_as_many_ideas(client, clock, surveys, asha, ben):
    rita = world.person("rita", "Officer", "Redactor")
    # An earlier analysis, for pages that tell the difference to it.
    for ideas in (FEW // 10, FEW):
        fill(consultation=surveys, ideas=ideas, by=asha, second=ben, now=NOW)
    few = {}
    for page in EVERY.values():
        client.force_login(rita if page in REDACTORS else asha)
        few[page] = questions(client, page, surveys)
    fill(consultation=surveys, ideas=4 * FEW, by=asha, second=ben, now=NOW)
    grown = {}
    for page in EVERY.values():
        client.force_login(rita if page in REDACTORS else asha)
        many, then = questions(client, page, surveys)
        if many > few[page][0]:
            asked = few[page][1]
            more = sorted({one for one in then if then.count(one) > asked.count(one)})
            grown[page.title] = (few[page][0], many, more)
    assert not grown


def test_every_page_of_the_workbench_is_there(surveys, asha, ben):
    fill(consultation=surveys, ideas=FEW, by=asha, second=ben, now=NOW)
    missing = []
    for page in EVERY.values():
        try:
            list(page.addresses(surveys, 1))
        except NoReverseMatch as error:
            missing.append(str(error))
    assert not missing
