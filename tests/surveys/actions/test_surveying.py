"""Making a survey ready, trying it, and correcting it while people answer."""

from datetime import timedelta

import pytest

from surveys.actions import (
    ask_extra_equality,
    begin_response,
    find_response,
    fix_survey_words,
    fix_wording,
    save_answer,
    send_response,
    start_pilot,
    stop_pilot,
)
from surveys.actions.fixing import WordsChanged
from surveys.actions.surveying import checks_to_open
from surveys.models import Question, QuestionWording, Response, Survey, SurveyWording
from surveys.refusals import BadText, SurveyClosed
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(survey) -> Survey:
    """The parents' survey, before its dates are set."""
    survey.opens_on = survey.closes_on = None
    survey.save()
    return survey


def missing(survey: Survey) -> list[str]:
    return [check.words for check in checks_to_open(survey) if not check.is_met]


def test_three_questions_with_their_words_and_a_safety_text_make_a_survey_ready(waiting):
    assert missing(waiting) == []


def test_a_survey_of_two_questions_is_not_ready(waiting):
    waiting.questions.last().delete()
    assert [words[:30] for words in missing(waiting)] == ["It has exactly three questions"]


def test_a_question_without_a_standard_english_wording_is_not_ready(waiting):
    QuestionWording.objects.filter(question=waiting.questions.first()).update(language="pl")
    assert missing(waiting) == ["Every question has a standard wording in English."]
    QuestionWording.objects.all().update(language="en", form="easy_read")
    assert missing(waiting) == ["Every question has a standard wording in English."]


def test_a_survey_without_a_safety_text_is_not_ready(waiting):
    waiting.safety_text = "  "
    assert [words[:20] for words in missing(waiting)] == ["It has a safety text"]


def test_a_survey_about_outcomes_needs_one_outcome_and_not_three_questions(waiting):
    waiting.kind = "outcomes"
    assert missing(waiting) == ["It asks about at least one outcome."]
    question = Question.objects.create(survey=waiting, order=9, construct="right", label="HL-1")
    QuestionWording.objects.create(question=question, text="I feel well.")
    assert missing(waiting) == []


def test_a_pilot_has_an_address_that_cannot_be_guessed_and_keeps_it(waiting):
    key = start_pilot(survey=waiting, now=NOW).pilot_key
    assert len(key) >= 20
    assert start_pilot(survey=waiting, now=NOW).pilot_key == key


def test_an_open_survey_is_not_tried(survey):
    with pytest.raises(BadText, match="has opened"):
        start_pilot(survey=survey, now=NOW)


def test_a_survey_without_questions_is_not_tried(waiting):
    waiting.questions.all().delete()
    with pytest.raises(BadText, match="Write the questions first"):
        start_pilot(survey=waiting, now=NOW)


def test_stopping_a_pilot_deletes_its_answers_and_its_address_and_nothing_else(survey):
    real = world.response(survey, "Being heard", NOW)
    before = NOW - timedelta(days=20)
    key = start_pilot(survey=survey, now=before).pilot_key
    survey.refresh_from_db()
    trial, code = begin_response(survey=survey, now=before, pilot_key=key)
    save_answer(
        response=trial, question=survey.questions.first(), text="try", seen=None, now=before
    )
    send_response(response=trial, may_quote=None, now=before)
    begin_response(survey=survey, now=before, pilot_key=key)
    stopped = stop_pilot(survey=survey)
    assert stopped.pilot_key == ""
    assert list(Response.objects.all()) == [real]
    assert find_response(code=code) is None
    with pytest.raises(SurveyClosed):
        begin_response(survey=stopped, now=before, pilot_key=key)


def fix(question, text, by, seen=1, form="standard"):
    wording = question.wordings.filter(form=form).last()
    return fix_wording(
        wording=wording, text=text, hint="", reason="A slip.", seen=seen, by=by, now=NOW
    )


def test_a_fix_is_a_new_row_and_a_new_version_with_what_was_before(survey, asha):
    question = survey.questions.first()
    before = question.wording().text
    made = fix(question, "What matters most?", asha)
    survey.refresh_from_db()
    assert survey.version == 2
    assert (made.version, made.before, made.after) == (2, before, "What matters most?")
    assert (made.what, made.reason, made.by, made.at) == (
        "question 1, standard, en",
        "A slip.",
        asha,
        NOW,
    )
    question = Question.objects.get(pk=question.pk)
    assert [one.version for one in question.wordings.all()] == [1, 2]
    assert question.wording().text == "What matters most?"


def test_an_answer_keeps_the_words_it_was_given_under(survey, asha):
    question = survey.questions.first()

    def answered():
        made, _ = begin_response(survey=survey, now=NOW)
        put = Question.objects.get(pk=question.pk).wording()
        save_answer(response=made, question=question, text="Home", wording=put, seen=None, now=NOW)
        return made.answers.get().wording.text

    old = answered()
    fix(question, "What matters most?", asha)
    assert answered() == "What matters most?"
    first = Response.objects.order_by("pk").first()
    assert first.answers.get().wording.text == old == "What about what_matters?"


def test_of_two_who_correct_at_once_the_second_is_told_and_nothing_is_lost(survey, asha, ben):
    first, second = survey.questions.all()[:2]
    fix(first, "What matters most?", asha)
    with pytest.raises(WordsChanged, match="Somebody corrected words"):
        fix(second, "What would change?", ben)
    survey.refresh_from_db()
    assert (survey.version, survey.fixes.count()) == (2, 1)
    fix(second, "What would change?", ben, seen=2)
    assert [one.by for one in survey.fixes.all()] == [asha, ben]
    assert [one.wording().text for one in survey.questions.all()[:2]] == [
        "What matters most?",
        "What would change?",
    ]


def test_before_it_opens_words_are_not_corrected_but_written(waiting, asha):
    with pytest.raises(BadText, match="has not opened"):
        fix(waiting.questions.first(), "What matters most?", asha)


def test_a_correction_needs_a_reason_words_and_a_difference(survey, asha):
    wording = survey.questions.first().wordings.get()
    sent = {"wording": wording, "hint": "", "reason": "A slip.", "seen": 1, "by": asha, "now": NOW}
    for wrong, sentence in [
        ({"text": " "}, "Write the question"),
        ({"text": "x" * 301}, "300 characters"),
        ({"text": wording.text}, "Nothing is different"),
        ({"text": "What matters?", "reason": " \n"}, "Say why"),
    ]:
        with pytest.raises(BadText, match=sentence):
            fix_wording(**sent | wrong)
    assert not survey.fixes.exists()


def test_the_words_of_an_outcome_are_not_corrected_here(survey, asha):
    question = Question.objects.create(survey=survey, order=9, construct="right", label="HL-1")
    QuestionWording.objects.create(question=question, text="I feel well.")
    with pytest.raises(BadText, match="exact words of an outcome"):
        fix(question, "I feel good.", asha)


def test_the_surveys_own_words_are_corrected_and_kept_as_they_were(survey, asha):
    sent = {"title": survey.title, "intro": "There are three questions.", "how_to_hear_more": ""}
    made = fix_survey_words(
        survey=survey, wording=None, words=sent, reason="A slip.", seen=1, by=asha, now=NOW
    )
    survey.refresh_from_db()
    assert (survey.intro, survey.version) == ("There are three questions.", 2)
    assert (made.what, made.before, made.after) == (
        "intro (its own words)",
        "There are 3 questions.",
        "There are three questions.",
    )


def test_no_text_of_a_survey_is_emptied_but_how_to_hear_more(survey, asha):
    sent = {"survey": survey, "wording": None, "reason": "A slip.", "seen": 1, "by": asha}
    with pytest.raises(BadText, match="The safety text cannot be empty"):
        fix_survey_words(words={"safety_text": " "}, now=NOW, **sent)
    with pytest.raises(BadText, match="200 characters"):
        fix_survey_words(words={"title": "x" * 201}, now=NOW, **sent)


def test_words_in_another_language_are_corrected_in_their_own_row(survey, asha):
    put = SurveyWording.objects.create(survey=survey, language="pl", title="Ankieta", intro="Tak")
    made = fix_survey_words(
        survey=survey,
        wording=put,
        words={"title": "Ankieta dla rodziców", "intro": ""},
        reason="A slip.",
        seen=1,
        by=asha,
        now=NOW,
    )
    put.refresh_from_db()
    assert (put.title, put.intro) == ("Ankieta dla rodziców", "")
    assert made.before == "Ankieta\n\nTak"
    survey.refresh_from_db()
    assert survey.title == "Survey for parent_carer"


def test_an_extra_equality_question_is_asked_with_a_reason_before_opening(waiting, asha):
    made = ask_extra_equality(
        survey=waiting, question="religion", reason="Asked by the panel.", by=asha, now=NOW
    )
    assert (made.question, made.by, made.at) == ("religion", asha, NOW)
    with pytest.raises(BadText, match="asks that question already"):
        ask_extra_equality(survey=waiting, question="religion", reason="Why", by=asha, now=NOW)
    with pytest.raises(BadText, match="Choose one"):
        ask_extra_equality(survey=waiting, question="sex", reason="Why", by=asha, now=NOW)
    with pytest.raises(BadText, match="Say why"):
        ask_extra_equality(
            survey=waiting, question="sexual_orientation", reason=" ", by=asha, now=NOW
        )


def test_an_open_survey_asks_no_extra_equality_question(survey, asha):
    with pytest.raises(BadText, match="has opened"):
        ask_extra_equality(survey=survey, question="religion", reason="Why", by=asha, now=NOW)


def test_young_children_are_asked_no_extra_equality_question(waiting, asha):
    Survey.objects.filter(pk=waiting.pk).update(audience="young_person", ages="under_11")
    with pytest.raises(BadText, match="under 11"):
        ask_extra_equality(survey=waiting, question="religion", reason="Why", by=asha, now=NOW)
