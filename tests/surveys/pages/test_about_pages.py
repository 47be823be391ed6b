"""What the site says about itself."""

import re
from datetime import timedelta

import pytest

from surveys.actions import publish_notice
from tests import world

FOOTER = {
    "/return/": "Come back with a code",
    "/hear/": "Hear from us",
    "/formats/": "Ask for another format",
    "/privacy/": "Privacy",
    "/cookies/": "Cookies",
    "/words/": "Words we use",
}


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        *FOOTER.items(),
        ("/framework/", "Agreed outcomes"),
        ("/strategies/", "Strategies and priorities"),
    ],
)
def test_each_page_of_the_footer_opens_with_and_without_an_area(client, db, address, heading):
    for prepare in (lambda: None, world.area):
        prepare()
        page = client.get(address)
        assert page.status_code == 200
        assert f'<h1 class="govuk-heading-l">{heading}</h1>' in page.content.decode()


@pytest.mark.parametrize("address", ["/", "/s/parents/", "/accessibility/", "/hear/", "/nope/"])
def test_each_page_says_how_to_reach_somebody_and_leads_to_what_the_footer_names(
    client, survey, address
):
    page = client.get(address).content.decode()
    footer = page[page.index("<footer") :]
    assert "01632 960000" in footer
    for link in [*FOOTER, "/accessibility/"]:
        assert f'href="{link}"' in footer


def test_the_privacy_page_shows_the_notice_in_force_and_names_who_is_answerable(client, survey):
    page = words(client.get("/privacy/"))
    assert "The council is answerable." in page
    assert "This is notice number 1." in page


def test_an_older_notice_stays_where_it_was_and_says_that_it_is_older(client, survey, asha, now):
    area = survey.consultation.area
    later = now + timedelta(days=1)
    publish_notice(area=area, body="## New\n\nWe keep less.", by=asha, now=later)
    newest = client.get("/privacy/")
    assert '<h2 class="govuk-heading-m">New</h2>' in newest.content.decode()
    assert 'href="/privacy/1/"' in newest.content.decode()
    assert "It is not the newest" not in words(newest)
    older = client.get("/privacy/1/")
    assert "The council is answerable." in words(older)
    assert "This is notice number 1. It is not the newest." in words(older)
    for number in (3, 99999999999999999999):
        assert client.get(f"/privacy/{number}/").status_code == 404


def test_a_visitor_reads_the_notice_in_their_language_else_in_english(client, survey, asha, now):
    polish = {"HTTP_ACCEPT_LANGUAGE": "pl"}
    assert '<div lang="en">' in client.get("/privacy/", **polish).content.decode()
    area = survey.consultation.area
    publish_notice(area=area, body="Po polsku.", by=asha, now=now, language="pl")
    page = client.get("/privacy/", **polish).content.decode()
    assert "Po polsku." in page
    assert "<div lang=" not in page
    assert "Po polsku." not in client.get("/privacy/").content.decode()


@pytest.mark.parametrize(
    "promise",
    [
        "we delete them 14 days after the survey closes",
        "delete it after 7 days",
        "for up to one hour",
        "You can ask to see your answers. You can also ask us to put them right, or not to use",
        "Ask before we publish the agreed outcomes",
        "We cannot find anonymous answers without your reference.",
        "this site does not delete them by itself",
        "we may have to pass it on",
        "Article 6(1)(e), and Article 9(2)(g)",
    ],
)
def test_the_first_notice_says_what_the_portal_does(client, survey, promise):
    assert promise in words(client.get("/privacy/"))


def test_the_cookies_page_names_every_cookie_that_is_set(parent, asha):
    parent.answers(1, "Words")
    parent.post("/language/", language="pl", next="/")
    page = parent.get("/cookies/").content.decode()
    assert set(parent.client.cookies) == {"answers", "csrftoken", "django_language"}
    parent.client.force_login(asha)
    assert "sessionid" in parent.client.cookies
    for name in parent.client.cookies:
        assert f">{name}</dt>" in page
    assert len(re.findall("</dt>", page)) == 4


def test_the_cookies_end_when_their_page_says(parent, settings):
    parent.post("/language/", language="pl", next="/")
    for name in ("answers", "django_language"):
        assert parent.client.cookies[name]["max-age"] == ""
    page = words(parent.client.get("/cookies/", HTTP_ACCEPT_LANGUAGE="en"))
    assert settings.CSRF_COOKIE_AGE // (60 * 60 * 24) == 364
    assert settings.SESSION_COOKIE_AGE == 8 * 60 * 60
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert page


def test_the_server_says_that_it_is_well(client, db):
    page = client.get("/healthz")
    assert page.content == b"ok"
    assert page["Content-Type"] == "text/plain"
