"""The consultation and its surveys in the admin."""

from datetime import date, timedelta

import pytest
from django.forms import model_to_dict

from surveys.models import Consultation, Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def form_of(survey: Survey, **changes) -> dict:
    """What the survey's page sends."""
    fields = {key: value for key, value in model_to_dict(survey).items() if value is not None}
    inlines = {}
    for prefix in ("questions", "deadline_changes"):
        inlines |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return fields | inlines | changes


def test_a_button_publishes_the_page_and_only_a_press_does(visit, asha, area):
    made = Consultation.objects.create(area=area, title="Soon", slug="soon", decision_maker="All")
    page = visit(asha, "surveys_consultation_change", made.pk).content.decode()
    assert "Publish the page" in page
    assert visit(asha, "surveys_consultation_publish", made.pk).status_code == 405
    made.refresh_from_db()
    assert made.published_at is None
    visit(asha, "surveys_consultation_publish", made.pk, data={})
    made.refresh_from_db()
    assert (made.published_at, made.published_by) == (NOW, asha)
    assert (
        "Publish the page"
        not in visit(asha, "surveys_consultation_change", made.pk).content.decode()
    )


def test_an_analysis_is_asked_for_on_the_page_of_the_consultation(visit, asha, gwen, survey):
    where = ("surveys_consultation_change", survey.consultation_id)
    assert "Ask for an analysis" in visit(asha, *where).content.decode()
    assert "Ask for an analysis" not in visit(gwen, *where).content.decode()


def test_dates_stay_once_a_survey_has_opened_and_texts_do_not(visit, asha, survey):
    before = survey.closes_on
    sent = form_of(survey, closes_on=before + timedelta(days=90), title="Another title")
    assert visit(asha, "surveys_survey_change", survey.pk, data=sent).status_code == 302
    survey.refresh_from_db()
    assert survey.title == "Another title"
    assert survey.closes_on == before


def test_dates_can_be_set_before_a_survey_opens(visit, asha, survey):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=1))
    survey.refresh_from_db()
    later = date(2027, 1, 31)
    visit(asha, "surveys_survey_change", survey.pk, data=form_of(survey, closes_on=later))
    survey.refresh_from_db()
    assert survey.closes_on == later


@pytest.mark.parametrize(("opens_in", "may"), [(1, True), (-1, False)])
def test_questions_can_be_reworded_only_before_a_survey_opens(visit, asha, survey, opens_in, may):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=opens_in))
    question = survey.questions.all()[0]
    wording = question.wordings.get()
    sent = {
        "order": 1,
        "construct": question.construct,
        "label": "Changed",
        "max_chars": 2000,
        "wordings-TOTAL_FORMS": 1,
        "wordings-INITIAL_FORMS": 1,
        "wordings-0-id": wording.pk,
        "wordings-0-question": question.pk,
        "wordings-0-form": "standard",
        "wordings-0-language": "en",
        "wordings-0-text": "What now?",
        "wordings-0-hint": "",
    }
    response = visit(asha, "surveys_question_change", question.pk, data=sent)
    assert response.status_code == (302 if may else 403)
    wording.refresh_from_db()
    assert (wording.text == "What now?") is may


def test_a_closing_date_moves_later_with_a_reason(visit, asha, survey):
    sent = {"closes_on": "2026-12-24", "reason": "Schools asked for more time."}
    assert visit(asha, "surveys_survey_extend", survey.pk, data=sent).status_code == 302
    change = survey.deadline_changes.get()
    assert (change.closes_on_now, change.by, change.at) == (date(2026, 12, 24), asha, NOW)
    page = visit(asha, "surveys_survey_change", survey.pk).content.decode()
    assert "Schools asked for more time." in page


def test_a_refused_extension_keeps_what_was_typed(visit, asha, survey):
    sent = {"closes_on": "2026-11-23", "reason": "It was a <b>mistake</b>."}
    page = visit(asha, "surveys_survey_extend", survey.pk, data=sent).content.decode()
    assert "A date is never moved earlier." in page
    assert "It was a &lt;b&gt;mistake&lt;/b&gt;." in page
    assert 'value="2026-11-23"' in page
    assert not survey.deadline_changes.exists()


def test_a_survey_links_to_its_public_page(visit, asha, survey):
    assert 'href="/s/parents/"' in visit(asha, "surveys_survey_change", survey.pk).content.decode()


def test_nothing_of_the_river_is_deleted_here(visit, survey):
    root = world.person("root")
    root.is_superuser = True
    root.save()
    response = world.response(survey, "Being heard", NOW)
    for name, key in [
        ("surveys_consultation", survey.consultation_id),
        ("surveys_survey", survey.pk),
        ("surveys_response", response.pk),
    ]:
        assert visit(root, f"{name}_delete", key, data={"post": "yes"}).status_code == 403


def test_an_unknown_row_is_not_found(visit, asha, survey):
    for name in ("surveys_survey_change", "surveys_survey_extend", "surveys_response_change"):
        assert visit(asha, name, 999_999).status_code == 404
    assert visit(asha, "surveys_survey_change", "nonsense").status_code == 404
