"""Asking for another format."""

import pytest
from django.utils import timezone

from surveys.dates import day_of, start_of
from surveys.limits import LIMITS
from surveys.models import FormatRequest

BRAILLE = {"format": "braille", "details": "The parents’ survey.", "contact": "Call 01632 960111"}


def test_a_request_is_kept_by_the_day_and_confirmed(client, survey):
    page = client.post("/formats/", BRAILLE)
    assert page.headers["Location"] == "/formats/asked/"
    made = FormatRequest.objects.get()
    assert (made.format, made.details, made.contact) == tuple(BRAILLE.values())
    assert made.asked_at == start_of(day_of(timezone.now()))
    assert made.area == survey.consultation.area
    assert "We have your request" in client.get("/formats/asked/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"format": ""}, "Choose what would work for you."),
        ({"format": "carrier pigeon"}, "Choose from what is on the list."),
        ({"contact": " \n"}, "Tell us how we can reach you."),
        ({"contact": "x" * 2001}, "Use 2,000 characters or fewer here."),
        ({"details": "x" * 2001}, "Use 2,000 characters or fewer here."),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(client, survey, fields, sentence):
    sent = BRAILLE | fields
    page = client.post("/formats/", sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    for name in ("details", "contact"):
        assert sent[name].strip() in text
    assert not FormatRequest.objects.exists()


def test_too_many_from_one_place_are_told_what_to_do(client, survey):
    for _ in range(LIMITS["contact"].most):
        client.post("/formats/", BRAILLE)
    page = client.post("/formats/", BRAILLE)
    assert page.status_code == 429
    assert "Wait a minute" in page.content.decode()
    assert "01632 960111" in page.content.decode()


def test_a_site_without_an_area_takes_no_request(client, db):
    page = client.post("/formats/", BRAILLE)
    assert page.status_code == 200
    assert "There is nothing on this site yet." in page.content.decode()
