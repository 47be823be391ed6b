"""The surveys: who is asked what, from when until when."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from surveys.dates import closing_words, day_of, end_of, in_words, start_of
from surveys.models.consultation import Consultation

LAST_DAY = date(2199, 12, 31)


class Audience(models.TextChoices):
    PARENT_CARER = "parent_carer", "parents and carers"
    PRACTITIONER = "practitioner", "practitioners"
    YOUNG_PERSON = "young_person", "children and young people"


class SurveyQuerySet(models.QuerySet["Survey"]):
    def open(self, at: datetime) -> "SurveyQuerySet":
        today = day_of(at)
        return self.filter(opens_on__lte=today, closes_on__gte=today)


class Survey(models.Model):
    """The questions for one audience in one round."""

    class State(models.TextChoices):
        COMING_SOON = "coming soon", "coming soon"
        SCHEDULED = "scheduled", "not open yet"
        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="surveys")
    audience = models.CharField(max_length=20, choices=Audience)
    round = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    slug = models.SlugField(unique=True, help_text="The short address: parents in /s/parents/.")
    card_text = models.TextField(help_text="On the front page, a sentence or two.")
    intro = models.TextField()
    safety_text = models.TextField(help_text="Shown before the first question.")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(LAST_DAY)],
        help_text="The last day, all of it.",
    )
    grace_minutes = models.PositiveSmallIntegerField(
        default=60,
        validators=[MaxValueValidator(24 * 60)],
        help_text="How long after closing somebody who had started may still send.",
    )
    how_to_hear_more = models.TextField(blank=True, help_text="Shown while it is coming soon.")
    order = models.PositiveSmallIntegerField(default=0)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True, closes_on__isnull=True)
                | Q(opens_on__isnull=False, closes_on__isnull=False, closes_on__gte=F("opens_on")),
                name="survey_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__lte=LAST_DAY),
                name="survey_closes_some_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def opens_at(self) -> datetime | None:
        return start_of(self.opens_on) if self.opens_on else None

    @property
    def closes_at(self) -> datetime | None:
        """The first moment at which the survey is closed."""
        return end_of(self.closes_on) if self.closes_on else None

    @property
    def grace_ends_at(self) -> datetime | None:
        """Until then a response begun before closing may still be sent."""
        return self.closes_at + timedelta(minutes=self.grace_minutes) if self.closes_at else None

    def state(self, at: datetime) -> str:
        if self.opens_at is None or self.closes_at is None:
            return self.State.COMING_SOON
        if at < self.opens_at:
            return self.State.SCHEDULED
        return self.State.OPEN if at < self.closes_at else self.State.CLOSED

    def is_open(self, at: datetime) -> bool:
        return self.state(at) == self.State.OPEN

    def takes_from(self, started_at: datetime, at: datetime) -> bool:
        """Whether a response started at `started_at` may be written and sent at `at`."""
        if self.is_open(at):
            return True
        return bool(
            self.state(at) == self.State.CLOSED
            and self.closes_at
            and self.grace_ends_at
            and started_at < self.closes_at
            and at < self.grace_ends_at
        )

    @property
    def opens_words(self) -> str:
        return in_words(self.opens_on) if self.opens_on else ""

    @property
    def closes_words(self) -> str:
        """11:59pm on Friday 5 March 2021"""
        return closing_words(self.closes_on) if self.closes_on else ""


class DeadlineChange(models.Model):
    """One change of a closing date, with its reason. It is shown on the survey's pages."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="deadline_changes")
    closed_on_before = models.DateField()
    closes_on_now = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on_now__gt=F("closed_on_before")) & ~Q(reason=""),
                name="deadline_change_is_an_extension_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.closed_on_before)} to {in_words(self.closes_on_now)}"


class Question(models.Model):
    """What is asked: its construct. How it is put is in its wordings."""

    class Construct(models.TextChoices):
        WHAT_MATTERS = "what_matters", "what matters"
        DIFFERENCE = "difference", "what would be different"
        HOW_KNOW = "how_know", "how would we know"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    construct = models.CharField(max_length=20, choices=Construct)
    label = models.CharField(max_length=60, help_text="Short name, for lists and messages.")
    max_chars = models.PositiveIntegerField(default=2000)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "order"], name="question_order_once"),
            models.UniqueConstraint(fields=["survey", "construct"], name="question_construct_once"),
        ]

    def __str__(self) -> str:
        return self.label

    def wording(self, form: str = "standard") -> "QuestionWording":
        """How the question is put; its label where nobody has worded it.

        Reads `wordings`, so prefetch them for many questions.
        """
        by_form = {wording.form: wording for wording in self.wordings.all()}
        standard = by_form.get(QuestionWording.Form.STANDARD)
        return by_form.get(form) or standard or QuestionWording(text=self.label)


class QuestionWording(models.Model):
    """One way of putting a question."""

    class Form(models.TextChoices):
        STANDARD = "standard", "standard"
        EASY_READ = "easy_read", "easy read"
        UNDER_11 = "under_11", "under 11"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    form = models.CharField(max_length=10, choices=Form, default=Form.STANDARD)
    text = models.CharField(max_length=300)
    hint = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "form"], name="wording_form_once"),
        ]

    def __str__(self) -> str:
        return self.text
