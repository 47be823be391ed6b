"""The second round: exact words put to people, to ask whether they are right."""

from django.db import models

from outcomes.models.wording import Wording
from surveys.models import Question


class AskedWording(models.Model):
    """The words of an outcome that one question of a survey asks about."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="+")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="asked")

    def __str__(self) -> str:
        return f"{self.question} asks about {self.wording}"
