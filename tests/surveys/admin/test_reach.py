"""The live page of a consultation's reach."""

import pytest

from surveys.actions import STANDARD_LIST
from surveys.models import ReachTarget, Session
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
REACH = "surveys_consultation_reach"


def words(page):
    return " ".join(page.content.decode().split())


def test_only_who_runs_the_consultation_sees_its_reach(visit, asha, ben, gwen, fran, dev, survey):
    for refused in (gwen, fran, dev):
        assert visit(refused, REACH, survey.consultation_id).status_code == 403
    for allowed in (asha, ben):
        assert visit(allowed, REACH, survey.consultation_id).status_code == 200
    assert visit(asha, REACH, 999).status_code == 404


def test_it_shows_people_against_the_target_and_who_is_missing(visit, asha, survey, consultation):
    ReachTarget.objects.create(consultation=consultation, audience="parent_carer", people=12)
    world.survey(consultation, "young_person", "young", NOW)
    for number in range(6):
        world.response(survey, f"Heard {number}", NOW)
    Session.objects.create(
        consultation=consultation, title="W", audience="young_person", held_on=NOW, people=30
    )
    page = words(visit(asha, REACH, consultation.pk))
    assert '<td class="number">12</td> <td class="number">50%</td>' in page
    assert "There is no survey for practitioners." in page
    assert "Nobody yet: children and young people" in page
    assert '<td class="number">1</td> <td class="number">30</td>' in page


def test_few_people_are_not_told_apart(visit, asha, survey, consultation):
    for number in range(3):
        world.response(survey, f"Heard {number}", NOW)
    page = words(visit(asha, REACH, consultation.pk))
    assert "fewer than 5" in page
    assert ">3<" not in page


def test_the_standard_list_is_added_by_a_press(visit, asha, gwen, consultation):
    name = "surveys_consultation_standard-list"
    assert visit(gwen, name, consultation.pk, data={}).status_code == 403
    assert visit(asha, name, consultation.pk).status_code == 405
    visit(asha, name, consultation.pk, data={})
    assert consultation.stakeholders.count() == len(STANDARD_LIST)
    page = words(visit(asha, REACH, consultation.pk))
    assert "0 of 19 invited" in page
    assert "Add the standard list" not in page
    assert "Check against the law" in words(
        visit(asha, "surveys_consultation_change", consultation.pk)
    )


def test_the_way_to_it_is_on_the_consultations_page(visit, asha, gwen, consultation):
    assert "/reach/" in words(visit(asha, "surveys_consultation_change", consultation.pk))
    assert "/reach/" not in words(visit(gwen, "surveys_consultation_change", consultation.pk))
