"""Saying what ideas are about: one by one, together, taken back, and by two people at once."""

import pytest

from outcomes.actions import (
    ChangedMeanwhile,
    accept,
    accept_several,
    code,
    code_several,
    dispose,
    dispose_several,
    undo_coding,
)
from outcomes.actions.carrying import Brought, bring_in_codes
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Coding, Disposition, Idea
from surveys.models import Answer, AuditEvent
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ideas(survey, asha):
    """Three parents' ideas; a run suggests health for each."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(3)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def themes(area, ideas):
    return {theme.code: theme for theme in area.themes.all()}


def now_about(idea):
    found = Coding.objects.current().filter(idea=idea).first()
    return [theme.code for theme in found.themes] if found else None


def test_an_idea_has_a_main_theme_and_two_more_at_most(ideas, themes, asha):
    some = [themes[name] for name in ("health", "families", "education")]
    code(idea=ideas[0], themes=some, by=asha, now=NOW)
    assert now_about(ideas[0]) == ["health", "families", "education"]
    with pytest.raises(BadText, match="3 themes at most"):
        code(idea=ideas[0], themes=[*some, themes["activities"]], by=asha, now=NOW)
    with pytest.raises(BadText, match="once"):
        code(idea=ideas[0], themes=some[:1] * 2, by=asha, now=NOW)


def test_none_of_the_four_stands_alone(ideas, themes, asha):
    code(idea=ideas[0], themes=[themes["none"]], by=asha, now=NOW)
    assert now_about(ideas[0]) == ["none"]
    with pytest.raises(BadText, match="none of the themes"):
        code(idea=ideas[0], themes=[themes["none"], themes["health"]], by=asha, now=NOW)


def test_a_theme_of_another_area_is_refused(ideas, asha):
    elsewhere = world.area("elsewhere").themes.get(code="health")
    for refused in (
        lambda: code(idea=ideas[0], themes=[elsewhere], by=asha, now=NOW),
        lambda: code_several(ideas=ideas, themes=[elsewhere], by=asha, now=NOW),
    ):
        with pytest.raises(BadText, match="another area"):
            refused()
    assert not Coding.objects.exists()


def test_every_decision_stays_in_the_history_and_in_the_audit_log(ideas, themes, asha, ben):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    code(idea=ideas[0], themes=[themes["families"]], by=ben, now=NOW)
    history = Coding.objects.filter(idea=ideas[0]).order_by("pk")
    assert [(one.theme.code, one.by, one.is_current) for one in history] == [
        ("health", asha, False),
        ("families", ben, True),
    ]
    assert AuditEvent.objects.filter(what__startswith="coded").count() == 2


def test_the_same_decision_twice_is_one(ideas, themes, asha):
    for _ in range(2):
        code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    assert Coding.objects.count() == 1


def test_who_did_not_see_a_newer_decision_is_told(ideas, themes, asha, ben):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW, seen=None)
    with pytest.raises(ChangedMeanwhile, match="asha coded this idea meanwhile: Healthy lives"):
        code(idea=ideas[0], themes=[themes["families"]], by=ben, now=NOW, seen=None)
    assert now_about(ideas[0]) == ["health"]


def test_what_is_accepted_is_what_was_shown(ideas, themes, asha):
    health, families = themes["health"].pk, themes["families"].pk
    with pytest.raises(ChangedMeanwhile, match="A newer analysis suggests “Healthy lives”"):
        accept(idea=ideas[0], by=asha, now=NOW, suggested=families)
    accept(idea=ideas[0], by=asha, now=NOW, suggested=health)
    assert Coding.objects.get().how == Coding.How.ACCEPTED


def test_undoing_goes_back_one_decision_each_time(ideas, themes, asha):
    for name in ("health", "families", "education"):
        code(idea=ideas[0], themes=[themes[name]], by=asha, now=NOW)
    for expected in (["families"], ["health"], []):
        undo_coding(idea=ideas[0], by=asha, now=NOW)
        assert now_about(ideas[0]) == expected
    with pytest.raises(AlreadyDecided, match="no decision"):
        undo_coding(idea=ideas[0], by=asha, now=NOW)
    assert Coding.objects.count() == 6


def test_not_being_sure_is_a_decision_that_can_be_undone(ideas, asha):
    code(idea=ideas[0], themes=[], by=asha, now=NOW)
    undo_coding(idea=ideas[0], by=asha, now=NOW)
    with pytest.raises(AlreadyDecided):
        undo_coding(idea=ideas[0], by=asha, now=NOW)


def test_a_theme_takes_an_idea_out_of_nothing_to_code(ideas, themes, asha):
    dispose(of=ideas[0], what="nothing", by=asha, now=NOW)
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    assert not Disposition.objects.current().filter(idea=ideas[0]).exists()


def test_what_becomes_of_words_is_not_overwritten_unseen(ideas, asha, ben):
    first = dispose(of=ideas[0], what="nothing", by=asha, now=NOW, seen=None)
    with pytest.raises(ChangedMeanwhile, match="asha decided meanwhile: nothing to code"):
        dispose(of=ideas[0], what="off topic", by=ben, now=NOW, seen=None)
    dispose(of=ideas[0], what="off topic", by=ben, now=NOW, seen=first.pk)
    assert Disposition.objects.current().get().what == "off topic"


def test_nothing_is_taken_back_twice_and_no_reason_is_missing(ideas, asha):
    dispose(of=ideas[0], what="nothing", by=asha, now=NOW)
    dispose(of=ideas[0], what="open", by=asha, now=NOW)
    with pytest.raises(AlreadyDecided):
        dispose(of=ideas[0], what="open", by=asha, now=NOW)
    with pytest.raises(BadText, match="Say why"):
        dispose(of=ideas[0], what="set aside", by=asha, now=NOW, reason=" \x00 ")


def test_several_are_coded_in_one_go_and_those_that_are_so_stay(ideas, themes, asha):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    code(idea=ideas[1], themes=[themes["families"]], by=asha, now=NOW)
    assert code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW) == 2
    assert [now_about(idea) for idea in ideas] == [["health"]] * 3
    assert Coding.objects.filter(how=Coding.How.TOGETHER).count() == 2


def test_suggestions_are_accepted_in_one_go(ideas, asha):
    assert accept_several(ideas=ideas, by=asha, now=NOW) == 3
    assert [now_about(idea) for idea in ideas] == [["health"]] * 3


def test_several_have_nothing_to_code_but_those_in_a_cluster_stay(ideas, cluster_of_one, asha):
    everything = [*ideas, cluster_of_one]
    assert dispose_several(ideas=everything, by=asha, now=NOW) == 3
    assert dispose_several(ideas=everything, by=asha, now=NOW) == 0
    assert not Disposition.objects.filter(idea=cluster_of_one).exists()


@pytest.fixture
def cluster_of_one(ideas, survey, asha):
    return world.cluster(survey, asha, NOW, voices=1).members.get().idea


def test_many_at_once_ask_the_database_a_few_questions_each(
    ideas, themes, asha, django_assert_max_num_queries
):
    with django_assert_max_num_queries(35):
        code_several(ideas=ideas, themes=[themes["health"]], by=asha, now=NOW)


def test_an_answer_with_an_idea_in_a_cluster_is_not_handed_on(survey, asha):
    cluster = world.cluster(survey, by=asha, now=NOW)
    passage = cluster.ideas.first().source.passage
    with pytest.raises(BadText, match="in a cluster"):
        dispose(of=passage, what="case", by=asha, now=NOW)
    assert not Disposition.objects.exists()


def test_of_an_answer_that_was_put_away_no_idea_is_coded(ideas, themes, asha):
    dispose(of=ideas[0].source.passage, what="nothing", by=asha, now=NOW)
    with pytest.raises(BadText, match="It was decided: nothing to code"):
        code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    assert accept_several(ideas=ideas, by=asha, now=NOW) == 2
    assert [now_about(idea) for idea in ideas] == [None, ["health"], ["health"]]


def test_a_sheet_takes_up_what_had_nothing_to_code(ideas, themes, consultation, asha):
    dispose_several(ideas=ideas[:1], by=asha, now=NOW)
    dispose(of=ideas[1].source.passage, what="case", by=asha, now=NOW)
    rows = [Brought(idea=one.pk, themes=(themes["families"],), seen=None) for one in ideas]
    assert bring_in_codes(consultation=consultation, rows=rows, by=asha, now=NOW) == 2
    assert [now_about(idea) for idea in ideas] == [["families"], None, ["families"]]
    assert not Disposition.objects.current().filter(idea=ideas[0]).exists()
    assert {str(one.suggested) for one in Coding.objects.all()} == {"Healthy lives"}


def test_a_complaint_stays_one_whatever_is_decided_for_many(ideas, themes, asha):
    code(idea=ideas[0], themes=[themes["health"]], by=asha, now=NOW)
    dispose(of=ideas[0], what="complaint", by=asha, now=NOW)
    assert accept_several(ideas=ideas[:1], by=asha, now=NOW) == 0
    assert dispose_several(ideas=ideas[:1], by=asha, now=NOW) == 0
    with pytest.raises(BadText, match="a complaint"):
        code(idea=ideas[0], themes=[themes["families"]], by=asha, now=NOW)
    assert Disposition.objects.to_hand_on().get().idea == ideas[0]
