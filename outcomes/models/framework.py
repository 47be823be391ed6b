"""What is published: frozen copies of the agreed words."""

from typing import Self

from django.conf import settings
from django.db import models

from outcomes.models.wording import NeverEdited
from surveys.models import Consultation


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def newest_first(self) -> Self:
        return self.order_by("-major", "-minor")


class FrameworkVersion(NeverEdited):
    """The outcomes as agreed and published on one day: numbered, frozen.

    `snapshot` is all that the public page shows (outcomes/actions/publishing.py says its shape);
    `sha256` is that of its canonical JSON. Nothing in it leads to a response.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField(default=0)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    change_summary = models.TextField(help_text="What is new in it, for the public page.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField()

    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-major", "-minor"]
        permissions = [("publish_frameworkversion", "Can publish a framework version")]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "major", "minor"], name="framework_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Framework version {self.number}"

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"
