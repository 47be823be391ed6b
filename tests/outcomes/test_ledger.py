"""Every idea and every passage stands in one state, and the numbers add up."""

from datetime import timedelta

import pytest

from outcomes.actions import (
    adopt,
    clear_concern,
    code,
    dispose,
    draft_outcome,
    hand_on,
    merge,
    raise_concern,
    retire,
    set_aside,
    take_up_again,
    undo_coding,
)
from outcomes.ledger import (
    FACILITATOR,
    VOICES,
    WORKSHOP,
    State,
    ideas_of,
    ledger_of_ideas,
    ledger_of_passages,
    lines_of_ideas,
    lines_of_passages,
    passages_of,
    shares,
)
from outcomes.models import Cluster, Idea
from surveys.actions import add_note
from surveys.models import Answer, Passage, Theme
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(survey, asha):
    """Four parents' ideas, each the whole of an answer, that the machine would take together."""
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(4)]
    Passage.everything.update(screened_at=NOW - timedelta(hours=2))
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    made = world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    made.ideas = list(Idea.objects.order_by("pk"))
    return made


@pytest.fixture
def cluster(group, asha):
    return adopt(suggestion=group, name="Sleep", by=asha, now=NOW)


def states(consultation):
    """The states that ideas stand in, in the order of the ideas."""
    return list(ideas_of(consultation).order_by("pk").values_list("stands", flat=True))


def passage_states(consultation):
    return list(passages_of(consultation).order_by("pk").values_list("stands", flat=True))


def test_before_anything_happened_there_is_nothing(consultation):
    assert set(ledger_of_ideas(consultation).values()) == {0}
    assert set(ledger_of_passages(consultation).values()) == {0}


def test_answers_are_to_read_before_any_analysis(survey):
    world.response(survey, "Somebody to talk to", NOW)
    assert ledger_of_passages(survey.consultation)[State.TO_READ] == 1


def test_ideas_that_nobody_decided_about_are_to_read(group, consultation):
    assert states(consultation) == [State.TO_READ] * 4
    assert passage_states(consultation) == [State.TO_READ] * 4


def test_a_coded_idea_is_coded_until_the_code_is_taken_back(group, consultation, asha):
    theme = Theme.objects.get(code="health")
    code(idea=group.ideas[0], themes=[theme], by=asha, now=NOW)
    assert states(consultation)[0] == State.CODED
    assert passage_states(consultation)[0] == State.CODED
    undo_coding(idea=group.ideas[0], by=asha, now=NOW)
    assert states(consultation)[0] == State.TO_READ
    assert passage_states(consultation)[0] == State.TO_READ


def test_to_be_unsure_is_no_code(group, consultation, asha):
    code(idea=group.ideas[0], themes=[], by=asha, now=NOW)
    assert states(consultation)[0] == State.TO_READ


def test_an_answer_is_to_read_while_one_of_its_ideas_is(group, consultation, asha):
    idea = group.ideas[0]
    Idea.objects.filter(pk=idea.pk).update(end=5)
    Idea.objects.create(answer=idea.answer, start=5, end=9, found_by=group.run)
    code(idea=idea, themes=[Theme.objects.get(code="health")], by=asha, now=NOW)
    assert passage_states(consultation)[0] == State.TO_READ


def test_ideas_of_a_cluster_are_in_an_outcome_once_one_draws_on_it(cluster, consultation, asha):
    assert states(consultation) == [State.CLUSTER] * 4
    outcome = draft_outcome(
        clusters=[cluster], i_statement="I sleep.", reason="So.", by=asha, now=NOW
    )
    assert states(consultation) == [State.OUTCOME] * 4
    retire(outcome=outcome, reason="No longer.", by=asha, now=NOW)
    assert states(consultation) == [State.CLUSTER] * 4
    assert passage_states(consultation) == [State.CODED] * 4


def test_two_outcomes_of_one_cluster_count_its_ideas_once(cluster, consultation, asha):
    for words in ("I sleep.", "I rest."):
        draft_outcome(clusters=[cluster], i_statement=words, reason="So.", by=asha, now=NOW)
    assert ledger_of_ideas(consultation)[State.OUTCOME] == 4


def test_a_cluster_set_aside_takes_its_ideas_along_and_back(cluster, consultation, asha):
    set_aside(cluster=cluster, reason="It is not ours.", by=asha, now=NOW)
    assert states(consultation) == [State.SET_ASIDE] * 4
    take_up_again(cluster=cluster, reason="", by=asha, now=NOW)
    assert states(consultation) == [State.CLUSTER] * 4


def test_ideas_of_a_merged_cluster_stand_where_they_went(cluster, survey, asha):
    other = world.cluster(survey, asha, NOW)
    merge(keep=other, others=[cluster], reason="", by=asha, now=NOW)
    assert Cluster.objects.get(pk=cluster.pk).state == Cluster.State.MERGED
    assert ledger_of_ideas(survey.consultation)[State.CLUSTER] == 6


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("nothing", State.NOTHING),
        ("off topic", State.NOTHING),
        ("duplicate", State.NOTHING),
        ("set aside", State.SET_ASIDE),
        ("case", State.HANDED_ON),
        ("complaint", State.HANDED_ON),
    ],
)
def test_what_is_decided_of_a_passage_holds_for_its_ideas(group, consultation, asha, what, state):
    passage = group.ideas[0].answer.passage
    dispose(of=passage, what=what, by=asha, now=NOW, reason="Because.")
    assert states(consultation) == [state] + [State.TO_READ] * 3
    assert passage_states(consultation) == [state] + [State.TO_READ] * 3
    dispose(of=passage, what="open", by=asha, now=NOW)
    assert states(consultation)[0] == State.TO_READ
    assert passage_states(consultation)[0] == State.TO_READ


def test_what_is_decided_of_an_idea_comes_before_its_passage(group, consultation, asha):
    idea = group.ideas[0]
    dispose(of=idea, what="nothing", by=asha, now=NOW)
    assert passage_states(consultation)[0] == State.CODED
    made = dispose(of=idea.answer.passage, what="case", by=asha, now=NOW)
    hand_on(disposition=made, to="The SEND team", by=asha, now=NOW)
    assert states(consultation)[0] == State.NOTHING
    assert passage_states(consultation)[0] == State.HANDED_ON


def test_what_is_withheld_counts_as_withheld_whatever_else_holds(cluster, consultation, asha, lena):
    concern = raise_concern(
        source=Idea.objects.first().answer, category="other", reason="So.", by=asha, now=NOW
    )
    assert states(consultation) == [State.WITHHELD] + [State.CLUSTER] * 3
    assert passage_states(consultation) == [State.WITHHELD] + [State.CODED] * 3
    clear_concern(concern=concern, reason="Read.", by=lena, now=NOW)
    assert states(consultation) == [State.CLUSTER] * 4


def test_what_an_analysis_found_nothing_in_is_told_apart(survey, group, asha):
    consultation = survey.consultation
    world.response(survey, "n/a", NOW)
    Passage.everything.filter(words="n/a").update(screened_at=NOW - timedelta(hours=1))
    assert passage_states(consultation)[-1] == State.NOTHING_FOUND
    Passage.everything.filter(words="n/a").update(screened_at=NOW + timedelta(hours=1))
    assert passage_states(consultation)[-1] == State.TO_READ


def test_what_was_withheld_from_the_analysis_is_to_read(survey, group, asha, lena):
    world.response(survey, "n/a", NOW)
    Passage.everything.filter(words="n/a").update(screened_at=NOW - timedelta(hours=1))
    passage = Passage.objects.get(words="n/a")
    concern = raise_concern(source=passage.answer, category="other", reason="So.", by=asha, now=NOW)
    clear_concern(concern=concern, reason="Read.", by=lena, now=NOW)
    assert passage_states(survey.consultation)[-1] == State.TO_READ


def test_another_consultations_words_are_not_in_it(survey, group, area, asha):
    other = world.consultation(area, by=asha, now=NOW, slug="another")
    assert sum(ledger_of_ideas(other).values()) == 0
    assert sum(ledger_of_passages(other).values()) == 0


def test_answers_that_do_not_count_are_not_in_it(survey):
    made = world.response(survey, "Too late", NOW)
    type(made).objects.update(late="not_counted", late_reason="A month late.")
    assert sum(ledger_of_passages(survey.consultation).values()) == 0


def test_a_facilitators_view_stands_apart_from_what_was_said(session, group):
    add_note(session=session, text="A club that says yes.")
    add_note(session=session, text="They seemed tired.", kind="facilitator")
    found = lines_of_passages(session.consultation)
    names = [key for key, _ in VOICES]
    by_voice = dict(zip(names, found[-1].by_voice, strict=True))
    assert by_voice["parent_carer"] == 4
    assert by_voice[WORKSHOP] == 1
    assert by_voice[FACILITATOR] == 1


def test_every_row_is_in_one_state_and_the_numbers_add_up(cluster, survey, session, asha):
    world.response(survey, "Sleep", NOW)
    add_note(session=session, text="A club that says yes.")
    raise_concern(
        source=Idea.objects.first().answer, category="other", reason="So.", by=asha, now=NOW
    )
    consultation = survey.consultation
    ideas, passages = lines_of_ideas(consultation), lines_of_passages(consultation)
    assert sum(line.number for line in ideas) == Idea.everything.count() == 4
    assert sum(line.number for line in passages) == Passage.everything.count() == 6
    assert sum(line.percent for line in ideas) == sum(line.percent for line in passages) == 100


def test_it_asks_once_however_much_there_is(survey, group, asha, django_assert_num_queries):
    with django_assert_num_queries(1):
        ledger_of_ideas(survey.consultation)
    with django_assert_num_queries(1):
        ledger_of_passages(survey.consultation)


@pytest.mark.parametrize(
    ("counts", "percents"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([5], [100]),
        ([1, 1, 1], [34, 33, 33]),
        ([2, 1, 0], [67, 33, 0]),
        ([1, 999], [0, 100]),
        ([3, 3, 3, 3, 3, 3], [17, 17, 17, 17, 16, 16]),
    ],
)
def test_percents_are_whole_and_add_up_to_100(counts, percents):
    assert shares(counts) == percents
