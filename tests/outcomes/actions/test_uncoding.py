"""What was decided for many together is taken back for all of them, where it still stands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import (
    ChangedMeanwhile,
    accept_several,
    code,
    code_several,
    cut,
    decided_together,
    dispose,
    dispose_several,
    raise_concern,
    undo_coding,
    undo_several,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Coding, Disposition, Idea
from surveys.models import Answer, AuditEvent
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=9)


@pytest.fixture
def ideas(survey, asha):
    """Of four parents; the machine suggests health for each."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(4)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


def code_now(idea):
    found = Coding.objects.current().filter(idea=idea).first()
    return ", ".join(theme.code for theme in found.themes) if found else None


def end_now(idea):
    found = Disposition.objects.current().filter(idea=idea).first()
    return found and found.what


def undo(asha, by=None, **seen):
    return undo_several(made_by=asha, made_at=NOW, by=by or asha, now=LATER, **seen)


def test_each_idea_is_again_what_it_was(ideas, themes, asha, ben):
    before = NOW - timedelta(hours=1)
    code(idea=ideas[0], themes=[themes["families"], themes["health"]], by=ben, now=before)
    code_several(ideas=ideas, themes=[themes["education"]], by=asha, now=NOW)
    assert undo(asha, ben) == 4
    assert [code_now(one) for one in ideas] == ["families, health", "", "", ""]
    newest = Coding.objects.current().first()
    assert (newest.how, newest.by, newest.at) == ("undone", ben, LATER)
    assert Coding.objects.filter(how="together").count() == 4
    told = AuditEvent.objects.filter(what="decided together: taken back")
    assert told.count() == 4


def test_what_was_accepted_for_all_is_taken_back_too(ideas, asha):
    accept_several(ideas=ideas, by=asha, now=NOW)
    assert undo(asha) == 4
    assert {code_now(one) for one in ideas} == {""}


def test_what_was_decided_otherwise_since_stays(ideas, themes, asha, ben):
    code_several(ideas=ideas, themes=[themes["education"]], by=asha, now=NOW)
    code(idea=ideas[0], themes=[themes["health"]], by=ben, now=LATER)
    dispose(of=ideas[1], what="nothing", by=ben, now=LATER)
    dispose(of=ideas[2].answer.passage, what="off topic", by=ben, now=LATER)
    found = decided_together(made_by=asha, made_at=NOW)
    assert (found.total, found.back, found.stay) == (4, 1, 3)
    assert undo(asha) == 1
    assert [code_now(one) for one in ideas] == ["health", "education", "education", ""]
    assert end_now(ideas[1]) == "nothing"


def test_what_stands_again_because_a_later_code_was_taken_back_is_taken_back(
    ideas, themes, asha, ben
):
    code_several(ideas=ideas, themes=[themes["education"]], by=asha, now=NOW)
    code(idea=ideas[0], themes=[themes["health"]], by=ben, now=LATER)
    undo_coding(idea=ideas[0], by=ben, now=LATER)
    assert undo(asha) == 4
    assert code_now(ideas[0]) == ""


def test_what_had_nothing_to_code_has_nothing_again(ideas, themes, asha, ben):
    code(idea=ideas[1], themes=[themes["health"]], by=ben, now=NOW - timedelta(hours=2))
    for idea, what in zip(ideas, ("nothing", "duplicate"), strict=False):
        dispose(of=idea, what=what, by=ben, now=NOW - timedelta(hours=1))
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)
    assert [end_now(one) for one in ideas] == [None] * 4
    changes = decided_together(made_by=asha, made_at=NOW).changes
    assert sorted(changes) == [
        ("Healthy lives", "not coded", 2),
        ("Healthy lives", "nothing to code", 1),
        ("Healthy lives", "said by the same person elsewhere", 1),
    ]
    assert undo(asha) == 4
    assert [end_now(one) for one in ideas] == ["nothing", "duplicate", None, None]
    assert [code_now(one) for one in ideas] == ["", "health", "", ""]


def test_nothing_to_code_in_many_is_taken_back(ideas, themes, asha, ben):
    code(idea=ideas[0], themes=[themes["health"]], by=ben, now=NOW)
    dispose_several(ideas=ideas, by=asha, now=NOW)
    code(idea=ideas[3], themes=[themes["families"]], by=ben, now=LATER)
    found = decided_together(made_by=asha, made_at=NOW)
    assert sorted(found.changes) == [
        ("nothing to code", "Healthy lives", 1),
        ("nothing to code", "not coded", 2),
    ]
    assert (undo(asha), found.stay) == (3, 1)
    assert not Disposition.objects.current().exists()
    assert [code_now(one) for one in ideas] == ["health", None, None, "families"]


def test_both_halves_of_an_idea_that_was_cut_since_are_taken_back(ideas, themes, asha):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)
    cut(idea=ideas[0], at=5, by=asha, now=LATER)
    assert undo(asha) == 5
    assert {code_now(one) for one in Idea.objects.all()} == {""}


def test_only_that_moment_and_that_person_are_meant(ideas, themes, asha, ben):
    code_several(ideas=ideas[:2], themes=[themes["health"]], by=asha, now=NOW)
    code_several(ideas=ideas[2:3], themes=[themes["health"]], by=ben, now=NOW)
    code_several(ideas=ideas[3:], themes=[themes["health"]], by=asha, now=LATER)
    undo(asha)
    assert [code_now(one) for one in ideas] == ["", "", "health", "health"]


def test_twice_is_told(ideas, themes, asha, ben):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)
    undo(asha)
    with pytest.raises(AlreadyDecided, match="nothing to take back"):
        undo(asha, ben)
    with pytest.raises(AlreadyDecided):
        undo_several(made_by=ben, made_at=NOW, by=asha, now=LATER)


def test_what_changed_since_it_was_shown_is_looked_at_first(ideas, themes, asha, ben):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)
    seen = decided_together(made_by=asha, made_at=NOW).seen
    code(idea=ideas[0], themes=[themes["families"]], by=ben, now=LATER)
    with pytest.raises(ChangedMeanwhile):
        undo(asha, seen=seen)
    assert undo(asha, seen=decided_together(made_by=asha, made_at=NOW).seen) == 3


def test_what_is_withheld_is_left_alone(ideas, themes, asha):
    code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)
    source = ideas[0].answer
    raise_concern(source=source, category="other", reason="Harm.", by=asha, now=LATER)
    assert undo(asha) == 3
    assert Coding.everything.current().get(idea=ideas[0]).theme == themes["health"]


def questions(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_it_asks_no_more_for_more_ideas(survey, ideas, themes, asha):
    said = [world.response(survey, f"More sleep, {number}", NOW) for number in range(10)]
    answers = list(Answer.objects.filter(response__in=said))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    every, counted = list(Idea.objects.all()), []
    # The first time the machine begins to learn from it.
    for some, minutes in ((every, 1), (ideas[:2], 2), (every, 3)):
        at = NOW + timedelta(minutes=minutes)
        dispose_several(ideas=some, by=asha, now=NOW)
        asked = questions(
            lambda some=some, at=at: code_several(
                ideas=some, themes=[themes["health"]], by=asha, now=at
            )
        )
        undone = questions(lambda at=at: undo_several(made_by=asha, made_at=at, by=asha, now=LATER))
        counted.append((asked, undone))
    assert counted[1] == counted[2]
