"""Pages that say no: what was typed is shown back, and there is never a traceback."""

from http.client import HTTPConnection

import pytest
from django.test import Client

from surveys.models import Response
from tests.surveys.pages.conftest import Parent


def test_a_form_without_its_token_shows_the_words_back(survey):
    page = Parent(enforce_csrf_checks=True).post("/s/parents/1/", text="<My> words", seen="")
    words = page.content.decode()
    assert page.status_code == 403
    assert "We could not take this form" in words
    assert "&lt;My&gt; words" in words
    assert "Tell us what you think in another way" in words
    assert "no-store" in page["Cache-Control"]
    assert not Response.objects.exists()


def test_a_form_with_a_tampered_token_shows_the_words_back(survey):
    parent = Parent(enforce_csrf_checks=True)
    parent.get("/s/parents/")
    page = parent.post("/s/parents/1/", text="My words", csrfmiddlewaretoken="x" * 64)
    assert page.status_code == 403
    assert "My words" in page.content.decode()


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART])
@pytest.mark.parametrize("checks", [True, False])
def test_far_too_much_gets_a_page(survey, kind, checks):
    parent = Parent(enforce_csrf_checks=checks)
    parent.get("/s/parents/")
    body = b"text=" + b"x" * 30_000_000
    if kind == MULTIPART:
        head = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        body = head + body + b"\r\n--b--\r\n"
    page = parent.client.post("/s/parents/1/", body, content_type=kind)
    assert page.status_code == 413
    assert "That was too much to send at once" in page.content.decode()
    assert "x" * 100 not in page.content.decode()


def test_far_too_much_without_cookies_gets_a_page(survey):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/s/parents/1/", b"text=" + b"x" * 30_000_000, content_type=URLENCODED)
    assert page.status_code == 403
    assert "We could not take this form" in page.content.decode()


def test_far_too_many_fields_get_a_page(parent, settings):
    body = "&".join(f"field{n}=x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    page = parent.client.post("/s/parents/1/", body, content_type=URLENCODED)
    assert page.status_code == 400
    assert "We could not read that" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/nope/",
        "/s/nope/",
        "/s/nope/1/",
        "/s/parents/0/",
        "/s/parents/4/",
        "/s/parents/99/",
        "/s/parents/99999999999999999999/",
        "/s/parents/one/",
        "/s/nope/check/",
        "/s/nope/sent/",
        "/s/nope/later/",
        "/s/nope/leave/",
        "/s/%00/",
        "/s/par%ED%A0%80ents/",
    ],
)
def test_an_unknown_address_gets_a_page(parent, address):
    for page in (parent.get(address), parent.post(address, text="My words")):
        assert page.status_code == 404
        assert "Page not found" in page.content.decode()
    assert "My words" in page.content.decode()


def test_an_error_of_ours_shows_the_words_back_and_no_traceback(survey, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a secret of the program")

    monkeypatch.setattr("surveys.views.answering.find_survey", broken)
    client = Client(raise_request_exception=False)
    page = client.post("/s/parents/1/", {"text": "My words"})
    words = page.content.decode()
    assert page.status_code == 500
    assert "It is our fault, not yours." in words
    assert "My words" in words
    assert "secret" not in words


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_change_nothing(parent, method):
    parent.answers(1, "Words")
    for address in ("/", "/s/parents/", "/s/parents/1/", "/s/parents/check/", "/return/"):
        assert getattr(parent.client, method)(address).status_code < 500
    assert parent.stored(1) == "Words"
    assert not parent.response.is_sent


def test_no_page_holds_an_inline_script_or_style(parent):
    parent.answers(1, "Words")
    addresses = ["/", "/s/parents/", "/s/parents/1/", "/s/parents/check/", "/s/parents/later/"]
    for address in [*addresses, "/return/", "/privacy/", "/accessibility/", "/cookies/", "/nope/"]:
        page = parent.get(address)
        words = page.content.decode()
        assert "<style" not in words
        assert "style=" not in words
        assert "<script>" not in words
        assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_a_real_server_hears_far_too_much_out_before_it_answers(survey, live_server):
    """A server that hangs up early leaves the browser with an error of its own."""
    host, port = live_server.url.removeprefix("http://").split(":")
    line = HTTPConnection(host, int(port), timeout=30)
    headers = {"Content-Type": URLENCODED, "Cookie": "csrftoken=" + "a" * 32}
    line.request("POST", "/s/parents/1/", b"text=" + b"x" * 30_000_000, headers)
    page = line.getresponse()
    assert page.status == 413
    assert "That was too much to send at once" in page.read().decode()
    line.close()
