"""Worries that somebody may come to harm, and the words withheld until they are looked into."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from surveys.models.response import Answer
from surveys.models.session import Note

WORDS_GONE = "The words were taken back by whoever wrote them."


def keep_without_words(collector: Any, field: Any, concerns: Any, using: str) -> None:
    """When an answer or a note is deleted: what was done about it stays, and none of its words."""
    models.SET_NULL(collector, field, concerns, using)
    collector.add_field_update(Concern._meta.get_field("reason"), WORDS_GONE, concerns)
    again = list(ConcernStep.objects.using(using).filter(concern__in=concerns, state="new"))
    if again:
        collector.add_field_update(ConcernStep._meta.get_field("reason"), WORDS_GONE, again)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> Self:
        """Those whose words are withheld."""
        return self.filter(state__in=Concern.OPEN)

    def unseen(self) -> Self:
        return self.filter(state=Concern.State.NEW)

    def gravest_first(self) -> Self:
        """What nobody has seen first, then by how grave it looks, then the oldest."""
        return self.annotate(waits=Q(state=Concern.State.NEW)).order_by(
            "-waits", "-score", "raised_at", "pk"
        )


class Concern(models.Model):
    """A worry about one answer or note: raised by a person, or by the screen.

    Until it is cleared, its words are withheld from everybody but the safeguarding lead.
    """

    class Category(models.TextChoices):
        DISCLOSURE = "disclosure", "being hurt or afraid"
        NEGLECT = "neglect", "going without care"
        SELF_HARM = "self_harm", "hurting oneself"
        SUICIDAL = "suicidal", "not wanting to live"
        SEXUAL = "sexual", "sexual harm"
        DOMESTIC_ABUSE = "domestic_abuse", "being hurt or controlled by a partner or relative"
        EXPLOITATION = "exploitation", "being used by others"
        ALLEGATION = "allegation", "harm by somebody paid to help"
        SERIOUS_BULLYING = "serious_bullying", "being attacked or tormented by others"
        ADULT_AT_RISK = "adult_at_risk", "harm to an adult who needs support"
        OTHER = "other", "something else"

    class State(models.TextChoices):
        NEW = "new", "new"
        SEEN = "seen", "seen"
        REFERRED = "referred", "passed on"
        CLEARED = "cleared", "cleared: others may read it"

    OPEN = (State.NEW, State.SEEN, State.REFERRED)

    answer = models.OneToOneField(
        Answer, null=True, blank=True, on_delete=keep_without_words, related_name="concern"
    )
    note = models.OneToOneField(
        Note, null=True, blank=True, on_delete=keep_without_words, related_name="concern"
    )
    category = models.CharField(max_length=20, choices=Category)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    score = models.FloatField(
        default=1, help_text="How grave it looks, from 0 to 1; what a person raises is 1."
    )
    reason = models.TextField(help_text="Why it was raised, in a sentence.")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: the screen.",
    )
    raised_at = models.DateTimeField()

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        permissions = [
            ("raise_concern", "Can raise a worry about harm"),
            ("work_concern", "Can read what is withheld, and say what becomes of it"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True) | Q(note__isnull=True),
                name="concern_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="concern_score_from_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"Concern {self.pk}: {self.get_category_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def source(self) -> Answer | Note | None:
        """Nothing once the words were taken back, or when somebody told of it."""
        return self.answer or self.note

    @property
    def was_told(self) -> bool:
        """Somebody told of it in words of their own: it is about no answer and no note."""
        return self.answer_id is None and self.note_id is None and self.reason != WORDS_GONE

    @property
    def state_in_words(self) -> str:
        closed = self.was_told and self.state == self.State.CLEARED
        return "closed" if closed else self.get_state_display()


class ConcernStep(models.Model):
    """What became of a concern: read, passed on, cleared, raised again. Added to, never edited."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=Concern.State)
    reason = models.TextField(blank=True)
    told = models.CharField(max_length=200, blank=True, help_text="Who was told, by role.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="seen") | ~Q(reason=""), name="concern_step_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="referred") | ~Q(told=""), name="passed_on_says_to_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.concern}"
