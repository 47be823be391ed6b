"""What was moved, cut, joined or marked is taken back, the newest step first."""

import pytest

from outcomes.actions import (
    ChangedMeanwhile,
    code,
    cut,
    dispose,
    find_idea,
    join,
    move_border,
    newest_cutting,
    nothing_more,
    raise_concern,
    undo_coding,
    undo_cutting,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import ClusterIdea, Coding, Cutting, Disposition, Idea, Sample, SampleIdea
from surveys.models import AuditEvent, Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps at night. We all sleep. And a bus."
AS_FOUND = [(0, 33), (34, 44)]


@pytest.fixture
def passage(survey) -> Passage:
    return world.response(survey, TEXT, NOW).answers.get().passage


@pytest.fixture
def ideas(passage, survey, asha):
    """The first two sentences, and the bus."""
    run = world.run(survey.consultation, asha, NOW)
    return [
        Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
        for start, end in AS_FOUND
    ]


@pytest.fixture
def themes(area):
    return {theme.code: theme for theme in area.themes.all()}


def spans():
    return list(Idea.objects.order_by("start").values_list("start", "end"))


def undo(passage, by, **seen):
    return undo_cutting(passage=passage, by=by, now=NOW, **seen)


def test_a_border_goes_back_whoever_moved_it_and_whose_it_was_is_told(passage, ideas, asha, ben):
    move_border(idea=ideas[0], start=0, end=19, by=asha, now=NOW)
    taken_back = undo(passage, ben)
    assert (taken_back.what, taken_back.by, taken_back.undone_at) == ("moved", asha, NOW)
    assert spans() == AS_FOUND
    assert Idea.objects.order_by("start")[0].cut_by is None
    last = AuditEvent.objects.order_by("number").last()
    assert (last.by, last.what) == (ben, "idea: cutting taken back")
    assert last.detail == "border moved, by asha"


def test_the_halves_of_a_cut_are_one_again_with_what_was_decided(passage, ideas, themes, asha):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    cut(idea=ideas[0], at=20, by=asha, now=NOW)
    undo(passage, asha)
    assert spans() == AS_FOUND
    assert Coding.objects.current().get().theme == themes["health"]


def test_halves_that_were_decided_differently_since_stay_apart(passage, ideas, themes, asha):
    first, second = cut(idea=ideas[0], at=20, by=asha, now=NOW)
    code(idea=first, themes=[themes["health"]], by=asha, now=NOW)
    code(idea=second, themes=[themes["families"]], by=asha, now=NOW)
    with pytest.raises(BadText, match="decided differently"):
        undo(passage, asha)
    assert len(spans()) == 3


def test_of_a_join_that_kept_nothing_both_parts_get_what_is_decided_of_the_whole(
    passage, ideas, themes, asha
):
    code(idea=ideas[1], themes=[themes["health"]], by=asha, now=NOW)
    joined = join(idea=ideas[0], by=asha, now=NOW)
    dispose(of=joined, what="off topic", by=asha, now=NOW)
    Cutting.objects.update(before=AS_FOUND)
    undo(passage, asha)
    assert spans() == AS_FOUND
    assert Coding.objects.current().filter(theme=themes["health"]).count() == 2
    assert Disposition.objects.current().filter(what="off topic").count() == 2
    assert set(Idea.objects.values_list("cut_by", flat=True)) == {None}


def test_what_was_joined_in_a_cluster_stays_in_it_with_both(survey, asha):
    made = world.cluster(survey, asha, NOW, voices=1)
    idea = made.members.get().idea
    first, _ = cut(idea=idea, at=8, by=asha, now=NOW)
    join(idea=first, by=asha, now=NOW)
    undo(idea.answer.passage, asha)
    assert ClusterIdea.objects.filter(cluster=made).count() == 2


def test_what_was_marked_is_gone_again(passage, ideas, asha):
    ideas[1].delete()
    find_idea(passage=passage, start=34, end=44, by=asha, now=NOW)
    undo(passage, asha)
    assert spans() == AS_FOUND[:1]
    assert Cutting.objects.get().undone_at == NOW


@pytest.fixture
def marked(passage, ideas, asha):
    ideas[1].delete()
    return find_idea(passage=passage, start=34, end=44, by=asha, now=NOW)


def test_a_marked_idea_that_was_coded_since_stays_until_that_is_taken_back(
    passage, marked, themes, asha, ben
):
    code(idea=marked, themes=[themes["health"]], by=ben, now=NOW)
    with pytest.raises(BadText, match="Take that back first"):
        undo(passage, asha)
    undo_coding(idea=marked, by=ben, now=NOW)
    dispose(of=marked, what="nothing", by=ben, now=NOW)
    with pytest.raises(BadText, match="Take that back first"):
        undo(passage, asha)
    dispose(of=marked, what="open", by=ben, now=NOW)
    undo(passage, asha)
    assert not Idea.objects.filter(pk=marked.pk).exists()


def test_a_marked_idea_in_a_cluster_or_a_sample_stays(survey, passage, marked, asha, ben):
    home = world.cluster(survey, asha, NOW)
    place = ClusterIdea.objects.create(cluster=home, idea=marked, added_by=asha, added_at=NOW)
    with pytest.raises(BadText, match="in a cluster"):
        undo(passage, asha)
    place.delete()
    drawn = Sample.objects.create(
        consultation=survey.consultation,
        first=asha,
        second=ben,
        made_by=asha,
        made_at=NOW,
        seed=1,
    )
    SampleIdea.objects.create(sample=drawn, idea=marked, order=1)
    with pytest.raises(BadText, match="in a sample"):
        undo(passage, asha)
    assert Idea.objects.filter(pk=marked.pk).exists()


def test_step_by_step_all_is_as_the_machine_found_it(passage, ideas, asha, ben):
    first, _ = cut(idea=ideas[0], at=20, by=asha, now=NOW)
    first = move_border(idea=first, start=3, end=19, by=ben, now=NOW)
    first = join(idea=first, by=asha, now=NOW)
    join(idea=first, by=asha, now=NOW)
    told = [undo(passage, ben).what for _ in range(4)]
    assert told == ["joined", "joined", "moved", "cut"]
    assert spans() == AS_FOUND
    with pytest.raises(AlreadyDecided, match="Nobody cut"):
        undo(passage, ben)


def test_what_somebody_cut_meanwhile_is_not_taken_back_unseen(passage, ideas, asha, ben):
    move_border(idea=ideas[0], start=0, end=19, by=asha, now=NOW)
    shown = newest_cutting(passage).pk
    cut(idea=ideas[1], at=38, by=ben, now=NOW)
    for seen in (shown, None):
        with pytest.raises(ChangedMeanwhile):
            undo(passage, asha, seen=seen)
    assert len(spans()) == 3


def test_a_step_whose_ideas_lie_elsewhere_now_is_not_taken_back(passage, ideas, asha):
    cut(idea=ideas[0], at=20, by=asha, now=NOW)
    Idea.objects.filter(start=20).update(start=23)
    with pytest.raises(AlreadyDecided, match="no longer lie"):
        undo(passage, asha)


def test_a_step_is_not_taken_back_over_another_idea(passage, ideas, asha):
    moved = move_border(idea=ideas[0], start=0, end=19, by=asha, now=NOW)
    Idea.objects.create(answer=passage.answer, start=20, end=33, found_by=moved.found_by)
    with pytest.raises(AlreadyDecided, match="no longer lie"):
        undo(passage, asha)


def test_nothing_of_what_is_withheld_is_taken_back(passage, ideas, asha):
    move_border(idea=ideas[0], start=0, end=19, by=asha, now=NOW)
    withheld = Passage.objects.get(pk=passage.pk)
    raise_concern(source=passage.answer, category="other", reason="Harm.", by=asha, now=NOW)
    with pytest.raises(AlreadyDecided, match="withheld"):
        undo(withheld, asha)


def test_words_that_leave_an_idea_are_to_be_looked_at_again(passage, ideas, asha):
    def said():
        return Disposition.objects.of_the_rest().filter(passage=passage).exists()

    nothing_more(passage=passage, by=asha, now=NOW)
    first, _ = cut(idea=ideas[0], at=20, by=asha, now=NOW)
    assert said()
    undo(passage, asha)
    assert said()
    move_border(idea=Idea.objects.get(pk=first.pk), start=0, end=19, by=asha, now=NOW)
    assert not said()
    nothing_more(passage=passage, by=asha, now=NOW)
    undo(passage, asha)
    assert said()


def test_what_was_taken_back_before_a_cut_is_no_decision_of_its_halves(
    passage, ideas, themes, asha
):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    undo_coding(idea=ideas[0], by=asha, now=NOW)
    dispose(of=ideas[0], what="nothing", by=asha, now=NOW)
    dispose(of=ideas[0], what="open", by=asha, now=NOW)
    _, second = cut(idea=ideas[0], at=20, by=asha, now=NOW)
    assert not second.codings.exists()
    code(idea=second, themes=[themes["families"]], by=asha, now=NOW)
    dispose(of=second, what="off topic", by=asha, now=NOW)
    undo(passage, asha)
    assert Coding.objects.current().get().theme == themes["families"]
    assert Disposition.objects.current().get().what == "off topic"
