"""What people decide about single ideas and passages: codes and dispositions, with their history.

And the samples that two people code without seeing each other's.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from outcomes.models.analysis import AboutAllIdeas, AboutReadableIdeas, Idea
from surveys.models import Consultation, Passage, Theme


class Codes(models.Model):
    """The themes that somebody gives an idea: one that it is mostly about, and two more at most.

    None of the plan's themes is a code of its own and stands alone. Without any theme the person
    says that they are not sure, or takes a code back: the idea counts as not coded.
    """

    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    third = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def themes(self) -> list[Theme]:
        return [theme for theme in (self.theme, self.second, self.third) if theme]


def themes_in_order(name: str) -> models.CheckConstraint:
    """No second without a first, no third without a second, none twice."""
    return models.CheckConstraint(
        condition=Q(second__isnull=True, third__isnull=True)
        | (
            Q(theme__isnull=False, second__isnull=False)
            & ~Q(second=F("theme"))
            & (Q(third__isnull=True) | (~Q(third=F("theme")) & ~Q(third=F("second"))))
        ),
        name=name,
    )


class CodingQuerySet(models.QuerySet["Coding"]):
    def current(self) -> Self:
        return self.filter(is_current=True)


class Coding(Codes):
    """One decision about an idea's themes. Added to: the newest is current, the rest is history."""

    class How(models.TextChoices):
        ACCEPTED = "accepted", "accepted what the machine suggests"
        CHOSEN = "chosen", "chosen"
        TOGETHER = "together", "decided for several at once"
        UNDONE = "undone", "an earlier decision taken back"
        SETTLED = "settled", "settled after two people coded it"
        CARRIED = "carried", "carried over from an earlier consultation"
        IMPORTED = "imported", "read from a sheet"

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="codings")
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    suggested = models.ForeignKey(
        Theme,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What the machine suggested at that moment.",
    )

    objects = AboutReadableIdeas.from_queryset(CodingQuerySet)()
    everything = AboutAllIdeas.from_queryset(CodingQuerySet)()

    class Meta:
        ordering = ["at", "pk"]
        permissions = [("code_idea", "Can say what ideas are about, and where each ends")]
        constraints = [
            themes_in_order("coding_themes_in_order"),
            models.UniqueConstraint(
                fields=["idea"], condition=Q(is_current=True), name="one_current_coding"
            ),
        ]

    def __str__(self) -> str:
        return " and ".join(str(theme) for theme in self.themes) or "not coded"


class DispositionQuerySet(models.QuerySet["Disposition"]):
    def current(self) -> Self:
        """Those that hold of all of it; none that was taken back or is of the rest alone."""
        of_less = (Disposition.What.OPEN, Disposition.What.REST)
        return self.filter(is_current=True).exclude(what__in=of_less)

    def of_the_rest(self) -> Self:
        """That nothing more is to be coded in the words of a passage that are in no idea."""
        return self.filter(is_current=True, what=Disposition.What.REST)

    def to_hand_on(self) -> Self:
        """Individual cases and complaints that nobody has been given yet."""
        return self.current().filter(what__in=Disposition.HANDED_ON, handed_at__isnull=True)


class Disposition(models.Model):
    """What becomes of a passage, or of one idea, that no cluster takes. Added to, as codes."""

    class What(models.TextChoices):
        OPEN = "open", "taken back: to be read again"
        NOTHING = "nothing", "nothing to code"
        OFF_TOPIC = "off topic", "about something else"
        CASE = "case", "about one child or family: to hand on"
        COMPLAINT = "complaint", "a complaint: to hand on"
        DUPLICATE = "duplicate", "said by the same person elsewhere"
        SET_ASIDE = "set aside", "set aside"
        REST = "rest", "nothing more to code in the words that are in no idea"

    HANDED_ON = (What.CASE, What.COMPLAINT)

    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    idea = models.ForeignKey(
        Idea, null=True, blank=True, on_delete=models.CASCADE, related_name="dispositions"
    )
    what = models.CharField(max_length=10, choices=What)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    handed_to = models.CharField(max_length=200, blank=True, help_text="Which team, by its name.")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_at = models.DateTimeField(null=True, blank=True)

    objects = DispositionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(passage__isnull=True, idea__isnull=False)
                | Q(passage__isnull=False, idea__isnull=True),
                name="disposition_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(what="set aside") | ~Q(reason=""), name="set_aside_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(handed_to="", handed_by__isnull=True, handed_at__isnull=True)
                | (
                    ~Q(handed_to="")
                    & Q(handed_by__isnull=False, handed_at__isnull=False)
                    & Q(what__in=["case", "complaint"])
                ),
                name="handed_on_to_by_and_at",
            ),
            models.UniqueConstraint(
                fields=["passage"], condition=Q(is_current=True), name="one_current_of_passage"
            ),
            models.UniqueConstraint(
                fields=["idea"], condition=Q(is_current=True), name="one_current_of_idea"
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()


class Sample(models.Model):
    """Ideas drawn by chance that two people code without seeing what the other says."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    seed = models.PositiveIntegerField(help_text="The same seed draws the same ideas.")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(
        max_length=400, blank=True, help_text="Why it was stopped before all of it was coded."
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        permissions = [("draw_sample", "Can have a sample coded by two people, and settle it")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="sample_has_two_different_coders"
            ),
        ]

    def __str__(self) -> str:
        return f"Sample {self.pk}"


class SampleIdea(models.Model):
    """An idea of a sample, with what the machine suggested for it when the sample was drawn."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="ideas")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    suggested = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveIntegerField()

    objects = AboutReadableIdeas()
    everything = AboutAllIdeas()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "idea"], name="idea_once_in_sample"),
        ]

    def __str__(self) -> str:
        return f"{self.sample}, idea {self.order}"


class BlindCode(Codes):
    """What one of the two says about an idea of their sample. Theirs alone until both are done."""

    place = models.ForeignKey(SampleIdea, on_delete=models.CASCADE, related_name="codes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            themes_in_order("blind_code_themes_in_order"),
            models.UniqueConstraint(fields=["place", "by"], name="one_blind_code_each"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, by {self.by}"
