"""Where to turn when not safe: on every page of a survey whose text says it."""

import pytest

NAMES, HELP, FREE = "Please do not write names.", "Call 999.", "It is free."
SUMMARY = "If you are not safe"


@pytest.fixture(params=["\n\n", "\r\n\r\n"])
def young(parent, survey, request):
    """A survey that says where to turn, as a file or as the admin's box holds it."""
    survey.safety_text = request.param.join([NAMES, HELP, FREE])
    survey.save()
    return parent


def folded(page) -> str:
    """What is folded under “If you are not safe”; "" when it is not there."""
    words = page.content.decode().partition(SUMMARY)[2]
    return words.split("</details>")[0]


def test_the_first_question_shows_all_of_it_unfolded(young):
    page = young.get("/s/parents/1/")
    words = page.content.decode()
    assert all(f"<p>{text}</p>" in words for text in (NAMES, HELP, FREE))
    assert SUMMARY not in words


def test_the_way_in_has_it_folded_and_the_first_question_whole(young):
    page = young.get("/s/parents/")
    assert f"<p>{HELP}</p>" in folded(page)
    assert NAMES not in page.content.decode()
    words = page.content.decode()
    assert words.index("Start now") < words.index("You do not need an account")


@pytest.mark.parametrize("address", ["2/", "3/", "check/", "later/"])
def test_every_page_before_sending_has_it_folded(young, address):
    page = young.get(f"/s/parents/{address}")
    assert f"<p>{HELP}</p>" in folded(page)
    assert f"<p>{FREE}</p>" in folded(page)
    assert NAMES not in page.content.decode()
    assert "<details open" not in page.content.decode()


def test_the_receipt_has_it(young):
    young.answers(1, "Words")
    young.sends()
    assert HELP in folded(young.get("/s/parents/sent/"))


def test_pages_that_show_words_back_have_it(young, closed):
    young.answers(1, "Words")
    assert HELP in folded(young.post("/s/parents/2/", text="Words"))
    closed()
    assert HELP in folded(young.post("/s/parents/2/", text="Too late"))


def test_a_text_of_one_paragraph_is_whole_on_the_first_question_only(parent):
    assert NAMES in parent.get("/s/parents/1/").content.decode()
    for address in ("2/", "check/", "later/"):
        words = parent.get(f"/s/parents/{address}").content.decode()
        assert SUMMARY not in words
        assert NAMES not in words
