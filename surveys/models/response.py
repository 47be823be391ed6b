"""What one person answered."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from surveys.models.notice import PrivacyNotice
from surveys.models.question import Picture, Question, QuestionWording
from surveys.models.survey import ENGLISH, Form, Survey

# No vowels, so that no word is spelt by chance; no letter or digit that looks like another.
ALPHABET = "BCDFGHJKMNPQRTVWXYZ2346789"


def new_code() -> str:
    """A receipt code such as BCDF-GH23-K4MN: 12 random characters, about 56 bits."""
    return in_fours("".join(secrets.choice(ALPHABET) for _ in range(12)))


def new_reference() -> str:
    """A reference such as R7X2MK4PQT: names a response to staff and opens nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def normal_code(typed: str) -> str:
    """What somebody typed as a code: in capitals, without spaces and dashes of any kind."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def in_fours(code: str) -> str:
    """BCDF-GH23-K4MN, however it was typed."""
    letters = normal_code(code)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


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
        """Sent by a person or entered for one; never a trial of the survey."""
        return self.filter(state=Response.State.SENT, is_pilot=False)

    def counted(self) -> Self:
        """What analysis and every number take: sent, and not decided to be too late."""
        return self.sent().exclude(late=Response.Late.NOT_COUNTED)


class Response(models.Model):
    """One person's set of answers. It holds no name, address, browser or account."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SENT = "sent", "sent"
        WITHDRAWN = "withdrawn", "withdrawn"

    class Channel(models.TextChoices):
        ONLINE = "online", "online"
        PHONE = "phone", "phone"
        PAPER = "paper", "paper"
        EMAIL = "email", "email"

    class Source(models.TextChoices):
        """What led here. It names a kind of place, never a person."""

        POSTER = "poster", "poster"
        EMAIL = "email", "email or newsletter"
        SCHOOL = "school", "school or college"
        SOCIAL = "social", "social media"
        GROUP = "group", "a group or event"

    class Help(models.TextChoices):
        NONE = "none", "no"
        READ = "read", "they read it to me"
        TYPED = "typed", "they wrote what I said"
        WITH = "with", "we answered together"
        FOR = "for", "they answered for me"

    class Helper(models.TextChoices):
        FAMILY = "family", "parent, carer or family"
        FRIEND = "friend", "friend"
        SCHOOL = "school", "somebody at school or college"
        SUPPORT = "support", "support worker or advocate"
        OTHER = "other", "somebody else"

    class Late(models.TextChoices):
        ACCEPTED = "accepted", "late, and counted"
        NOT_COUNTED = "not_counted", "late, and not counted"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    source = models.CharField(max_length=10, choices=Source, blank=True)
    wording_form = models.CharField(max_length=10, choices=Form, default=Form.STANDARD)
    language = models.CharField(max_length=10, default=ENGLISH)
    may_quote = models.BooleanField(null=True, help_text="Empty: not said, so do not quote.")
    help = models.CharField("help to answer", max_length=10, choices=Help, blank=True)
    helper = models.CharField(max_length=10, choices=Helper, blank=True)
    helper_words = models.TextField(
        blank=True, help_text="What the helper thinks it means. Never counted as the person's."
    )
    privacy_notice = models.ForeignKey(
        PrivacyNotice, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    in_grace = models.BooleanField(default=False, help_text="Sent after closing, begun before.")
    is_pilot = models.BooleanField(default=False, help_text="A trial, wiped at opening.")
    asked_equality = models.BooleanField(
        default=False, help_text="Whether the equality questions were answered or skipped."
    )
    change_of = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="change",
        help_text="The sent response that this draft would change.",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_on = models.DateField(null=True, blank=True, help_text="When it reached us.")
    paper_number = models.CharField(
        max_length=40, blank=True, help_text="As written on the paper, or its row in a sheet."
    )
    late = models.CharField(max_length=12, choices=Late, blank=True)
    late_reason = models.TextField(blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        permissions = [("enter_response", "Can enter answers given on paper, by phone or by email")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True, withdrawn_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False, withdrawn_at__isnull=True)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="response_state_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(change_of__isnull=True) | Q(state="draft"),
                name="response_change_is_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True, received_on__isnull=True)
                | Q(entered_by__isnull=False, received_on__isnull=False),
                name="response_entered_by_and_received_on",
            ),
            models.CheckConstraint(
                condition=Q(late="", late_reason="") | (~Q(late="") & ~Q(late_reason="")),
                name="response_late_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["survey", "paper_number"],
                condition=~Q(paper_number=""),
                name="response_paper_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_withheld(self) -> bool:
        """Whether any of its answers is."""
        return Answer.objects.withheld().filter(response=self).exists()

    def has_answers(self) -> bool:
        """Whether anything was said: words, a choice or a picture."""
        return self.answers.exists() or self.ticks.exists()

    def texts(self) -> dict[int, str]:
        """What was answered, by the question's key."""
        return {answer.question_id: answer.text for answer in self.answers.all()}


# Answers or notes about which a worry stands open: the states of Concern.OPEN.
WITHHELD = Q(concern__state__in=["new", "seen", "referred"])


class AnswerQuerySet(models.QuerySet["Answer"]):
    def withheld(self) -> Self:
        """Those that only the safeguarding lead reads."""
        return self.filter(WITHHELD)

    def readable(self) -> Self:
        """Those that staff may read; a respondent reads their own in any case."""
        return self.exclude(WITHHELD)

    def to_analyse(self) -> Self:
        """Words to the open questions, of responses that count, and not withheld."""
        words = self.exclude(question__construct=Question.Construct.RIGHT).exclude(text="")
        return words.filter(response__in=Response.objects.counted()).readable()


class Answer(models.Model):
    """What one response says to one question, word for word as typed."""

    class Choice(models.TextChoices):
        YES = "yes", "yes"
        NEARLY = "nearly", "nearly"
        NO = "no", "no"
        NOT_SURE = "not_sure", "not sure"

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(
        QuestionWording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(blank=True)
    choice = models.CharField(max_length=10, choices=Choice, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_once"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(choice=""), name="answer_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.response} · {self.question}"

    @property
    def is_withheld(self) -> bool:
        return hasattr(self, "concern") and self.concern.is_open

    @property
    def words(self) -> str:
        """As staff may read it: without what is hidden in its passage."""
        return self.passage.words if hasattr(self, "passage") else self.text


class Tick(models.Model):
    """One picture that a person chose. Prompted, so never mixed with words of their own."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="ticks")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "picture"], name="tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.response} · {self.picture}"


class AboutYou(models.Model):
    """One thing a person said about themselves, in a wide band. See surveys/about_you.py."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="about")
    question = models.CharField(max_length=20)
    choice = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "about you"
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="about_you_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.choice}"
