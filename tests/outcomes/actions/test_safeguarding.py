"""Worries about harm: raised, read, passed on, cleared; and what is withheld meanwhile."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from outcomes.actions import (
    adopt,
    clear_concern,
    merge,
    people_behind,
    raise_concern,
    refer_concern,
    rename,
    see_concern,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.engine.names import Member, Namer
from outcomes.engine.pipeline import Analysis
from outcomes.engine.records import FoundGroup, FoundIdea
from outcomes.models import (
    NAME_WITHHELD,
    AnalysisRun,
    Cluster,
    ClusterIdea,
    GroupSuggestion,
    Idea,
)
from outcomes.withholding import REASON_WITHHELD, tells_more, withhold
from outcomes.worker import write
from surveys.actions import (
    add_note,
    begin_change,
    correct_note,
    remove_note,
    save_answer,
    send_response,
    withdraw_response,
)
from surveys.actions.noting import NoteChanged
from surveys.models import Answer, Concern, ConcernStep
from surveys.models.safety import WORDS_GONE
from surveys.refusals import BadText
from tests import world

pytestmark = pytest.mark.django_db
WORDS = "He hurts me at night and nobody knows it."
NAME = "He hurts me at night"


@pytest.fixture
def said(survey, now):
    world.response(survey, "Sleep at night", now)
    return world.response(survey, WORDS, now)


@pytest.fixture
def answer(said):
    return said.answers.get()


def raised(source, by, now, reason="It sounds as if somebody hurts her."):
    return raise_concern(source=source, category="disclosure", reason=reason, by=by, now=now)


def flagged(source, now):
    """What the screen does."""
    return withhold(
        source=source, category="disclosure", score=0.8, reason="It says so.", by=None, now=now
    )


@pytest.fixture
def suggested(survey, answer, asha, now):
    """A group named in the words of the answer, and one that quotes the name."""
    run = world.run(survey.consultation, asha, now)
    group = world.group(run, "health", list(Answer.objects.all()))
    group.name = NAME
    group.save()
    later = [world.response(survey, "Rest", now).answers.get()]
    quoting = world.group(run, "families", later)
    quoting.reason = f"The opposite view: “{NAME}”."
    quoting.save()
    return group


def test_words_about_which_somebody_worries_are_withheld_from_then_on(answer, asha, now):
    assert answer in Answer.objects.readable()
    concern = raised(answer, asha, now)
    assert (concern.state, concern.raised_by, concern.score) == ("new", asha, 1.0)
    assert answer not in Answer.objects.readable()
    assert answer not in Answer.objects.to_analyse()
    assert answer in Answer.objects.withheld()


def test_a_worry_says_why(answer, asha, now):
    with pytest.raises(BadText, match="Say what worries you"):
        raised(answer, asha, now, reason=" ")
    assert answer in Answer.objects.readable()


def test_the_same_words_are_raised_once(answer, asha, fran, now):
    raised(answer, asha, now)
    with pytest.raises(AlreadyDecided, match="has this already"):
        raised(answer, fran, now)
    assert Concern.objects.get().raised_by == asha


def test_a_note_is_withheld_as_an_answer_is(session, fran, now):
    note = add_note(session=session, text=WORDS)
    raised(note, fran, now)
    assert note not in session.notes.readable()
    assert Concern.objects.get().source == note


def test_a_concern_is_read_then_passed_on_then_cleared(answer, asha, lena, now):
    concern = raised(answer, asha, now)
    see_concern(concern=concern, by=lena, now=now)
    see_concern(concern=concern, by=lena, now=now)
    refer_concern(concern=concern, told="Duty social worker", reason="Today.", by=lena, now=now)
    assert answer not in Answer.objects.readable()
    clear_concern(concern=concern, reason="They look after her now.", by=lena, now=now)
    assert answer in Answer.objects.readable()
    steps = [(one.state, one.told, one.by) for one in concern.steps.all()]
    assert steps == [
        ("seen", "", lena),
        ("referred", "Duty social worker", lena),
        ("cleared", "", lena),
    ]


def test_passing_on_says_to_whom_and_why(answer, asha, lena, now):
    concern = raised(answer, asha, now)
    for told, reason in (("", "Today."), ("Duty social worker", " ")):
        with pytest.raises(BadText, match="Say w"):
            refer_concern(concern=concern, told=told, reason=reason, by=lena, now=now)
    assert not ConcernStep.objects.exists()


def test_clearing_says_why_and_what_is_cleared_is_decided_on_no_more(answer, asha, lena, now):
    concern = raised(answer, asha, now)
    with pytest.raises(BadText, match="Say why"):
        clear_concern(concern=concern, reason="", by=lena, now=now)
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    for act in (
        lambda: clear_concern(concern=concern, reason="Again.", by=lena, now=now),
        lambda: refer_concern(concern=concern, told="Me", reason="x", by=lena, now=now),
        lambda: see_concern(concern=concern, by=lena, now=now),
    ):
        with pytest.raises(AlreadyDecided, match="cleared already"):
            act()


def test_what_was_cleared_is_raised_again_by_a_person_and_never_by_the_screen(
    answer, asha, lena, now
):
    concern, is_new = flagged(answer, now)
    assert is_new
    assert concern.raised_by is None
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    assert flagged(answer, now) == (concern, False)
    assert answer in Answer.objects.readable()
    again = raised(answer, asha, now)
    assert (again, again.state, again.raised_by) == (concern, "new", asha)
    assert answer not in Answer.objects.readable()
    assert [step.state for step in concern.steps.all()] == ["cleared", "new"]


def test_the_screen_changes_nothing_of_what_a_person_raised(answer, asha, now):
    raised(answer, asha, now)
    flagged(answer, now)
    assert Concern.objects.get().raised_by == asha


def test_the_database_keeps_the_rules_too(answer, session, asha, now):
    concern = raised(answer, asha, now)
    note = add_note(session=session, text=WORDS)
    broken = [
        lambda: Concern.objects.update(note=note),
        lambda: Concern.objects.update(score=2),
        lambda: concern.steps.create(state="cleared", by=asha, at=now),
        lambda: concern.steps.create(state="referred", reason="x", by=asha, at=now),
    ]
    for act in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_what_nobody_has_seen_comes_first_then_the_gravest(survey, asha, lena, now):
    answers = [world.response(survey, text, now).answers.get() for text in "abcd"]
    for source, score in zip(answers, (0.6, 0.9, 0.7, 0.7), strict=True):
        withhold(source=source, category="other", score=score, reason="x", by=None, now=now)
    see_concern(concern=Concern.objects.get(answer=answers[1]), by=lena, now=now)
    order = [one.answer.text for one in Concern.objects.gravest_first()]
    assert order == ["c", "d", "a", "b"]


def test_groups_lose_names_and_reasons_that_quote_withheld_words(suggested, answer, asha, now):
    raised(answer, asha, now)
    suggested.refresh_from_db()
    assert suggested.name == NAME_WITHHELD
    assert not GroupSuggestion.objects.filter(reason__contains=NAME).exists()
    assert GroupSuggestion.objects.filter(reason__contains=NAME_WITHHELD).count() == 1


def test_a_group_loses_a_reason_that_tells_words_which_no_other_idea_has(
    suggested, answer, asha, now
):
    GroupSuggestion.objects.filter(pk=suggested.pk).update(reason="2 that share the words: hurts.")
    raised(answer, asha, now)
    suggested.refresh_from_db()
    assert suggested.reason == REASON_WITHHELD


def test_a_reason_in_words_of_others_stays(suggested, answer, asha, now):
    reason = "2 that share the words: night."
    GroupSuggestion.objects.filter(pk=suggested.pk).update(reason=reason)
    raised(answer, asha, now)
    suggested.refresh_from_db()
    assert suggested.reason == reason


def test_a_cluster_loses_a_name_that_was_taken_over_from_the_machine(suggested, answer, asha, now):
    cluster = adopt(suggestion=suggested, name=NAME, by=asha, now=now)
    rename(cluster=cluster, name="Night", by=asha, now=now)
    rename(cluster=cluster, name=NAME.upper(), by=asha, now=now)
    raised(answer, asha, now)
    cluster.refresh_from_db()
    assert cluster.name == NAME_WITHHELD
    assert not cluster.decisions.filter(detail__icontains=NAME).exists()


def test_a_cluster_keeps_peoples_own_name(suggested, answer, asha, now):
    cluster = adopt(suggestion=suggested, name="Nights", by=asha, now=now)
    raised(answer, asha, now)
    cluster.refresh_from_db()
    assert cluster.name == "Nights"


def test_words_taken_back_leave_the_record_without_words(said, answer, asha, lena, now):
    concern = raised(answer, asha, now, reason=f"It says: {WORDS}")
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    raised(answer, asha, now, reason=f"It does say: {WORDS}")
    withdraw_response(response=said, now=now)
    concern.refresh_from_db()
    assert (concern.source, concern.state, concern.reason) == (None, "new", WORDS_GONE)
    assert [step.reason for step in concern.steps.all()] == ["A story.", WORDS_GONE]
    clear_concern(concern=concern, reason="Nothing is left.", by=lena, now=now)


def change_to(said, text, now):
    change = begin_change(response=said, now=now)
    question = said.survey.questions.first()
    save_answer(response=change, question=question, text=text, seen=None, now=now)
    send_response(response=change, may_quote=None, now=now)


def test_what_is_put_in_the_place_of_withheld_words_is_withheld(said, answer, asha, now):
    concern = raised(answer, asha, now, reason=f"It says: {WORDS}")
    change_to(said, "He hurts me at night.", now)
    concern.refresh_from_db()
    assert concern.answer.text == "He hurts me at night."
    assert not said.answers.readable().exists()
    assert WORDS not in concern.reason


def test_what_is_put_in_the_place_of_cleared_words_is_not(said, answer, asha, lena, now):
    concern = raised(answer, asha, now)
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    change_to(said, "Sleep", now)
    concern.refresh_from_db()
    assert concern.source is None
    assert said.answers.readable().exists()


def test_a_withheld_note_is_neither_corrected_nor_removed(session, fran, now):
    note = add_note(session=session, text=WORDS)
    raised(note, fran, now)
    with pytest.raises(NoteChanged, match="withheld") as refused:
        correct_note(note=note, text="x", kind="said", dots=None, seen=note.pk, by=fran)
    assert refused.value.now is None
    with pytest.raises(NoteChanged, match="withheld"):
        remove_note(note=note, seen=note.pk, by=fran)
    assert Concern.objects.get().source == note


def test_a_merge_takes_withheld_ideas_along(survey, asha, lena, now):
    keep, other = (world.cluster(survey, asha, now) for _ in range(2))
    concern = raised(other.members.first().idea.answer, asha, now)
    assert other.members.count() == 1
    merge(keep=keep, others=[other], by=asha, now=now)
    assert keep.members.count() == 3
    assert ClusterIdea.everything.filter(cluster=keep).count() == 4
    clear_concern(concern=concern, reason="A story.", by=lena, now=now)
    assert keep.members.count() == 4


def test_withheld_ideas_are_adopted_into_nothing(suggested, answer, asha, now):
    raised(answer, asha, now)
    cluster = adopt(suggestion=suggested, name="Nights", by=asha, now=now)
    assert [idea.text for idea in cluster.ideas.all()] == ["Sleep at night"]


def test_counts_of_people_leave_withheld_words_out(survey, session, asha, lena, now):
    cluster = world.cluster(survey, asha, now, voices=6)
    note = add_note(session=session, text=WORDS)
    run = AnalysisRun.objects.get()
    idea = Idea.objects.create(note=note, start=0, end=len(WORDS), found_by=run)
    ClusterIdea.objects.create(cluster=cluster, idea=idea, added_by=asha, added_at=now)
    outcome = world.proposed(cluster, asha, now)

    def counted():
        row = Cluster.objects.with_people().get(pk=cluster.pk)
        shown = people_behind([outcome])[outcome.pk][0]["count"]
        return row.ideas_count, row.people_parent_carer, row.workshops, shown

    assert counted() == (7, 6, 1, "6")
    sources = [note, *(one.idea.answer for one in cluster.members.all()[:2])]
    concerns = [raised(one, asha, now) for one in sources]
    assert counted() == (4, 4, 0, "fewer than 5")
    for one in concerns:
        clear_concern(concern=one, reason="A story.", by=lena, now=now)
    assert counted() == (7, 6, 1, "6")


def test_a_run_at_work_writes_no_name_of_words_that_were_withheld_meanwhile(
    survey, answer, asha, now
):
    other = Answer.objects.exclude(pk=answer.pk).get()
    run = world.run(survey.consultation, asha, now)
    AnalysisRun.objects.update(state="running", finished_at=None)
    raised(answer, asha, now)
    ideas = tuple(
        FoundIdea(f"answer-{one.pk}", 0, len(one.text), "health", {}, None, "Close.", 1)
        for one in (answer, other)
    )
    alone = world.response(survey, "Rest", now).answers.get()
    ideas += (FoundIdea(f"answer-{alone.pk}", 0, 4, "health", {}, None, "Close.", 2),)
    groups = (
        FoundGroup(1, "health", NAME, "They share the words: hurts."),
        FoundGroup(2, "health", "Rest", f"The opposite view: “{NAME}”."),
    )
    write(run, Analysis(ideas, groups, (), "1", {}, "f"))
    stored = str(list(GroupSuggestion.objects.values()))
    assert "hurts" not in stored
    assert GroupSuggestion.objects.count() == 2
    assert Idea.everything.filter(answer=answer).count() == 0


def test_a_group_that_lost_an_idea_keeps_a_name_that_others_say(survey, answer, asha, now):
    other = Answer.objects.exclude(pk=answer.pk).get()
    run = world.run(survey.consultation, asha, now)
    AnalysisRun.objects.update(state="running", finished_at=None)
    raised(answer, asha, now)
    ideas = tuple(
        FoundIdea(f"answer-{one.pk}", 0, len(one.text), "health", {}, None, "Close.", 1)
        for one in (answer, other)
    )
    reason = "2 ideas that share the words: night."
    groups = (FoundGroup(1, "health", "Sleep at night", reason),)
    write(run, Analysis(ideas, groups, (), "1", {}, "f"))
    group = GroupSuggestion.objects.get()
    assert (group.name, group.reason) == ("Sleep at night", reason)


def test_the_engine_tells_shared_words_as_they_are_looked_for():
    texts = ["He hurts me badly", "She hurts everyone badly", "Sleep"]
    members = [Member(text, np.ones(3, np.float32), None, 1) for text in texts[:2]]
    reason = Namer().fit(texts).reason(members, {})
    assert "hurts" in reason
    assert tells_more(reason, ["He sleeps badly"])
    assert not tells_more(reason, texts[:1])
