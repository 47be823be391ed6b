"""Could this identify a child? What stands against a quote, and what a person answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import ChangedMeanwhile, check_quote, hide, move_border, raise_concern
from outcomes.actions.curating import AlreadyDecided
from outcomes.hiding import suggest
from outcomes.models import Idea
from outcomes.quoting import (
    NOT_ASKED,
    NOT_COUNTED,
    NOT_SAID,
    NOT_SCREENED,
    OF_A_WORKSHOP,
    SAID_NO,
    UNDECIDED,
    WITHHELD,
    Answer,
    may_quote,
    quotes,
    with_details,
)
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage, Response
from surveys.refusals import BadText
from tests import world

TEXT = "My son is 7 and deaf, at the village school."


@pytest.fixture
def idea(survey, asha, now):
    """Of somebody who may be quoted; the screen found nothing."""
    answer = world.response(survey, TEXT, now).answers.get()
    world.group(world.run(survey.consultation, asha, now), "health", [answer])
    Response.objects.update(may_quote=True)
    Passage.everything.update(screened_at=now)
    return Idea.objects.get()


def quote_of(idea):
    return quotes([with_details(Idea.everything.filter(pk=idea.pk)).get()])[0]


def against(idea) -> list[str]:
    return quote_of(idea).against


def test_a_quote_waits_for_somebody_to_look_at_it(idea, asha, now):
    assert against(idea) == [NOT_ASKED]
    check_quote(idea=idea, answer="no one", by=asha, now=now)
    assert against(idea) == []
    assert may_quote(Idea.objects.get())
    check = quote_of(idea).check
    assert (check.answer, check.by, check.at) == (Answer.NO_ONE, asha, now)


@pytest.mark.parametrize("answer", ["somebody", "hurts", "misleads"])
def test_any_other_answer_stands_against_it(idea, asha, now, answer):
    check_quote(idea=idea, answer=answer, by=asha, now=now)
    assert against(idea) == [Answer(answer).label]


@pytest.mark.parametrize(("said", "why"), [(None, NOT_SAID), (False, SAID_NO)])
def test_whoever_did_not_agree_is_not_quoted(idea, asha, now, said, why):
    check_quote(idea=idea, answer="no one", by=asha, now=now)
    Response.objects.update(may_quote=said)
    assert against(idea) == [why]


def test_what_is_not_counted_is_not_quoted(idea):
    Response.objects.update(late="not_counted", late_reason="Weeks late.")
    assert NOT_COUNTED in against(idea)


def test_what_is_withheld_is_not_quoted(idea, asha, now):
    raise_concern(source=idea.answer, category="other", reason="Worry.", by=asha, now=now)
    assert WITHHELD in against(idea)
    with pytest.raises(AlreadyDecided, match="withheld"):
        check_quote(idea=idea, answer="no one", by=asha, now=now)


def test_what_the_screen_has_not_read_is_not_quoted(idea):
    Passage.everything.update(screened_at=None)
    assert NOT_SCREENED in against(idea)


def test_details_that_nobody_decided_on_come_first(idea, asha, now):
    suggest(idea.answer.passage, [(0, 6, "person", 0.5)])
    assert UNDECIDED in against(idea)
    with pytest.raises(BadText, match="Decide first"):
        check_quote(idea=idea, answer="no one", by=asha, now=now)
    hide(passage=idea.answer.passage, start=0, end=6, kind="person", by=asha, now=now)
    check_quote(idea=idea, answer="no one", by=asha, now=now)
    assert against(idea) == []


def test_details_elsewhere_in_the_answer_do_not_stand_against_it(idea):
    Idea.objects.update(start=22)
    suggest(idea.answer.passage, [(0, 6, "person", 0.5)])
    assert UNDECIDED not in against(idea)


def test_notes_of_a_workshop_are_not_quoted(session, idea):
    note = add_note(session=session, text="A club that says yes.")
    said = Idea.objects.create(note=note, start=0, end=6, found_by=idea.found_by)
    assert OF_A_WORKSHOP in against(said)


def test_an_answer_is_about_the_words_as_they_were(idea, asha, now):
    check_quote(idea=idea, answer="no one", by=asha, now=now)
    later = now.replace(hour=13)
    hide(passage=idea.answer.passage, start=10, end=11, kind="rare", by=asha, now=later)
    assert against(idea) == [NOT_ASKED]
    check_quote(idea=idea, answer="no one", by=asha, now=later)
    assert against(idea) == []
    move_border(idea=Idea.objects.get(), start=3, end=len(TEXT), by=asha, now=later)
    assert against(idea) == [NOT_ASKED]


def test_two_who_answer_at_once_the_second_is_told(idea, asha, ben, now):
    check_quote(idea=idea, answer="somebody", by=asha, now=now, seen=0)
    with pytest.raises(ChangedMeanwhile, match="asha answered meanwhile"):
        check_quote(idea=idea, answer="no one", by=ben, now=now, seen=0)
    number = quote_of(idea).check.number
    check_quote(idea=idea, answer="no one", by=ben, now=now, seen=number)
    assert quote_of(idea).may


def test_the_same_answer_twice_is_one(idea, asha, now):
    for _ in range(2):
        check_quote(idea=idea, answer="no one", by=asha, now=now)
    events = AuditEvent.objects.filter(what__startswith="quote:")
    assert [one.detail for one in events] == [f"no one: characters 0 to {len(TEXT)}"]


@pytest.mark.parametrize("answer", ["", "yes", "no one: characters 0 to 3", "x" * 500])
def test_an_answer_that_is_none_is_refused(idea, asha, now, answer):
    with pytest.raises(BadText, match="Choose an answer"):
        check_quote(idea=idea, answer=answer, by=asha, now=now)


def test_rare_combinations_and_small_audiences_are_pointed_at(idea, survey, asha, now):
    assert quote_of(idea).hints == [
        "Fewer than 5 parents and carers answered.",
        "It tells an age, a place and a condition or an event together.",
    ]
    for number in range(4):
        world.response(survey, f"Rest, {number}", now)
    assert len(quote_of(idea).hints) == 1
    hide(passage=idea.answer.passage, start=29, end=43, kind="school", by=asha, now=now)
    hints = quote_of(idea).hints
    assert hints[0] == "It tells an age, a place and a condition or an event together."
    assert hints[1].startswith("Something is hidden in it")


@pytest.mark.parametrize("text", ["More clubs please.", "He is 7.", "Our school is great."])
def test_one_fact_alone_is_no_combination(survey, asha, now, text):
    for number in range(4):
        world.response(survey, f"Rest, {number}", now)
    answer = world.response(survey, text, now).answers.get()
    world.group(world.run(survey.consultation, asha, now), "health", [answer])
    assert quote_of(Idea.objects.get()).hints == []


def test_many_quotes_cost_no_more_questions_than_few(survey, asha, now):
    def cost(number):
        answers = [world.response(survey, f"{TEXT} {n}", now).answers.get() for n in range(number)]
        world.group(world.run(survey.consultation, asha, now), "health", answers)
        with CaptureQueriesContext(connection) as counted:
            quotes(list(with_details(Idea.objects.filter(answer__in=answers))))
        return len(counted)

    assert cost(2) == cost(9)
