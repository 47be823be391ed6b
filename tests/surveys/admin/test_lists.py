"""However many rows there are, a page of officers asks the database as often as before."""

from datetime import date, timedelta

import pytest

from surveys.actions import add_note, ask_for_format, enter_response, publish_notice
from surveys.actions.received import Received
from surveys.models import QuestionWording, ReachTarget, Session, Stakeholder, SurveyWording
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LISTS = [
    "consultation_changelist",
    "survey_changelist",
    "question_changelist",
    "response_changelist",
    "response_checks",
    "response_choose",
    "session_changelist",
    "contact_changelist",
    "formatrequest_changelist",
    "privacynotice_changelist",
    "agency_changelist",
    "theme_changelist",
]


def more(consultation, asha, fran, first: int, last: int) -> None:
    """Of everything that these lists show, a few."""
    area = consultation.area
    for number in range(first, last):
        survey = world.survey(consultation, "parent_carer", f"parents-{number}", NOW)
        for question in survey.questions.all():
            QuestionWording.objects.create(question=question, form="easy_read", text="Easy?")
        SurveyWording.objects.create(survey=survey, form="easy_read", title="Easy")
        world.response(survey, f"Heard {number}", NOW)
        paper = Received(
            survey=survey,
            channel="paper",
            received_on=NOW.date(),
            texts={"what_matters": f"On paper {number}"},
            number=f"P {number}",
        )
        enter_response(received=paper, by=fran, now=NOW)
        session = Session.objects.create(
            consultation=consultation,
            title=f"Workshop {number}",
            audience="parent_carer",
            held_on=date(2026, 1, 26) + timedelta(days=number),
            people=8,
            facilitator=fran,
        )
        add_note(session=session, text=f"Said {number}")
        ask_for_format(area=area, format="audio", details="", contact="Ring me.", now=NOW)
        publish_notice(area=area, body=f"We keep little, {number}.", by=asha, now=NOW)
        world.agency(area, f"Agency {number}")
        Stakeholder.objects.create(consultation=consultation, name=f"School {number}")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_no_more_for_more_rows(
    visit, asha, fran, consultation, name, django_assert_max_num_queries
):
    more(consultation, asha, fran, 0, 2)
    assert visit(asha, f"surveys_{name}").status_code == 200
    with django_assert_max_num_queries(30) as few:
        visit(asha, f"surveys_{name}")
    more(consultation, asha, fran, 2, 9)
    with django_assert_max_num_queries(len(few)):
        assert visit(asha, f"surveys_{name}").status_code == 200


def test_the_reach_of_a_round_asks_no_more_for_more_answers(
    visit, asha, fran, consultation, django_assert_max_num_queries
):
    ReachTarget.objects.create(consultation=consultation, audience="parent_carer", people=12)
    more(consultation, asha, fran, 0, 2)
    visit(asha, "surveys_consultation_reach", consultation.pk)
    with django_assert_max_num_queries(30) as few:
        visit(asha, "surveys_consultation_reach", consultation.pk)
    more(consultation, asha, fran, 2, 9)
    with django_assert_max_num_queries(len(few)):
        assert visit(asha, "surveys_consultation_reach", consultation.pk).status_code == 200
