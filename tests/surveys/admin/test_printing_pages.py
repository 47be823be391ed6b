"""What officers print of a survey."""

import re
from datetime import timedelta

import pytest

from surveys.models import QuestionWording, SurveyWording
from tests.conftest import NOW
from tests.papers import Paper
from tests.surveys.test_qr import read

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
SOURCES = ("poster", "email", "school", "social", "group")


def test_the_survey_s_page_leads_there_for_all_who_see_it(visit, asha, gwen, survey):
    for person in (asha, gwen):
        page = visit(person, "surveys_survey_change", survey.pk).content.decode()
        assert "Posters, paper and links" in page
        assert f"/admin/surveys/survey/{survey.pk}/print/" in page


def test_the_page_lists_an_address_and_two_codes_for_each_source(visit, asha, survey):
    page = visit(asha, "surveys_survey_print", survey.pk).content.decode()
    for source in SOURCES:
        assert f"http://testserver/s/parents/?from={source}" in page
        assert f"?source={source}&amp;as=svg" in page
        assert f"?source={source}&amp;as=png" in page


def test_nobody_without_the_right_gets_any_of_it(visit, dev, fran, survey):
    for name in ("print", "poster", "paper", "qr"):
        for person in (dev, fran):
            assert visit(person, f"surveys_survey_{name}", survey.pk).status_code == 403
        assert visit(None, f"surveys_survey_{name}", survey.pk).status_code == 302


@pytest.mark.parametrize("source", SOURCES)
def test_a_phone_reads_the_address_with_its_source(visit, asha, survey, source):
    page = visit(asha, "surveys_survey_qr", survey.pk, query=f"?source={source}&as=png")
    assert page["Content-Type"] == "image/png"
    assert f"qr-parents-{source}.png" in page["Content-Disposition"]
    assert read(page.content) == [f"http://testserver/s/parents/?from={source}"]


def test_the_drawing_of_a_code_stands_alone(visit, asha, survey):
    page = visit(asha, "surveys_survey_qr", survey.pk, query="?source=email&as=svg")
    assert page["Content-Type"] == "image/svg+xml"
    assert page.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert "qr-parents-email.svg" in page["Content-Disposition"]


@pytest.mark.parametrize("source", ["someone", "Poster", "a%0d%0ab", "%22"])
def test_a_source_that_is_none_of_ours_is_not_found(visit, asha, survey, source):
    query = f"?source={source}"
    assert visit(asha, "surveys_survey_qr", survey.pk, query=query).status_code == 404


def poster(visit, who, survey, query="") -> Paper:
    page = visit(who, "surveys_survey_poster", survey.pk, query=query)
    assert page.status_code == 200
    assert page["Content-Type"] == "application/pdf"
    return Paper(page.content)


def test_a_poster_says_what_when_and_how_else(visit, asha, survey):
    paper = poster(visit, asha, survey)
    for words in (
        survey.title,
        survey.card_text,
        "testserver/s/parents",
        f"From 12 November 2026 to {survey.closes_words}.",
        "01632 960000",
        "The forum runs this.",
    ):
        assert words in paper.text, words
    assert "easy read" not in paper.text
    assert paper.says_that_it_can_be_read_aloud()
    assert (paper.title, paper.language, paper.pages) == (survey.title, "en-GB", 1)
    assert paper.pictures == ["The way to the questions"]


def test_a_poster_names_easy_read_where_there_is_one(visit, asha, survey):
    for question in survey.questions.all():
        QuestionWording.objects.create(question=question, form="easy_read", text="Easy?")
    assert "easy read" in poster(visit, asha, survey).text


def test_the_longest_words_still_fit_one_page(visit, asha, survey):
    survey.title = ("Long words of a title " * 10)[:200]
    survey.card_text = "A sentence that goes on. " * 40
    survey.consultation.title = ("The whole consultation " * 9)[:200]
    survey.consultation.save()
    survey.save()
    assert poster(visit, asha, survey).pages == 1


def test_a_poster_of_a_survey_without_dates_says_coming_soon(visit, asha, survey):
    survey.opens_on = survey.closes_on = None
    survey.save()
    assert "Coming soon." in poster(visit, asha, survey).text


def test_a_poster_comes_in_the_languages_of_the_survey(visit, asha, survey):
    SurveyWording.objects.create(survey=survey, language="pl", title="Ankieta dla rodziców")
    paper = poster(visit, asha, survey, "?language=pl")
    assert "Ankieta dla rodziców" in paper.text
    assert paper.language == "pl"
    page = visit(asha, "surveys_survey_poster", survey.pk, query="?language=so")
    assert page.status_code == 404


def test_a_paper_form_can_be_printed_before_the_survey_opens(visit, asha, survey):
    survey.opens_on = NOW.date() + timedelta(days=3)
    survey.save()
    page = visit(asha, "surveys_survey_paper", survey.pk, query="?form=standard&language=en")
    assert page["Content-Disposition"] == 'inline; filename="paper-parents-standard-en.pdf"'
    assert "1. What about what_matters?" in Paper(page.content).text


def test_the_page_offers_the_forms_in_which_all_is_worded(visit, asha, survey):
    first, *rest = survey.questions.all()
    QuestionWording.objects.create(question=first, form="easy_read", text="Easy?")
    page = visit(asha, "surveys_survey_print", survey.pk).content.decode()
    assert re.findall(r"Paper form \(PDF, ([^)]*)\)", page) == ["standard, English"]
    for question in rest:
        QuestionWording.objects.create(question=question, form="easy_read", text="Easy?")
    page = visit(asha, "surveys_survey_print", survey.pk).content.decode()
    assert re.findall(r"Paper form \(PDF, ([^)]*)\)", page) == [
        "standard, English",
        "easy read, English",
    ]


def test_without_questions_there_is_no_paper_form_to_print(visit, asha, survey):
    survey.questions.all().delete()
    page = visit(asha, "surveys_survey_print", survey.pk).content.decode()
    assert "There is none yet" in page
    assert visit(asha, "surveys_survey_paper", survey.pk).status_code == 404
