"""The area, what it asks about and the page that says so."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from surveys.dates import in_words, month_words


class Area(models.Model):
    """A local area: the council, NHS, schools, care and others that plan together."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    host_name = models.CharField(max_length=200, help_text="Who runs this site.")
    controller = models.TextField(
        help_text="Who is answerable for the information people give, in a sentence."
    )
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_post = models.TextField(blank=True)
    places = models.TextField(
        blank=True,
        help_text="Parts of the area that people may say they live in, one a line, each with at "
        "least 1,000 people. Empty: nobody is asked.",
    )
    is_demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A heading of the Children and Young People's Plan, or "none of the four"."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="themes")
    code = models.SlugField(help_text="What the engine calls it, such as families or none.")
    prefix = models.CharField(max_length=6, help_text="Begins the codes of outcomes: HL in HL-2.")
    label = models.CharField(max_length=80)
    source_label = models.CharField(max_length=80, blank=True, help_text="As the plan prints it.")
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_none = models.BooleanField("none of the plan's themes", default=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="theme_code_once_per_area"),
            models.UniqueConstraint(
                fields=["area"], condition=Q(is_none=True), name="theme_one_none_per_area"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def published(self) -> "ConsultationQuerySet":
        return self.filter(published_at__isnull=False)

    def newest(self) -> "Consultation | None":
        """The one the front page shows."""
        return self.published().select_related("area").order_by("-published_at", "-pk").first()


class Consultation(models.Model):
    """The whole exercise, with its page, dates and promise."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="consultations")
    title = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    summary = models.TextField()
    purpose = models.TextField(help_text="Why we ask. Leave a line empty between paragraphs.")
    legal_basis = models.TextField(blank=True)
    what_can_change = models.TextField()
    what_is_fixed = models.TextField(blank=True)
    decision_maker = models.CharField(max_length=200)
    decision_words = models.TextField(blank=True, help_text="How the decision will be made.")
    decision_expected_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="consultation_published_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def report_due(self) -> date | None:
        """Twelve weeks after the last survey closes; None while no closing date is set."""
        last = self.surveys.aggregate(last=models.Max("closes_on"))["last"]
        return last + timedelta(weeks=12) if last else None


class Document(models.Model):
    """Something to read behind the consultation, such as another area's framework."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="documents"
    )
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    url = models.URLField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class TimelineEvent(models.Model):
    """Something that happened or will happen. Its words come from its dates."""

    class Section(models.TextChoices):
        HAPPENED = "happened", lazily("What has happened so far")
        NEXT = "next", lazily("Next steps")

    class Precision(models.TextChoices):
        DAY = "day", "to the day"
        MONTH = "month", "to the month"
        QUARTER = "quarter", "to the quarter"
        YEAR = "year", "to the year"
        NONE = "none", "no date"

    class Status(models.TextChoices):
        DONE = "done", "done"
        PLANNED = "planned", "planned"
        CANCELLED = "cancelled", "cancelled"

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="events")
    section = models.CharField(max_length=10, choices=Section)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    display_date = models.CharField(
        max_length=100, blank=True, help_text="Words for an inexact date, shown as written."
    )
    survey = models.ForeignKey(
        "surveys.Survey",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="For a survey's own step: its dates are shown, and follow it when they change.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", F("starts_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="event_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def when(self) -> str:
        """The date in words as exact as it is known; "" for none."""
        if self.display_date or self.starts_on is None:
            return self.display_date
        if self.precision == self.Precision.DAY:
            last = self.ends_on or self.starts_on
            first = in_words(self.starts_on)
            until = _("%(first)s to %(last)s") % {"first": first, "last": in_words(last)}
            return first if last == self.starts_on else until
        if self.precision == self.Precision.MONTH:
            return month_words(self.starts_on)
        if self.precision == self.Precision.QUARTER:
            quarter = (_("January to March"), _("April to June"), _("July to September"))
            names = (*quarter, _("October to December"))
            return f"{names[(self.starts_on.month - 1) // 3]} {self.starts_on.year}"
        return str(self.starts_on.year) if self.precision == self.Precision.YEAR else ""

    def overdue(self, today: date) -> bool:
        """Planned, and its last day is past. Nothing becomes "done" by itself."""
        last = self.ends_on or self.starts_on
        return self.status == self.Status.PLANNED and last is not None and last < today
