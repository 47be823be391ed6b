"""What one person answered."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from surveys.models.survey import Question, QuestionWording, Survey

# No vowels, so that no word is spelt by chance; no letter or digit that looks like another.
ALPHABET = "BCDFGHJKMNPQRTVWXYZ2346789"


def new_code() -> str:
    """A receipt code such as BCDF-GH23-K4MN: 12 random characters, about 56 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def new_reference() -> str:
    """A reference such as R7X2MK4PQT: names a response to staff and opens nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def normal_code(typed: str) -> str:
    """What somebody typed as a code: in capitals, without spaces and dashes of any kind."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def code_hashes(code: str) -> list[str]:
    """The hashes a code may be stored under: one for the key in use, one for each earlier key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    letters = normal_code(code)
    return [
        salted_hmac("surveys.receipt", letters, secret=key, algorithm="sha256").hexdigest()
        for key in keys
    ]


class ResponseQuerySet(models.QuerySet["Response"]):
    def with_code(self, code: str) -> Self:
        return self.filter(code_hash__in=code_hashes(code))

    def sent(self) -> Self:
        return self.filter(state=Response.State.SENT)


class Response(models.Model):
    """One person's set of answers. It holds no name, address, browser or account."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SENT = "sent", "sent"

    class Channel(models.TextChoices):
        ONLINE = "online", "online"
        PHONE = "phone", "phone"
        PAPER = "paper", "paper"
        EMAIL = "email", "email"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    wording_form = models.CharField(
        max_length=10, choices=QuestionWording.Form, default=QuestionWording.Form.STANDARD
    )
    may_quote = models.BooleanField(null=True, help_text="Empty: not said, so do not quote.")
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    in_grace = models.BooleanField(default=False, help_text="Sent after closing, begun before.")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False),
                name="response_sent_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    def texts(self) -> dict[int, str]:
        """What was answered, by the question's key."""
        return {answer.question_id: answer.text for answer in self.answers.all()}


class Answer(models.Model):
    """What one response says to one question, word for word as typed."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_once"),
            models.CheckConstraint(condition=~Q(text=""), name="answer_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.response} · {self.question}"
