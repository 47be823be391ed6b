"""Two officers take back, cut or mark at the same moment: one of them is told, and no word is lost.

Row locks are PostgreSQL's: `make test-postgres` runs these where they can fail.
"""

from itertools import pairwise

import pytest

from outcomes.actions import (
    code,
    code_several,
    cut,
    decided_together,
    find_idea,
    move_border,
    newest_cutting,
    nothing_more,
    undo_cutting,
    undo_several,
)
from outcomes.models import Coding, Cutting, Disposition, Idea
from surveys.models import Passage
from tests import world
from tests.at_once import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Miss Okafor rings back. Nobody else does."


@pytest.fixture
def passage(survey, now):
    return Passage.objects.get(answer__response=world.response(survey, TEXT, now))


@pytest.fixture
def idea(passage, survey, asha, now):
    """The first sentence."""
    run = world.run(survey.consultation, asha, now)
    return Idea.objects.create(answer=passage.answer, start=0, end=23, found_by=run)


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


def spans():
    return list(Idea.objects.order_by("start").values_list("start", "end"))


def test_a_step_that_two_take_back_is_taken_back_once(passage, idea, asha, ben, now):
    idea = move_border(idea=idea, start=0, end=11, by=asha, now=now)
    move_border(idea=idea, start=5, end=11, by=asha, now=now)
    seen = newest_cutting(passage).pk
    results = at_once(
        lambda: undo_cutting(passage=passage, by=asha, now=now, seen=seen),
        lambda: undo_cutting(passage=passage, by=ben, now=now, seen=seen),
    )
    (told,) = refused(results)
    assert "meanwhile" in str(told)
    assert spans() == [(0, 11)]
    assert Cutting.objects.filter(undone_at__isnull=False).count() == 1


def test_taken_back_while_another_marks_those_words_no_ideas_overlap(passage, idea, asha, ben, now):
    move_border(idea=idea, start=0, end=11, by=asha, now=now)
    results = at_once(
        lambda: undo_cutting(passage=passage, by=asha, now=now),
        lambda: find_idea(passage=passage, start=12, end=41, by=ben, now=now),
    )
    found = spans()
    assert all(end <= after for (_, end), (after, _) in pairwise(found))
    # The later of the two may have taken back the mark, which was the newest step then.
    assert found in ([(0, 23)], [(0, 11)]), results


def test_marked_while_a_border_moves_over_those_words_no_ideas_overlap(
    passage, idea, asha, ben, now
):
    results = at_once(
        lambda: move_border(idea=idea, start=0, end=41, by=asha, now=now),
        lambda: find_idea(passage=passage, start=24, end=41, by=ben, now=now),
    )
    assert len(refused(results)) == 1
    assert spans() in ([(0, 41)], [(0, 23), (24, 41)])


def test_a_cut_taken_back_while_a_half_is_coded_keeps_the_code_or_tells_the_coder(
    passage, idea, themes, asha, ben, now
):
    first, _ = cut(idea=idea, at=12, by=asha, now=now)
    results = at_once(
        lambda: undo_cutting(passage=passage, by=asha, now=now),
        lambda: code(idea=first, themes=[themes["health"]], by=ben, now=now, seen=None),
    )
    assert not refused(results)
    assert spans() == [(0, 23)]
    assert Coding.objects.current().get().theme == themes["health"]


def test_marked_while_another_says_that_there_is_nothing_more_the_mark_is_seen(
    passage, idea, asha, ben, now
):
    results = at_once(
        lambda: find_idea(passage=passage, start=24, end=41, by=asha, now=now),
        lambda: nothing_more(passage=passage, by=ben, now=now, seen=None),
    )
    assert not refused(results)
    assert len(spans()) == 2
    assert Disposition.objects.filter(is_current=True).count() == 1


def test_undone_for_all_by_two_at_once_is_undone_once(idea, themes, asha, ben, now):
    code_several(ideas=[idea], themes=[themes["health"]], by=asha, now=now)
    seen = decided_together(made_by=asha, made_at=now).seen
    about = {"made_by": asha, "made_at": now, "now": now, "seen": seen}
    results = at_once(lambda: undo_several(by=asha, **about), lambda: undo_several(by=ben, **about))
    assert len(refused(results)) == 1
    assert Coding.objects.filter(idea=idea, how="undone").count() == 1


def test_undone_for_all_while_another_codes_one_of_them_the_code_stands_or_is_told(
    idea, themes, asha, ben, now
):
    code_several(ideas=[idea], themes=[themes["health"]], by=asha, now=now)
    shown = Coding.objects.current().get().pk
    results = at_once(
        lambda: undo_several(made_by=asha, made_at=now, by=asha, now=now),
        lambda: code(idea=idea, themes=[themes["families"]], by=ben, now=now, seen=shown),
    )
    assert len(refused(results)) == 1
    kept = Coding.objects.current().get(idea=idea)
    assert kept.theme == (None if kept.how == "undone" else themes["families"])
