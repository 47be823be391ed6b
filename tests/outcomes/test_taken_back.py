"""Words that a person took back are nowhere any more, not even as the name of a group."""

import pytest
from django.apps import apps

from outcomes.models import GroupSuggestion, Idea
from outcomes.models.analysis import TAKEN_BACK
from surveys.actions import begin_change, save_answer, send_response, withdraw_response
from surveys.models import Answer
from tests import world

pytestmark = pytest.mark.django_db
WORDS = "Somewhere  quiet to go after school with nobody shouting."
NAME = "Somewhere quiet to go after school"


@pytest.fixture
def said(survey, now):
    return [world.response(survey, text, now) for text in (WORDS, "Sleep", "Rest")]


@pytest.fixture
def named(survey, said, asha, now):
    """A group that a run named in the words of the first."""
    run = world.run(survey.consultation, asha, now)
    made = world.group(run, "health", Answer.objects.filter(response__in=said))
    made.name = NAME
    made.save()
    return made


def stored(text: str) -> list[str]:
    return [
        model.__name__
        for model in apps.get_models()
        for row in model.objects.values()
        if text in str(row)
    ]


def test_a_group_loses_the_name_that_was_words_taken_back(named, said, now):
    assert set(stored("quiet to go")) == {"Answer", "GroupSuggestion", "Passage"}
    withdraw_response(response=said[0], now=now)
    named.refresh_from_db()
    assert named.name == TAKEN_BACK
    assert named.members.count() == 2
    assert stored("quiet to go") == []


def test_a_changed_answer_takes_its_name_along_too(named, said, now):
    change = begin_change(response=said[0], now=now)
    question = change.survey.questions.first()
    save_answer(response=change, question=question, text="Other words", seen=None, now=now)
    send_response(response=change, may_quote=None, now=now)
    assert stored("quiet to go") == []


def test_a_name_that_others_said_too_stays(named, survey, said, now):
    again = world.response(survey, WORDS, now).answers.get()
    idea = Idea.objects.create(answer=again, start=0, end=len(WORDS), found_by=named.run)
    named.members.first().__class__.objects.create(
        run=named.run, idea=idea, theme=named.theme, scores={}, reason="Close.", group=named
    )
    withdraw_response(response=said[0], now=now)
    named.refresh_from_db()
    assert named.name == NAME


def test_a_name_of_somebody_elses_words_stays(named, said, now):
    withdraw_response(response=said[1], now=now)
    assert GroupSuggestion.objects.get().name == NAME


def test_a_name_cut_short_goes_as_well(named, said, now):
    GroupSuggestion.objects.update(name="Somewhere quiet to g…")
    withdraw_response(response=said[0], now=now)
    assert GroupSuggestion.objects.get().name == TAKEN_BACK
