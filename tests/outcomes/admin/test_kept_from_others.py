"""What some who read the inbox do not read there, and what nobody gives themselves."""

from datetime import timedelta

import pytest

from outcomes.actions import code, dispose, learn
from outcomes.models import AnalysisRun, Idea
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ideas(survey, asha):
    said = [world.response(survey, f"Our Tuesday hearing, {number}", NOW) for number in range(6)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.mark.parametrize("name", ["surveys_passage_changelist", "outcomes_idea_changelist"])
def test_a_reviewer_reads_no_case(visit, ideas, asha, name):
    cora = world.person("cora", "Co-production reviewer")
    dispose(of=ideas[0].source.passage, what="case", reason="The Hills", by=asha, now=NOW)
    dispose(of=ideas[1], what="complaint", by=asha, now=NOW)
    seen = visit(cora, name).content.decode()
    officers = visit(asha, name).content.decode()
    assert "hearing, 0" not in seen
    assert "hearing, 2" in seen
    assert "hearing, 0" in officers


def test_a_case_has_no_page_for_a_reviewer(visit, ideas, asha):
    cora = world.person("cora", "Co-production reviewer")
    passage = ideas[0].source.passage
    dispose(of=passage, what="case", by=asha, now=NOW)
    assert visit(cora, "surveys_passage_change", passage.pk).status_code == 404
    assert visit(asha, "surveys_passage_change", passage.pk).status_code == 200


def test_an_officer_does_not_become_the_facilitator_of_notes_that_are_there(
    client, visit, asha, note
):
    page = visit(asha, "surveys_session_change", note.session_id)
    assert "facilitator" not in page.context["adminform"].form.fields


def test_a_worker_that_fell_silent_does_not_stop_the_learning(ideas, area, consultation, asha):
    silent = NOW - timedelta(hours=1)
    AnalysisRun.objects.create(
        consultation=consultation,
        asked_by=asha,
        asked_at=silent,
        state="running",
        heard_from_at=silent,
    )
    themes = [area.themes.get(code="families")]
    for idea in ideas[:4]:
        code(idea=idea, themes=themes, by=asha, now=NOW + timedelta(hours=2))
    assert learn(consultation=consultation, by=asha, now=NOW) is None
    code(idea=ideas[4], themes=themes, by=asha, now=NOW + timedelta(hours=2))
    assert AnalysisRun.objects.filter(by_itself=True, state="queued").exists()
