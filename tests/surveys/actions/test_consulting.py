"""Publishing a consultation and moving a closing date."""

from datetime import date, timedelta

import pytest

from surveys.actions import extend_survey, publish_consultation
from surveys.models import Area, Consultation, DeadlineChange, PrivacyNotice
from surveys.refusals import BadText, NotReady
from tests import world


def test_an_extension_moves_the_date_and_keeps_the_reason(survey, asha, now):
    before = survey.closes_on
    later = before + timedelta(days=11)
    change = extend_survey(survey=survey, closes_on=later, reason="Half term.", by=asha, now=now)
    survey.refresh_from_db()
    assert survey.closes_on == later
    assert (change.closed_on_before, change.closes_on_now) == (before, later)


@pytest.mark.parametrize("days", [0, -1])
def test_a_closing_date_never_moves_earlier(survey, asha, now, days):
    day = survey.closes_on + timedelta(days=days)
    with pytest.raises(BadText, match="Choose a day after"):
        extend_survey(survey=survey, closes_on=day, reason="Why not.", by=asha, now=now)
    assert not DeadlineChange.objects.exists()


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2029, 1, 1)])
def test_a_closing_date_is_within_two_years(survey, asha, now, day):
    with pytest.raises(BadText, match="within two years"):
        extend_survey(survey=survey, closes_on=day, reason="Never.", by=asha, now=now)


def test_a_closing_date_is_not_moved_into_the_past(survey, asha, now):
    late = now + timedelta(days=90)
    day = survey.closes_on + timedelta(days=1)
    with pytest.raises(BadText, match="That day is past"):
        extend_survey(survey=survey, closes_on=day, reason="Late.", by=asha, now=late)


def test_an_extension_needs_a_reason(survey, asha, now):
    day = survey.closes_on + timedelta(days=1)
    with pytest.raises(BadText, match="Say why"):
        extend_survey(survey=survey, closes_on=day, reason=" ", by=asha, now=now)


def test_publishing_twice_keeps_the_first_moment(consultation, ben, now):
    again = publish_consultation(consultation=consultation, by=ben, now=now + timedelta(days=1))
    assert again.published_at == now
    assert again.published_by != ben


@pytest.fixture
def ready(area, asha, now):
    """A consultation that lacks nothing and is not published."""
    world.notice(area, by=asha, now=now)
    return Consultation.objects.create(
        area=area, title="Soon", slug="soon", what_can_change="All.", decision_maker="The council"
    )


def published(consultation, by, now):
    return publish_consultation(consultation=consultation, by=by, now=now).published_at


def test_what_lacks_nothing_is_published(ready, asha, now):
    assert published(ready, asha, now) == now


@pytest.mark.parametrize(
    ("model", "empty", "missing"),
    [
        (Consultation, {"decision_maker": " "}, "who decides"),
        (Consultation, {"what_can_change": ""}, "what can change"),
        (Area, {"contact_phone": ""}, "a way to take part that is not online"),
    ],
)
def test_nobody_is_asked_before_they_are_told(ready, asha, now, model, empty, missing):
    model.objects.update(**empty)
    with pytest.raises(NotReady, match=missing) as refused:
        published(ready, asha, now)
    assert len(refused.value.missing) == 1
    ready.refresh_from_db()
    assert ready.published_at is None


@pytest.mark.parametrize("name", ["contact_phone", "contact_email", "contact_post"])
def test_one_way_that_is_not_online_is_enough(ready, asha, now, name):
    Area.objects.update(**({"contact_phone": ""} | {name: "here"}))
    assert published(ready, asha, now)


def test_all_that_is_missing_is_said_at_once(ready, asha, now):
    PrivacyNotice.objects.all().delete()
    Area.objects.update(contact_phone="")
    survey = world.survey(ready, "parent_carer", "parents", now)
    survey.safety_text = " "
    survey.save()
    with pytest.raises(NotReady) as refused:
        published(ready, asha, now)
    assert len(refused.value.missing) == 3
    assert "a privacy notice" in refused.value.sentence
    assert "the safety text of the survey “Survey for parent_carer”" in refused.value.sentence
