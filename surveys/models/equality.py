"""The equality questions: only how many people chose what, never who."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models.survey import Survey


class EqualityTally(models.Model):
    """How many people of one survey chose one option in one week.

    A count, not a row for each person: nothing leads from it to a response, not even the order in
    which rows were written.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    survey_version = models.PositiveSmallIntegerField()
    week = models.DateField(help_text="Its Monday.")
    question_set = models.CharField(max_length=20, help_text="See surveys/equality.py.")
    question = models.CharField(max_length=30)
    choice = models.CharField(max_length=60)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "equality tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "survey_version", "week", "question_set", "question", "choice"],
                name="equality_tally_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.question}, {self.choice}"


class ExtraEqualityQuestion(models.Model):
    """The decision to ask, in one survey, an equality question that is off by default."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="extra_equality")
    question = models.CharField(max_length=30)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="extra_equality_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="extra_equality_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.question}"
