"""Who decided, exported or read what, and when: a chain that nobody can change unseen."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction

# What the first event follows on from.
BEGINNING = "0" * 64


class AppendOnly(Exception):
    """Somebody's code tried to change or delete what is only added to."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnly("An audit event is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("An audit event is never deleted.")


class AuditEventManager(models.Manager.from_queryset(AuditEventQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def record(
        self, *, what: str, about: models.Model, by: User | None, now: datetime, detail: str = ""
    ) -> "AuditEvent":
        """Add an event to the end. `detail` holds no word that a respondent wrote; `about` that was
        never saved stands for all of its list.

        Everybody who records waits here until the one before is done, so that there is one chain.
        """
        return self.record_many(what=what, about=[(about, detail)], by=by, now=now)[0]

    @transaction.atomic
    def record_many(
        self,
        *,
        what: str,
        about: Iterable[tuple[models.Model, str]],
        by: User | None,
        now: datetime,
    ) -> list["AuditEvent"]:
        """The same of many rows, each with its detail, in one go."""
        head, _ = AuditHead.objects.select_for_update().get_or_create(
            pk=1, defaults={"digest": BEGINNING}
        )
        events = []
        for row, detail in about:
            event = AuditEvent(
                number=head.count + 1,
                at=now,
                by=by,
                what=what,
                about=f"{row._meta.label_lower} {row.pk or ''}".rstrip(),
                detail=detail[:400],
                previous=head.digest,
            )
            event.digest = event.reckoned()
            head.count, head.digest = event.number, event.digest
            events.append(event)
        head.save()
        made: list[AuditEvent] = self.bulk_create(events, batch_size=500)
        return made


class AuditEvent(models.Model):
    """One thing that somebody did. Each event holds the digest of the one before."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: the portal itself.",
    )
    what = models.CharField(max_length=80)
    about = models.CharField(max_length=80, help_text="Which row, such as surveys.answer 12.")
    detail = models.CharField(max_length=400, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = AuditEventManager()

    class Meta:
        ordering = ["-number"]
        permissions = [("export_auditevent", "Can take the audit log away as a sheet")]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("An audit event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("An audit event is never deleted.")

    def reckoned(self) -> str:
        """sha256 of all that the event says, and of the digest before it."""
        said = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.by_id,
            self.what,
            self.about,
            self.detail,
            self.previous,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


class AuditHead(models.Model):
    """The end of the chain: how many events there are, and the digest of the last. One row."""

    count = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"The audit log: {self.count} events"
