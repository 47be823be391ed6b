"""The equality questions: after sending, behind a yes or no, never twice."""

import html

import pytest

from surveys.models import AboutYou, EqualityTally, Survey


@pytest.fixture
def sent(parent, survey):
    """Answers just sent to a survey that asks them; the browser was led on to the gate."""
    Survey.objects.update(asks_equality=True)
    parent.answers(1, "My words")
    assert parent.sends().url == "/s/parents/equality/"
    return parent


def shown(page) -> str:
    return html.unescape(page.content.decode())


def test_the_answers_are_sent_before_anything_is_asked(sent):
    page = shown(sent.get("/s/parents/equality/"))
    assert sent.response.is_sent
    assert "We have your answers." in page
    assert "Do you want to answer the equality questions?" in page
    assert "They are about you, not about your child." in page


def test_practitioners_are_not_told_of_a_child(sent):
    Survey.objects.update(audience="practitioner")
    assert "child" not in shown(sent.get("/s/parents/equality/"))
    assert "child" not in shown(sent.get("/s/parents/equality/questions/"))


def test_a_no_leads_to_the_receipt_and_is_not_asked_again(sent):
    assert sent.post("/s/parents/equality/", answer="no").url == "/s/parents/sent/"
    assert not EqualityTally.objects.exists()
    for page in ("equality", "equality/questions"):
        assert sent.get(f"/s/parents/{page}/").url == "/s/parents/sent/"
    assert "/s/parents/equality/" not in shown(sent.get("/s/parents/sent/"))


def test_a_yes_leads_to_the_questions(sent):
    assert sent.post("/s/parents/equality/", answer="yes").url == "/s/parents/equality/questions/"
    page = shown(sent.get("/s/parents/equality/questions/"))
    assert "These questions are about you, not about your child." in page
    for words in (
        "How old are you?",
        "What is your sex?",
        "Do you have any physical or mental health conditions or illness lasting or expected to "
        "last 12 months or more?",
        "Do any of your conditions or illnesses reduce your ability to carry out day to day "
        "activities?",
        "What is your ethnic group?",
        "Black, African, Caribbean or Black British",
    ):
        assert words in page, words
    assert page.count("Prefer not to say") == page.count('govuk-radios__divider">or<') == 5
    for off in ("religion", "Heterosexual", "registered at birth"):
        assert off not in page


@pytest.mark.parametrize("answer", ["", "maybe", None])
def test_the_gate_wants_a_yes_or_a_no(sent, answer):
    page = sent.post("/s/parents/equality/", **({} if answer is None else {"answer": answer}))
    assert page.status_code == 422
    assert "Choose yes or no." in shown(page)
    assert not sent.response.asked_equality


def test_what_was_chosen_is_counted_and_leads_to_the_receipt(sent):
    page = sent.post(
        "/s/parents/equality/questions/", sex="female", condition="yes", condition_effect="a_lot"
    )
    assert page.url == "/s/parents/sent/"
    chosen = set(EqualityTally.objects.values_list("question", "choice", "people"))
    assert chosen == {
        ("sex", "female", 1),
        ("condition", "yes", 1),
        ("condition_effect", "a_lot", 1),
    }


def test_all_may_be_left_empty(sent):
    assert sent.post("/s/parents/equality/questions/").url == "/s/parents/sent/"
    assert sent.response.asked_equality
    assert not EqualityTally.objects.exists()


def test_a_choice_that_was_not_offered_is_refused_and_the_others_stay(sent):
    page = sent.post("/s/parents/equality/questions/", sex="unicorn", age="under_25")
    assert page.status_code == 422
    assert "Choose one of the answers, or none." in shown(page)
    assert page.context["form"]["age"].value() == "under_25"
    assert not EqualityTally.objects.exists()
    assert not sent.response.asked_equality


def test_sent_twice_it_is_counted_once(sent):
    for _ in range(2):
        assert sent.post("/s/parents/equality/questions/", sex="male").url == "/s/parents/sent/"
    assert EqualityTally.objects.get().people == 1


def test_whoever_leaves_in_between_has_sent_and_finds_one_link_back(sent, stranger):
    assert stranger.post("/return/", code=sent.code).url == "/s/parents/sent/"
    page = shown(stranger.get("/s/parents/sent/"))
    assert page.count("/s/parents/equality/") == 1
    assert "Thank you. We have your answers" in page


def test_a_change_does_not_ask_again(sent):
    sent.post("/s/parents/equality/", answer="no")
    sent.post("/s/parents/change/")
    assert sent.sends().url == "/s/parents/sent/?changed=1"


def test_a_survey_that_asks_none_leads_straight_to_the_receipt(parent):
    parent.answers(1, "Words")
    assert parent.sends().url == "/s/parents/sent/"
    assert parent.get("/s/parents/equality/").url == "/s/parents/sent/"


def test_a_young_person_under_16_is_asked_three_things_and_nothing_of_adults(sent):
    Survey.objects.update(audience="young_person", ages="11_to_25")
    page = sent.get("/s/parents/equality/questions/")
    assert list(page.context["form"].fields) == ["age", "ethnic_group", "extra_help"]
    sent.post("/s/parents/equality/questions/", sex="female", extra_help="yes")
    assert EqualityTally.objects.get().question == "extra_help"


def test_a_young_person_of_16_is_asked_what_adults_are(sent):
    Survey.objects.update(audience="young_person", ages="11_to_25")
    AboutYou.objects.create(response=sent.response, question="age", choice="16_to_18")
    page = sent.get("/s/parents/equality/questions/")
    assert "condition" in page.context["form"].fields


def test_under_11_nothing_is_asked(sent):
    Survey.objects.update(audience="young_person", ages="under_11")
    assert sent.get("/s/parents/equality/").url == "/s/parents/sent/"


def test_taking_back_afterwards_leaves_the_count(sent):
    sent.post("/s/parents/equality/questions/", sex="male")
    sent.post("/s/parents/withdraw/")
    assert EqualityTally.objects.get().people == 1
