"""The audit log in the admin: filtered by day and person, and what comes into it by itself."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from outcomes.models import Strategy
from surveys.actions import begin_change, record, save_answer, send_response
from surveys.models import Agency, AuditEvent, Concern
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LOG = "/admin/surveys/auditevent/"


@pytest.fixture
def days(area, asha, ben):
    """An event on each of three days, the last by Ben."""
    return [
        record(what=f"day {number}", about=area, by=by, now=NOW + timedelta(days=number))
        for number, by in enumerate((asha, asha, ben))
    ]


@pytest.fixture
def listed(client, asha):
    def listed(who=asha, **query):
        client.force_login(who)
        page = client.get(f"{LOG}?{urlencode(query)}", follow=True)
        return {event.what for event in page.context_data["cl"].result_list}

    return listed


def test_it_is_filtered_by_day_by_person_and_by_what(listed, days, ben):
    first, second, third = (one.what for one in days)
    day = NOW.date()
    assert listed() >= {first, second, third}
    assert listed(**{"from": day + timedelta(days=1)}) == {second, third}
    assert listed(until=day) == {first}
    assert listed(**{"from": day, "until": day + timedelta(days=1)}) == {first, second}
    assert listed(by__id__exact=ben.pk) == {third}
    assert listed(what=second) == {second}
    assert listed(**{"from": day + timedelta(days=1), "by__id__exact": ben.pk}) == {third}


@pytest.mark.parametrize("day", ["", "soon", "2026-02-31", "0001-01-01"])
def test_what_is_no_day_filters_nothing(listed, days, day):
    assert listed(**{"from": day}) >= {one.what for one in days}


@pytest.mark.parametrize("name", ["from", "until"])
def test_the_last_day_that_there_is_breaks_nothing(listed, days, name):
    assert listed(**{name: "9999-12-31"}) <= {*listed()}


def test_the_form_of_days_keeps_the_other_filters(client, days, asha):
    client.force_login(asha)
    page = client.get(f"{LOG}?{urlencode({'by__id__exact': asha.pk, 'from': '2026-11-22'})}")
    text = page.content.decode()
    assert f'<input type="hidden" name="by__id__exact" value="{asha.pk}">' in text
    assert 'name="from" value="2026-11-22"' in text.replace("\n", " ")


def test_the_sheet_holds_what_the_list_shows(client, days, groups):
    client.force_login(world.person("dora", "Data protection reader"))
    until = {"until": NOW.date()}
    sheet = client.get(f"{LOG}sheet/?{urlencode(until)}").content.decode()
    assert "day 0" in sheet
    assert "day 1" not in sheet


def test_a_safeguarding_lead_reads_of_concerns_alone_and_officers_of_all_else(
    listed, days, lena, asha, now
):
    worry = Concern.objects.create(category="other", reason="A worry.", raised_at=now)
    record(what="raised a concern", about=worry, by=asha, now=now)
    assert listed(lena) == {"raised a concern"}
    assert "raised a concern" not in listed(asha)
    assert "day 0" in listed(asha)


def test_what_a_form_stores_is_an_event_with_the_names_of_its_fields(client, area, groups):
    mo = world.person("mo", "Administrator")
    client.force_login(mo)
    body = world.agency(area, "Council")
    address = reverse("admin:surveys_agency_change", args=[body.pk])
    form = {"area": area.pk, "name": "The council", "short_name": "Council", "slug": "council"}
    assert client.post(address, form | {"sector": body.sector}).status_code == 302
    event = AuditEvent.objects.first()
    assert (event.what, event.by) == ("agency: changed", mo)
    assert event.about == f"surveys.agency {body.pk}"
    assert event.detail == "changed Name"
    assert "The council" not in event.detail
    form = {"area": area.pk, "name": "NHS", "short_name": "NHS", "slug": "nhs", "sector": "other"}
    client.post(reverse("admin:surveys_agency_add"), form)
    assert Agency.objects.filter(slug="nhs").exists()
    assert AuditEvent.objects.first().what == "agency: added"


def test_a_sheet_that_is_taken_away_is_an_event_and_its_form_is_none(client, area, asha):
    Strategy.objects.create(area=area, title="Plan")
    client.force_login(asha)
    address = reverse("admin:outcomes_strategy_export")
    before = AuditEvent.objects.count()
    form = client.get(address).context_data["form"]
    assert AuditEvent.objects.count() == before
    fields = {name: "on" for name in form.fields if name.startswith("strategyresource_")}
    sent = client.post(address, {"format": "1", "resource": "0", **fields})
    assert b"Plan" in sent.content
    event = AuditEvent.objects.first()
    assert (event.what, event.by) == ("took away a sheet", asha)
    assert (event.about, event.detail) == ("outcomes.strategy", "csv")


def test_a_worry_that_goes_over_to_changed_words_is_an_event(survey, lena, now):
    sent = world.response(survey, "He hurts me.", now)
    concern = Concern.objects.create(
        answer=sent.answers.get(), category="other", reason="A worry.", raised_at=now
    )
    draft = begin_change(response=sent, now=now)
    question = survey.questions.first()
    save_answer(response=draft, question=question, text="He hurts her.", seen=None, now=now)
    send_response(response=draft, may_quote=None, now=now)
    event = AuditEvent.objects.get(what="concern: goes over")
    assert event.about == f"surveys.concern {concern.pk}"
    assert event.by is None
    assert "hurts" not in event.detail
