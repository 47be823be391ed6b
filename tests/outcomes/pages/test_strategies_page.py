"""The strategies as printed, and what inspectors said must get better."""

import re
from datetime import date

import pytest

from outcomes.models import ImprovementPriority, Strategy
from tests import world


def shown(client) -> str:
    page = client.get("/strategies/")
    assert page.status_code == 200
    text = re.sub(r"<span>(.*?)</span>", r"\1", page.content.decode())
    return " ".join(text.split())


@pytest.fixture
def strategy(area):
    def make(**fields):
        return Strategy.objects.create(area=area, title="Autism Strategy", **fields)

    return make


@pytest.fixture
def priority(area):
    def make(**fields):
        words = {"order_in_report": 1, "number": 7, "name": "Support", "wording": "poor support"}
        return ImprovementPriority.objects.create(area=area, **words | fields)

    return make


def test_nothing_listed_is_said(client, db):
    assert "No strategies are listed yet." in shown(client)
    assert "No priorities are listed yet." in shown(client)


def test_period_and_status_stand_as_printed(client, strategy):
    strategy(period_text="2015 -18", status_text="“under review”", start_year=2015, end_year=2018)
    words = shown(client)
    assert "<strong>2015 -18</strong>" in words
    assert "“under review”" in words
    assert "Past its end date" in words


def test_a_current_strategy_says_until_when_and_is_no_warning(client, strategy):
    strategy(period_text="2019-2199", start_year=2019, end_year=2199)
    assert 'govuk-tag--green">Current until 2199</strong>' in shown(client)
    assert "govuk-tag--yellow" not in shown(client)


def test_missing_and_late_dates_are_flagged_in_words(client, strategy):
    strategy(review_due=date(2021, 7, 1))
    words = shown(client)
    assert "No period stated" in words
    assert "Review overdue since July 2021" in words


def test_a_priority_has_the_inspectors_words_and_the_judgement(client, priority):
    judged = {"judgement": "sufficient", "judged_on": date(2022, 12, 1)}
    priority(**judged, name_verified=True, source="The letter")
    words = shown(client)
    assert "Poor support" in words
    assert "Improvement priority 7: Support." in words
    assert "Inspectors later found enough progress (December 2022)." in words
    assert '<div class="govuk-details__text">The letter</div>' in words


@pytest.mark.parametrize("verified", [True, False])
def test_a_name_of_ours_is_marked(client, priority, verified):
    priority(name_verified=verified)
    words = shown(client)
    assert ("(our own name for it)" in words) is not verified
    assert words.count("We have not seen every name in print.") == (not verified)


def test_an_ehc_plan_is_explained_once_where_it_is_named(client, priority):
    priority()
    assert "a legal plan" not in shown(client)
    priority(order_in_report=2, number=9, wording="quality of EHC plans")
    priority(order_in_report=3, number=8, name="Speed up the EHCP process")
    assert shown(client).count("is a legal plan for a child’s support") == 1


def test_another_areas_plans_are_not_shown(client, survey):
    Strategy.objects.create(area=world.area("elsewhere"), title="A plan from elsewhere")
    assert "A plan from elsewhere" not in shown(client)
