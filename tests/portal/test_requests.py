"""Requests that no browser sends: each gets a page that says no, never an error of ours."""

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory

from outcomes.demo.load import PASSWORD
from surveys.context import no_address
from surveys.models import Answer
from surveys.views import refusals
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
CODECS = [
    *("latin-1", "utf-7", "unicode_escape", "utf-16", "hex", "base64", "rot13", "zip", "idna"),
    *("undefined", "raw_unicode_escape", "punycode", "no-such-codec"),
]
ADDRESSES = ["/", "/s/parents/1/", "/s/parents/", "/return/", "/nope/", "/admin/login/"]


@pytest.fixture
def outsider(survey) -> Client:
    return Client(raise_request_exception=False)


def send(client: Client, address: str, body: str, kind: str, host: str = "localhost"):
    """A form as bytes: the client's own `post` would write it in the charset of its `kind`."""
    return client.generic("POST", address, body.encode(), kind, headers={"host": host})


def part(name: str, text: str, extra: str = "") -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{text}\r\n'


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("codec", CODECS)
def test_a_form_in_another_script_is_no_error_of_ours(survey, codec, checks):
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
    client.cookies["csrftoken"] = "a" * 32
    for kind, body in (
        (URLENCODED, "text=+2AA-words&username=a&password=b&code=AAAA"),
        (MULTIPART, part("text", "+2AA-words \\ud800 \\x00") + part("code", "A") + "--b--\r\n"),
    ):
        for address in ADDRESSES:
            page = send(client, address, body, f"{kind}; charset={codec}")
            assert page.status_code < 500, (kind, address)


@pytest.mark.parametrize("codec", ["utf8", "UTF-8", "u8", "us-ascii", '"utf-8"'])
@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART])
def test_utf_8_by_any_name_is_read(outsider, codec, kind):
    outsider.get("/s/parents/")
    body = "text=Caf%C3%A9&seen=" if kind == URLENCODED else part("text", "Café") + "--b--\r\n"
    send(outsider, "/s/parents/1/", body, f"{kind}; charset={codec}")
    assert Answer.objects.get().text == "Café"


def test_words_that_were_sent_as_latin_1_are_refused_and_never_kept_wrong(outsider):
    outsider.get("/s/parents/")
    page = send(outsider, "/s/parents/1/", "text=Caf%E9&seen=", f"{URLENCODED}; charset=latin-1")
    assert page.status_code == 400
    assert "We could not read that" in page.content.decode()
    assert "default-src" in page["Content-Security-Policy"]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("codec", CODECS)
def test_an_address_with_a_query_is_read_whatever_the_content_type(outsider, codec):
    kind = f"text/html; charset={codec}"
    for address in ADDRESSES:
        page = outsider.generic("GET", f"{address}?change=1&next=/admin/", content_type=kind)
        assert page.status_code in (200, 302, 404), address


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example.org"])
@pytest.mark.parametrize("checks", [True, False])
def test_forms_that_cannot_be_taken_apart_are_refused(survey, checks, host):
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
    client.cookies["csrftoken"] = "a" * 32
    files = "".join(part(f"f{n}", "x", f'; filename="{n}.txt"') for n in range(120)) + "--b--\r\n"
    fields = "".join(part(f"f{n}", "x") for n in range(2000)) + "--b--\r\n"
    for kind, body in (
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=", "x"),
        (MULTIPART, "--b"),
        (MULTIPART, files),
        (MULTIPART, fields),
        (MULTIPART, part("text", "=ED", "\r\nContent-Transfer-Encoding: base64") + "--b--\r\n"),
        (MULTIPART, part("text", "x", "; filename*=hex''%ff") + "--b--\r\n"),
    ):
        for address in ADDRESSES:
            for charset in ("", "; charset=hex"):
                page = send(client, address, body, kind + charset, host=host)
                assert page.status_code < 500, (address, kind, charset)


@pytest.mark.parametrize(
    "cookie", ['sessionid="aaaaaaaaaa\\000b"', 'csrftoken="a\\000"', "sessionid=a\0b", 'x="\\000"']
)
def test_nul_in_a_cookie_is_refused(outsider, cookie):
    for address in [*ADDRESSES, "/admin/"]:
        page = outsider.get(address, headers={"cookie": cookie})
        assert page.status_code == 400, address
        assert "We could not read that" in page.content.decode()


@pytest.mark.parametrize("query", ["theme=%00", "%00", "q=a%00b", "a=1&b=\0"])
def test_nul_in_a_query_is_refused(outsider, query):
    for address in [*ADDRESSES, "/admin/"]:
        page = outsider.generic("GET", address, QUERY_STRING=query)
        assert page.status_code == 400, address
        assert "We could not read that" in page.content.decode()


HANDLERS = {
    400: refusals.bad_request,
    403: lambda request: refusals.forbidden(request, PermissionDenied()),
    "csrf": refusals.form_refused,
    404: lambda request: refusals.not_found(request, Http404()),
    500: refusals.server_error,
}


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
@pytest.mark.parametrize("error", [LookupError("hex"), UnicodeError(), OSError(), BadRequest()])
def test_each_page_that_says_no_survives_a_form_that_cannot_be_read(handler, error):
    class Unreadable(type(RequestFactory().get("/"))):
        @property
        def POST(self):  # noqa: N802
            raise error

    request = Unreadable(RequestFactory().post("/").environ)
    page = handler(request)
    assert page.status_code >= 400
    assert "Go to the first page" in page.content.decode()


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_each_page_that_says_no_shows_words_that_cannot_be_encoded(handler):
    request = RequestFactory().post("/")
    request.POST = {"text": "half a \ud800 sign\x00"}
    page = handler(request)
    assert "half a ? sign" in page.content.decode()


def sign_in(client: Client, name: str, password: str):
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": password})


def test_of_a_failed_sign_in_only_the_name_is_kept(dev):
    client = Client(enforce_csrf_checks=True, headers={"user-agent": "A browser", "accept": "a/b"})
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    form = {"username": "dev", "password": "a wrong one", "csrfmiddlewaretoken": token, "x": "y"}
    for _ in range(2):
        page = client.post("/admin/login/?next=/admin/secret-place/", form)
        assert "Please enter the correct username and password" in page.content.decode()
    kept = AccessAttempt.objects.get()
    assert (kept.username, kept.failures_since_start) == ("dev", 2)
    assert {kept.get_data.strip("\n-"), kept.post_data.strip("\n-")} == {""}
    assert (kept.ip_address, kept.user_agent, kept.http_accept) == (no_address(None), "", "")


def test_a_name_is_held_up_after_ten_wrong_passwords_from_any_browser(dev):
    for number in range(10):
        sign_in(Client(headers={"user-agent": f"Browser {number}"}), "dev", "a wrong one")
    assert sign_in(Client(), "dev", "a good long password").status_code == 429
    assert sign_in(Client(), "fran", "a wrong one").status_code == 200


def test_the_password_everybody_knows_opens_only_the_demonstration(groups, settings):
    loaded = world.person("loaded")
    world.person("own")
    loaded.set_password(PASSWORD)
    loaded.save()

    settings.DEMONSTRATION = True
    known, other = Client(), Client()
    assert sign_in(known, "loaded", PASSWORD).status_code == 302
    assert sign_in(other, "own", "a good long password").status_code == 302
    assert known.get("/admin/").status_code == 200

    settings.DEMONSTRATION = False
    page = sign_in(Client(), "loaded", PASSWORD)
    assert "Please enter the correct username and password" in page.content.decode()
    assert known.get("/admin/").status_code == 302  # signed out
    assert other.get("/admin/").status_code == 200
    assert sign_in(Client(), "own", "a good long password").status_code == 302

    loaded.set_password("one of their own")
    loaded.save()
    assert sign_in(Client(), "loaded", "one of their own").status_code == 302
