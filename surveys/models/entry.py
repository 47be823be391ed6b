"""Typing in what came on paper, by phone or by email: the second look at a sample."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models.response import Response


class EntryCheck(models.Model):
    """The same paper typed again by a second person, who did not see the first."""

    class Kept(models.TextChoices):
        FIRST = "first", "as first typed"
        SECOND = "second", "as typed the second time"

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="entry_check")
    texts = models.JSONField(help_text="What the second person typed, by construct.")
    differs = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kept = models.CharField(max_length=10, choices=Kept, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept="", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(kept="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="entry_check_settled_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"Second typing of {self.response}"
