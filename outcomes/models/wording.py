"""Outcomes and their exact words."""

import hashlib
import json
import re
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from outcomes.models.curation import Cluster
from surveys.models import Consultation, Theme

SERVICE_WORDS = ("access to", "provide", "provides", "deliver", "delivers", "timely", "number of")


class NeverEdited(models.Model):
    """A row that is written once. Saving it again is an error in the program."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {self._meta.verbose_name} is never edited: add another.")
        super().save(*args, **kwargs)


class Outcome(models.Model):
    """A change in people's lives. "Agreed" is never stored: it follows from the endorsements."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PROPOSED = "proposed", "put forward"
        RETIRED = "retired", "retired"

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="The 2 of HL-2: stays for good.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    clusters = models.ManyToManyField(Cluster, related_name="outcomes")

    class Meta:
        ordering = ["theme__order", "number"]
        permissions = [
            ("draft_outcome", "Can draft outcomes and change their wording"),
            ("propose_outcome", "Can put outcomes forward"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "theme", "number"], name="outcome_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"{self.theme.prefix}-{self.number}"

    @property
    def wording(self) -> "Wording":
        """The words as they are now. Reads `wordings`, so prefetch them for many outcomes."""
        return max(self.wordings.all(), key=lambda wording: wording.number)


def words_hash(i_statement: str, family_statement: str) -> str:
    """sha256 of the exact words, as 64 hexadecimal digits."""
    words = json.dumps([i_statement, family_statement], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


class Wording(NeverEdited):
    """The exact words of an outcome at one moment."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    i_statement = models.CharField(max_length=300)
    family_statement = models.CharField(max_length=300, blank=True)
    reason = models.TextField(help_text="Why these words, or why they changed.")
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "number"], name="wording_number_once"),
            models.CheckConstraint(
                condition=~Q(i_statement="") & ~Q(reason=""), name="wording_says_something_and_why"
            ),
        ]

    def __str__(self) -> str:
        return self.i_statement

    def doubts(self) -> list[str]:
        """What an officer may want to look at again. Doubts, never bars."""
        words = re.findall(r"[\w’']+", self.i_statement.lower())
        doubts = []
        if not {"i", "my", "me", "we", "our"} & set(words):
            doubts.append("It does not say I or my: could a young person say it?")
        if found := [word for word in SERVICE_WORDS if f" {word} " in f" {' '.join(words)} "]:
            said = " and ".join(f"“{word}”" for word in found)
            doubts.append(f"It says {said}: is it a change in a life, or a service?")
        return doubts


class OutcomeDecision(NeverEdited):
    """One step of an outcome: what, by whom, when and why."""

    class What(models.TextChoices):
        DRAFTED = "drafted", "drafted"
        PUT_FORWARD = "put forward", "put forward"
        REWORDED = "reworded", "reworded"
        RETIRED = "retired", "retired"

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=12, choices=What)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="outcome_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.outcome}"
