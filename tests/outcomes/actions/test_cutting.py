"""Where ideas begin and end, said by people."""

import pytest

from outcomes.actions import code, cut, dispose, find_idea, join, move_border
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import ClusterIdea, Coding, Disposition, Idea
from surveys.models import Answer
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps at night. We all sleep. And a bus."


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def answer(survey) -> Answer:
    return world.response(survey, TEXT, NOW).answers.get()


@pytest.fixture
def idea(answer, run):
    """The first two sentences."""
    return Idea.objects.create(answer=answer, start=0, end=33, found_by=run)


@pytest.fixture
def health(area):
    return area.themes.get(code="health")


def spans():
    return list(Idea.objects.order_by("start").values_list("start", "end"))


def test_an_idea_is_cut_in_two_without_the_space_between(idea, asha):
    first, second = cut(idea=idea, at=20, by=asha, now=NOW)
    assert (first.text, second.text) == ("He sleeps at night.", "We all sleep.")
    assert (first.cut_by, second.cut_by) == (asha, asha)


def test_both_halves_keep_what_was_decided(idea, health, asha):
    code(idea=idea, themes=[health], by=asha, now=NOW)
    dispose(of=idea, what="off topic", by=asha, now=NOW)
    cut(idea=idea, at=20, by=asha, now=NOW)
    assert Coding.objects.current().filter(theme=health).count() == 2
    assert Disposition.objects.current().filter(what="off topic").count() == 2


def test_both_halves_stay_in_the_cluster(survey, asha):
    made = world.cluster(survey, asha, NOW, voices=1)
    cut(idea=made.members.get().idea, at=8, by=asha, now=NOW)
    assert ClusterIdea.objects.filter(cluster=made).count() == 2


@pytest.mark.parametrize("at", [0, 33, 34, 500])
def test_an_idea_is_not_cut_at_its_edge_or_outside(idea, asha, at):
    with pytest.raises(BadText):
        cut(idea=idea, at=at, by=asha, now=NOW)
    assert spans() == [(0, 33)]


def test_a_border_moves_and_never_into_the_next_idea(idea, answer, run, asha):
    Idea.objects.create(answer=answer, start=34, end=44, found_by=run)
    moved = move_border(idea=idea, start=0, end=19, by=asha, now=NOW)
    assert moved.text == "He sleeps at night."
    with pytest.raises(BadText, match="next idea"):
        move_border(idea=moved, start=0, end=40, by=asha, now=NOW)


def test_an_idea_that_somebody_cut_meanwhile_is_not_cut_again(idea, asha, ben):
    cut(idea=Idea.objects.get(pk=idea.pk), at=20, by=ben, now=NOW)
    for late in (
        lambda: cut(idea=idea, at=25, by=asha, now=NOW),
        lambda: move_border(idea=idea, start=0, end=10, by=asha, now=NOW),
        lambda: join(idea=idea, by=asha, now=NOW),
    ):
        with pytest.raises(AlreadyDecided, match="meanwhile"):
            late()
    assert spans() == [(0, 19), (20, 33)]


def test_two_ideas_are_joined_with_what_lies_between(idea, answer, run, asha):
    Idea.objects.create(answer=answer, start=34, end=44, found_by=run)
    assert join(idea=idea, by=asha, now=NOW).text == TEXT
    with pytest.raises(BadText, match="last idea"):
        join(idea=Idea.objects.get(), by=asha, now=NOW)


def test_ideas_of_two_clusters_are_not_joined(survey, asha, run):
    one = world.cluster(survey, asha, NOW, voices=1)
    first, second = cut(idea=one.members.get().idea, at=8, by=asha, now=NOW)
    other = world.cluster(survey, asha, NOW, voices=1)
    ClusterIdea.objects.filter(idea=second).update(cluster=other)
    with pytest.raises(BadText, match="different clusters"):
        join(idea=first, by=asha, now=NOW)


def test_words_that_the_machine_left_out_become_an_idea(idea, answer, asha):
    found = find_idea(passage=answer.passage, start=33, end=44, by=asha, now=NOW)
    assert found.text == "And a bus."
    for start, end in ((30, 44), (33, 34), (-1, 3), (40, 900)):
        with pytest.raises(BadText):
            find_idea(passage=answer.passage, start=start, end=end, by=asha, now=NOW)


def test_marking_needs_an_analysis_first(answer, asha):
    with pytest.raises(BadText, match="Ask for an analysis"):
        find_idea(passage=answer.passage, start=0, end=5, by=asha, now=NOW)


@pytest.fixture
def later(answer, run, idea):
    return Idea.objects.create(answer=answer, start=34, end=44, found_by=run)


def test_of_two_joined_the_one_code_that_there_is_holds(idea, later, health, asha):
    code(idea=later, themes=[health], by=asha, now=NOW)
    join(idea=idea, by=asha, now=NOW)
    assert Coding.objects.current().get().idea == idea


def test_ideas_that_were_decided_differently_are_not_joined(idea, later, area, health, asha):
    code(idea=idea, themes=[health], by=asha, now=NOW)
    code(idea=later, themes=[area.themes.get(code="families")], by=asha, now=NOW)
    with pytest.raises(BadText, match="decided differently"):
        join(idea=idea, by=asha, now=NOW)
    assert Idea.objects.count() == 2
