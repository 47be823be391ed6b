"""A join is taken back: each part has what it had, whatever was decided of the whole since."""

import pytest
from django.db import connection

from outcomes.actions import (
    bring_in,
    code,
    cut,
    dispose,
    hand_on,
    join,
    merge,
    move_border,
    undo_coding,
    undo_cutting,
)
from outcomes.models import (
    AnalysisRun,
    ClusterIdea,
    Coding,
    Cutting,
    Disposition,
    Idea,
    ThemeSuggestion,
)
from surveys.models import Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "He sleeps at night. We all sleep. And a bus."
PLACES = [(0, 19), (20, 33), (34, 44)]


@pytest.fixture
def passage(survey) -> Passage:
    return world.response(survey, TEXT, NOW).answers.get().passage


@pytest.fixture
def ideas(passage, survey, asha):
    run = world.run(survey.consultation, asha, NOW)
    return [
        Idea.objects.create(answer=passage.answer, start=start, end=end, found_by=run)
        for start, end in PLACES
    ]


@pytest.fixture
def say(area, asha):
    """Code an idea; no themes: taken back."""
    themes = {theme.code: theme for theme in area.themes.all()}

    def say(idea, *codes, by=asha):
        return code(idea=idea, themes=[themes[one] for one in codes], by=by, now=NOW)

    return say


@pytest.fixture
def put(asha):
    def put(idea, what, reason=""):
        return dispose(of=idea, what=what, reason=reason, by=asha, now=NOW)

    return put


def all_of(idea):
    """Whatever people decided of it, as it stands in the database."""
    rows = [Coding.everything.filter(idea=idea), Disposition.objects.filter(idea=idea)]
    rows.append(ClusterIdea.everything.filter(idea=idea).defer("id"))
    told = [list(one.order_by("pk").values()) for one in rows]
    for one in told[2]:
        del one["id"]
    return (*told, Idea.everything.filter(pk=idea.pk).values().get())


def now_of(idea):
    """Its theme and what became of it, as they hold now."""
    coding = Coding.objects.current().filter(idea=idea).first()
    end = Disposition.objects.current().filter(idea=idea).first()
    return (coding.theme.code if coding and coding.theme else None, end.what if end else None)


def undo(passage, by):
    return undo_cutting(passage=passage, by=by, now=NOW)


def joined(ideas, by, at=0):
    return join(idea=Idea.objects.get(pk=ideas[at].pk), by=by, now=NOW)


def test_nothing_is_lost_by_joining_and_taking_it_back(passage, ideas, say, put, asha, ben):
    say(ideas[0], "health")
    say(ideas[1], "families", by=ben)
    say(ideas[1], "health", by=ben)
    put(ideas[0], "duplicate")
    put(ideas[1], "off topic")
    put(ideas[1], "duplicate", "Said in the first.")
    before = [all_of(one) for one in ideas]
    joined(ideas, asha)
    undo(passage, ben)
    assert [all_of(one) for one in ideas] == before


@pytest.mark.parametrize("decided", [0, 1])
def test_what_was_decided_of_one_part_alone_is_that_ones_again(
    passage, ideas, say, put, asha, decided
):
    say(ideas[decided], "health")
    put(ideas[decided], "off topic")
    before = [all_of(one) for one in ideas]
    joined(ideas, asha)
    assert now_of(ideas[0]) == ("health", "off topic")
    undo(passage, asha)
    assert [all_of(one) for one in ideas] == before


def test_what_was_taken_back_before_stays_so(passage, ideas, say, put, asha):
    for idea, what in zip(ideas[:2], ("nothing", "duplicate"), strict=True):
        say(idea, "health")
        undo_coding(idea=idea, by=asha, now=NOW)
        put(idea, what)
        put(idea, "open")
    before = [all_of(one) for one in ideas]
    joined(ideas, asha)
    undo(passage, asha)
    assert [all_of(one) for one in ideas] == before


def test_what_was_decided_of_the_whole_since_is_history_of_the_first(
    passage, ideas, say, put, asha, ben
):
    say(ideas[0], "health")
    say(ideas[1], "health")
    whole = joined(ideas, asha)
    say(whole, "families", by=ben)
    say(whole, "activities", by=ben)
    put(whole, "duplicate")
    undo(passage, asha)
    assert [now_of(one) for one in ideas[:2]] == [("health", None), ("health", None)]
    told = [str(one) for one in Coding.objects.filter(idea=ideas[0]).order_by("pk")]
    assert {"Supporting families", "Positive activities"} <= set(told)
    assert Coding.objects.filter(idea=ideas[1]).count() == 1
    ends = Disposition.objects.filter(idea=ideas[0]).order_by("pk")
    assert [one.what for one in ends] == ["duplicate", "open"]
    undo_coding(idea=ideas[0], by=asha, now=NOW)
    assert now_of(ideas[0]) == (None, None), "what stands before it is nothing"


def test_what_was_taken_back_of_the_whole_since_is_said_of_the_part_again(
    passage, ideas, say, put, asha
):
    for idea in ideas[:2]:
        put(idea, "duplicate", "Twice.")
    say(ideas[2], "health")
    say(ideas[1], "health")
    whole = joined(ideas, asha, at=1)
    undo_coding(idea=whole, by=asha, now=NOW)
    say(whole, "families")
    undo(passage, asha)
    assert now_of(ideas[1]) == ("health", None)
    put(ideas[1], "duplicate", "Twice.")
    whole = joined(ideas, asha)
    put(whole, "open")
    undo(passage, asha)
    assert [now_of(one)[1] for one in ideas[:2]] == ["duplicate", "duplicate"]
    assert Disposition.objects.current().filter(reason="Twice.").count() == 2


def test_what_was_handed_on_stays_handed_on_with_the_part_that_it_was_of(passage, ideas, put, asha):
    put(ideas[1], "case")
    whole = joined(ideas, asha)
    end = Disposition.objects.current().get(idea=whole)
    hand_on(disposition=end, to="Duty team", by=asha, now=NOW)
    undo(passage, asha)
    assert [now_of(one)[1] for one in ideas[:2]] == [None, "case"]
    assert Disposition.objects.get(pk=end.pk).handed_to == "Duty team"


@pytest.fixture
def home(survey, ideas, asha):
    made = world.cluster(survey, asha, NOW, voices=1)
    bring_in(cluster=made, ideas=[ideas[1]], by=asha, now=NOW)
    return made


def members(cluster):
    return set(ClusterIdea.objects.filter(cluster=cluster).values_list("idea", flat=True))


def test_only_the_part_that_was_in_a_cluster_is_in_it_again(passage, ideas, home, asha):
    before, was = [all_of(one) for one in ideas], members(home)
    joined(ideas, asha)
    assert ideas[0].pk in members(home)
    undo(passage, asha)
    assert members(home) == was
    assert [all_of(one) for one in ideas] == before


def test_where_the_whole_went_since_both_parts_are(survey, passage, ideas, home, put, asha):
    put(ideas[2], "duplicate")
    bring_in(cluster=home, ideas=[ideas[0]], by=asha, now=NOW)
    Disposition.objects.update(idea=ideas[0])  # as once, when a join let both hold
    joined(ideas, asha)
    keep = world.cluster(survey, asha, NOW, voices=1)
    Disposition.objects.update(is_current=False)
    merge(keep=keep, others=[home], by=asha, now=NOW)
    undo(passage, asha)
    assert {ideas[0].pk, ideas[1].pk} <= members(keep)
    assert not Disposition.objects.current().exists(), "what is in a cluster has no other end"


def test_what_was_taken_out_of_its_cluster_since_stays_out(passage, ideas, home, asha):
    joined(ideas, asha)
    ClusterIdea.objects.filter(idea=ideas[0]).delete()
    undo(passage, asha)
    assert not {one.pk for one in ideas} & members(home)


def test_joined_again_and_again_each_is_as_it_was_step_by_step(passage, ideas, say, asha):
    for idea in ideas:
        say(idea, "health")
    before = [all_of(one) for one in ideas]
    joined(ideas, asha, at=1)
    middle = [all_of(one) for one in ideas[:2]]
    joined(ideas, asha)
    undo(passage, asha)
    assert [all_of(one) for one in ideas[:2]] == middle
    undo(passage, asha)
    assert [all_of(one) for one in ideas] == before


def test_who_had_said_where_an_idea_lies_is_told_again(passage, ideas, asha, ben):
    Idea.objects.filter(pk=ideas[0].pk).update(cut_by=ben)  # long ago, before steps were kept
    moved = move_border(idea=Idea.objects.get(pk=ideas[0].pk), start=3, end=19, by=asha, now=NOW)
    assert moved.cut_by == asha
    undo(passage, asha)
    assert Idea.objects.get(pk=ideas[0].pk).cut_by == ben
    cut(idea=Idea.objects.get(pk=ideas[0].pk), at=3, by=asha, now=NOW)
    undo(passage, asha)
    assert Idea.objects.get(pk=ideas[0].pk).cut_by == ben


def test_a_part_whose_run_is_gone_was_found_by_that_of_the_other(passage, ideas, survey, asha):
    old = world.run(survey.consultation, asha, NOW)
    Idea.objects.filter(pk=ideas[1].pk).update(found_by=old)
    joined(ideas, asha)
    AnalysisRun.objects.filter(pk=old.pk).delete()
    undo(passage, asha)
    assert Idea.objects.get(pk=ideas[1].pk).found_by == ideas[0].found_by


def test_the_step_keeps_no_word_of_what_was_decided(ideas, put, asha):
    for idea in ideas[:2]:
        put(idea, "set aside", "Because of Mia.")
    joined(ideas, asha)
    assert "Mia" not in str(Cutting.objects.values().get())


def test_a_theme_deleted_since_stands_in_no_way(passage, ideas, say, asha, area):
    extra = area.themes.create(code="extra", prefix="EX", label="Extra", order=9)
    say(ideas[0], "health")
    told = {"run": ideas[1].found_by, "theme": extra, "scores": {}, "reason": "Close."}
    ThemeSuggestion.objects.create(idea=ideas[1], **told)
    code(idea=ideas[1], themes=[extra], by=asha, now=NOW)
    say(ideas[1], "health")
    joined(ideas, asha)
    extra.delete()
    undo(passage, asha)
    connection.check_constraints()
    assert [now_of(one) for one in ideas[:2]] == [("health", None)] * 2


@pytest.mark.parametrize("clustered", [0, 1])
def test_what_is_in_a_cluster_is_not_joined_with_what_goes_into_none(
    ideas, put, survey, asha, clustered
):
    cluster = world.cluster(survey, asha, NOW)
    bring_in(cluster=cluster, ideas=[ideas[clustered]], reason="So.", by=asha, now=NOW)
    put(ideas[1 - clustered], "off topic")
    with pytest.raises(BadText, match="Change one of them first"):
        joined(ideas, asha)
