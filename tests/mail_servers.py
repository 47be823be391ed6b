"""Mail servers that a test needs: one that refuses an address, one that is not there."""

import smtplib
import socket
from threading import Thread

import pytest
from django import db
from django.core.mail.backends.locmem import EmailBackend

from surveys.models import Area

REFUSED = "refused@example.org"


class Choosy(EmailBackend):
    """Takes every mail but those to one address."""

    def send_messages(self, messages):
        for message in messages:
            if REFUSED in message.recipients():
                raise smtplib.SMTPRecipientsRefused({REFUSED: (550, b"No such mailbox")})
        return super().send_messages(messages)


@pytest.fixture
def choosy_server(settings):
    settings.EMAIL_BACKEND = "tests.mail_servers.Choosy"


@pytest.fixture
def no_server(settings):
    """Nobody listens at the address of the mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]
        yield


class Slow(EmailBackend):
    """While it takes a mail, somebody somewhere sends the answers to a survey."""

    def send_messages(self, messages):
        def write():
            try:
                Area.objects.update(contact_phone="written meanwhile")
            finally:
                db.connection.close()

        meanwhile = Thread(target=write)
        meanwhile.start()
        meanwhile.join(timeout=5)
        taken.append(not meanwhile.is_alive())
        return super().send_messages(messages)


taken: list[bool] = []  # for each mail, whether others could write while it went


@pytest.fixture
def slow_server(settings):
    settings.EMAIL_BACKEND = "tests.mail_servers.Slow"
    taken.clear()
    return taken
