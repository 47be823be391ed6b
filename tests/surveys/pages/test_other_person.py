"""Two people, two tabs, one device: nobody's words are put among another's, or sent as theirs."""

import pytest

from surveys.models import Response

WORDS = "My own <words>"
SHOWN = "My own &lt;words&gt;</textarea>"


@pytest.fixture
def left_open(parent):
    """The form of question 2, still open in a tab after somebody else began anew in another."""
    parent.answers(1, "The first person's")
    form = parent.get("/s/parents/2/").context["form"]
    parent.first = parent.response
    parent.post("/s/parents/", anew="1")
    return {"seen": form["seen"].value() or "", "of": form["of"].value()}


def test_the_form_names_its_response_and_opens_nothing(parent):
    form = parent.get("/s/parents/2/").context["form"]
    page = parent.get("/s/parents/2/").content.decode()
    assert f'name="of" value="{form["of"].value()}"' in page
    assert form["of"].value() not in (parent.response.reference, parent.code)
    assert parent.response.reference not in page


def test_an_old_tab_saves_nothing_in_the_new_answers(parent, left_open):
    page = parent.post("/s/parents/2/", text=WORDS, **left_open)
    shown = page.content.decode()
    assert page.status_code == 409
    assert SHOWN in shown
    assert "Other answers were begun on this device." in shown
    assert "come back with your own code" in shown
    assert "The first person" not in shown
    assert parent.code not in shown
    assert parent.stored(2) == ""
    assert parent.first.answers.count() == 1


def test_continuing_after_that_adds_the_words_to_the_new_answers(parent, left_open):
    form = parent.post("/s/parents/2/", text=WORDS, **left_open).context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    assert parent.post("/s/parents/2/", text=WORDS, **hidden).url == "/s/parents/3/"
    assert parent.stored(2) == WORDS


def test_continuing_never_overwrites_an_answer_of_the_other_person(parent, left_open):
    parent.answers(2, "The second person's")
    form = parent.post("/s/parents/2/", text=WORDS, **left_open).context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    assert parent.post("/s/parents/2/", text=WORDS, **hidden).status_code == 409
    assert parent.stored(2) == "The second person's"


def test_words_are_shown_when_the_others_answers_were_sent(parent, left_open):
    parent.answers(1, "The second person's")
    parent.sends()
    page = parent.post("/s/parents/2/", text=WORDS, **left_open)
    shown = page.content.decode()
    assert page.status_code == 409
    assert "Other answers were sent from this device" in shown
    assert "My own &lt;words&gt;</span>" in shown
    assert "The second person" not in shown


def test_words_are_shown_when_the_survey_closed_and_the_others_answers_are_not(
    parent, left_open, closed
):
    parent.answers(1, "The second person's")
    closed()
    page = parent.post("/s/parents/2/", text=WORDS, **left_open)
    assert page.status_code == 403
    assert "My own &lt;words&gt;</span>" in page.content.decode()
    assert "The second person" not in page.content.decode()


def test_answers_that_changed_since_they_were_read_are_shown_and_not_sent(parent):
    parent.answers(1, "As read")
    seen = parent.reads()
    parent.answers(1, "Changed since")
    page = parent.post("/s/parents/check/", seen=seen, may_quote="yes")
    shown = page.content.decode()
    assert page.status_code == 409
    assert "Nothing was sent. The answers changed after you opened this page." in shown
    assert "Changed since" in shown
    assert not parent.response.is_sent
    again = page.context["form"]["seen"].value()
    assert parent.post("/s/parents/check/", seen=again).url == "/s/parents/sent/"


def test_a_check_page_without_its_hidden_field_sends_nothing(parent):
    parent.answers(1, "Words")
    assert parent.post("/s/parents/check/").status_code == 409
    assert not parent.response.is_sent


def test_the_same_words_of_another_person_are_not_sent_unread(parent):
    parent.answers(1, "Friends")
    seen = parent.reads()
    parent.post("/s/parents/", anew="1")
    parent.answers(1, "Friends")
    assert parent.post("/s/parents/check/", seen=seen).status_code == 409
    assert not Response.objects.sent().exists()


def test_the_receipt_of_another_person_is_not_taken_for_ones_own(parent):
    parent.answers(1, "Mine")
    seen = parent.reads()
    parent.post("/s/parents/", anew="1")
    parent.answers(1, "Theirs")
    parent.sends()
    page = parent.post("/s/parents/check/", seen=seen)
    assert page.status_code == 409
    assert "Other answers were sent from this device" in page.content.decode()
    assert "Theirs" not in page.content.decode()
