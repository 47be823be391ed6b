"""What the machine proposes. Written once by a run, never edited."""

import re
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from outcomes.models.codebook import CodeBook
from outcomes.models.progress import Work, finished_has_a_moment
from surveys.models import Answer, Audience, Concern, Consultation, Note, Theme
from surveys.models.passage import withheld
from surveys.redacted import BLOCK

NAME_WITHHELD = "a group whose name is withheld"
TAKEN_BACK = "a group whose name was taken back"


def readable(path: str = "") -> Q:
    """The same the other way round, for counting over joined rows."""
    return (
        Q(**{f"{path}answer__concern__isnull": True})
        | Q(**{f"{path}answer__concern__state": Concern.State.CLEARED})
    ) & (
        Q(**{f"{path}note__concern__isnull": True})
        | Q(**{f"{path}note__concern__state": Concern.State.CLEARED})
    )


def people_columns(path: str) -> dict[str, Count]:
    """`people_<audience>`: distinct responses of each audience, and `workshops`, over the ideas
    at `path`. A facilitator's own view is no workshop's, and what is withheld is nobody's."""
    response, note, may = f"{path}__answer__response", f"{path}__note", readable(f"{path}__")
    counts = {
        f"people_{audience}": Count(
            response, distinct=True, filter=may & Q(**{f"{response}__survey__audience": audience})
        )
        for audience in Audience.values
    }
    said = may & ~Q(**{f"{note}__kind": Note.Kind.FACILITATOR})
    return counts | {"workshops": Count(f"{note}__session", distinct=True, filter=said)}


# All that an idea's words and who said them are read from.
SOURCES = (
    "answer__response__survey",
    "answer__passage",
    "note__session",
    "note__passage",
)
BLOCKS = re.compile(f"{BLOCK}+")


def unmasked(words: str) -> str:
    """Masked words as a name has them: […] for each hidden stretch."""
    return BLOCKS.sub("[…]", words)


class AnalysisRun(Work):
    """One pass of the engine over a consultation's answers and notes."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    engine_version = models.CharField(max_length=60, blank=True)
    engine_settings = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="sha256 of what went in; the same gives the same."
    )
    by_itself = models.BooleanField(
        default=False, help_text="Begun to learn from decisions; only the newest is kept."
    )
    measured = models.JSONField(
        default=dict, blank=True, help_text="How sure it is, and how that was measured."
    )
    codebook = models.ForeignKey(
        CodeBook,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The area's own that it read; none for the one that the portal brings.",
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        permissions = [("ask_analysisrun", "Can ask for an analysis")]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state__in=["queued", "running"]),
                name="one_analysis_at_a_time",
            ),
            finished_has_a_moment("run_finished_has_a_moment"),
        ]

    def __str__(self) -> str:
        return f"Analysis {self.pk}"


class IdeaQuerySet(models.QuerySet["Idea"]):
    def readable(self) -> Self:
        return self.exclude(withheld())

    def of(self, consultation: Consultation) -> Self:
        """Those of the consultation's answers and notes."""
        return self.filter(
            Q(answer__response__survey__consultation=consultation)
            | Q(note__session__consultation=consultation)
        )

    def with_audience(self) -> Self:
        """Adds `audience`: that of the survey answered or of the workshop."""
        return self.annotate(
            audience=Coalesce(F("answer__response__survey__audience"), F("note__session__audience"))
        )

    def with_source(self) -> Self:
        return self.select_related(*SOURCES)

    def in_no_cluster(self) -> Self:
        """Not as a join without a match: of that PostgreSQL expects one row, and plans for one."""
        places: Any = self.model._meta.get_field("membership").related_model
        return self.filter(~Exists(places.everything.filter(idea=OuterRef("pk"))))


class IdeaManager(models.Manager.from_queryset(IdeaQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> IdeaQuerySet:
        return super().get_queryset().readable()  # type: ignore[no-any-return]


class Idea(models.Model):
    """One thing one person said: the span [start, end) of an answer or a note, in characters.

    A text is split once. Later runs read the ideas that are there (docs/decisions/0004).
    `objects` has those that staff may read, so that no page shows what is withheld by an
    oversight; `everything` has all.
    """

    answer = models.ForeignKey(
        Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    found_by = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="+")
    cut_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who said that it begins or ends here; empty: the machine.",
    )

    objects = IdeaManager()
    everything = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, note__isnull=False)
                | Q(answer__isnull=False, note__isnull=True),
                name="idea_has_one_source",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="idea_not_empty"),
            models.UniqueConstraint(fields=["answer", "start"], name="idea_once_in_answer"),
            models.UniqueConstraint(fields=["note", "start"], name="idea_once_in_note"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def source(self) -> Answer | Note:
        source = self.answer or self.note
        assert source is not None  # noqa: S101 - idea_has_one_source
        return source

    @property
    def text(self) -> str:
        """As staff may read it: without what is hidden."""
        source = self.source
        if not hasattr(source, "passage"):
            return source.text[self.start : self.end]
        return source.passage.part(self.start, self.end)

    @property
    def masked(self) -> str:
        """As the engine reads it: as many characters, those hidden are blocks."""
        source = self.source
        text = source.passage.masked if hasattr(source, "passage") else source.text
        return text[self.start : self.end]

    def says(self, name: str) -> bool:
        """Whether a group's name is of this idea's words."""
        return name.rstrip("…") in unmasked(" ".join(self.masked.split()))

    @property
    def said_by(self) -> str:
        """parents and carers; or, for a note, workshop: parents and carers"""
        if self.answer:
            return Audience(self.answer.response.survey.audience).label
        assert self.note is not None  # noqa: S101 - idea_has_one_source
        if self.note.kind == Note.Kind.FACILITATOR:
            return "facilitator’s view"
        return f"workshop: {Audience(self.note.session.audience).label}"


class GroupSuggestion(models.Model):
    """Ideas of one theme that a run proposes to take together."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="groups")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    reason = models.TextField()
    order = models.PositiveIntegerField()
    opposes = models.ManyToManyField("self", blank=True)

    class Meta:
        ordering = ["theme__order", "order", "pk"]

    def __str__(self) -> str:
        return self.name


def with_names(collector: Any, field: Any, suggestions: Any, using: str) -> None:
    """When ideas are deleted: also of what they are suggested for, and names that are their words.

    A run names a group in the words of one of its ideas. Once nobody's idea says them any longer,
    the group has no name.
    """
    models.CASCADE(collector, field, suggestions, using)
    gone = {one.pk for one in suggestions}
    groups = GroupSuggestion.objects.using(using).filter(members__in=gone).distinct()
    nameless = []
    for group in groups:
        members = ThemeSuggestion.everything.filter(group=group).select_related(
            "idea__answer__passage", "idea__note__passage"
        )
        said = {one.pk for one in members if one.idea.says(group.name)}
        if said and said <= gone:
            nameless.append(group)
    if nameless:
        name = GroupSuggestion._meta.get_field("name")
        collector.add_field_update(name, TAKEN_BACK, nameless)


class AboutReadableIdeas(models.Manager[Any]):
    """Rows with an idea, without those whose idea is withheld."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().exclude(withheld("idea__"))


class AboutAllIdeas(models.Manager[Any]):
    """Rows with an idea, whether it is withheld or not."""


class ThemeSuggestion(models.Model):
    """The theme that a run proposes for an idea, why, and the group it would put it in.

    It proposes no theme for words in another language, and is unsure where people should look
    first.
    """

    class Kind(models.TextChoices):
        OUTCOME = "outcome", "an outcome: a change somebody wants"
        EXPERIENCE = "experience", "an experience: what happened"
        SERVICE = "service", "a service: something to be done"
        MEASURE = "measure", "a measure: how one would know"

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="themes")
    idea = models.ForeignKey(Idea, on_delete=with_names, related_name="suggestions")
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    sure = models.BooleanField(default=True)
    scores = models.JSONField(help_text="By theme code, from 0 to 1, adding up to 1.")
    reason = models.TextField()
    group = models.ForeignKey(
        GroupSuggestion, null=True, blank=True, on_delete=models.CASCADE, related_name="members"
    )
    x = models.FloatField(null=True, help_text="Its place on the map of ideas, from 0 to 1.")
    y = models.FloatField(null=True)
    alike = models.JSONField(default=list, help_text="The ideas most like it, the nearest first.")
    check_order = models.PositiveIntegerField(
        null=True, help_text="Its turn among those most useful to decide on next."
    )
    check_reason = models.CharField(max_length=200, blank=True)
    repeats = models.BooleanField(
        default=False, help_text="It only repeats what a person decided about the same words."
    )

    objects = AboutReadableIdeas()
    everything = AboutAllIdeas()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "idea"], name="one_theme_suggested_by_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.theme or 'no theme'}: {self.reason}"
