"""Tells whether the audit log is as it was recorded, and if not, where it breaks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.actions import first_break
from surveys.models import AuditEvent


class Command(BaseCommand):
    help = "Check the chain of the audit log; ends with status 1 and the place where it breaks."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_break()
        if broken:
            raise CommandError(broken, returncode=1)
        self.stdout.write(f"The audit log is whole: {AuditEvent.objects.count():,} events.")
