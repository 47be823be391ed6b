"""Who speaks for an agency brings its own strategies up to date, and nobody else's."""

import pytest

from outcomes.models import Strategy
from surveys.models import AgencyLead, AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "outcomes_strategy_change"


@pytest.fixture
def strategies(area, council, nhs):
    """The council's, the NHS's and one that nobody is named for."""
    return [
        Strategy.objects.create(area=area, title=title, agency=agency)
        for title, agency in (("Plan", council), ("Care", nhs), ("Old", None))
    ]


def sent(strategy, **changed):
    told = {"title": strategy.title, "summary": "", "period_text": "", "status_text": ""}
    return told | {"area": strategy.area_id, "url": "", "order": 0} | changed


def own_of(gwen, strategies):
    led = AgencyLead.objects.get(user=gwen).agency_id
    return next(one for one in strategies if one.agency_id == led)


def test_a_lead_changes_what_it_says_and_not_whose_it_is(visit, gwen, strategies):
    own = own_of(gwen, strategies)
    other = next(one for one in strategies if one.agency_id not in (None, own.agency_id))
    form = sent(own, summary="Anew.", title="Ours alone", agency=other.agency_id, order=9)
    assert visit(gwen, PAGE, own.pk, data=form).status_code == 302
    before, title = own.agency_id, own.title
    own.refresh_from_db()
    assert (own.summary, own.title, own.agency_id, own.order) == ("Anew.", title, before, 0)
    assert AuditEvent.objects.filter(what="strategy: changed", by=gwen).exists()


def test_a_lead_reads_and_does_not_change_those_of_others(visit, gwen, strategies):
    own = own_of(gwen, strategies)
    for one in strategies:
        if one != own:
            assert visit(gwen, PAGE, one.pk).status_code == 200
            form = sent(one, summary="Mine.")
            assert visit(gwen, PAGE, one.pk, data=form).status_code == 403
            one.refresh_from_db()
            assert one.summary == ""


def test_who_spoke_for_the_agency_once_changes_it_no_longer(visit, gwen, strategies):
    own = own_of(gwen, strategies)
    AgencyLead.objects.filter(user=gwen).delete()
    assert visit(gwen, PAGE, own.pk, data=sent(own, summary="Anew.")).status_code == 403


def test_an_officer_says_whose_it_is(visit, asha, strategies, nhs):
    old = strategies[-1]
    assert visit(asha, PAGE, old.pk, data=sent(old, agency=nhs.pk)).status_code == 302
    old.refresh_from_db()
    assert old.agency == nhs
