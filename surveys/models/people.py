"""The agencies of an area, and who may speak for them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from surveys.models.consultation import Area


class AgencyQuerySet(models.QuerySet["Agency"]):
    def current(self, on: date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        )


class Agency(models.Model):
    """A body of the area: council, NHS, schools, a forum of parents or of young people."""

    class Sector(models.TextChoices):
        COUNCIL = "council", "council"
        NHS_COMMISSIONER = "nhs_commissioner", "NHS commissioner"
        NHS_PROVIDER = "nhs_provider", "NHS provider"
        EDUCATION = "education", "education"
        VOLUNTARY = "voluntary", "voluntary and community"
        PARENT_FORUM = "parent_forum", "parent carer forum"
        YOUTH_FORUM = "youth_forum", "young people's forum"
        OTHER = "other", "other"

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    slug = models.SlugField()
    sector = models.CharField(max_length=20, choices=Sector)
    is_accountable = models.BooleanField(
        default=False, help_text="Answerable by law for SEND in the area."
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Its last day.")
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["-is_accountable", "name"]
        constraints = [
            models.UniqueConstraint(fields=["area", "slug"], name="agency_slug_once_per_area"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyLeadQuerySet(models.QuerySet["AgencyLead"]):
    def serving(self, on: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class AgencyLead(models.Model):
    """One person's standing to speak for one agency, for as long as it lasts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="leads")
    role = models.CharField(max_length=120, help_text="Their post, such as Director of Nursing.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Their last day.")

    objects = AgencyLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="agency_lead_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}, {self.agency}"
