"""No page of the workbench asks the database more for many more ideas."""

import pytest
from django.urls import NoReverseMatch

from benchmarks.workbench_data import fill
from benchmarks.workbench_pages import PAGES, REDACTORS, asked_by
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
FEW, MANY = 100, 1_500
EVERY = (*PAGES, *REDACTORS)
# Of how many addresses one has something to show of a hundred ideas.
SOME_FIND_NOTHING = {"search": 4, "inbox by three fields": 4, "board": 3}


@pytest.fixture
def surveys(consultation):
    """One for each audience."""
    for audience in ("parent_carer", "practitioner", "young_person"):
        world.survey(consultation, audience, audience.replace("_", "-"), NOW)
    return consultation


@pytest.fixture
def asked(client, surveys, asha):
    """What each page asks of the database, opened by who works on it."""
    rita = world.person("rita", "Officer", "Redactor")

    def of_each():
        found = {}
        for person, pages in ((asha, PAGES), (rita, REDACTORS)):
            client.force_login(person)
            asked_by(client, pages[0], surveys, 1)
            for page in pages:
                number = SOME_FIND_NOTHING.get(page.title, 1)
                found[page.title] = asked_by(client, page, surveys, number)
        return found

    return of_each


def test_no_page_asks_more_of_many_ideas_than_of_a_hundred(clock, surveys, asha, ben, asked):
    # An earlier analysis, for pages that tell the difference to it.
    for ideas in (FEW, FEW):
        fill(consultation=surveys, ideas=ideas, by=asha, second=ben, now=NOW)
    few = asked()
    fill(consultation=surveys, ideas=MANY, by=asha, second=ben, now=NOW)
    grown = {
        title: (len(few[title]), len(many), sorted(set(many) - set(few[title])))
        for title, many in asked().items()
        if len(many) > len(few[title])
    }
    assert not grown


def test_what_the_filters_of_the_inbox_offer_is_read_once(client, surveys, asha, ben):
    fill(consultation=surveys, ideas=FEW, by=asha, second=ben, now=NOW)
    client.force_login(asha)
    asked = asked_by(client, PAGES[0], surveys, 1)
    for offered in ("language", "label", "title"):
        read = [one for one in asked if f'"{offered}" AS "{offered}"' in one.split(" FROM ")[0]]
        assert read, asked
        assert len(read) == len(set(read))


def test_every_page_of_the_workbench_is_there(surveys, asha, ben):
    fill(consultation=surveys, ideas=FEW, by=asha, second=ben, now=NOW)
    missing = []
    for page in EVERY:
        try:
            list(page.addresses(surveys, 1))
        except NoReverseMatch as error:
            missing.append(str(error))
    assert not missing
