"""Public pages speak the language chosen; staff pages speak English."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation

from surveys.dates import closing_words, in_words, moment_words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
POLISH = {"accept-language": "pl-PL,pl;q=0.9,en;q=0.5"}


@pytest.fixture
def reader():
    return Client()


def test_a_page_speaks_the_browsers_language_and_says_so(reader):
    page = reader.get("/", headers=POLISH)
    assert '<html lang="pl"' in page.content.decode()
    assert page["Content-Language"] == "pl"
    assert '<html lang="en-GB"' in reader.get("/").content.decode()


def test_no_cache_mixes_the_languages_up(reader):
    vary = reader.get("/", headers=POLISH)["Vary"]
    assert {"Cookie", "Accept-Language"} <= set(vary.split(", "))


def test_a_choice_leads_back_to_the_same_page_and_is_remembered(reader):
    here = "/framework/?from=poster"
    assert 'value="/framework/?from=poster"' in reader.get(here).content.decode()
    page = reader.post("/language/", {"language": "pl", "next": here})
    assert (page.status_code, page["Location"]) == (302, here)
    assert '<html lang="pl"' in reader.get(here).content.decode()
    reader.post("/language/", {"language": "en", "next": here})
    assert '<html lang="en-GB"' in reader.get(here, headers=POLISH).content.decode()


def test_the_choice_is_one_cookie_that_ends_with_the_browser():
    reader = Client(enforce_csrf_checks=True)
    assert reader.get("/").cookies == {}
    cookies = reader.post("/language/", {"language": "pl", "next": "/"}).cookies
    assert list(cookies) == ["django_language"]
    cookie = cookies["django_language"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("language", ["", "xx", "en-gb-oed", "../../etc", "pl\0", "ą" * 5000])
def test_a_language_that_we_do_not_have_changes_nothing(reader, language):
    page = reader.post("/language/", {"language": language, "next": "/"})
    assert page.status_code == 302
    assert "django_language" not in page.cookies


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "http://[", "\0", ""])
def test_a_choice_never_leads_to_another_site(reader, there):
    page = reader.post("/language/", {"language": "pl", "next": there})
    assert page["Location"] == "/"


@pytest.mark.parametrize("accepted", ["x" * 10_000, "pl;q=a", "*", "\x80", "pl;q=0"])
def test_a_strange_wish_of_a_browser_is_passed_over(reader, accepted):
    assert reader.get("/", headers={"accept-language": accepted}).status_code == 200


def test_staff_pages_speak_english_whatever_was_chosen(reader, asha):
    reader.force_login(asha)
    reader.post("/language/", {"language": "pl", "next": "/"})
    for address in ("/admin/", "/admin/surveys/survey/", "/admin/nowhere/"):
        text = reader.get(address, headers=POLISH, follow=True).content.decode()
        assert "<html lang=" in text
        assert 'lang="pl"' not in text.split(">", 3)[1], address
        assert not {"Zapisz", "Wyloguj"} & set(text.replace("<", " ").split())
    assert '<html lang="pl"' in reader.get("/").content.decode()


def test_pages_that_say_no_speak_the_language_too(survey):
    reader = Client(enforce_csrf_checks=True, headers=POLISH)
    for page, status in (
        (reader.get("/nowhere/"), 404),
        (reader.get("/?q=%00"), 400),
        (reader.post("/s/parents/", {"text": "To są moje słowa"}), 403),
    ):
        assert page.status_code == status
        assert '<html lang="pl"' in page.content.decode()
    assert "To są moje słowa" in page.content.decode()


def test_words_of_officers_are_marked_as_english_on_a_polish_page(reader, consultation):
    marked = '<div class="portal-prose" lang="en-GB" dir="ltr">'
    assert marked in reader.get("/", headers=POLISH).content.decode()
    assert marked not in reader.get("/").content.decode()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 3, 5), "o 23:59 w piątek 5 marca 2021"),
        (date(2026, 12, 1), "o 23:59 we wtorek 1 grudnia 2026"),
        (date(2026, 2, 25), "o 23:59 w środę 25 lutego 2026"),
    ],
)
def test_polish_days_are_in_the_right_case(day, words):
    with translation.override("pl"):
        assert closing_words(day) == words
    assert closing_words(date(2021, 3, 5)) == "11:59pm on Friday 5 March 2021"


def test_polish_moments_are_in_london_time():
    with translation.override("pl"):
        assert in_words(date(2021, 5, 1)) == "1 maja 2021"
        summer = datetime(2021, 6, 1, 13, 5, tzinfo=UTC)
        assert moment_words(summer) == "o 14:05 we wtorek 1 czerwca 2021"
