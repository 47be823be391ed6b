"""What a person says about themselves is put in place of what they said before."""

import pytest

from surveys.actions import begin_response, describe_respondent, save_answer, send_response
from surveys.refusals import AlreadySent, AnswerRefused, SurveyClosed
from tests import world


@pytest.fixture
def young(consultation, now):
    return world.survey(consultation, "young_person", "young-people", now)


@pytest.fixture
def draft(survey, now):
    return begin_response(survey=survey, now=now)[0]


def said(response) -> dict[str, str]:
    return dict(response.about.values_list("question", "choice"))


def test_saying_it_again_replaces_what_was_there(draft, now):
    describe_respondent(response=draft, about={"phase": "primary"}, help="read", now=now)
    describe_respondent(response=draft, about={"relationship": "parent", "phase": ""}, now=now)
    draft.refresh_from_db()
    assert said(draft) == {"relationship": "parent"}
    assert (draft.help, draft.helper) == ("", "")


@pytest.mark.parametrize(
    "about", [{"made up": "x"}, {"phase": "x"}, {"age": "11_to_13"}, {"local_offer": "yes"}]
)
def test_what_was_not_asked_is_refused_and_changes_nothing(draft, now, about):
    describe_respondent(response=draft, about={"phase": "primary"}, help="with", now=now)
    with pytest.raises(AnswerRefused, match="on the page"):
        describe_respondent(response=draft, about=about, now=now)
    draft.refresh_from_db()
    assert said(draft) == {"phase": "primary"}
    assert draft.help == "with"


@pytest.mark.parametrize("given", [{"help": "x"}, {"helper": "x"}])
def test_made_up_help_is_refused(draft, now, given):
    with pytest.raises(AnswerRefused):
        describe_respondent(response=draft, about={}, **given, now=now)


def test_practitioners_are_not_asked_who_helped(consultation, now):
    theirs = world.survey(consultation, "practitioner", "practitioners", now)
    draft, _ = begin_response(survey=theirs, now=now)
    describe_respondent(response=draft, about={"level": "leader"}, now=now)
    assert said(draft) == {"level": "leader"}
    with pytest.raises(AnswerRefused):
        describe_respondent(response=draft, about={}, help="read", now=now)


def test_a_helpers_view_is_kept_apart_from_a_young_persons_words(young, now):
    draft, _ = begin_response(survey=young, now=now)
    save_answer(response=draft, question=young.questions.first(), text="Dog", seen=None, now=now)
    describe_respondent(
        response=draft,
        about={},
        help="for",
        helper="family",
        helper_words="  I think she\r\nmeans\x00 company ",
        now=now,
    )
    draft.refresh_from_db()
    assert draft.helper_words == "I think she\nmeans company"
    assert draft.answers.get().text == "Dog"


def test_nobody_helped_and_a_helpers_view_do_not_go_together(young, now):
    draft, _ = begin_response(survey=young, now=now)
    with pytest.raises(AnswerRefused, match="nobody helped"):
        describe_respondent(response=draft, about={}, help="none", helper_words="I think", now=now)
    describe_respondent(response=draft, about={}, help="none", helper="friend", now=now)
    draft.refresh_from_db()
    assert (draft.help, draft.helper) == ("none", "")


def test_a_view_of_a_helper_has_an_end(young, now):
    draft, _ = begin_response(survey=young, now=now)
    describe_respondent(response=draft, about={}, helper_words="x" * 2000, now=now)
    with pytest.raises(AnswerRefused, match="2,000 characters or fewer"):
        describe_respondent(response=draft, about={}, helper_words="x" * 2001, now=now)


def test_parents_are_not_asked_what_somebody_meant(draft, now):
    with pytest.raises(AnswerRefused, match="does not ask"):
        describe_respondent(response=draft, about={}, helper_words="I think", now=now)


def test_sent_and_closed_answers_stay_as_they_are(draft, survey, now):
    save_answer(response=draft, question=survey.questions.first(), text="A", seen=None, now=now)
    after = survey.grace_ends_at
    with pytest.raises(SurveyClosed):
        describe_respondent(response=draft, about={"phase": "primary"}, now=after)
    send_response(response=draft, may_quote=None, now=now)
    with pytest.raises(AlreadySent):
        describe_respondent(response=draft, about={"phase": "primary"}, now=now)
    assert said(draft) == {}
