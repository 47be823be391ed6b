"""Writing a survey in the admin, until it opens."""

from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib import admin

from surveys.actions import begin_response, start_pilot
from surveys.admin.survey import SurveyAdmin
from surveys.models import Question, QuestionWording, Survey, SurveyWording
from tests import world
from tests.conftest import NOW
from tests.surveys.admin.survey_forms import form_of, form_of_question

pytestmark = pytest.mark.django_db
PAGE = "surveys_survey_change"
HARD = (
    "Representatives of participating organisations systematically evaluate individual "
    "contributions prior to the dissemination of comprehensive consultation documentation."
)


@pytest.fixture
def waiting(survey) -> Survey:
    """The parents' survey, before its dates are set."""
    survey.opens_on = survey.closes_on = None
    survey.save()
    return survey


def dates(opens: date = date(2027, 1, 4), closes: date = date(2027, 1, 31)) -> dict:
    return {"opens_on": opens, "closes_on": closes}


def test_a_ready_survey_gets_its_dates(visit, asha, waiting):
    assert visit(asha, PAGE, waiting.pk, data=form_of(waiting, **dates())).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.opens_on, waiting.closes_on) == (date(2027, 1, 4), date(2027, 1, 31))


def test_dates_are_refused_with_what_is_missing(visit, asha, waiting):
    waiting.questions.last().wordings.all().delete()
    page = visit(asha, PAGE, waiting.pk, data=form_of(waiting, **dates())).content.decode()
    assert "The dates can be set once this is so." in page
    assert "Every question has a standard wording in English." in page
    waiting.refresh_from_db()
    assert waiting.opens_on is None


def test_a_new_survey_is_written_before_it_is_dated(visit, asha, consultation):
    sent = {
        "title": "Survey for schools",
        "consultation": consultation.pk,
        "audience": "practitioner",
        "round": 1,
        "kind": "ideas",
        "slug": "schools",
        "order": 1,
        "grace_minutes": 60,
        "card_text": "For you.",
        "intro": "There are 3 questions.",
        "safety_text": "Please do not write names.",
        "first_form": "standard",
        "reading_age": 9,
        "about_questions": ["sector"],
        "asks_equality": "on",
    }
    for prefix in ("questions", "wordings"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    page = visit(asha, "surveys_survey_add", data=sent | dates()).content.decode()
    assert "exactly three questions" in page
    assert visit(asha, "surveys_survey_add", data=sent).status_code == 302
    made = Survey.objects.get(slug="schools")
    assert (made.about_questions, made.asks_equality, made.opens_on) == (["sector"], True, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"opens_on": date(2027, 1, 4)}, "Give both days, or neither."),
        (dates(date(2027, 1, 4), date(2027, 1, 3)), "The last day is before the first."),
        (dates(date(2026, 11, 21)), "That day is past."),
    ],
)
def test_wrong_dates_get_a_sentence(visit, asha, waiting, given, sentence):
    page = visit(asha, PAGE, waiting.pk, data=form_of(waiting, **given)).content.decode()
    assert sentence in page
    waiting.refresh_from_db()
    assert waiting.opens_on is None


def test_two_questions_of_one_kind_are_refused_with_a_sentence(visit, asha, waiting):
    sent = form_of(waiting, **{"questions-2-construct": "difference"})
    page = visit(asha, PAGE, waiting.pk, data=sent).content.decode()
    assert "Ask “what would be different” once" in page


def test_whether_an_outcome_is_right_cannot_be_asked_from_here(visit, asha, waiting):
    sent = form_of(waiting, **{"questions-2-construct": "right"})
    page = visit(asha, PAGE, waiting.pk, data=sent).content.decode()
    assert "right is not one of the available choices" in page


def test_about_you_questions_are_those_of_the_audience(visit, asha, waiting):
    sent = form_of(waiting, about_questions=["phase", "relationship"])
    assert visit(asha, PAGE, waiting.pk, data=sent).status_code == 302
    waiting.refresh_from_db()
    assert waiting.about_questions == ["phase", "relationship"]
    page = visit(asha, PAGE, waiting.pk, data=sent | {"about_questions": ["sector"]})
    assert "Tick only those for parents and carers." in page.content.decode()


def test_the_page_shows_every_wording_with_its_reading_age(visit, asha, waiting):
    question = waiting.questions.first()
    QuestionWording.objects.create(question=question, form="easy_read", text="What do you like?")
    QuestionWording.objects.create(question=question, language="pl", text="Co jest ważne?")
    SurveyWording.objects.create(survey=waiting, form="easy_read", intro="We ask 3 things.")
    page = visit(asha, PAGE, waiting.pk)
    found = {(one.what, one.form, one.language): one for one in page.context["pieces"]}
    assert found["Question 1", "easy read", "en"].text == "What do you like?"
    assert found["Intro", "easy read", "en"].text == "We ask 3 things."
    assert not found["Question 1", "standard", "pl"].is_english
    for words in ("What do you like?", "Co jest ważne?", "We ask 3 things.", "Only English"):
        assert words in page.content.decode()


def test_a_text_above_the_reading_age_gets_a_warning_in_both_places(visit, asha, waiting):
    Survey.objects.update(intro=HARD)
    page = visit(asha, PAGE, waiting.pk).content.decode()
    assert "Above the reading age of 9: Intro, standard." in page
    assert page.count("above 9") == 1
    QuestionWording.objects.filter(question=waiting.questions.first()).update(text=HARD)
    page = visit(asha, PAGE, waiting.pk).content.decode()
    assert "Intro, standard; Question 1, standard." in page
    page = visit(asha, "surveys_question_change", waiting.questions.first().pk).content.decode()
    assert "Above 9, the highest for this survey." in page


def test_the_highest_reading_age_is_the_surveys_own(visit, asha, waiting):
    Survey.objects.update(intro=HARD, reading_age=40)
    page = visit(asha, PAGE, waiting.pk).content.decode()
    assert "Every text has a reading age of 40 or less." in page


def test_a_pilot_is_made_shown_and_stopped_on_the_page(visit, asha, gwen, waiting):
    assert visit(gwen, "surveys_survey_start-pilot", waiting.pk, data={}).status_code == 403
    visit(asha, "surveys_survey_start-pilot", waiting.pk, data={})
    waiting.refresh_from_db()
    page = visit(asha, PAGE, waiting.pk).content.decode()
    assert f"http://testserver/s/parents/pilot/{waiting.pilot_key}/" in page
    assert "0 trial responses were sent." in page
    begin_response(survey=waiting, now=NOW, pilot_key=waiting.pilot_key)
    page = visit(asha, "surveys_survey_stop-pilot", waiting.pk).content.decode()
    assert "There are 1 trial response" in page
    visit(asha, "surveys_survey_stop-pilot", waiting.pk, data={})
    waiting.refresh_from_db()
    assert waiting.pilot_key == ""
    assert not waiting.responses.exists()
    assert "/parents/pilot/" not in visit(asha, PAGE, waiting.pk).content.decode()


def test_an_open_survey_offers_no_pilot(visit, asha, survey):
    page = visit(asha, PAGE, survey.pk).content.decode()
    assert "Make a pilot link" not in page
    visit(asha, "surveys_survey_start-pilot", survey.pk, data={})
    survey.refresh_from_db()
    assert survey.pilot_key == ""


def test_another_equality_question_is_asked_for_a_reason(visit, asha, gwen, waiting):
    sent = {"question": "religion", "reason": "The panel asked."}
    name = "surveys_survey_ask-extra-equality"
    assert visit(gwen, name, waiting.pk, data=sent).status_code == 403
    assert visit(asha, name, waiting.pk, data=sent).status_code == 302
    page = visit(asha, PAGE, waiting.pk).content.decode()
    assert "The panel asked." in page


def test_a_wording_is_written_on_the_page_of_its_question(visit, asha, waiting):
    question = waiting.questions.first()
    sent = form_of_question(question, label="Changed")
    sent |= {
        "wordings-TOTAL_FORMS": 2,
        "wordings-0-text": "What now?",
        "wordings-1-question": question.pk,
        "wordings-1-form": "easy_read",
        "wordings-1-language": "en",
        "wordings-1-text": "What do you like?",
        "wordings-1-hint": "",
    }
    assert visit(asha, "surveys_question_change", question.pk, data=sent).status_code == 302
    question = Question.objects.get(pk=question.pk)
    assert question.label == "Changed"
    assert question.wording().text == "What now?"
    assert question.wording("easy_read").text == "What do you like?"


def test_a_dated_survey_keeps_its_standard_wordings(visit, asha, waiting):
    later = NOW.date() + timedelta(days=9)
    Survey.objects.update(opens_on=later, closes_on=later)
    question = waiting.questions.first()
    sent = form_of_question(question, **{"wordings-0-form": "easy_read"})
    page = visit(asha, "surveys_question_change", question.pk, data=sent).content.decode()
    assert "this question needs its standard wording in English" in page
    assert Question.objects.get(pk=question.pk).wordings.get().form == "standard"


def test_the_words_of_an_outcome_are_not_written_here(visit, asha, waiting):
    question = Question.objects.create(survey=waiting, order=9, construct="right", label="HL-1")
    QuestionWording.objects.create(question=question, text="I feel well.")
    for change in ({"wordings-0-text": "I feel good."}, {"wordings-0-form": "under_11"}):
        sent = form_of_question(question, **change)
        page = visit(asha, "surveys_question_change", question.pk, data=sent).content.decode()
        assert "the exact words of an outcome" in page
    assert question.wordings.get().text == "I feel well."


def test_the_page_of_a_survey_about_outcomes_is_saved_as_it_is(visit, asha, waiting):
    Question.objects.all().delete()
    question = Question.objects.create(survey=waiting, order=1, construct="right", label="HL-1")
    QuestionWording.objects.create(question=question, text="I feel well.")
    sent = form_of(waiting, kind="outcomes", **dates())
    assert visit(asha, PAGE, waiting.pk, data=sent).status_code == 302
    assert Question.objects.get().construct == "right"


@pytest.mark.parametrize("who", ["dev", "fran"])
def test_who_has_no_business_with_surveys_sees_none_of_it(visit, request, waiting, who):
    person = request.getfixturevalue(who)
    start_pilot(survey=waiting, now=NOW)
    for name in (PAGE, "surveys_survey_preview", "surveys_survey_stop-pilot"):
        response = visit(person, name, waiting.pk)
        assert response.status_code == (302 if not person.is_staff else 403)


def test_nobody_signed_in_is_led_to_the_sign_in_page(visit, waiting):
    response = visit(None, "surveys_survey_preview", waiting.pk)
    assert urlsplit(response["Location"]).path == "/admin/login/"


def test_the_list_of_surveys_says_how_each_stands(visit, asha, survey):
    world.survey(survey.consultation, "practitioner", "work", NOW + timedelta(days=50))
    page = visit(asha, "surveys_survey_changelist").content.decode()
    assert "not open yet" in page
    assert ">open<" in page


def test_words_are_only_in_languages_of_the_site(visit, asha, waiting):
    question = waiting.questions.first()
    sent = form_of_question(question, **{"wordings-0-language": "Polish"})
    page = visit(asha, "surveys_question_change", question.pk, data=sent).content.decode()
    assert "Polish is not one of the available choices" in page


def test_saving_the_page_undoes_nothing_that_somebody_decided_meanwhile(asha, waiting, rf):
    """A pilot begun between reading the row and writing it stays."""
    site = SurveyAdmin(Survey, admin.site)
    stale = Survey.objects.get(pk=waiting.pk)
    key = start_pilot(survey=waiting, now=NOW).pilot_key
    stale.intro = "New."
    form = SimpleNamespace(changed_data=["intro"])
    site.save_model(rf.post("/"), stale, form, change=True)
    waiting.refresh_from_db()
    assert (waiting.intro, waiting.pilot_key) == ("New.", key)
