"""“Exit this page” on every page of a young person's survey: a link, and nothing fetched."""

import pytest

WAY_OUT = 'href="https://www.bbc.co.uk/weather"'
PAGES = ["", "1/", "2/", "about-you/", "check/", "later/", "leave/"]


@pytest.fixture
def young(parent, survey):
    survey.audience = "young_person"
    survey.save()
    return parent


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_a_young_persons_survey_has_it_twice(young, address):
    words = young.get(f"/s/parents/{address}").content.decode()
    assert words.count(WAY_OUT) == 2
    assert words.count('rel="noreferrer noopener nofollow"') == 2
    assert "Exit this page quickly" in words.split("portal-header")[0]
    assert words.count("bbc.co.uk") == 2


def test_pages_that_say_no_have_it_too(young, closed):
    young.answers(1, "Words")
    assert WAY_OUT in young.answers(1, "x" * 2001).content.decode()
    closed()
    assert WAY_OUT in young.post("/s/parents/2/", text="Late").content.decode()


def test_the_receipt_has_it(young):
    young.answers(1, "Words")
    young.sends()
    assert WAY_OUT in young.get("/s/parents/sent/").content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_other_surveys_do_not_have_it(parent, address):
    assert "bbc.co.uk" not in parent.get(f"/s/parents/{address}").content.decode()
