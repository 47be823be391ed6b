"""What people adopt: clusters, each change with who, when and why."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from outcomes.models.analysis import (
    AboutAllIdeas,
    AboutReadableIdeas,
    GroupSuggestion,
    Idea,
    people_columns,
    readable,
)
from surveys.models import Consultation, Theme


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def adopted(self) -> Self:
        return self.filter(state=Cluster.State.ADOPTED)

    def with_people(self) -> Self:
        """Adds `ideas_count` and the columns of people_columns: people by audience, workshops."""
        counts = people_columns("members__idea")
        ideas = Count("members", distinct=True, filter=readable("members__idea__"))
        return self.annotate(ideas_count=ideas, **counts)


class Cluster(models.Model):
    """A group of ideas that people adopted, named and can defend."""

    class State(models.TextChoices):
        ADOPTED = "adopted", "adopted"
        MERGED = "merged", "merged into another"
        SET_ASIDE = "set aside", "set aside"

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="In plain words, 12 at most.")
    state = models.CharField(max_length=10, choices=State, default=State.ADOPTED)
    adopted_from = models.OneToOneField(
        GroupSuggestion, null=True, blank=True, on_delete=models.PROTECT, related_name="cluster"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    is_campaign = models.BooleanField(
        default=False, help_text="Many sent the same words: counted as people, and said so."
    )
    contradicts = models.ManyToManyField("self", blank=True)
    ideas = models.ManyToManyField(
        Idea, through="ClusterIdea", through_fields=("cluster", "idea"), related_name="clusters"
    )

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["theme__order", "name", "pk"]
        permissions = [("curate_cluster", "Can adopt, name, merge and set aside clusters")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="cluster_merged_says_into_what",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_standing(self) -> "ClusterDecision | None":
        """The newest decision that was not undone."""
        standing: list[ClusterDecision] = []
        for decision in self.decisions.select_related("by", "other").order_by("pk"):
            if decision.what == ClusterDecision.What.UNDONE and standing:
                standing.pop()
            else:
                standing.append(decision)
        return standing[-1] if standing else None


class ClusterIdea(models.Model):
    """An idea's place in a cluster. An idea is in one cluster at most."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="members")
    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="membership")
    came_from = models.ForeignKey(
        Cluster,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The cluster it was in before.",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = AboutReadableIdeas()
    everything = AboutAllIdeas()

    def __str__(self) -> str:
        return f"{self.idea} in {self.cluster}"


class ClusterDecision(models.Model):
    """One change of a cluster: what, by whom, when and why. Added to, never edited."""

    class What(models.TextChoices):
        ADOPTED = "adopted", "adopted"
        RENAMED = "renamed", "renamed"
        THEME = "theme", "put under another theme"
        TOOK_IN = "took in", "took in another cluster"
        MERGED = "merged", "merged into another"
        MOVED_OUT = "moved out", "ideas moved out"
        MOVED_IN = "moved in", "ideas moved in"
        SET_ASIDE = "set aside", "set aside"
        TAKEN_UP = "taken up", "taken up again"
        SPLIT = "split", "split in two"
        SPLIT_OFF = "split off", "split off from another"
        CAMPAIGN = "campaign", "marked as a campaign"
        NO_CAMPAIGN = "no campaign", "no longer marked as a campaign"
        CONTRADICTS = "contradicts", "linked as contradicting another"
        UNLINKED = "unlinked", "no longer linked as contradicting"
        UNDONE = "undone", "a decision undone"

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=12, choices=What)
    detail = models.CharField(max_length=400, blank=True, help_text="From what to what.")
    other = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what__in=["set aside", "moved out"]) | ~Q(reason=""),
                name="set_aside_and_moved_out_have_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["took in", "merged"]) | Q(other__isnull=False),
                name="merge_names_the_other_cluster",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.cluster}"

    @property
    def in_words(self) -> str:
        """What was decided, about which other cluster, from what to what."""
        other = f" “{self.other}”" if self.other else ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.get_what_display()}{other}{detail}"
