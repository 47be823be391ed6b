"""Mail servers that a test needs: one that refuses an address, one that is not there."""

import smtplib
import socket

import pytest
from django.core.mail.backends.locmem import EmailBackend

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
