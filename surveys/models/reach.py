"""Whom to reach: targets for each audience, and who was invited how."""

from django.db import models

from surveys.models.consultation import Consultation
from surveys.models.survey import Audience


class ReachTarget(models.Model):
    """How many people of one audience a consultation means to hear."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="reach_targets"
    )
    audience = models.CharField(max_length=20, choices=Audience)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "audience"], name="reach_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}: {self.people}"


class Stakeholder(models.Model):
    """A body or group of people to invite, and how and when that was done."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="stakeholders"
    )
    name = models.CharField(max_length=200)
    how = models.CharField("how invited", max_length=200, blank=True)
    invited_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "name"], name="stakeholder_once"),
        ]

    def __str__(self) -> str:
        return self.name
