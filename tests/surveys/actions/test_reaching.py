"""Whom a consultation has heard, against whom it means to hear."""

from datetime import timedelta

import pytest

from surveys.actions import (
    Received,
    add_standard_stakeholders,
    enter_response,
    rooms,
    rounds_reached,
)
from surveys.models import ReachTarget, Response, Session, Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def reached(consultation):
    return rounds_reached(consultation=consultation, now=NOW)


def said(survey, people, channel="online"):
    Response.objects.bulk_create(
        Response(
            survey=survey,
            code_hash=f"{survey.pk}-{channel}-{number}",
            state="sent",
            channel=channel,
            started_at=NOW,
            sent_at=NOW,
        )
        for number in range(people)
    )


def test_people_are_shown_against_the_target_by_audience_and_channel(consultation, survey):
    ReachTarget.objects.create(consultation=consultation, audience="parent_carer", people=40)
    said(survey, 12)
    said(survey, 6, "paper")
    (only,) = reached(consultation)
    parents = only.lines[0]
    assert parents.cells == ["12", "0", "6", "0", "18"]
    assert (parents.target, parents.percent) == (40, 45)
    assert only.totals == ["12", "0", "6", "0", "18"]
    assert not only.hides
    assert [line.target for line in only.lines[1:]] == [None, None]


def test_few_people_are_hidden_and_cannot_be_worked_out(consultation, survey):
    young = world.survey(consultation, "young_person", "young", NOW)
    ReachTarget.objects.create(consultation=consultation, audience="young_person", people=20)
    said(survey, 30)
    said(young, 3)
    (only,) = reached(consultation)
    line = only.lines[2]
    assert line.cells[0] == line.cells[-1] == "fewer than 5"
    assert line.percent is None
    assert only.hides
    assert "33" not in only.totals or "30" not in only.lines[0].cells


def test_a_target_counts_for_nothing_when_it_is_very_small(consultation, survey):
    ReachTarget.objects.create(consultation=consultation, audience="parent_carer", people=7)
    said(survey, 6)
    assert reached(consultation)[0].lines[0].percent is None


def test_drafts_trials_and_what_is_not_counted_are_not_people_reached(consultation, survey, fran):
    said(survey, 6)
    Response.objects.filter(code_hash=f"{survey.pk}-online-0").update(is_pilot=True)
    late = Received(
        survey=survey,
        channel="paper",
        received_on=survey.closes_on + timedelta(days=1),
        texts={"what_matters": "Late"},
        late="not_counted",
        late_reason="Posted after.",
    )
    enter_response(received=late, by=fran, now=NOW + timedelta(days=30))
    assert reached(consultation)[0].lines[0].cells == ["5", "0", "0", "0", "5"]


def test_it_says_whom_nobody_has_asked_and_who_has_not_answered(consultation, survey):
    world.survey(consultation, "young_person", "young", NOW)
    soon = Survey.objects.create(
        consultation=consultation, audience="young_person", slug="little", title="Under 11"
    )
    said(survey, 5)
    (only,) = reached(consultation)
    assert only.missing == [
        "There is no survey for practitioners.",
        "Nobody yet: children and young people (“Survey for young_person”). "
        "It is open until 11:59pm on Saturday 5 December 2026.",
        f"Nobody yet: children and young people (“{soon}”). The survey has no dates.",
    ]


def test_rounds_are_never_added_up(consultation, survey):
    second = world.survey(consultation, "parent_carer", "again", NOW)
    Survey.objects.filter(pk=second.pk).update(round=2)
    said(survey, 10)
    said(second, 7)
    first, other = reached(consultation)
    assert (first.number, first.totals[-1]) == (1, "10")
    assert (other.number, other.totals[-1]) == (2, "7")


def test_workshops_are_apart_and_few_in_a_room_are_hidden(consultation, survey):
    for number, people in enumerate((12, 9)):
        Session.objects.create(
            consultation=consultation, title=f"W{number}", audience="parent_carer",
            held_on=NOW, people=people,
        )  # fmt: skip
    Session.objects.create(
        consultation=consultation, title="Y", audience="young_person", held_on=NOW, people=3
    )
    shown = [(one.audience, one.sessions, one.people) for one in rooms(consultation=consultation)]
    assert shown == [
        ("parents and carers", 2, "21"),
        ("practitioners", 0, "0"),
        ("children and young people", 1, "fewer than 5"),
    ]
    assert reached(consultation)[0].totals[-1] == "0"


def test_the_standard_list_is_added_once_after_what_is_there(consultation):
    consultation.stakeholders.create(name="NHS England", order=4, how="By letter")
    added = add_standard_stakeholders(consultation=consultation)
    assert added == 18
    assert add_standard_stakeholders(consultation=consultation) == 0
    names = [one.name for one in consultation.stakeholders.all()]
    assert names[0] == "NHS England"
    assert len(names) == 19
    assert consultation.stakeholders.get(name="NHS England").how == "By letter"
    assert all("law" in one.note for one in consultation.stakeholders.exclude(order=4))
