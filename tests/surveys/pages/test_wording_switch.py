"""The same questions in another form or language, at any point, with nothing lost."""

import pytest

from surveys.models import Answer, QuestionWording, SurveyWording
from tests.surveys.pages.conftest import Parent

EASY, POLISH = "Easy: what matters?", "Co jest ważne?"


@pytest.fixture
def survey(survey):
    """Also in easy read, and partly in Polish."""
    for question in survey.questions.all():
        put = {"question": question, "hint": ""}
        QuestionWording.objects.create(text=f"Easy: {question.label}?", form="easy_read", **put)
    first = survey.questions.first()
    QuestionWording.objects.filter(question=first, form="easy_read").update(text=EASY)
    QuestionWording.objects.create(question=first, text=POLISH, language="pl")
    SurveyWording.objects.create(
        survey=survey, form="easy_read", title="Easy survey", safety_text="No names."
    )
    SurveyWording.objects.create(survey=survey, language="pl", title="Ankieta")
    return survey


def shown(page) -> str:
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_the_question_offers_the_other_forms(parent):
    words = shown(parent.get("/s/parents/1/"))
    assert '<strong aria-current="true">Standard</strong>' in words
    assert 'form="answer" name="form" value="easy_read">Easy read</button>' in words
    assert "Under 11" not in words


def test_a_survey_with_one_form_offers_no_choice(parent, survey):
    QuestionWording.objects.filter(form="easy_read", question=survey.questions.last()).delete()
    for address in ("/s/parents/", "/s/parents/1/"):
        assert "How to show the questions" not in shown(parent.get(address))


def test_switching_saves_what_is_typed_and_shows_the_same_question(parent):
    assert parent.answers(1, "My <dog>", form="easy_read").url == "/s/parents/1/"
    words = shown(parent.get("/s/parents/1/"))
    assert EASY in words
    assert "My &lt;dog&gt;</textarea>" in words
    assert parent.response.wording_form == "easy_read"
    assert parent.answers(1, "My dog", form="standard").url == "/s/parents/1/"
    assert "What about what_matters?" in shown(parent.get("/s/parents/1/"))


def test_the_wording_that_was_read_is_recorded_with_the_answer(parent):
    parent.answers(1, "One")
    assert Answer.objects.get().wording.form == "standard"
    parent.answers(1, "One", form="easy_read")
    parent.answers(1, "Two")
    assert Answer.objects.get().wording.text == EASY


def test_a_change_from_the_check_page_is_still_one_after_switching(parent):
    form = parent.get("/s/parents/1/?change=1").context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    page = parent.post("/s/parents/1/?change=1", text="A", form="easy_read", **hidden)
    assert page.url == "/s/parents/1/?change=1"


def test_a_refused_text_is_shown_back_and_the_form_stays(parent):
    page = parent.answers(1, "x" * 2001, form="easy_read")
    assert page.status_code == 422
    assert "x" * 2001 + "</textarea>" in page.content.decode()
    assert parent.response.wording_form == "standard"


@pytest.mark.parametrize("form", ["under_11", "made up", ""])
def test_a_form_that_is_not_offered_changes_nothing(parent, form):
    assert parent.answers(1, "Words", form=form).url == "/s/parents/1/"
    assert parent.stored(1) == "Words"
    assert parent.response.wording_form == "standard"


def test_switching_the_language_saves_and_shows_the_same_question_in_it(parent):
    page = parent.answers(1, "My dog", language="pl")
    assert page.url == "/s/parents/1/"
    words = shown(parent.get("/s/parents/1/"))
    assert '<html lang="pl"' in words
    assert POLISH in words
    assert "My dog</textarea>" in words
    assert parent.response.language == "pl"
    parent.answers(1, "Mój pies")
    assert Answer.objects.get().wording.text == POLISH


def test_words_in_another_language_than_the_page_say_so(parent):
    parent.answers(1, "", language="pl")
    words = shown(parent.get("/s/parents/1/"))
    assert f'class="govuk-label govuk-label--l">{POLISH}</label>' in words
    assert '<div lang="en" dir="ltr"><p>Please do not write names.</p></div>' in words
    words = shown(parent.get("/s/parents/2/"))
    assert 'govuk-label--l" lang="en" dir="ltr">What about difference?</label>' in words
    start = shown(parent.get("/s/parents/"))
    assert '<h1 class="govuk-heading-l">Ankieta</h1>' in start
    assert "<title>O Tobie: Ankieta" in shown(parent.get("/s/parents/about-you/"))
    assert '<div class="portal-prose" lang="en" dir="ltr"><p>There are 3 questions.' in start


@pytest.mark.parametrize("language", ["xx", "PL; x", ""])
def test_a_language_that_is_not_offered_changes_nothing(parent, language):
    assert parent.answers(1, "Words", language=language).url == "/s/parents/2/"
    assert parent.response.language == "en"


def test_the_language_of_the_page_is_recorded_with_each_answer(parent):
    parent.answers(1, "One")
    assert parent.response.language == "en"
    parent.client.cookies["django_language"] = "pl"
    parent.answers(2, "Two")
    assert parent.response.language == "pl"


def test_the_form_can_be_chosen_before_starting(stranger):
    words = shown(stranger.get("/s/parents/?form=easy_read"))
    assert "Easy survey" in words
    assert '<input type="hidden" name="form" value="easy_read">' in words
    stranger.post("/s/parents/", form="easy_read")
    assert stranger.response.wording_form == "easy_read"
    words = shown(stranger.get("/s/parents/1/"))
    assert EASY in words
    assert "<p>No names.</p>" in words


def test_the_first_form_of_the_survey_is_taken_where_none_is_chosen(stranger, survey):
    survey.first_form = "easy_read"
    survey.save()
    assert "Easy survey" in shown(stranger.get("/s/parents/?form=made-up"))
    stranger.post("/s/parents/")
    assert stranger.response.wording_form == "easy_read"


def test_going_on_with_a_draft_takes_the_form_chosen(parent):
    parent.answers(1, "One")
    parent.post("/s/parents/", form="easy_read")
    assert parent.response.wording_form == "easy_read"
    assert parent.stored(1) == "One"


def test_without_a_cookie_words_are_saved_in_the_form_that_the_survey_begins_with(stranger):
    assert stranger.post("/s/parents/1/", text="Not lost", form="easy_read").url == "/s/parents/1/"
    assert stranger.stored(1) == "Not lost"
    assert stranger.response.wording_form == "easy_read"


def test_enter_in_the_form_goes_on_and_changes_no_wording(parent):
    """A browser presses the first button of a form: ours names no form and no language."""
    words = shown(parent.get("/s/parents/1/"))
    first = words[words.index("<button type=") :].split(">")[0]
    assert 'form="answer"' in first
    assert 'tabindex="-1"' in first
    assert "name=" not in first


def test_the_helpline_is_told_in_the_form_that_is_read(survey):
    survey.safety_text = "No names.\n\nIf you are in danger, call 999."
    survey.save()
    SurveyWording.objects.update(safety_text="No names.\n\nNo schools.\n\nIn danger? Call 999.")
    young = Parent()
    young.begins()
    assert "If you are in danger, call 999." in shown(young.get("/s/parents/2/"))
    young.answers(1, "", form="easy_read")
    words = shown(young.get("/s/parents/2/"))
    assert "In danger? Call 999." in words
    assert "No schools." not in words
