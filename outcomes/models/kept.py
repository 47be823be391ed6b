"""A count that somebody froze, so that pictures, tables and reports all show the same numbers."""

from django.conf import settings
from django.db import models

from outcomes.models.analysis import AnalysisRun
from surveys.models import Consultation


class KeptCount(models.Model):
    """The picture of the whole as it stood at one moment: suppressed, and never changed."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(
        AnalysisRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True, help_text="What it is kept for.")
    numbers = models.JSONField(help_text="See outcomes.picture; nothing in it is below 5.")
    sha256 = models.CharField(max_length=64, help_text="Of the numbers, as canonical JSON.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Count {self.pk}, {self.at:%d.%m.%Y}"
