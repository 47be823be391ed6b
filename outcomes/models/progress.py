"""What the background worker does, as far as whoever waits for it is told."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

SILENT_AFTER = timedelta(minutes=2)


class WorkState(models.TextChoices):
    QUEUED = "queued", "waiting for the worker"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


UNDER_WAY = (WorkState.QUEUED, WorkState.RUNNING)


class WorkQuerySet(models.QuerySet["Work"]):
    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def take(self, key: int, at: datetime) -> bool:
        """Begin what is queued; False when it was cancelled or taken by another worker."""
        queued = self.filter(pk=key, state=WorkState.QUEUED)
        return bool(queued.update(state=WorkState.RUNNING, heard_from_at=at))

    def done(self) -> Self:
        return self.filter(state=WorkState.DONE)


class Work(models.Model):
    State = WorkState
    UNDER_WAY = UNDER_WAY

    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.QUEUED)
    stage = models.CharField(max_length=200, blank=True, help_text="What it is doing, in words.")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heard_from_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, help_text="Why it failed, in a sentence.")

    objects = WorkQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def is_silent(self, at: datetime) -> bool:
        """Begun, but the worker has not been heard from for two minutes."""
        return (
            self.state == WorkState.RUNNING
            and self.heard_from_at is not None
            and at - self.heard_from_at > SILENT_AFTER
        )


def finished_has_a_moment(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
        | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
        name=name,
    )
