"""Answers on paper, by phone and by email: typed in once, whole, and never unnoticed late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from surveys.actions import (
    EntryRefused,
    Received,
    differences,
    enter_response,
    enter_responses,
    entered_under,
    find_response,
    may_change,
)
from surveys.models import Answer, Picture, PrivacyNotice, Question, Response, Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def paper(survey):
    """A parent's paper form of today."""
    return Received(
        survey=survey, channel="paper", received_on=TODAY, texts={"what_matters": "Friends"}
    )


def enter(received, by, now=NOW, **changes):
    reference = changes.pop("reference", "")
    received = replace(received, **changes)
    return enter_response(received=received, by=by, now=now, reference=reference)


def refused(received, by, now=NOW, **changes):
    """The problems by field; nothing was stored."""
    before = Response.objects.count()
    with pytest.raises(EntryRefused) as told:
        enter(received, by, now, **changes)
    assert Response.objects.count() == before
    return dict(told.value.problems)


def test_it_is_a_sent_response_that_says_who_typed_it_and_when_it_came(paper, fran, survey):
    yesterday = TODAY - timedelta(days=1)
    made = enter(
        paper,
        fran,
        received_on=yesterday,
        texts={"what_matters": " Friends\r\n\x00and rest ", "how_know": "A party"},
        about={"relationship": "foster", "phase": ""},
        may_quote=True,
        help="typed",
        helper="family",
        form="easy_read",
        number=" p  12 ",
    )
    made.refresh_from_db()
    assert made.is_sent
    assert (made.entered_by, made.received_on, made.sent_at) == (fran, yesterday, NOW)
    assert (made.channel, made.paper_number, made.late) == ("paper", "P 12", "")
    assert (made.may_quote, made.help, made.helper) == (True, "typed", "family")
    assert (made.wording_form, made.source) == ("easy_read", "")
    said = {one.question.construct: one.text for one in made.answers.all()}
    assert said == {"what_matters": "Friends\nand rest", "how_know": "A party"}
    assert {one.question: one.choice for one in made.about.all()} == {"relationship": "foster"}
    assert Response.objects.counted().get() == made
    assert Answer.objects.to_analyse().count() == 2


def test_its_code_is_nobodys_and_its_words_are_not_the_persons_to_change_here(paper, fran, survey):
    made = enter(paper, fran)
    assert len(made.code_hash) == 64
    assert find_response(code=made.reference) is None
    assert not may_change(made, NOW)


def test_the_wording_and_the_notice_that_it_answers_are_kept(paper, fran, asha, survey):
    notice = PrivacyNotice.objects.create(
        area=survey.consultation.area, number=7, body="We keep it.", published_at=NOW,
        published_by=asha,
    )  # fmt: skip
    made = enter(paper, fran)
    assert made.privacy_notice == notice
    answer = made.answers.get()
    assert answer.wording == answer.question.wordings.get()


def test_pictures_are_kept_apart_from_words(paper, fran, survey):
    first = survey.questions.all()[0]
    home = Picture.objects.create(question=first, drawing="home", label="home")
    made = enter(paper, fran, texts={}, ticks=[home.pk, home.pk])
    assert [tick.picture for tick in made.ticks.all()] == [home]
    assert not made.answers.exists()


def test_verdicts_of_the_second_round_are_entered_by_question(paper, fran, consultation):
    second = Survey.objects.create(
        consultation=consultation, audience="practitioner", slug="r2", title="Right?", round=2,
        kind="outcomes", opens_on=TODAY, closes_on=TODAY,
    )  # fmt: skip
    for order in (1, 2):
        Question.objects.create(survey=second, order=order, construct="right", label=f"O{order}")
    said = {"right-1": "nearly", "right-2": "yes"}
    made = enter(paper, fran, survey=second, texts={"right-1": "Say home."}, choices=said)
    kept = {one.question.order: (one.text, one.choice) for one in made.answers.all()}
    assert kept == {1: ("Say home.", "nearly"), 2: ("", "yes")}
    problems = refused(paper, fran, survey=second, texts={}, choices={"right-1": "perhaps"})
    assert "right-1-choice" in problems


def test_all_that_is_wrong_is_said_at_once_and_where(paper, fran):
    problems = refused(
        paper,
        fran,
        channel="online",
        texts={"what_matters": "x" * 2001, "right-1": "?"},
        choices={"how_know": "yes"},
        ticks=[1],
        about={"sector": "health", "relationship": "aunt"},
        help="much",
        helper="cat",
        helper_words="They meant friends.",
        form="loud",
        language="xx-made-up",
        number="9" * 41,
    )
    assert list(problems) == [
        "number",
        "channel",
        "form",
        "language",
        "how_know",
        "right-1",
        "what_matters",
        "ticks",
        "help",
        "helper",
        "helper_words",
        "about-sector",
        "about-relationship",
    ]
    assert problems["what_matters"] == "Use 2,000 characters or fewer. This has 2,001."


def test_at_least_one_answer_is_needed(paper, fran):
    problems = refused(paper, fran, texts={"what_matters": " \n\x00"})
    assert problems == {"what_matters": "Enter an answer to at least one of the questions."}


@pytest.mark.parametrize("days", [1, 400])
def test_nothing_comes_from_the_future(paper, fran, days):
    assert "received_on" in refused(paper, fran, received_on=TODAY + timedelta(days=days))


def test_nothing_came_before_the_survey_opened(paper, fran, survey):
    opened = survey.opens_on
    assert "received_on" in refused(paper, fran, received_on=opened - timedelta(days=1))
    assert enter(paper, fran, received_on=opened).is_sent


@pytest.mark.parametrize("opens_on", [None, date(2026, 11, 23)])
def test_a_survey_that_has_not_opened_takes_nothing(paper, fran, survey, opens_on):
    survey.opens_on, survey.closes_on = opens_on, opens_on
    survey.pilot_key = "trial"
    survey.save()
    assert "survey" in refused(paper, fran)


AFTER = NOW + timedelta(days=40)


def test_on_the_closing_day_it_is_not_late_whenever_it_is_typed(paper, fran, survey):
    made = enter(paper, fran, AFTER, received_on=survey.closes_on)
    assert made.late == ""
    assert "late" in refused(
        paper, fran, AFTER, received_on=survey.closes_on, late="accepted", late_reason="Hm"
    )


def test_what_comes_after_closing_needs_a_decision_and_a_reason(paper, fran, survey):
    late = survey.closes_on + timedelta(days=1)
    assert set(refused(paper, fran, AFTER, received_on=late)) == {"late", "late_reason"}
    problems = refused(paper, fran, AFTER, received_on=late, late="accepted", late_reason=" ")
    assert set(problems) == {"late_reason"}


def test_s20_posted_before_and_come_after_is_counted_with_its_reason(paper, fran, survey):
    late = survey.closes_on + timedelta(days=2)
    stamped = "The envelope was stamped on 3 December."
    made = enter(paper, fran, AFTER, received_on=late, late="accepted", late_reason=stamped)
    assert (made.late, made.late_reason) == ("accepted", stamped)
    assert made in Response.objects.counted()


def test_what_is_not_counted_is_kept_and_left_out_of_every_number(paper, fran, survey):
    late = survey.closes_on + timedelta(days=9)
    made = enter(
        paper, fran, AFTER, received_on=late, late="not_counted", late_reason="Posted on 9."
    )
    assert made in Response.objects.sent()
    assert made not in Response.objects.counted()
    assert not Answer.objects.to_analyse().exists()


def test_a_number_is_entered_once_in_a_survey(paper, fran, asha, consultation):
    made = enter(paper, fran, number="p12")
    problems = refused(paper, asha, NOW + timedelta(days=1), number=" P12 ")
    assert problems == {"number": "Number P12 was entered before, on 22 November 2026."}
    other = world.survey(consultation, "practitioner", "practitioners", NOW)
    assert enter(paper, fran, survey=other, number="P12") != made
    assert enter(paper, fran) != enter(paper, fran)  # without a number nothing is compared


def test_the_same_page_sent_twice_enters_one_response(paper, fran):
    first = enter(paper, fran, reference="BCDFGHJKMN")
    assert first.reference == "BCDFGHJKMN"
    assert enter(paper, fran, reference="BCDFGHJKMN") == first
    problems = refused(paper, fran, reference="BCDFGHJKMN", texts={"how_know": "Another"})
    assert "as BCDFGHJKMN, with other answers" in problems[""]


def test_a_reference_names_nobody_elses_response(paper, fran, asha):
    first = enter(paper, asha, reference="BCDFGHJKMN")
    other = enter(paper, fran, reference="BCDFGHJKMN")
    assert other != first
    assert other.reference != "BCDFGHJKMN"


def test_differences_name_the_fields(paper, fran, survey):
    made = enter(paper, fran, number="7", about={"phase": "primary"})
    same = replace(paper, number="7", about={"phase": "primary"}, form="standard")
    assert differences(made, same) == []
    assert entered_under(survey, [" 7 ", "8"]) == {"7": made}
    other = replace(same, texts={"difference": "Sleep"}, about={}, may_quote=False)
    assert set(differences(made, other)) == {
        "what_matters",
        "difference",
        "about-phase",
        "may_quote",
    }


def test_many_are_entered_together_or_not_at_all(paper, fran, survey):
    several = [replace(paper, number=f"a{n}") for n in range(3)]
    with pytest.raises(EntryRefused, match="A1 was entered before"):
        enter_responses(several=[*several, several[1]], by=fran, now=NOW)
    assert not Response.objects.exists()
    made = enter_responses(several=several, by=fran, now=NOW)
    assert [one.paper_number for one in made] == ["A0", "A1", "A2"]
    assert [one.answers.get().text for one in made] == ["Friends"] * 3
    assert len({one.code_hash for one in made}) == 3


def test_what_a_helper_thinks_is_taken_where_it_is_asked(paper, fran, consultation):
    young = world.survey(consultation, "young_person", "young", NOW)
    made = enter(paper, fran, survey=young, help="for", helper_words="She smiles in the pool.")
    assert made.helper_words == "She smiles in the pool."
    assert made.answers.get().text == "Friends"
    assert "helper_words" in refused(
        paper, fran, survey=young, help="none", helper_words="She smiles."
    )
