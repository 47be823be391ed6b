"""What the site says about itself."""

import pytest


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/privacy/", "Privacy"),
        ("/accessibility/", "Accessibility statement"),
        ("/cookies/", "Cookies"),
        ("/return/", "Come back with a code"),
        ("/framework/", "Agreed outcomes"),
        ("/strategies/", "Strategies and priorities"),
    ],
)
def test_each_page_of_the_footer_opens_with_and_without_an_area(client, db, address, heading):
    page = client.get(address)
    assert page.status_code == 200
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in page.content.decode()


def test_the_privacy_page_names_who_is_answerable(client, survey):
    assert "The council is answerable." in client.get("/privacy/").content.decode()


def test_the_privacy_page_promises_only_what_people_can_do_by_hand(client, db):
    words = " ".join(client.get("/privacy/").content.decode().split())
    assert "take them away" not in words
    assert "You can ask to see your answers. You can also ask us not to use them." in words
    assert "Ask before we publish the agreed outcomes" in words


def test_the_cookies_page_names_every_cookie_that_is_set(parent):
    parent.answers(1, "Words")
    words = parent.get("/cookies/").content.decode()
    assert set(parent.client.cookies) == {"answers", "csrftoken"}
    for name in parent.client.cookies:
        assert f">{name}</dt>" in words


def test_the_server_says_that_it_is_well(client, db):
    page = client.get("/healthz")
    assert page.content == b"ok"
    assert page["Content-Type"] == "text/plain"
