"""The consultation and its surveys in the admin."""

from datetime import date

import pytest

from surveys.models import Consultation
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_button_publishes_the_page_and_only_a_press_does(visit, asha, area):
    made = Consultation.objects.create(
        area=area, title="Soon", slug="soon", decision_maker="All", what_can_change="All"
    )
    page = visit(asha, "surveys_consultation_change", made.pk).content.decode()
    assert "Publish the page" in page
    assert visit(asha, "surveys_consultation_publish", made.pk).status_code == 405
    made.refresh_from_db()
    assert made.published_at is None
    visit(asha, "surveys_consultation_publish", made.pk, data={})
    refused = visit(asha, "surveys_consultation_change", made.pk).content.decode()
    assert "This cannot be published yet. Missing: a privacy notice" in refused
    world.notice(area, by=asha, now=NOW)
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
