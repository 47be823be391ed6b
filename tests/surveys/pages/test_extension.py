"""T6 of the domain's vectors: one stored date, so that no page keeps an old one."""

import re
from datetime import UTC, date, datetime

import pytest

from surveys.actions import extend_survey
from tests import world

pytestmark = pytest.mark.django_db
BEFORE = datetime(2021, 2, 20, 12, 0, tzinfo=UTC)
REASON = "Schools were closed for half term."
RECORD = re.compile(r"<(\w+)[^>]*data-extension[^>]*>.*?</\1>", re.DOTALL)


@pytest.fixture
def extended(consultation, asha):
    survey = world.survey(
        consultation, "parent_carer", "valley", BEFORE, closes_on=date(2021, 2, 22)
    )
    day = date(2021, 3, 5)
    extend_survey(survey=survey, closes_on=day, reason=REASON, by=asha, now=BEFORE)
    return survey


@pytest.mark.parametrize("address", ["/", "/s/valley/", "/s/valley/1/", "/return/", "/framework/"])
def test_the_old_date_stands_nowhere_but_in_the_record_of_the_change(client, extended, address):
    page = client.get(address, follow=True).content.decode()
    assert "22 February" not in RECORD.sub("", page)


@pytest.mark.parametrize("address", ["/", "/s/valley/"])
def test_the_new_date_is_shown_with_the_reason_for_it(client, extended, address):
    page = client.get(address).content.decode()
    assert "11:59pm on Friday 5 March 2021" in page
    assert "extended" in page
    assert REASON in page
