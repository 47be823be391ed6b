"""Deletes what is no longer needed and has screened what was not: once, or again and again."""

import logging
import time
from argparse import ArgumentTypeError
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from surveys.actions import tidy, to_delete
from surveys.screening import screen_again
from surveys.waiting import TOO_OLD, forget_old, too_old

logger = logging.getLogger(__name__)


def seconds(value: str) -> int:
    if value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 24 * 60 * 60:
        return int(value)
    raise ArgumentTypeError("Write a whole number of seconds, at least 1 and at most a day.")


class Command(BaseCommand):
    help = (
        "Delete the drafts, trial answers, addresses and uploads that nobody needs any more, and "
        "queue or end what the worker lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=seconds, metavar="SECONDS", help="Do it again and again."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for name, rows in to_delete(now=timezone.now()).items():
                self.stdout.write(f"Would delete {rows.count()} {name}.")
            self.stdout.write(f"Would delete {len(too_old())} {TOO_OLD}.")
            return
        if options["every"] is None:
            self._say(_tidied())
            self._others()
        with suppress(KeyboardInterrupt):  # Ctrl-C
            while options["every"]:
                self._try()
                time.sleep(options["every"])

    def _try(self) -> None:
        """A database that is away for a while is tried again next time."""
        try:
            close_old_connections()
            self._say({name: gone for name, gone in _tidied().items() if gone})
            self._others()
        except DatabaseError as error:
            logger.error("Nothing was tidied: %s", type(error).__name__)

    def _others(self) -> None:
        if queued := screen_again(now=timezone.now()):
            self.stdout.write(f"Queued {queued} responses and workshops again, to be screened.")
        for sentence in import_string(settings.TIDIED_BY)(now=timezone.now()):
            self.stdout.write(sentence)
        self.stdout.flush()

    def _say(self, counts: dict[str, int]) -> None:
        for name, gone in counts.items():
            self.stdout.write(f"Deleted {gone} {name}.")
        self.stdout.flush()


def _tidied() -> dict[str, int]:
    return {TOO_OLD: forget_old()} | tidy(now=timezone.now())
