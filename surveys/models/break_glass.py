"""An administrator who has to read content, for a while, with a reason, and everybody told."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def open(self, at: datetime) -> Self:
        return self.filter(at__lte=at, until__gt=at, ended_at__isnull=True)


class BreakGlass(models.Model):
    """From `at` to `until`, or until it was ended before, `by` may read what officers read."""

    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "break glass"
        ordering = ["-at", "-pk"]
        permissions = [("break_glass", "Can read content for an hour, with a reason")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="break_glass_has_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="break_glass_ends"),
        ]

    def __str__(self) -> str:
        return f"Break glass {self.pk}"

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and self.at <= at < self.until
