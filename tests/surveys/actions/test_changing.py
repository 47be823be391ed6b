"""After sending: change, take back, keep words from being quoted."""

from datetime import timedelta

import pytest

from outcomes.models import Idea
from surveys.actions import (
    begin_change,
    begin_response,
    find_response,
    fingerprint_of_answers,
    forget_change,
    keep_words,
    may_change,
    save_answer,
    send_response,
    withdraw_response,
)
from surveys.models import AboutYou, Answer, Picture, Response, Tick
from surveys.refusals import AlreadySent, AnswersChanged, NotAllowed, SurveyClosed
from tests import world


@pytest.fixture
def draft(survey, now):
    response, code = begin_response(survey=survey, now=now, source="poster")
    response.code = code
    say(response, "Friends", now)
    return response


@pytest.fixture
def sent(draft, now):
    code = draft.code
    response = send_response(response=draft, may_quote=True, now=now)
    response.code = code
    return response


def say(response, text, now, number=1):
    question = response.survey.questions.get(order=number)
    save_answer(response=response, question=question, text=text, seen=None, now=now)


def words(response):
    return sorted(response.answers.values_list("text", flat=True))


def test_a_change_begins_as_a_copy_and_what_was_sent_still_counts(sent, survey, now):
    picture = Picture.objects.create(question=survey.questions.first(), label="Home", drawing="x")
    Tick.objects.create(response=sent, picture=picture)
    AboutYou.objects.create(response=sent, question="relationship", choice="parent")
    change = begin_change(response=sent, now=now)
    assert words(change) == words(sent) == ["Friends"]
    assert change.ticks.get().picture == picture
    assert change.about.get().choice == "parent"
    assert change.may_quote is True
    assert list(Response.objects.counted()) == [sent]


def test_the_code_goes_on_naming_what_was_sent(sent, now):
    begin_change(response=sent, now=now)
    assert find_response(code=sent.code) == sent


def test_beginning_again_goes_on_with_the_same_change(sent, now):
    change = begin_change(response=sent, now=now)
    say(change, "Friends and rest", now)
    assert begin_change(response=sent, now=now) == change
    assert words(change) == ["Friends and rest"]


def test_sending_a_change_puts_it_in_place_of_what_was_sent(sent, now):
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    say(change, "A party", now, number=2)
    later = now + timedelta(hours=1)
    result = send_response(response=change, may_quote=False, now=later)
    assert result == sent
    assert result.reference == sent.reference
    assert words(result) == ["A party", "Rest"]
    assert (result.may_quote, result.sent_at) == (False, later)
    assert Response.objects.count() == 1
    assert find_response(code=sent.code).source == "poster"


def test_words_that_stay_keep_what_officers_made_of_them(sent, survey, asha, now):
    say_again = sent.answers.get()
    run = world.run(survey.consultation, asha, now)
    world.group(run, "health", [say_again])
    change = begin_change(response=sent, now=now)
    say(change, "A party", now, number=2)
    send_response(response=change, may_quote=None, now=now)
    assert Idea.objects.get().answer == say_again


def test_words_that_change_lose_what_officers_made_of_them(sent, survey, asha, now):
    run = world.run(survey.consultation, asha, now)
    world.group(run, "health", [sent.answers.get()])
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    send_response(response=change, may_quote=None, now=now)
    assert not Idea.objects.exists()


def test_a_change_has_the_same_name_before_and_after_it_is_sent(sent, now):
    """So that a second press on Send leads to the receipt."""
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    AboutYou.objects.create(response=change, question="relationship", choice="parent")
    seen = fingerprint_of_answers(change)
    assert seen != fingerprint_of_answers(sent)
    assert fingerprint_of_answers(send_response(response=change, may_quote=None, now=now)) == seen


def test_what_somebody_says_about_themselves_is_part_of_what_is_read_before_sending(draft, now):
    seen = fingerprint_of_answers(draft)
    AboutYou.objects.create(response=draft, question="relationship", choice="parent")
    with pytest.raises(AnswersChanged):
        send_response(response=draft, may_quote=None, now=now, seen=seen)


def test_a_change_sent_twice_is_sent_once(sent, now):
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    send_response(response=change, may_quote=None, now=now)
    with pytest.raises(AlreadySent, match="in another tab"):
        send_response(response=change, may_quote=None, now=now)
    assert words(sent) == ["Rest"]


def test_forgetting_a_change_keeps_what_was_sent(sent, now):
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    forget_change(response=sent)
    assert words(sent) == ["Friends"]
    assert Response.objects.count() == 1
    with pytest.raises(AlreadySent):
        say(change, "Too late", now)


def test_nothing_is_changed_or_taken_back_after_closing(sent, now):
    closed = now + timedelta(days=15)
    assert not may_change(sent, closed)
    for act in (begin_change, withdraw_response):
        with pytest.raises(SurveyClosed, match="This survey closed at 11:59pm"):
            act(response=sent, now=closed)
    assert words(sent) == ["Friends"]


def test_a_change_begun_before_closing_may_be_sent_within_the_hour(sent, survey, now):
    before = survey.closes_at - timedelta(minutes=5)
    change = begin_change(response=sent, now=before)
    say(change, "Rest", before)
    in_grace = survey.closes_at + timedelta(minutes=20)
    assert begin_change(response=sent, now=in_grace) == change
    assert send_response(response=change, may_quote=None, now=in_grace).in_grace
    assert words(sent) == ["Rest"]


def test_a_change_that_comes_too_late_stays_readable_and_does_not_count(sent, survey, now):
    change = begin_change(response=sent, now=now)
    say(change, "Rest", now)
    late = survey.closes_at + timedelta(minutes=65)
    with pytest.raises(SurveyClosed):
        send_response(response=change, may_quote=None, now=late)
    with pytest.raises(SurveyClosed):
        begin_change(response=sent, now=late)
    assert words(change) == ["Rest"]
    assert words(sent) == ["Friends"]


def test_an_extension_lets_a_change_go_on(sent, survey, now):
    change = begin_change(response=sent, now=now)
    late = survey.closes_at + timedelta(days=1)
    survey.closes_on += timedelta(days=7)
    survey.save()
    assert begin_change(response=sent, now=late) == change


def test_a_draft_is_neither_changed_nor_taken_back(draft, now):
    for act in (begin_change, withdraw_response):
        with pytest.raises(AlreadySent, match="were not sent"):
            act(response=draft, now=now)
    assert words(draft) == ["Friends"]


def test_what_somebody_typed_in_for_a_person_is_changed_by_asking(sent, fran, now):
    Response.objects.update(entered_by=fran, received_on=now.date(), channel="paper")
    for act in (begin_change, withdraw_response):
        with pytest.raises(NotAllowed, match="Somebody typed these answers in for you"):
            act(response=sent, now=now)


def test_taking_back_deletes_all_that_was_said(sent, survey, asha, now):
    picture = Picture.objects.create(question=survey.questions.first(), label="Home", drawing="x")
    Tick.objects.create(response=sent, picture=picture)
    AboutYou.objects.create(response=sent, question="relationship", choice="parent")
    world.group(world.run(survey.consultation, asha, now), "health", [sent.answers.get()])
    begin_change(response=sent, now=now)
    gone = withdraw_response(response=sent, now=now)
    for rows in (Answer, Tick, AboutYou, Idea):
        assert not rows.objects.exists(), rows
    assert Response.objects.get() == gone
    assert (gone.state, gone.withdrawn_at) == ("withdrawn", now)
    assert (gone.may_quote, gone.help, gone.helper, gone.helper_words, gone.source) == (
        None,
        "",
        "",
        "",
        "",
    )
    assert not Response.objects.counted().exists()
    assert find_response(code=sent.code).is_withdrawn


def test_taking_back_twice_keeps_the_first_moment(sent, now):
    withdraw_response(response=sent, now=now)
    again = withdraw_response(response=sent, now=now + timedelta(hours=1))
    assert again.withdrawn_at == now
    with pytest.raises(AlreadySent):
        begin_change(response=sent, now=now)


def test_words_are_kept_from_being_published_also_after_closing(sent, now):
    begin_change(response=sent, now=now)
    assert keep_words(response=sent).may_quote is False
    assert set(Response.objects.values_list("may_quote", flat=True)) == {False}


def test_keeping_words_says_nothing_of_what_was_taken_back(sent, now):
    withdraw_response(response=sent, now=now)
    assert keep_words(response=sent).may_quote is None


def test_a_trial_is_changed_and_taken_back_before_the_survey_opens(survey, now):
    survey.pilot_key = "key"
    survey.save()
    before = survey.opens_at - timedelta(days=1)
    trial, _ = begin_response(survey=survey, now=before, pilot_key="key")
    say(trial, "Friends", before)
    send_response(response=trial, may_quote=None, now=before)
    change = begin_change(response=trial, now=before)
    assert change.is_pilot
    send_response(response=change, may_quote=None, now=before)
    assert withdraw_response(response=trial, now=before).is_withdrawn
