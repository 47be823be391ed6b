"""Workshops and what was noted there."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models.consultation import Consultation
from surveys.models.people import Agency
from surveys.models.response import WITHHELD
from surveys.models.survey import Audience


class Session(models.Model):
    """A workshop."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(max_length=200)
    audience = models.CharField(max_length=20, choices=Audience)
    held_on = models.DateField()
    host = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(max_length=120, blank=True)
    people = models.PositiveSmallIntegerField(help_text="How many were in the room.")
    method = models.CharField(
        max_length=120, blank=True, help_text="Such as small groups, or dots on a wall."
    )
    about = models.TextField(blank=True, help_text="How it was run, and anything to know.")
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["held_on", "pk"]
        permissions = [
            ("code_own_session", "Can code what was said in own workshops"),
            ("redact_own_session", "Can hide personal details in notes of own workshops"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "title", "held_on"],
                name="session_once",
                violation_error_message="This workshop is there already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoteQuerySet(models.QuerySet["Note"]):
    def readable(self) -> Self:
        """Those that are not withheld; see Concern."""
        return self.exclude(WITHHELD)


class Note(models.Model):
    """One thing recorded at a workshop by one facilitator. Never counted as a response."""

    class Kind(models.TextChoices):
        SAID = "said", "what was said"
        EXACT = "exact", "exact words"
        FACILITATOR = "facilitator", "facilitator's view"
        DOTS = "dots", "dots or votes"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SAID)
    dots = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many dots or votes it got. Never counted as people."
    )
    order = models.PositiveIntegerField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["session", "order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], name="note_order_once"),
            models.CheckConstraint(condition=~Q(text=""), name="note_not_empty"),
            models.CheckConstraint(
                condition=Q(kind="dots", dots__isnull=False)
                | (~Q(kind="dots") & Q(dots__isnull=True)),
                name="note_of_dots_has_their_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · note {self.order}"

    @property
    def is_withheld(self) -> bool:
        return hasattr(self, "concern") and self.concern.is_open

    @property
    def words(self) -> str:
        """As staff may read it: without what is hidden in its passage."""
        return self.passage.words if hasattr(self, "passage") else self.text
