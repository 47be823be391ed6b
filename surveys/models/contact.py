"""Ways to reach people who asked for it. Nothing here leads to a response."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models.consultation import Area, Consultation


class Contact(models.Model):
    """An email address that wants to hear. Days, not moments; no order; gone once written to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    wants_results = models.BooleanField(default=True)
    wants_openings = models.BooleanField(
        default=False, help_text="To hear when another survey opens."
    )
    asked_on = models.DateField()
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        permissions = [("write_to_contact", "Can write to those who asked to hear")]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "email"], name="contact_once"),
            models.CheckConstraint(
                condition=Q(wants_results=True) | Q(wants_openings=True),
                name="contact_wants_something",
            ),
        ]

    def __str__(self) -> str:
        return "somebody who asked to hear"


class FormatRequest(models.Model):
    """Somebody needs the survey or a document in another way. The contact goes once it is met."""

    class Format(models.TextChoices):
        EASY_READ = "easy_read", "easy read"
        LARGE_PRINT = "large_print", "large print"
        PAPER = "paper", "on paper"
        PHONE = "phone", "by phone, with somebody who reads it out"
        BSL = "bsl", "British Sign Language"
        BRAILLE = "braille", "braille"
        AUDIO = "audio", "audio"
        LANGUAGE = "language", "another language"
        OTHER = "other", "something else"

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=12, choices=Format)
    details = models.TextField(blank=True)
    contact = models.TextField(help_text="How to reach them. Removed once the request is met.")
    asked_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, met_by__isnull=True)
                | Q(met_at__isnull=False, met_by__isnull=False, contact=""),
                name="format_request_met_holds_no_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.get_format_display()
