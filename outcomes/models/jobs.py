"""Long work that somebody asked for, other than an analysis: done by the background worker."""

from django.conf import settings
from django.db import models

from outcomes.models.progress import Work, finished_has_a_moment
from surveys.models import Consultation


class Job(Work):
    """A file to write, or many decisions to carry out. What it made is deleted after a day."""

    class Kind(models.TextChoices):
        FILE = "file", "a file to take out"
        CODES = "codes", "one decision for many ideas"
        THEMES = "themes", "themes from a sheet"
        CODEBOOK = "codebook", "a code book to check"

    kind = models.CharField(max_length=10, choices=Kind)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    asked = models.JSONField(default=dict, help_text="What was asked for, as its kind reads it.")
    outcome = models.CharField(
        max_length=400, blank=True, help_text="What came of it, in a sentence."
    )
    made = models.BinaryField(null=True, blank=True)
    made_name = models.CharField(max_length=200, blank=True)
    made_type = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [finished_has_a_moment("job_finished_has_a_moment")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.asked_at:%d.%m.%Y}"
