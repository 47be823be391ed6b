"""What reviewers and agency leads say of clusters and drafts, and what officers answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from outcomes.models.curation import Cluster
from outcomes.models.wording import Outcome


class Comment(models.Model):
    """Of a cluster or of an outcome's draft; kept with its answer, whatever becomes of either."""

    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    about_words = models.TextField(blank=True, help_text="The name or the wording, as it was read.")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        permissions = [("write_comment", "Can comment on clusters and drafts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cluster__isnull=True, outcome__isnull=False)
                | Q(cluster__isnull=False, outcome__isnull=True),
                name="comment_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="comment_not_empty"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="answer_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"
