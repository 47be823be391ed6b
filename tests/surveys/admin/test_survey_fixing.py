"""From opening on, the words stay; a mistake is corrected by a decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions import begin_response, fix_wording, save_answer, send_response
from surveys.models import Question, QuestionWording, Survey, SurveyWording
from tests import world
from tests.conftest import NOW
from tests.surveys.admin.survey_forms import form_of, form_of_question

pytestmark = pytest.mark.django_db
FIX = "surveys_questionwording_fix-words"
FIX_SURVEY = "surveys_survey_fix-words"


@pytest.fixture
def wording(survey) -> QuestionWording:
    return survey.questions.first().wordings.get()


def correct(wording: QuestionWording, **changes) -> dict:
    sent = {"text": "What matters most?", "hint": wording.hint, "reason": "A slip.", "seen": 1}
    return sent | changes


def test_once_open_no_word_and_no_date_is_changed_on_the_page(visit, asha, survey):
    before = Survey.objects.values().get(pk=survey.pk)
    sent = form_of(
        survey,
        title="Another title",
        intro="Another <b>intro</b>",
        closes_on=survey.closes_on + timedelta(days=90),
        about_questions=["phase"],
    )
    page = visit(asha, "surveys_survey_change", survey.pk, data=sent)
    assert page.status_code == 409
    shown = page.content.decode()
    assert "The survey opened while you were writing" in shown
    assert "Another &lt;b&gt;intro&lt;/b&gt;" in shown
    assert Survey.objects.values().get(pk=survey.pk) == before


def test_once_open_the_page_offers_no_box_for_a_word(visit, asha, survey):
    page = visit(asha, "surveys_survey_change", survey.pk).content.decode()
    for name in ("title", "intro", "safety_text", "opens_on", "about_questions", "slug"):
        assert f'name="{name}"' not in page
    assert "Who are you to the child or young person?" in page
    assert 'name="reading_age"' in page
    sent = {"reading_age": 11, "order": 3} | {
        f"{prefix}-{part}_FORMS": 0
        for prefix in ("questions", "wordings")
        for part in ("TOTAL", "INITIAL")
    }
    assert visit(asha, "surveys_survey_change", survey.pk, data=sent).status_code == 302
    assert Survey.objects.get().reading_age == 11


@pytest.mark.parametrize(("opens_in", "status"), [(1, 302), (0, 409), (-1, 409)])
def test_questions_are_reworded_only_before_a_survey_opens(
    visit, asha, survey, wording, opens_in, status
):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=opens_in))
    question = wording.question
    sent = form_of_question(question, **{"wordings-0-text": "What <now>?"})
    response = visit(asha, "surveys_question_change", question.pk, data=sent)
    assert response.status_code == status
    wording.refresh_from_db()
    assert (wording.text == "What <now>?") is (status == 302)
    if status == 409:
        assert "What &lt;now&gt;?" in response.content.decode()


def test_once_open_no_picture_comes_or_goes(visit, asha, survey, wording):
    question = wording.question
    question.pictures.create(drawing="home", label="Home")
    page = visit(asha, "surveys_question_change", question.pk).content.decode()
    assert "pictures-0-DELETE" not in page
    assert "pictures-0-label" not in page


def test_dates_can_be_set_again_before_a_survey_opens(visit, asha, survey):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=1))
    survey.refresh_from_db()
    later = NOW.date() + timedelta(days=60)
    sent = form_of(survey, closes_on=later)
    assert visit(asha, "surveys_survey_change", survey.pk, data=sent).status_code == 302
    survey.refresh_from_db()
    assert survey.closes_on == later


def test_a_word_is_corrected_with_a_reason_and_what_was_there_is_shown(
    visit, asha, survey, wording
):
    page = visit(asha, FIX, wording.pk).content.decode()
    assert wording.text in page
    assert visit(asha, FIX, wording.pk, data=correct(wording)).status_code == 302
    page = visit(asha, "surveys_survey_change", survey.pk).content.decode()
    assert "Version 2." in page
    assert "A slip." in page
    assert wording.text in page
    assert survey.questions.first().wording().text == "What matters most?"


def test_only_an_officer_corrects(visit, asha, gwen, fran, dev, wording):
    for person in (gwen, fran, dev):
        assert visit(person, FIX, wording.pk, data=correct(wording)).status_code == 403
        survey = wording.question.survey
        assert visit(person, FIX_SURVEY, survey.pk, data=correct(wording)).status_code == 403
    assert wording.question.wordings.count() == 1
    assert visit(asha, FIX, wording.pk, data=correct(wording)).status_code == 302


def test_before_it_opens_nothing_is_corrected(visit, asha, survey, wording):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=1))
    assert visit(asha, FIX, wording.pk).status_code == 403
    page = visit(asha, "surveys_survey_change", survey.pk).content.decode()
    assert "Correct the words" not in page


def test_of_two_officers_at_once_the_second_is_told_and_keeps_what_they_typed(
    visit, asha, ben, wording
):
    visit(asha, FIX, wording.pk, data=correct(wording))
    second = correct(wording, text="What matters to you?", reason="Mine.")
    page = visit(ben, FIX, wording.pk, data=second)
    shown = page.content.decode()
    assert "Somebody corrected words of this survey" in shown
    assert "What matters to you?" in shown
    assert "It says now: “What matters most?”" in shown
    seen = page.context["form"]["seen"].value()
    assert wording.question.survey.fixes.count() == 1
    assert visit(ben, FIX, wording.pk, data=second | {"seen": seen}).status_code == 302
    assert [one.by for one in wording.question.survey.fixes.all()] == [asha, ben]


def test_an_old_answer_shows_its_old_words_and_a_new_one_the_new(visit, asha, survey, wording):
    def sent():
        made, _ = begin_response(survey=survey, now=NOW)
        question = Question.objects.get(pk=wording.question_id)
        put = question.wording()
        save_answer(response=made, question=question, text="Home", wording=put, seen=None, now=NOW)
        return send_response(response=made, may_quote=None, now=NOW)

    old = sent()
    visit(asha, FIX, wording.pk, data=correct(wording))
    new = sent()
    name = "surveys_response_change"
    assert "What about what_matters?" in visit(asha, name, old.pk).content.decode()
    assert "What matters most?" not in visit(asha, name, old.pk).content.decode()
    assert "What matters most?" in visit(asha, name, new.pk).content.decode()


def test_the_surveys_own_words_are_corrected_by_the_same_decision(visit, asha, survey):
    form = visit(asha, FIX_SURVEY, survey.pk).context["form"]
    sent = {name: form[name].value() for name in (*SurveyWording.WORDS, "seen")}
    sent |= {"intro": "There are three questions.", "reason": "A slip."}
    assert visit(asha, FIX_SURVEY, survey.pk, data=sent).status_code == 302
    survey.refresh_from_db()
    assert (survey.intro, survey.version) == ("There are three questions.", 2)
    page = visit(asha, FIX_SURVEY, survey.pk, data=sent | {"intro": "Again."}).content.decode()
    assert "Somebody corrected words of this survey" in page
    assert "There are three questions." in page


def test_words_in_another_language_are_corrected_too(visit, asha, survey):
    put = SurveyWording.objects.create(survey=survey, language="pl", title="Ankieta")
    name = "surveys_surveywording_fix-words"
    form = visit(asha, name, put.pk).context["form"]
    sent = {one: form[one].value() for one in (*SurveyWording.WORDS, "seen")}
    sent |= {"title": "Ankieta dla rodziców", "reason": "A slip."}
    assert visit(asha, name, put.pk, data=sent).status_code == 302
    put.refresh_from_db()
    assert put.title == "Ankieta dla rodziców"
    assert survey.fixes.get().before == "Ankieta"


def test_a_wording_has_no_page_of_its_own(visit, asha, wording):
    response = visit(asha, "surveys_questionwording_change", wording.pk)
    assert response["Location"].endswith(f"/surveys/question/{wording.question_id}/change/")
    assert "questionwording" not in visit(asha, "index").content.decode()


def test_a_nonsense_version_is_refused(visit, asha, wording):
    for seen in ("", "x", "-1", "99999999999999999999"):
        response = visit(asha, FIX, wording.pk, data=correct(wording, seen=seen))
        assert response.status_code == 200
    assert not wording.question.survey.fixes.exists()


def test_answers_entered_before_are_untouched_by_a_correction(visit, asha, survey, wording):
    made = world.response(survey, "Being heard", NOW)
    visit(asha, FIX, wording.pk, data=correct(wording))
    assert made.answers.get().text == "Being heard"


def test_the_receipt_shows_the_words_that_were_answered(client, asha, survey, wording):
    """Through the website: answered before the correction, read after it."""
    now = timezone.now()
    Survey.objects.update(opens_on=now.date() - timedelta(days=1), closes_on=now.date())
    client.post("/s/parents/", {})
    page = client.get("/s/parents/1/")
    hidden = {one.html_name: one.value() or "" for one in page.context["form"].hidden_fields()}
    client.post("/s/parents/1/", hidden | {"text": "Home"})
    fix_wording(
        wording=wording,
        text="What matters most?",
        hint="",
        reason="A slip.",
        seen=1,
        by=asha,
        now=now,
    )
    survey.responses.update(started_at=now - timedelta(hours=1))
    page = client.get("/s/parents/check/")
    hidden = {one.html_name: one.value() or "" for one in page.context["form"].hidden_fields()}
    client.post("/s/parents/check/", hidden)
    receipt = client.get("/s/parents/sent/").content.decode()
    assert "What about what_matters?" in receipt
    assert "What matters most?" not in receipt
