"""Wanting to hear: double opt-in, one mail an hour, and writing to those who wait."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult

from surveys.actions import (
    ask_to_hear,
    confirm_contact,
    forget_contact,
    how_many_wait,
    read_link,
    write_to_contacts,
)
from surveys.models import Contact
from surveys.refusals import BadText, LinkExpired, MailRefused
from surveys.tasks import MOST_TRIES, write_to_waiting
from tests.mail_servers import REFUSED, choosy_server, no_server, slow_server  # noqa: F401

pytestmark = pytest.mark.django_db


def ask(consultation, now, email="a@example.org", results=True, openings=False):
    """Gives the secret of the link in the mail; "" when none was sent."""
    secrets = [""]

    def link(secret):
        secrets.append(secret)
        return f"https://example.org/?link={secret}"

    ask_to_hear(
        consultation=consultation,
        email=email,
        results=results,
        openings=openings,
        link=link,
        now=now,
    )
    return secrets[-1]


def waits(consultation, now, *emails, **wishes):
    for email in emails:
        confirm_contact(secret=ask(consultation, now, email, **wishes), now=now)
    mail.outbox.clear()


def carry_out(consultation, wish="wants_results", tries=1):
    return write_to_waiting.call(
        consultation_id=consultation.pk, wish=wish, subject="News", text="It is out.", tries=tries
    )


def test_an_address_is_confirmed_only_by_its_own_link(consultation, now):
    secret = ask(consultation, now)
    contact = Contact.objects.get()
    assert (contact.confirmed_on, contact.asked_on) == (None, now.date())
    assert [one.to for one in mail.outbox] == [["a@example.org"]]
    assert secret in mail.outbox[0].body
    confirm_contact(secret=secret, now=now + timedelta(days=1))
    contact.refresh_from_db()
    assert contact.confirmed_on == now.date() + timedelta(days=1)


def test_nothing_in_the_store_leads_to_a_response(consultation):
    names = {field.name for field in Contact._meta.get_fields()}
    assert names == {
        "id",
        "consultation",
        "email",
        "wants_results",
        "wants_openings",
        "asked_on",
        "confirmed_on",
    }
    assert Contact._meta.ordering == []


def test_an_address_gets_one_mail_an_hour(consultation, now):
    assert ask(consultation, now)
    assert not ask(consultation, now, " A@EXAMPLE.org ")
    assert len(mail.outbox) == 1
    assert Contact.objects.count() == 1
    cache.clear()  # an hour later
    assert ask(consultation, now)
    assert len(mail.outbox) == 2
    assert Contact.objects.count() == 1


def test_asking_again_changes_nothing_that_was_confirmed_until_the_link_says_so(consultation, now):
    waits(consultation, now, "a@example.org")
    cache.clear()
    secret = ask(consultation, now, results=False, openings=True)
    assert Contact.objects.get().wants_results
    confirm_contact(secret=secret, now=now)
    contact = Contact.objects.get()
    assert (contact.wants_results, contact.wants_openings) == (False, True)


def test_a_link_confirms_for_seven_days_and_forgets_for_ever(consultation, now):
    secret = ask(consultation, now)
    late = now + timedelta(days=8)
    assert read_link(secret=secret).may_confirm(now + timedelta(days=7))
    with pytest.raises(LinkExpired):
        confirm_contact(secret=secret, now=late)
    forget_contact(secret=secret)
    assert not Contact.objects.exists()
    forget_contact(secret=secret)
    with pytest.raises(LinkExpired):
        confirm_contact(secret=secret, now=now)


@pytest.mark.parametrize("wrong", ["", "x", "x:y", "\0", "e30:abc", "ü" * 10_000])
def test_a_made_up_link_does_nothing(consultation, now, wrong):
    with pytest.raises(LinkExpired):
        read_link(secret=wrong)


def test_a_link_still_works_after_the_key_was_changed(consultation, now, settings):
    secret = ask(consultation, now)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    confirm_contact(secret=secret, now=now)
    assert how_many_wait(consultation=consultation)["wants_results"] == 1


def test_without_a_mail_server_nothing_is_kept_and_asking_again_works(
    consultation,
    now,
    no_server,  # noqa: F811
    settings,
    caplog,
):
    with pytest.raises(MailRefused, match="does not work just now"):
        ask(consultation, now)
    assert not Contact.objects.exists()
    assert "a@example.org" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert ask(consultation, now)


def test_a_mail_goes_to_all_who_confirmed_and_their_addresses_are_gone(consultation, now):
    waits(consultation, now, "a@example.org", "b@example.org")
    ask(consultation, now, "unconfirmed@example.org")
    waits(consultation, now, "c@example.org", results=False, openings=True)
    number = write_to_contacts(
        consultation=consultation,
        wish="wants_results",
        subject=" News\n",
        text="It is out.",
        now=now,
    )
    assert number == 2
    queued = DBTaskResult.objects.get().args_kwargs["kwargs"]
    assert queued["subject"] == "News"
    assert "example.org" not in str(queued)
    assert write_to_waiting.call(**queued) == 0
    assert sorted(one.to for one in mail.outbox) == [["a@example.org"], ["b@example.org"]]
    assert "We have now deleted your address." in mail.outbox[0].body
    left = set(Contact.objects.values_list("email", flat=True))
    assert left == {"unconfirmed@example.org", "c@example.org"}
    assert carry_out(consultation) == 0
    assert len(mail.outbox) == 2


def test_the_mail_about_another_survey_leaves_those_who_want_the_results(consultation, now):
    waits(consultation, now, "both@example.org", openings=True)
    waits(consultation, now, "one@example.org", results=False, openings=True)
    assert carry_out(consultation, "wants_openings") == 0
    contact = Contact.objects.get()
    assert (contact.email, contact.wants_openings) == ("both@example.org", False)
    assert carry_out(consultation, "wants_openings") == 0
    assert len(mail.outbox) == 2


def test_who_could_not_be_written_to_is_kept_and_tried_again(
    consultation,
    now,
    choosy_server,  # noqa: F811
    caplog,
):
    for email in ("a@example.org", REFUSED, "b@example.org"):
        Contact.objects.create(
            consultation=consultation, email=email, asked_on=now, confirmed_on=now
        )
    assert carry_out(consultation) == 1
    assert sorted(one.to for one in mail.outbox) == [["a@example.org"], ["b@example.org"]]
    assert Contact.objects.get().email == REFUSED
    again = DBTaskResult.objects.get()
    assert again.run_after is not None
    assert again.args_kwargs["kwargs"]["tries"] == 2
    assert REFUSED not in caplog.text + str(again.args_kwargs)
    assert carry_out(consultation, tries=MOST_TRIES) == 1
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"subject": " "}, "Write a subject"),
        ({"text": ""}, "Write the mail"),
        ({"wish": "email"}, "Choose what"),
        ({"wish": "wants_openings"}, "Nobody waits"),
    ],
)
def test_what_cannot_be_sent_is_refused(consultation, now, words, sentence):
    waits(consultation, now, "a@example.org")
    mails = {"wish": "wants_results", "subject": "News", "text": "Out."} | words
    with pytest.raises(BadText, match=sentence):
        write_to_contacts(consultation=consultation, now=now, **mails)


def test_the_same_mail_is_not_queued_twice(consultation, now):
    waits(consultation, now, "a@example.org")
    mails = {"wish": "wants_results", "subject": "News", "text": "Out.", "now": now}
    write_to_contacts(consultation=consultation, **mails)
    with pytest.raises(BadText, match="is being sent"):
        write_to_contacts(consultation=consultation, **mails)


@pytest.mark.django_db(transaction=True)
def test_while_a_mail_goes_out_others_can_write(consultation, now, slow_server):  # noqa: F811
    Contact.objects.create(
        consultation=consultation, email="a@example.org", asked_on=now, confirmed_on=now
    )
    assert carry_out(consultation) == 0
    assert slow_server == [True]
    assert not Contact.objects.exists()
