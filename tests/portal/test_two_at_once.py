"""Two people at the same moment, on real connections: nobody's work is lost, nothing is doubled."""

from dataclasses import replace

import pytest

from outcomes.actions import (
    adopt,
    ask_for_analysis,
    code,
    draft_outcome,
    join,
    merge,
    raise_concern,
    undo_cutting,
)
from outcomes.actions.analysing import AnalysisUnderWay
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import AnalysisRun, Cluster, ClusterIdea, Coding, Idea, Outcome
from surveys.actions import (
    Received,
    add_note,
    begin_change,
    begin_response,
    check_entry,
    enter_response,
    fix_wording,
    forget_change,
    record_equality,
    save_answer,
    send_response,
    settle_check,
    withdraw_response,
)
from surveys.actions.fixing import WordsChanged
from surveys.dates import day_of
from surveys.models import Answer, Concern, EntryCheck, EqualityTally, Response
from surveys.refusals import AnswerChangedElsewhere, Refusal
from tests import world
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_writers_wait_for_each_other_and_none_fails(survey, now):
    question = survey.questions.first()

    def answer(number):
        for turn in range(10):
            response, _ = begin_response(survey=survey, now=now)
            text = f"writer {number}, turn {turn}"
            save_answer(response=response, question=question, text=text, seen="", now=now)
            send_response(response=response, may_quote=None, now=now)

    at_once(*[lambda number=number: answer(number) for number in range(6)])
    assert Response.objects.sent().count() == Answer.objects.count() == 60


def test_sent_from_two_tabs_is_one_response(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    save_answer(response=response, question=survey.questions.first(), text="x", seen="", now=now)
    results = at_once(
        *[lambda: send_response(response=response, may_quote=None, now=now).reference] * 4
    )
    assert set(results) == {response.reference}
    assert Response.objects.sent().count() == 1


def test_saved_from_two_tabs_keeps_one_and_shows_both(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    question = survey.questions.first()

    def save(text):
        save_answer(response=response, question=question, text=text, seen="", now=now)
        return text

    results = at_once(lambda: save("one"), lambda: save("two"))
    refused = [result for result in results if isinstance(result, AnswerChangedElsewhere)]
    assert len(refused) == 1
    assert refused[0].stored == Answer.objects.get().text


def test_a_worry_and_a_join_taken_back_wait_for_each_other(survey, asha, ben, now):
    answer = world.response(survey, "rest and sleep", now).answers.get()
    run = world.run(survey.consultation, asha, now)
    ideas = [
        Idea.objects.create(answer=answer, start=start, end=end, found_by=run)
        for start, end in ((0, 4), (5, 14))
    ]
    join(idea=ideas[0], by=asha, now=now)
    worry = {"source": answer, "category": "other", "reason": "So.", "by": ben, "now": now}
    at_once(
        lambda: undo_cutting(passage=answer.passage, by=asha, now=now),
        lambda: raise_concern(**worry),
    )
    assert Concern.objects.open().count() == 1


def test_an_outcome_is_drafted_while_others_code_under_its_theme(council, survey, asha, ben, now):
    cluster = world.cluster(survey, asha, now)
    ideas, theme = list(Idea.objects.all()), cluster.theme
    drafts = [
        lambda text=text: draft_outcome(
            clusters=[cluster], i_statement=text, reason="Both said so.", by=asha, now=now
        )
        for text in ("I sleep well.", "I rest enough.")
    ]
    codes = [lambda idea=idea: code(idea=idea, themes=[theme], by=ben, now=now) for idea in ideas]
    at_once(*drafts, *codes)
    assert Outcome.objects.count() == 2
    assert Coding.objects.current().filter(theme=theme).count() == len(ideas) == 2


def test_a_suggestion_adopted_by_two_officers_is_one_cluster(survey, asha, ben, now):
    world.response(survey, "rest", now)
    run = world.run(survey.consultation, asha, now)
    group = world.group(run, "families", list(Answer.objects.all()))
    results = at_once(
        *[
            lambda who=who: adopt(suggestion=group, name=f"By {who}", by=who, now=now)
            for who in (asha, ben)
        ]
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    assert Cluster.objects.count() == ClusterIdea.objects.count() == 1


def test_two_merges_across_each_other_lose_no_idea(survey, asha, ben, now):
    one, two = (world.cluster(survey, asha, now) for _ in range(2))
    results = at_once(
        lambda: merge(keep=one, others=[two], by=asha, now=now),
        lambda: merge(keep=two, others=[one], by=ben, now=now),
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    (left,) = Cluster.objects.adopted()
    assert left.ideas.count() == 4


def test_two_officers_asking_get_one_analysis(survey, asha, ben, now):
    world.response(survey, "rest", now)
    results = at_once(
        *[
            lambda who=who: ask_for_analysis(consultation=survey.consultation, by=who, now=now)
            for who in (asha, ben)
        ]
    )
    assert sum(isinstance(result, AnalysisUnderWay) for result in results) == 1
    assert AnalysisRun.objects.count() == 1


@pytest.fixture
def change(survey, now):
    """A change, begun and not sent."""
    draft = begin_change(response=world.response(survey, "before", now), now=now)
    question = survey.questions.first()
    save_answer(response=draft, question=question, text="after", seen=None, now=now)
    return draft


def test_a_change_begun_in_two_tabs_is_one_change(survey, now):
    sent = world.response(survey, "before", now)
    results = at_once(*[lambda: begin_change(response=sent, now=now).pk] * 4)
    assert len(set(results)) == 1
    assert Response.objects.count() == 2


def test_a_change_sent_from_two_tabs_is_put_in_place_once(change, now):
    def send():
        return send_response(response=change, may_quote=None, now=now).pk

    results = at_once(send, send, send)
    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert Response.objects.get().texts().popitem()[1] == "after"


def test_a_change_sent_while_all_is_taken_back_never_stays_half_way(survey, change, now):
    sent = change.change_of
    for turn in range(10):
        at_once(
            lambda change=change: send_response(response=change, may_quote=None, now=now),
            lambda sent=sent: withdraw_response(response=sent, now=now),
        )
        assert Response.objects.get(pk=sent.pk).is_withdrawn
        assert not Answer.objects.filter(response=sent).exists()
        assert not Response.objects.filter(change_of=sent).exists()
        sent = world.response(survey, f"before {turn}", now)
        change = begin_change(response=sent, now=now)


def test_a_change_sent_while_it_is_thrown_away_is_one_of_the_two(change, now):
    sent = change.change_of
    results = at_once(
        lambda: send_response(response=change, may_quote=None, now=now),
        lambda: forget_change(response=sent),
    )
    lost = any(isinstance(result, Refusal) for result in results)
    assert Answer.objects.get().text == ("before" if lost else "after")
    assert Response.objects.count() == 1


def test_equality_answers_sent_from_two_tabs_are_counted_once(survey, now):
    survey.asks_equality = True
    survey.save()
    sent = world.response(survey, "x", now)
    choices = {"sex": "female"}
    at_once(*[lambda: record_equality(response=sent, choices=choices, now=now)] * 4)
    assert EqualityTally.objects.get().people == 1


def test_many_people_at_the_equality_questions_are_all_counted(survey, now):
    survey.asks_equality = True
    survey.save()
    people = [world.response(survey, f"person {n}", now) for n in range(12)]
    sexes = ["female", "male"]

    def answer(person, sex):
        choices = {"sex": sex, "age": "under_25", "ethnic_group": "white", "condition": "no"}
        record_equality(response=person, choices=choices, now=now)

    at_once(
        *[
            lambda person=person, sex=sexes[n % 2]: answer(person, sex)
            for n, person in enumerate(people)
        ]
    )
    counted = {(row.question, row.choice): row.people for row in EqualityTally.objects.all()}
    assert counted == {
        ("age", "under_25"): 12,
        ("condition", "no"): 12,
        ("ethnic_group", "white"): 12,
        ("sex", "female"): 6,
        ("sex", "male"): 6,
    }


def test_two_who_take_notes_in_one_workshop_lose_none(session):
    def take(who):
        for turn in range(10):
            add_note(session=session, text=f"{who} heard {turn}")

    at_once(lambda: take("Fran"), lambda: take("Asha"), lambda: take("Ben"))
    notes = list(session.notes.all())
    assert [note.order for note in notes] == list(range(1, 31))
    for who in ("Fran", "Asha", "Ben"):
        heard = [note.text for note in notes if note.text.startswith(who)]
        assert heard == [f"{who} heard {turn}" for turn in range(10)]


def test_a_note_sent_twice_at_the_same_moment_is_there_once(session):
    results = at_once(*[lambda: add_note(session=session, text="A club", seen=0)] * 4)
    assert sum(isinstance(result, Refusal) for result in results) == 3
    assert session.notes.count() == 1


def test_two_officers_who_correct_at_once_make_one_fix_and_the_other_is_told(survey, asha, now):
    questions = list(survey.questions.all()[:4])

    def correct(question):
        wording = question.wordings.get()
        return fix_wording(
            wording=wording, text="Why?", hint="", reason="A slip.", seen=1, by=asha, now=now
        )

    results = at_once(*[lambda one=one: correct(one) for one in questions])
    assert sum(isinstance(one, WordsChanged) for one in results) == len(questions) - 1
    survey.refresh_from_db()
    assert (survey.version, survey.fixes.count()) == (2, 1)


def test_one_paper_typed_by_two_at_once_is_entered_once(survey, fran, asha, now):
    paper = Received(
        survey=survey,
        channel="paper",
        received_on=day_of(now),
        texts={"what_matters": "Friends"},
        number="12",
    )
    results = at_once(
        *[lambda by=by: enter_response(received=paper, by=by, now=now) for by in (fran, asha)]
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Response.objects.count() == 1
    same = at_once(
        *[
            lambda: enter_response(
                received=replace(paper, number=""), by=fran, now=now, reference="BCDFGHJKMP"
            )
        ]
        * 3
    )
    assert {result.reference for result in same} == {"BCDFGHJKMP"}
    assert Response.objects.count() == 2


def test_a_paper_is_typed_a_second_time_and_settled_once(survey, fran, asha, ben, now):
    paper = Received(
        survey=survey, channel="paper", received_on=day_of(now), texts={"what_matters": "Friends"}
    )
    made = enter_response(received=paper, by=fran, now=now)

    def again(by):
        return check_entry(response=made, texts={"what_matters": str(by)}, by=by, now=now)

    results = at_once(lambda: again(asha), lambda: again(ben))
    assert sum(isinstance(result, Refusal) for result in results) == 1
    check = EntryCheck.objects.get()
    results = at_once(
        lambda: settle_check(check=check, keep="first", by=asha, now=now),
        lambda: settle_check(check=check, keep="second", by=ben, now=now),
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1


def test_the_same_words_raised_by_two_at_once_are_one_concern(survey, asha, ben, now):
    answer = world.response(survey, "He hurts me.", now).answers.get()

    def worry(by):
        return raise_concern(source=answer, category="other", reason="Why?", by=by, now=now)

    results = at_once(lambda: worry(asha), lambda: worry(ben))
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    assert Concern.objects.count() == 1
