"""Loads the Somerset demonstration, once."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.demo import load
from surveys.models import Note, Response, Survey


class Command(BaseCommand):
    help = "Load the Somerset demonstration, if it is not there, and say where to look."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "The demonstration has passwords that everybody knows. Set DEMONSTRATION=1 to "
                "load it, and never on a site that people use."
            )
        if load.is_loaded():
            self.stdout.write("The demonstration is there already. Nothing was changed.")
        else:
            load.load(now=timezone.now())
            sent, notes = Response.objects.sent().count(), Note.objects.count()
            self.stdout.write(f"Loaded the demonstration: {sent} responses, {notes} notes.")
        self.show_where()

    def show_where(self) -> None:
        site = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        surveys = [f"{site}/s/{survey.slug}/" for survey in Survey.objects.all()]
        lines = ["", "Open in a browser:", f"  {site}/  the consultation"]
        lines += [f"  {address}  a survey" for address in surveys]
        lines += [
            f"  {site}/framework/  what was agreed",
            f"  {site}/strategies/  strategies and improvement priorities",
            f"  {site}/admin/  for staff",
            "",
            f"Sign in to the admin with the password “{load.PASSWORD}” as",
        ]
        lines += [f"  {row['username']:6} {row['title']}" for row in load.demonstration_people()]
        self.stdout.write("\n".join([*lines, ""]))
