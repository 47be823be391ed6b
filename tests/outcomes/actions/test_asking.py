"""The second round: asking people whether the outcomes are right."""

from datetime import timedelta

import pytest

from outcomes.actions import ask_about, asked_in, retire, verdicts_on
from outcomes.actions.asking import came_from
from outcomes.models import AskedWording
from surveys.actions import begin_response, fix_wording, save_answer, send_response, start_pilot
from surveys.models import Answer, Audience, Question, Survey
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
OPEN = NOW + timedelta(days=40)


@pytest.fixture
def outcome(survey, asha):
    """Feeling well, from 6 parents' ideas."""
    return world.proposed(world.cluster(survey, asha, NOW, voices=6), asha, NOW)


@pytest.fixture
def other(survey, asha, outcome):
    """Another outcome, from 2 parents' ideas."""
    made = world.cluster(survey, asha, NOW, voices=2)
    return world.proposed(made, asha, NOW, "I have friends.")


@pytest.fixture
def second(consultation) -> Survey:
    """The survey of the second round, before its dates are set."""
    return world.second_round(consultation, "parent_carer")


def opened(survey: Survey) -> Survey:
    survey.opens_on = OPEN.date() - timedelta(days=1)
    survey.closes_on = OPEN.date() + timedelta(days=9)
    survey.save()
    return survey


def say(survey: Survey, choice: str, text: str = "", *, times: int = 1) -> None:
    question = survey.questions.get()
    for _ in range(times):
        made, _code = begin_response(survey=survey, now=OPEN)
        save_answer(
            response=made,
            question=question,
            wording=question.wording(),
            choice=choice,
            text=text,
            seen=None,
            now=OPEN,
        )
        send_response(response=made, may_quote=None, now=OPEN)


def test_each_outcome_becomes_one_question_in_its_exact_words(second, outcome, other):
    asked = ask_about(survey=second, outcomes=[outcome, other], now=NOW)
    assert [(one.order, one.label, one.construct, one.max_chars) for one in asked] == [
        (1, outcome.code, "right", 1000),
        (2, other.code, "right", 1000),
    ]
    assert [one.wording().text for one in asked] == ["I feel well.", "I have friends."]
    assert [one.wording for one in asked_in(second)] == [outcome.wording, other.wording]


def test_it_says_where_an_outcome_came_from_and_never_tells_a_few_apart(second, outcome, other):
    first, last = ask_about(survey=second, outcomes=[outcome, other], now=NOW)
    assert first.background == "This came from what 6 parents and carers told us."
    assert last.background == "This came from what fewer than 5 parents and carers told us."


def test_people_of_every_audience_stand_in_one_plain_sentence():
    def people(*numbers):
        return [
            {"audience": audience, "count": number}
            for audience, number in zip(Audience.labels, numbers, strict=True)
        ]

    assert came_from(people("12", "7", "fewer than 5")) == (
        "This came from what 12 parents and carers, 7 people who work with families and "
        "fewer than 5 children and young people told us."
    )
    assert came_from(people("0", "7", "0")) == (
        "This came from what 7 people who work with families told us."
    )
    hidden = "not shown, so that nobody can be told apart"
    assert came_from(people(hidden, "0", hidden)) == "This came from what people told us."


def test_asking_again_keeps_what_stays_and_takes_out_what_is_not_chosen(second, outcome, other):
    first, _ = ask_about(survey=second, outcomes=[outcome, other], now=NOW)
    easy = first.wordings.create(form="easy_read", text="I am well.")
    again = ask_about(survey=second, outcomes=[outcome], now=NOW)
    assert again == [first]
    assert first.wording("easy_read") == easy
    assert AskedWording.objects.count() == 1
    back = ask_about(survey=second, outcomes=[outcome, other], now=NOW)
    assert [one.label for one in back] == [outcome.code, other.code]


def test_words_that_changed_are_brought_up_to_date_until_it_opens(second, outcome, asha):
    (question,) = ask_about(survey=second, outcomes=[outcome], now=NOW)
    new = world.reworded(outcome, "I feel good.", asha, NOW)
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    assert Question.objects.get(pk=question.pk).wording().text == "I feel good."
    assert asked_in(second).get().wording == new


def test_what_a_trial_answered_goes_with_the_question(second, outcome, other):
    ask_about(survey=second, outcomes=[outcome, other], now=NOW)
    key = start_pilot(survey=second, now=NOW).pilot_key
    second.refresh_from_db()
    trial, _ = begin_response(survey=second, now=NOW, pilot_key=key)
    for question in second.questions.all():
        save_answer(
            response=trial,
            question=question,
            wording=question.wording(),
            choice="yes",
            seen=None,
            now=NOW,
        )
    ask_about(survey=second, outcomes=[other], now=NOW)
    assert [one.question.label for one in trial.answers.all()] == [other.code]


def test_only_a_waiting_survey_of_the_second_round_asks_about_live_outcomes(
    second, survey, outcome, other, asha
):
    with pytest.raises(BadText, match="of the kind"):
        ask_about(survey=survey, outcomes=[outcome], now=NOW)
    retire(outcome=other, reason="No more.", by=asha, now=NOW)
    other.refresh_from_db()
    with pytest.raises(BadText, match="is retired"):
        ask_about(survey=second, outcomes=[other], now=NOW)
    elsewhere = world.consultation(world.area("hills"), by=asha, now=NOW, slug="hills")
    Survey.objects.filter(pk=second.pk).update(consultation=elsewhere)
    with pytest.raises(BadText, match="own consultation"):
        ask_about(survey=second, outcomes=[outcome], now=NOW)
    Survey.objects.filter(pk=second.pk).update(consultation=survey.consultation)
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    with pytest.raises(BadText, match="Choose at least one"):
        ask_about(survey=second, outcomes=[], now=NOW)
    with pytest.raises(BadText, match="has opened"):
        ask_about(survey=second, outcomes=[outcome], now=OPEN)


def test_verdicts_are_people_by_audience_and_a_few_are_never_told_apart(second, outcome):
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    say(second, "yes", times=8)
    say(second, "nearly", "Say happy.", times=6)
    say(second, "no", "No!", times=2)
    (found,) = verdicts_on(outcome)
    table = found.table
    assert table.shown("parent_carer", "yes") in ("8", "not shown")
    assert table.shown("parent_carer", "no") == "fewer than 5"
    assert table.shown("practitioner", "yes") == "0"
    assert [(one["choice"], one["text"]) for one in found.comments][:1] == [
        ("nearly", "Say happy.")
    ]
    assert len(found.comments) == 8


def test_no_hidden_number_of_verdicts_can_be_worked_out(second, outcome):
    """With 8 yes and 2 no of 10 people, "fewer than 5" would be 10 - 8."""
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    say(second, "yes", times=8)
    say(second, "no", times=2)
    row = dict(verdicts_on(outcome)[0].table.lines())["parent_carer"]
    assert {"8", "10"} - set(row)


def test_trials_drafts_and_what_came_too_late_are_not_counted(second, outcome):
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    question = second.questions.get()
    key = start_pilot(survey=second, now=NOW).pilot_key
    second.refresh_from_db()
    trial, _ = begin_response(survey=second, now=NOW, pilot_key=key)
    save_answer(response=trial, question=question, choice="no", text="x", seen=None, now=NOW)
    send_response(response=trial, may_quote=None, now=NOW)
    opened(second)
    draft, _ = begin_response(survey=second, now=OPEN)
    save_answer(response=draft, question=question, choice="no", text="y", seen=None, now=OPEN)
    say(second, "yes", "Late.")
    second.responses.filter(state="sent", is_pilot=False).update(
        late="not_counted", late_reason="A week late."
    )
    (found,) = verdicts_on(outcome)
    assert found.comments == []
    assert set(found.table.numbers.values()) == {0}


def test_verdicts_on_earlier_words_say_so(second, outcome, asha):
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    say(second, "yes", times=5)
    assert verdicts_on(outcome)[0].is_of_now
    world.reworded(outcome, "I feel good.", asha, OPEN)
    (found,) = verdicts_on(type(outcome).objects.get(pk=outcome.pk))
    assert not found.is_of_now
    assert found.asked.wording.i_statement == "I feel well."
    assert found.table.numbers["parent_carer", "yes"] == 5


def test_what_people_say_of_outcomes_never_becomes_ideas(second, outcome):
    before = set(Answer.objects.to_analyse())
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    say(second, "nearly", "I want friends too.")
    assert Answer.objects.filter(text="I want friends too.").exists()
    assert set(Answer.objects.to_analyse()) == before


def test_the_words_of_an_outcome_stay_while_people_answer(second, outcome, asha):
    ask_about(survey=second, outcomes=[outcome], now=NOW)
    opened(second)
    wording = second.questions.get().wordings.get()
    with pytest.raises(BadText, match="exact words of an outcome"):
        fix_wording(wording=wording, text="I am.", hint="", reason="x", seen=1, by=asha, now=OPEN)
