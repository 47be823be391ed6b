"""A code opens its own answers, on any device, and nothing else does."""

import pytest
from django.utils import timezone

from surveys.limits import LIMITS, Limit
from surveys.models import Response
from tests import world

NOT_FOUND = "We cannot find answers with that code."


def test_a_code_brings_back_the_first_open_question(parent, stranger):
    parent.answers(1, "My words")
    assert stranger.post("/return/", code=parent.code).url == "/s/parents/2/"
    assert "My words" in stranger.get("/s/parents/1/").content.decode()


def test_a_full_draft_comes_back_at_the_check_page(parent, stranger):
    for number in (1, 2, 3):
        parent.answers(number, "Words")
    assert stranger.post("/return/", code=parent.code).url == "/s/parents/check/"


def test_the_code_of_sent_answers_opens_the_receipt(parent, stranger):
    parent.answers(1, "Words")
    parent.sends()
    assert stranger.post("/return/", code=parent.code).url == "/s/parents/sent/"
    assert parent.response.reference in stranger.get("/s/parents/sent/").content.decode()


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", " "), "  {}\t".format]
)
def test_a_code_may_be_typed_in_any_way(parent, stranger, change):
    assert stranger.post("/return/", code=change(parent.code)).url == "/s/parents/1/"
    assert stranger.code == parent.code


@pytest.mark.parametrize(
    "code", ["BCDF-GH23-K4MN", "x", "\x00", "\ud7ff", "%", "9" * 5000, "🙂", "' OR 1=1 --"]
)
def test_a_wrong_code_opens_nothing(parent, stranger, code):
    page = stranger.post("/return/", code=code)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert "answers" not in stranger.client.cookies


def test_no_code_asks_for_one(stranger):
    assert "Enter your code." in stranger.post("/return/", code=" ").content.decode()
    assert "Enter your code." in stranger.post("/return/").content.decode()


def test_a_reference_opens_nothing_and_is_named(parent, stranger):
    words = stranger.post("/return/", code=parent.response.reference).content.decode()
    assert "This looks like a reference" in words
    assert "Your code has 12." in words


def test_ten_characters_of_nobody_say_what_a_code_has(parent, stranger):
    words = stranger.post("/return/", code="BCDF-GH23-K4").content.decode()
    assert "That has 10 letters and numbers. A code has 12." in words
    assert "The 10-character one is your reference, or two are missing." in words
    assert "This looks like a reference" not in words


def test_a_wrong_code_says_so_and_stays_in_the_box(stranger):
    words = stranger.post("/return/", code="BCDF-GH23-K4MN").content.decode()
    assert NOT_FOUND in words
    assert 'value="BCDF-GH23-K4MN"' in words


def test_a_code_of_another_survey_opens_that_survey_only(parent, stranger, consultation):
    world.survey(consultation, "practitioner", "practitioners", timezone.now())
    parent.answers(1, "My words")
    stranger.client.cookies["answers"] = parent.code
    assert stranger.get("/s/practitioners/1/").url == "/s/practitioners/"
    stranger.post("/s/practitioners/1/", text="Other words", seen="")
    assert Response.objects.count() == 2
    assert parent.stored(1) == "My words"


def test_a_half_finished_draft_of_a_closed_survey_is_shown(parent, stranger, closed):
    parent.answers(1, "Half a thought")
    closed()
    page = stranger.post("/return/", code=parent.code)
    words = page.content.decode()
    assert page.status_code == 403
    assert "This survey closed at 11:59pm on" in words
    assert "Half a thought" in words
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("cookie", ["", "BCDF-GH23-K4MN", "x" * 3000, "%00", '"', "é"])
def test_a_made_up_cookie_is_nobody(stranger, cookie):
    stranger.client.cookies["answers"] = cookie
    assert stranger.get("/s/parents/").status_code == 200
    assert stranger.get("/s/parents/1/").url == "/s/parents/"
    for page in ("check", "sent", "later"):
        assert stranger.get(f"/s/parents/{page}/").url == "/return/"


def test_without_a_cookie_the_words_are_saved_in_a_new_draft(stranger):
    assert stranger.post("/s/parents/2/", text="Not lost", seen="").url == "/s/parents/3/"
    assert stranger.stored(2) == "Not lost"


def test_without_a_cookie_even_too_many_words_are_shown_back(stranger):
    page = stranger.post("/s/parents/2/", text="x" * 2001, seen="")
    assert page.status_code == 422
    assert "x" * 2001 in page.content.decode()
    assert stranger.code


@pytest.fixture
def three_tries(monkeypatch):
    """Three wrong codes from one place in ten minutes, no more."""
    monkeypatch.setitem(LIMITS, "code", Limit(3, 10 * 60))


def test_too_many_wrong_codes_from_one_place_open_nothing_for_a_while(
    parent, stranger, three_tries
):
    for _ in range(3):
        assert stranger.post("/return/", code="BCDF-GH23-K4MN").status_code == 422
    page = stranger.post("/return/", code=parent.code)
    words = page.content.decode()
    assert page.status_code == 429
    assert "Too many wrong codes came from your network." in words
    assert f'value="{parent.code}"' in words
    assert "answers" not in stranger.client.cookies


def test_right_codes_and_empty_boxes_are_not_counted(parent, stranger, three_tries):
    for _ in range(5):
        assert stranger.post("/return/", code=parent.code).status_code == 302
        assert stranger.post("/return/", code=" ").status_code == 422
    assert stranger.post("/return/", code=parent.code).status_code == 302


def test_the_page_takes_no_code_from_its_address(parent, stranger):
    for address in (f"/return/?code={parent.code}", f"/return/?{parent.code}"):
        page = stranger.get(address)
        assert page.context["form"]["code"].value() is None
        assert "answers" not in stranger.client.cookies


def test_the_script_that_reads_the_square_is_on_this_page_alone(parent, stranger):
    assert "/static/receipt." in stranger.get("/return/").content.decode()
    for address in ("/", "/s/parents/", "/s/parents/1/", "/s/parents/check/"):
        assert "/static/receipt." not in parent.get(address).content.decode()


def test_the_code_of_a_trial_whose_survey_opened_shows_the_words(parent, stranger):
    parent.answers(1, "Only a trial")
    Response.objects.update(is_pilot=True)
    page = stranger.post("/return/", code=parent.code)
    words = page.content.decode()
    assert page.status_code == 403
    assert "The trial is over" in words
    assert "Only a trial" in words
