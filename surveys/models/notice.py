"""What people are told about their information, word for word, for as long as it is needed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from surveys.models.consultation import Area
from surveys.models.survey import ENGLISH


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    def in_force(self, area: Area, language: str = ENGLISH) -> "PrivacyNotice | None":
        """The newest of the area: in that language where it has been translated."""
        newest = self.filter(area=area, language=ENGLISH).order_by("-number").first()
        if newest is None:
            return None
        return self.filter(area=area, number=newest.number, language=language).first() or newest


class PrivacyNotice(models.Model):
    """One version of the privacy notice in one language. Never edited: a change is a new number."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="privacy_notices")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10, default=ENGLISH)
    body = models.TextField(help_text="In Markdown: ## for a heading, - for a list.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        ordering = [F("number").desc(), "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "number", "language"], name="privacy_notice_once"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="privacy_notice_not_empty"),
        ]

    def __str__(self) -> str:
        return f"Privacy notice {self.number}"
