"""How sure the machine is: its expectation in words, and people's decisions against suggestions."""

from datetime import timedelta

import pytest

from outcomes.actions import accept, code, code_several, undo_coding
from outcomes.certainty import agreement, expected, wilson
from outcomes.models import AnalysisRun, Idea, ThemeSuggestion
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ideas(survey, asha):
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(4)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


def measured(consultation):
    found = agreement(consultation)
    return found.same, found.decisions


def test_decisions_are_held_against_what_was_suggested_before(ideas, themes, consultation, asha):
    accept(idea=ideas[0], by=asha, now=LATER)
    code(idea=ideas[1], themes=[themes["health"], themes["families"]], by=asha, now=LATER)
    code(idea=ideas[2], themes=[themes["families"]], by=asha, now=LATER)
    assert measured(consultation) == (2, 3)


def test_a_suggestion_made_after_the_decision_does_not_count(ideas, themes, consultation, asha):
    code(idea=ideas[0], themes=[themes["families"]], by=asha, now=LATER)
    after = world.run(consultation, asha, LATER + timedelta(hours=1))
    ThemeSuggestion.objects.create(
        run=after, idea=ideas[0], theme=themes["families"], scores={}, reason="It learned."
    )
    assert measured(consultation) == (0, 1)


def test_a_decision_before_any_analysis_ended_does_not_count(ideas, themes, consultation, asha):
    AnalysisRun.objects.update(state="running", finished_at=None)
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    assert measured(consultation) == (0, 0)


def test_only_the_first_decision_of_an_idea_counts(ideas, themes, consultation, asha):
    code(idea=ideas[0], themes=[themes["families"]], by=asha, now=LATER)
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=LATER)
    undo_coding(idea=ideas[0], by=asha, now=LATER)
    assert measured(consultation) == (0, 1)


def test_what_was_decided_together_measures_nothing(ideas, themes, consultation, asha):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=LATER)
    assert measured(consultation) == (0, 0)


def test_the_interval_is_wilsons_and_says_no_more_than_it_knows():
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert [round(side, 4) for side in wilson(10, 10)] == [0.7225, 1.0]


def test_the_interval_in_percent_is_rounded_outwards(ideas, themes, consultation, asha):
    for idea in ideas:
        accept(idea=idea, by=asha, now=LATER)
    found = agreement(consultation)
    assert (found.share, found.interval) == (100, (51, 100))


def test_what_a_run_expects_of_itself_is_told_in_percent(consultation, asha):
    run = world.run(consultation, asha, NOW)
    assert expected(run) is None
    run.measured = {"checks": 20, "corrected": 7.1, "spread": 1, "before": 0.803, "after": 0.842}
    told = expected(run)
    assert (told.now, told.after, told.checks) == (80, 84, 20)
