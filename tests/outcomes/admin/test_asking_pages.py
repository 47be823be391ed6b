"""Officers ask people about outcomes, and read what they say."""

import pytest
from django.urls import reverse

from outcomes.actions import ask_about
from surveys.actions import begin_response, save_answer, send_response
from surveys.models import Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ASK = "outcomes_outcome_ask"


@pytest.fixture
def outcome(survey, asha):
    return world.proposed(world.cluster(survey, asha, NOW), asha, NOW)


@pytest.fixture
def second(consultation) -> Survey:
    return world.second_round(consultation, "young_person")


def answered(second, outcome):
    """Opened at NOW, with six who say nearly and one who says no."""
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    Survey.objects.filter(pk=second.pk).update(opens_on=NOW.date(), closes_on=NOW.date())
    second.refresh_from_db()
    question = second.questions.get()
    for choice, times in (("nearly", 6), ("no", 1)):
        for number in range(times):
            made, _ = begin_response(survey=second, now=NOW)
            save_answer(
                response=made,
                question=question,
                choice=choice,
                text=f"<b>{choice}</b> {number}",
                seen=None,
                now=NOW,
            )
            send_response(response=made, may_quote=None, now=NOW)


def test_the_list_of_outcomes_leads_to_asking_about_them(visit, asha, ben, gwen, second, outcome):
    address = reverse(f"admin:{ASK}", args=[second.pk])
    assert address in visit(asha, "outcomes_outcome_changelist").content.decode()
    assert address not in visit(gwen, "outcomes_outcome_changelist").content.decode()
    Survey.objects.filter(pk=second.pk).update(opens_on=NOW.date(), closes_on=NOW.date())
    assert address not in visit(asha, "outcomes_outcome_changelist").content.decode()


def test_the_page_of_the_survey_leads_there_too(visit, asha, second, survey):
    address = reverse(f"admin:{ASK}", args=[second.pk])
    assert address in visit(asha, "surveys_survey_change", second.pk).content.decode()
    page = visit(asha, "surveys_survey_change", survey.pk).content.decode()
    assert "Ask people about outcomes" not in page


def test_ticked_outcomes_become_questions(visit, asha, second, outcome):
    page = visit(asha, ASK, second.pk).content.decode()
    assert f"{outcome.code}: I feel well. (reading age 5" in page
    assert visit(asha, ASK, second.pk, data={"outcomes": [outcome.pk]}).status_code == 302
    assert [one.label for one in second.questions.all()] == [outcome.code]
    assert "checked" in visit(asha, ASK, second.pk).content.decode()
    assert visit(asha, ASK, second.pk, data={}).status_code == 302
    assert not second.questions.exists()


def test_only_who_may_ask_opens_the_page(visit, gwen, fran, dev, second, survey, asha):
    for person in (gwen, fran, dev):
        assert visit(person, ASK, second.pk).status_code == 403
        assert visit(person, ASK, second.pk, data={"outcomes": []}).status_code == 403
    assert visit(asha, ASK, survey.pk).status_code == 404  # a survey of open ideas
    assert visit(asha, ASK, 999_999).status_code == 404


def test_a_refusal_keeps_what_was_ticked(visit, asha, second, outcome):
    Survey.objects.filter(pk=second.pk).update(opens_on=NOW.date(), closes_on=NOW.date())
    page = visit(asha, ASK, second.pk, data={"outcomes": [outcome.pk]}).content.decode()
    assert "This survey has opened" in page
    assert "checked" in page
    page = visit(asha, ASK, second.pk, data={"outcomes": ["999999"]}).content.decode()
    assert "999999 is not one of the available choices" in page


def test_officers_read_the_verdicts_beside_the_outcome(visit, asha, second, outcome):
    answered(second, outcome)
    page = visit(asha, "outcomes_outcome_change", outcome.pk)
    ((_said, lines),) = page.context["verdicts"]
    assert [name for name, _ in lines] == [
        "parents and carers",
        "practitioners",
        "children and young people",
        "all",
    ]
    shown = page.content.decode()
    assert "fewer than 5" in shown
    assert "&lt;b&gt;nearly&lt;/b&gt; 3" in shown
    assert "The words have changed since" not in shown


def test_verdicts_on_earlier_words_carry_a_warning(visit, asha, second, outcome):
    answered(second, outcome)
    world.reworded(outcome, "I feel good.", asha, NOW)
    shown = visit(asha, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "The words have changed since people were asked" in shown


def test_an_agency_lead_reads_no_verdict_and_no_comment(visit, gwen, second, outcome):
    answered(second, outcome)
    shown = visit(gwen, "outcomes_outcome_change", outcome.pk).content.decode()
    assert "Have we got this right" not in shown
    assert "nearly&lt;/b&gt;" not in shown


def test_where_there_are_no_outcomes_the_page_says_so(visit, asha, second):
    page = visit(asha, ASK, second.pk).content.decode()
    assert "There are no outcomes yet to ask about." in page


def test_where_there_are_outcomes_nothing_is_said_of_none(visit, asha, second, outcome):
    assert "There are no outcomes yet" not in visit(asha, ASK, second.pk).content.decode()
