"""The surveys: who is asked what, from when until when."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from surveys.dates import closing_words, day_of, end_of, in_words, start_of
from surveys.models.consultation import Consultation

LAST_DAY = date(2199, 12, 31)
ENGLISH = "en"


class Form(models.TextChoices):
    """The ways of putting the same questions."""

    STANDARD = "standard", "standard"
    EASY_READ = "easy_read", "easy read"
    UNDER_11 = "under_11", "under 11"


class Audience(models.TextChoices):
    PARENT_CARER = "parent_carer", "parents and carers"
    PRACTITIONER = "practitioner", "practitioners"
    YOUNG_PERSON = "young_person", "children and young people"


def nearest(form: str, language: str) -> list[tuple[str, str]]:
    """Where to look for words in that form and language, the best first.

    A language that somebody reads matters more than the form.
    """
    return [
        (form, language),
        (Form.STANDARD, language),
        (form, ENGLISH),
        (Form.STANDARD, ENGLISH),
    ]


class SurveyQuerySet(models.QuerySet["Survey"]):
    def open(self, at: datetime) -> "SurveyQuerySet":
        today = day_of(at)
        return self.filter(opens_on__lte=today, closes_on__gte=today)


class Survey(models.Model):
    """The questions for one audience in one round."""

    class Kind(models.TextChoices):
        IDEAS = "ideas", "open ideas"
        OUTCOMES = "outcomes", "have we got this right?"

    class Ages(models.TextChoices):
        UNDER_11 = "under_11", "under 11, with an adult"
        FROM_11 = "11_to_25", "11 to 25"

    class State(models.TextChoices):
        COMING_SOON = "coming soon", "coming soon"
        SCHEDULED = "scheduled", "not open yet"
        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="surveys")
    audience = models.CharField(max_length=20, choices=Audience)
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.IDEAS)
    ages = models.CharField(
        max_length=10, choices=Ages, blank=True, help_text="For young people: whom it is for."
    )
    first_form = models.CharField(
        "first wording",
        max_length=10,
        choices=Form,
        default=Form.STANDARD,
        help_text="How the questions are put until a person chooses another way.",
    )
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
    about_questions = models.JSONField(
        "about-you questions",
        default=list,
        blank=True,
        help_text="What people are asked about themselves; all optional, in wide bands.",
    )
    asks_equality = models.BooleanField(
        "asks the equality questions",
        default=True,
        help_text="After the answers are sent, behind a yes or no, kept apart from the answers.",
    )
    reading_age = models.PositiveSmallIntegerField(
        "highest reading age", default=9, help_text="A wording above it gets a warning."
    )
    pilot_key = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="Ends the address of the pilot; its answers are wiped when the survey opens.",
    )
    version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Goes up by one with each fix after it opened."
    )
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
            models.UniqueConstraint(
                fields=["pilot_key"], condition=~Q(pilot_key=""), name="survey_pilot_key_once"
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

    def has_opened(self, at: datetime) -> bool:
        """From then on its questions, its dates and all its words stay as people saw them."""
        return self.state(at) in (self.State.OPEN, self.State.CLOSED)

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

    def words(self, form: str = Form.STANDARD, language: str = ENGLISH) -> "SurveyWording":
        """The survey's own words in the nearest form and language there is. Not to be saved.

        What a wording leaves empty is filled with the survey's own. Reads `wordings`.
        """
        own = SurveyWording(survey=self, form=Form.STANDARD, language=ENGLISH)
        put = {(one.form, one.language): one for one in self.wordings.all()}
        found = next((put[key] for key in nearest(form, language) if key in put), own)
        for name in SurveyWording.WORDS:
            setattr(found, name, getattr(found, name) or getattr(self, name))
        return found

    def forms(self) -> list[str]:
        """The forms in which every question is worded, in whatever language. Reads them all."""
        worded = [{one.form for one in asked.wordings.all()} for asked in self.questions.all()]
        return [form for form in Form.values if worded and all(form in each for each in worded)]

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


class SurveyWording(models.Model):
    """The survey's own words in another form or language; where one is empty, its own stand."""

    WORDS = ("title", "card_text", "intro", "safety_text", "how_to_hear_more")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="wordings")
    form = models.CharField(max_length=10, choices=Form, default=Form.STANDARD)
    language = models.CharField(max_length=10, default=ENGLISH)
    title = models.CharField(max_length=200, blank=True)
    card_text = models.TextField(blank=True)
    intro = models.TextField(blank=True)
    safety_text = models.TextField(blank=True)
    how_to_hear_more = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "form", "language"], name="survey_wording_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} · {self.get_form_display()}, {self.language}"


class SurveyFix(models.Model):
    """One correction of the words after the survey opened. What was there before is kept."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="fixes")
    version = models.PositiveSmallIntegerField(help_text="The survey's version from then on.")
    what = models.CharField(max_length=200, help_text="Such as: intro, or question 2, easy read.")
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "version"], name="fix_version_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="fix_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, version {self.version}"
