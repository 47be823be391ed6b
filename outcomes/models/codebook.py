"""Code books of an area's own. The one that the portal brings lies in outcomes/codebook/send."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models import Area


class CodeBook(models.Model):
    """Topics, each in one theme, with written examples. Checked before it is kept; never edited."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="What people here call it.")
    lines = models.TextField(help_text="JSON lines, as the engine reads them.")
    fingerprint = models.CharField(
        max_length=64, help_text="sha256 of topics and examples; runs that used it name it too."
    )
    found: models.JSONField[Any] = models.JSONField(
        default=dict, help_text="What was counted, warned of and measured; see outcomes.codebooks."
    )
    in_use = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        permissions = [("bring_codebook", "Can bring in a code book and choose which is used")]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(in_use=True), name="one_code_book_in_use"
            ),
            models.UniqueConstraint(
                fields=["area", "fingerprint"], name="code_book_kept_once_by_area"
            ),
        ]

    def __str__(self) -> str:
        return self.name
