"""Begin, save, come back, send."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.actions import (
    begin_response,
    find_response,
    fingerprint,
    save_answer,
    send_response,
)
from surveys.models import Answer, Response
from surveys.refusals import (
    AlreadySent,
    AnswerChangedElsewhere,
    AnswerRefused,
    NothingAnswered,
    SurveyClosed,
)
from tests import world

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def draft(survey, now):
    response, _ = begin_response(survey=survey, now=now)
    return response


def say(response, text, now, number=1, seen=None):
    question = response.survey.questions.get(order=number)
    save_answer(response=response, question=question, text=text, seen=seen, now=now)


def test_a_code_opens_its_own_response_only(survey, now):
    first, code = begin_response(survey=survey, now=now)
    second, other = begin_response(survey=survey, now=now)
    assert find_response(code=code) == first
    assert find_response(code=f" {other.lower().replace('-', ' ')} ") == second
    assert find_response(code=first.reference) is None
    assert find_response(code="") is None


def test_the_code_is_nowhere_in_the_database(survey, now):
    response, code = begin_response(survey=survey, now=now)
    row = Response.objects.filter(pk=response.pk).values().get()
    letters = code.replace("-", "")
    assert not any(letters in str(value) or code in str(value) for value in row.values())


def test_a_code_made_under_an_earlier_key_still_opens(survey, now, settings):
    response, code = begin_response(survey=survey, now=now)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 5
    assert find_response(code=code) == response


@pytest.mark.parametrize("length", [1, 2000])
def test_an_answer_up_to_the_limit_is_kept_as_typed(draft, now, length):
    say(draft, "é" * length, now)
    assert Answer.objects.get().text == "é" * length


@pytest.mark.parametrize("length", [2001, 1_000_000])
def test_a_longer_answer_is_refused_and_the_stored_one_stays(draft, now, length):
    say(draft, "short", now)
    with pytest.raises(AnswerRefused, match="2,000 characters or fewer"):
        say(draft, "x" * length, now)
    assert Answer.objects.get().text == "short"


def test_line_ends_count_once_and_nul_and_lone_surrogates_never_reach_the_database(draft, now):
    say(draft, "a\r\nb\x00c\ud800" + "x" * 1995, now)
    assert Answer.objects.get().text == "a\nbc?" + "x" * 1995


def test_an_empty_answer_takes_the_stored_one_away(draft, now):
    say(draft, "something", now)
    say(draft, "  \n ", now)
    assert not Answer.objects.exists()


def test_an_answer_saved_in_another_tab_is_not_overwritten(draft, now):
    say(draft, "from tab one", now, seen="")
    with pytest.raises(AnswerChangedElsewhere) as refusal:
        say(draft, "from tab two", now, seen="")
    assert refusal.value.stored == "from tab one"
    assert Answer.objects.get().text == "from tab one"
    say(draft, "from both", now, seen=fingerprint("from tab one"))
    assert Answer.objects.get().text == "from both"


def test_sending_twice_is_sending_once(draft, now):
    say(draft, "something", now)
    first = send_response(response=draft, may_quote=True, now=now)
    again = send_response(response=draft, may_quote=False, now=now + timedelta(hours=1))
    assert (again.sent_at, again.may_quote) == (first.sent_at, True)


def test_nothing_is_sent_without_an_answer(draft, now):
    with pytest.raises(NothingAnswered, match="Answer at least one of the 3 questions"):
        send_response(response=draft, may_quote=None, now=now)


def test_a_sent_response_no_longer_changes(draft, now):
    say(draft, "something", now)
    send_response(response=draft, may_quote=None, now=now)
    with pytest.raises(AlreadySent):
        say(draft, "something else", now)
    assert Answer.objects.get().text == "something"


def test_who_had_started_may_finish_within_the_hour(consultation, now):
    """T7 of the domain's vectors."""
    closing = datetime(2021, 3, 5, tzinfo=LONDON)
    survey = world.survey(consultation, "parent_carer", "p", closing, closes_on=closing.date())
    response, _ = begin_response(survey=survey, now=closing.replace(hour=23, minute=50))
    midnight = closing + timedelta(days=1)
    say(response, "just in time", midnight + timedelta(minutes=10))
    sent = send_response(response=response, may_quote=None, now=midnight + timedelta(minutes=20))
    assert sent.in_grace


def test_after_the_hour_of_grace_it_is_refused(consultation):
    closing = datetime(2021, 3, 5, tzinfo=LONDON)
    survey = world.survey(consultation, "parent_carer", "p", closing, closes_on=closing.date())
    response, _ = begin_response(survey=survey, now=closing.replace(hour=23, minute=50))
    late = closing + timedelta(days=1, minutes=65)
    with pytest.raises(SurveyClosed, match="closed at 11:59pm on Friday 5 March 2021"):
        say(response, "too late", late)


def test_nobody_starts_after_closing(consultation):
    closing = datetime(2021, 3, 5, tzinfo=LONDON)
    survey = world.survey(consultation, "parent_carer", "p", closing, closes_on=closing.date())
    with pytest.raises(SurveyClosed):
        begin_response(survey=survey, now=closing + timedelta(days=1))


def test_nobody_starts_before_opening(survey, now):
    with pytest.raises(SurveyClosed, match="opens on 12 November 2026"):
        begin_response(survey=survey, now=now - timedelta(days=20))
