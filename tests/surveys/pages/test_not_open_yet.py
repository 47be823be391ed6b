"""A survey that is not open shows nobody its questions, whatever is sent to its addresses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.limits import LIMITS, held_back
from surveys.models import QuestionWording, Response
from tests.surveys.pages.conftest import Parent

UNSEEN = "Words that nobody has published yet"


@pytest.fixture(params=["coming soon", "scheduled", "closed"])
def survey(survey, request):
    today = timezone.localdate()
    days = {"coming soon": None, "scheduled": 5, "closed": -5}[request.param]
    day = None if days is None else today + timedelta(days=days)
    survey.opens_on = survey.closes_on = day
    survey.save()
    QuestionWording.objects.filter(question__survey=survey).update(text=UNSEEN)
    return survey


@pytest.fixture
def crowded(rf):
    for _ in range(LIMITS["begin"].most):
        held_back(rf.get("/"), "begin")


SENT = [
    {"text": "Hello"},
    {"text": "Hello", "topic": "A program wrote this"},
    {"text": "x" * 9_000},
    {"form": "easy_read", "language": "pl"},
]


@pytest.mark.parametrize("fields", SENT, ids=["words", "the trap", "too long", "another wording"])
def test_a_question_is_not_shown_for_words_sent_to_it(survey, fields):
    for number in (1, 2, 3):
        page = Parent().post(f"/s/parents/{number}/", **fields)
        assert page.status_code == 403
        assert UNSEEN not in page.content.decode()
        assert fields.get("text", "") in page.content.decode()
    assert not Response.objects.exists()


def test_nor_where_too_many_come(survey, crowded):
    page = Parent().post("/s/parents/2/", text="Hello")
    assert page.status_code == 403
    assert UNSEEN not in page.content.decode()


@pytest.mark.parametrize(
    "page", ["", "1/", "about-you/", "check/", "paper.pdf", "sent/receipt.pdf"]
)
def test_no_page_shows_it(survey, client, page):
    found = client.get(f"/s/parents/{page}", follow=True)
    assert found["Content-Type"].startswith("text/html")
    assert UNSEEN not in found.content.decode()
