"""A survey as people would see it, before it opens."""

import pytest

from surveys.models import Question, QuestionWording, Response, Survey, SurveyWording

pytestmark = pytest.mark.django_db
PREVIEW = "surveys_survey_preview"


@pytest.fixture
def waiting(survey) -> Survey:
    survey.opens_on = survey.closes_on = None
    survey.save()
    first = survey.questions.first()
    QuestionWording.objects.create(question=first, form="easy_read", text="What do you like?")
    QuestionWording.objects.create(question=first, language="pl", text="Co jest ważne?")
    SurveyWording.objects.create(survey=survey, form="easy_read", intro="We ask 3 things.")
    SurveyWording.objects.create(survey=survey, language="pl", intro="Są 3 pytania.")
    first.pictures.create(drawing="home", label="Home")
    return survey


def test_every_page_is_shown_before_it_opens_and_nothing_can_be_sent(visit, asha, waiting):
    page = visit(asha, PREVIEW, waiting.pk).content.decode()
    for words in (
        waiting.title,
        waiting.intro,
        waiting.safety_text,
        "What about what_matters?",
        "What about difference?",
        "What about how_know?",
        "Who are you to the child or young person?",
    ):
        assert words in page
    main = page[page.index('id="main"') : page.index("</main>")]
    assert 'method="post"' not in main
    assert main.count('<fieldset class="govuk-fieldset" disabled>') == 4
    assert not Response.objects.exists()


def test_it_is_shown_in_the_form_and_language_asked_for(visit, asha, waiting):
    easy = visit(asha, PREVIEW, waiting.pk, query="?form=easy_read").content.decode()
    assert "What do you like?" in easy
    assert "We ask 3 things." in easy
    assert "drawings/home" in easy
    polish = visit(asha, PREVIEW, waiting.pk, query="?language=pl").content.decode()
    assert "Co jest ważne?" in polish
    assert "Są 3 pytania." in polish
    assert '<html lang="pl"' in polish


def test_what_the_survey_does_not_have_is_shown_as_people_would_get_it(visit, asha, waiting):
    page = visit(asha, PREVIEW, waiting.pk, query="?form=under_11&language=xx").content.decode()
    assert "What about what_matters?" in page
    page = visit(asha, PREVIEW, waiting.pk, query="?form=../..&language=%3Cb%3E").content.decode()
    assert waiting.intro in page


def test_it_begins_in_the_surveys_first_form(visit, asha, waiting):
    Survey.objects.update(first_form="easy_read")
    assert "What do you like?" in visit(asha, PREVIEW, waiting.pk).content.decode()


def test_an_outcome_is_shown_with_where_it_came_from_and_the_four_answers(visit, asha, waiting):
    question = Question.objects.create(
        survey=waiting, order=9, construct="right", label="HL-1", background="From 12 people."
    )
    QuestionWording.objects.create(question=question, text="I feel well.")
    page = visit(asha, PREVIEW, waiting.pk).content.decode()
    for words in ("I feel well.", "From 12 people.", "Have we got this right?", "Nearly"):
        assert words in page
    assert (
        "drawings/yes" in visit(asha, PREVIEW, waiting.pk, query="?form=easy_read").content.decode()
    )


@pytest.mark.parametrize(
    ("who", "status"), [("asha", 200), ("gwen", 200), ("fran", 403), ("dev", 403)]
)
def test_who_may_see_surveys_may_preview_them(visit, request, waiting, who, status):
    assert visit(request.getfixturevalue(who), PREVIEW, waiting.pk).status_code == status
    assert visit(request.getfixturevalue("asha"), PREVIEW, 999_999).status_code == 404


@pytest.mark.parametrize("audience", ["parent_carer", "practitioner", "young_person"])
@pytest.mark.parametrize("form", ["standard", "easy_read", "under_11"])
def test_any_audience_in_any_form_can_be_previewed(visit, asha, waiting, audience, form):
    Survey.objects.update(audience=audience)
    assert visit(asha, PREVIEW, waiting.pk, query=f"?form={form}").status_code == 200
