"""From the link to the receipt."""

import html

import pytest

from surveys.models import Response


def test_starting_begins_a_draft_and_shows_the_first_question(stranger):
    page = stranger.begins()
    assert page.url == "/s/parents/1/"
    assert stranger.response.state == "draft"


def test_three_questions_lead_to_the_check_page_and_the_receipt(parent):
    assert parent.answers(1, "One").url == "/s/parents/2/"
    assert parent.answers(2, "Two").url == "/s/parents/3/"
    assert parent.answers(3, "Three").url == "/s/parents/about-you/"
    assert parent.describes().url == "/s/parents/check/"
    assert parent.sends().url == "/s/parents/sent/"
    receipt = parent.get("/s/parents/sent/").content.decode()
    assert parent.response.is_sent
    assert parent.response.reference in receipt
    assert parent.code in receipt
    for text in ("One", "Two", "Three"):
        assert text in receipt


def test_every_question_may_be_left_empty_on_the_way(parent):
    assert parent.answers(1, "").url == "/s/parents/2/"
    assert parent.answers(2, "   \r\n ").url == "/s/parents/3/"
    assert parent.stored(2) == ""


def test_an_answer_can_be_changed_from_the_check_page(parent):
    parent.answers(1, "First thought")
    page = parent.get("/s/parents/check/").content.decode()
    assert "/s/parents/1/?change=1" in page
    form = parent.get("/s/parents/1/?change=1").context["form"]
    hidden = {name: form[name].value() for name in ("seen", "of")}
    changed = parent.post("/s/parents/1/?change=1", text="Second thought", **hidden)
    assert changed.url == "/s/parents/check/"
    assert parent.stored(1) == "Second thought"


def test_an_emptied_box_takes_the_answer_away(parent):
    parent.answers(1, "Something")
    parent.answers(1, "")
    assert parent.stored(1) == ""


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_question_shows_the_code(parent, number):
    assert parent.code in parent.get(f"/s/parents/{number}/").content.decode()


@pytest.mark.parametrize(("number", "before"), [(1, ""), (2, "One"), (3, "Two <b>")])
def test_a_question_shows_what_was_written_before_it(parent, number, before):
    for earlier, text in ((1, "One"), (2, "Two <b>"), (3, "Three")):
        parent.answers(earlier, text)
    assert wrote(parent, number) == html.escape(before)


def test_a_question_after_an_empty_one_shows_nothing_before_it(parent):
    parent.answers(1, "One")
    assert wrote(parent, 3) == ""


def wrote(parent, number: int) -> str:
    """What the page says under “You wrote:”."""
    words = parent.get(f"/s/parents/{number}/").content.decode()
    after = words.partition("You wrote:")[2]
    return after.split("</span>")[0].split('<span class="portal-answer">')[1] if after else ""


def test_the_most_characters_are_said_with_a_comma(parent):
    words = parent.get("/s/parents/1/").content.decode()
    assert "You can enter up to 2,000 characters" in words
    assert 'data-maxlength="2000"' in words


def test_the_quote_question_is_stored_as_answered(parent):
    parent.answers(1, "Words")
    parent.sends(may_quote="no")
    assert parent.response.may_quote is False


def test_the_quote_question_may_be_left_empty(parent):
    parent.answers(1, "Words")
    parent.sends()
    assert parent.response.may_quote is None


def test_finishing_later_saves_and_shows_the_code(parent):
    assert parent.answers(1, "Half a thought", go="later").url == "/s/parents/later/"
    page = parent.get("/s/parents/later/").content.decode()
    assert parent.code in page
    assert "http://testserver/return/" in page
    assert parent.stored(1) == "Half a thought"


def test_starting_again_goes_on_with_the_same_draft(parent):
    parent.answers(1, "Mine")
    assert "not sent yet" in parent.get("/s/parents/").content.decode()
    assert parent.begins().url == "/s/parents/2/"
    assert Response.objects.count() == 1


def test_somebody_else_at_the_same_device_can_start_anew(parent):
    parent.answers(1, "Mine")
    first = parent.code
    parent.post("/s/parents/", anew="1")
    assert parent.code != first
    assert "Mine" not in parent.get("/s/parents/1/").content.decode()
    assert Response.objects.with_code(first).get().answers.get().text == "Mine"
