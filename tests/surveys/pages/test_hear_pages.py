"""Somebody asks to hear, opens the link of the mail, says yes or is taken off the list."""

import logging
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from surveys.limits import LIMITS
from surveys.models import Contact
from tests.mail_servers import no_server  # noqa: F401

RESULTS = {"email": "a@example.org", "wishes": ["results"]}


@pytest.fixture
def ask(client, consultation):
    def ask(**fields):
        return client.post("/hear/", RESULTS | fields)

    return ask


def link():
    """The address in the newest mail, as the browser asks this site for it."""
    return re.search(r"https?://testserver(\S+)", mail.outbox[-1].body)[1]


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_opening_the_link_confirms_nothing_and_its_button_does(client, ask):
    assert ask().headers["Location"] == "/hear/sent/"
    page = client.get(link())
    assert "Yes, write to me" in words(page)
    assert "no-store" in page["Cache-Control"]
    assert Contact.objects.get().confirmed_on is None
    assert client.head(link()).status_code == 200
    client.post(link(), {"go": "nonsense"})
    assert Contact.objects.get().confirmed_on is None
    assert client.post(link(), {"go": "yes"}).headers["Location"] == "/hear/on/"
    assert Contact.objects.get().confirmed_on == timezone.localdate()


def test_the_other_button_takes_the_address_off_the_list_at_any_time(client, ask):
    ask()
    client.post(link(), {"go": "yes"})
    for _ in range(2):
        assert client.post(link(), {"go": "off"}).headers["Location"] == "/hear/off/"
        assert not Contact.objects.exists()
    assert "This link does not work" in words(client.post(link(), {"go": "yes"}))


def test_the_answer_is_the_same_for_an_address_that_is_known(client, ask):
    answers = [ask()]
    client.post(link(), {"go": "yes"})
    answers.append(ask())
    cache.clear()
    answers.append(ask())
    assert len(mail.outbox) == 2
    assert mail.outbox[0].subject == mail.outbox[1].subject
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, "/hear/sent/")}


def test_the_mail_comes_from_the_site_and_answers_go_to_people(client, ask, area, settings):
    area.contact_email = "people@example.org"
    area.save()
    ask()
    (sent,) = mail.outbox
    assert (sent.from_email, sent.to) == (settings.DEFAULT_FROM_EMAIL, ["a@example.org"])
    assert sent.reply_to == ["people@example.org"]
    assert not sent.attachments


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Enter your email address."),
        ({"email": "me"}, "Enter an email address, like name@example.com."),
        ({"email": "x" * 250 + "@example.org"}, "Enter an email address, like name@example.com."),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Enter an email address"),
        ({"wishes": []}, "Choose what you want to hear about."),
        ({"wishes": ["everything"]}, "Choose from what is on the list."),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(client, ask, fields, sentence):
    page = ask(**fields)
    assert page.status_code == 422
    assert sentence in words(page)
    email = (RESULTS | fields)["email"]
    assert not email or f'value="{email}"' in page.content.decode()
    assert not mail.outbox
    assert not Contact.objects.exists()


def test_a_mail_server_that_refuses_loses_nothing(client, ask, no_server):  # noqa: F811
    page = ask()
    assert page.status_code == 503
    assert "Our email does not work just now" in words(page)
    assert 'value="a@example.org"' in page.content.decode()
    assert not Contact.objects.exists()


def test_too_many_from_one_place_are_told_what_to_do(client, ask):
    for number in range(LIMITS["contact"].most):
        assert ask(email=f"{number}@example.org").status_code == 302
    page = ask()
    assert page.status_code == 429
    assert "Wait a minute" in words(page)
    assert 'value="a@example.org"' in page.content.decode()


def test_in_the_demonstration_a_line_says_where_the_mails_are(client, db, settings):
    settings.EMAILS_ARE_FILES = True
    assert str(settings.EMAIL_FILE_PATH) in words(client.get("/hear/sent/"))
    settings.EMAILS_ARE_FILES = False
    assert str(settings.EMAIL_FILE_PATH) not in words(client.get("/hear/sent/"))


def test_without_a_mail_server_no_form_is_offered(client, ask, settings):
    settings.EMAILS_GO_OUT = False
    page = client.get("/hear/")
    assert 'name="email"' not in page.content.decode()
    assert "This site cannot send emails." in words(page)
    assert "01632 960000" in words(page)
    assert ask().status_code == 200
    assert not Contact.objects.exists()


def test_before_there_is_a_consultation_there_is_nothing_to_hear_about(client, db):
    assert "nothing to hear about yet" in words(client.get("/hear/"))


def test_a_mail_is_a_file_in_the_demonstration(client, ask, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    ask()
    (file,) = (tmp_path / "mail").iterdir()
    assert "To: a@example.org" in file.read_text()


def test_no_line_of_the_log_holds_the_secret_or_the_address(client, ask, caplog):
    caplog.set_level(logging.DEBUG)
    ask()
    secret = link().split("link=")[1]
    client.post(link(), {"go": "yes"})
    client.get(link() + "x")
    client.handler.enforce_csrf_checks = True
    assert client.post(link(), {"go": "yes"}).status_code == 403
    assert caplog.text
    for record in caplog.records:
        assert secret not in record.getMessage()
        if record.name.startswith("django.db"):
            continue  # DEBUG shows statements; no site that people use logs them
        assert "a@example.org" not in record.getMessage()


def test_no_cookie_of_a_survey_goes_there(parent, consultation):
    """Its path is that of the survey, so no browser shows it to these pages."""
    assert parent.client.cookies["answers"]["path"] == "/s/parents/"
