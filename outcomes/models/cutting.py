"""Where people cut what was said otherwise than the machine, so that it can be taken back."""

from django.conf import settings
from django.db import models

from outcomes.models.analysis import Idea
from surveys.models import Passage


class Cutting(models.Model):
    """One step: the places of the ideas it touched, before and after, as [start, end] pairs.

    `before` holds a third beside each pair: who had said that it lies there and, of what was
    joined, what was decided of it (see outcomes.actions.rejoining). No words, and none of a step
    that was made before this was kept.

    `idea` is the one that stays; `other` the one that a cut made. Added to; `undone_at` is set
    when the step was taken back.
    """

    class What(models.TextChoices):
        MOVED = "moved", "border moved"
        CUT = "cut", "cut in two"
        JOINED = "joined", "joined"
        MARKED = "marked", "marked"

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    idea = models.ForeignKey(
        Idea, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    other = models.ForeignKey(
        Idea, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} in {self.passage}"
