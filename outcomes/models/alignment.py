"""What lies alongside: the area's strategies and its improvement priorities."""

import re
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from surveys.dates import month_words
from surveys.models import Agency, Area


def years_of(period: str) -> tuple[int | None, int | None]:
    """First and last year of a period as printed: "2015 -18" is (2015, 2018), "" (None, None)."""
    found = re.findall(r"\d{4}|(?<=\D)\d{2}(?!\d)", period)
    if not found:
        return None, None
    first = int(found[0])
    last = int(found[-1]) if len(found[-1]) == 4 else first // 100 * 100 + int(found[-1])
    return first, last


class Strategy(models.Model):
    """A plan or programme of the area. Its period and status stay as it prints them."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    period_text = models.CharField(max_length=60, blank=True, help_text="As printed.")
    status_text = models.CharField(max_length=300, blank=True, help_text="As printed.")
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)
    review_due = models.DateField(null=True, blank=True, help_text="Any day of the month due.")
    url = models.URLField(blank=True)
    agency = models.ForeignKey(
        Agency,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose it is. Whoever speaks for that agency may bring it up to date.",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "strategies"
        ordering = ["order", "title"]
        permissions = [("change_own_strategy", "Can bring strategies of their agency up to date")]
        constraints = [
            models.UniqueConstraint(fields=["area", "title"], name="strategy_title_once_per_area"),
            models.CheckConstraint(
                condition=Q(end_year__isnull=True) | Q(end_year__gte=F("start_year")),
                name="strategy_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_current(self, today: date) -> bool:
        """Whether today lies in its years; not where no last year is stated."""
        begun = self.start_year is None or self.start_year <= today.year
        return self.end_year is not None and begun and today.year <= self.end_year

    def flags(self, today: date) -> list[str]:
        """What its dates say today, in words; nothing is said of a date that is not there."""
        flags = []
        if self.end_year is None:
            flags.append(_("no period stated"))
        elif self.end_year < today.year:
            flags.append(_("past its end date"))
        elif self.is_current(today):
            flags.append(_("current until %(year)s") % {"year": self.end_year})
        if self.review_due and (self.review_due.year, self.review_due.month) < (
            today.year,
            today.month,
        ):
            since = {"month": month_words(self.review_due)}
            flags.append(_("review overdue since %(month)s") % since)
        elif not self.review_due and "under review" in self.status_text.lower():
            flags.append(_("under review, no date given"))
        return flags


class ImprovementPriority(models.Model):
    """An area for improvement that inspectors named, and the area's own name for it."""

    class Judgement(models.TextChoices):
        NONE = "", "not judged yet"
        SUFFICIENT = "sufficient", lazily("enough progress")
        NOT_SUFFICIENT = "not sufficient", lazily("not enough progress")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    order_in_report = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="The area's own number for it.")
    name = models.CharField(max_length=120)
    name_verified = models.BooleanField(
        default=False, help_text="Off: the name is our label, not seen in a publication."
    )
    wording = models.TextField(help_text="What the inspectors wrote, shortened.")
    source = models.TextField(blank=True)
    judgement = models.CharField(max_length=20, choices=Judgement, blank=True)
    judged_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "improvement priorities"
        ordering = ["order_in_report"]
        constraints = [
            models.UniqueConstraint(fields=["area", "number"], name="priority_number_once"),
            models.UniqueConstraint(fields=["area", "order_in_report"], name="priority_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
