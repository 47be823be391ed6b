"""What staff read: each answer and note as a passage, without the details that are hidden."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from surveys.models.consultation import Consultation
from surveys.models.question import Question
from surveys.models.response import Answer, Response
from surveys.models.safety import Concern
from surveys.models.search import matching
from surveys.models.session import Note
from surveys.models.survey import Audience
from surveys.redacted import Hidden, masked, redacted


def withheld(path: str = "") -> Q:
    """Of rows with an answer and a note at `path`: those about which a worry stands open.

    Looked up by their keys, for these are few. Joined, they would have PostgreSQL expect hardly
    any other row, and read all of them to find the first fifty.
    """
    about = Concern.objects.open()
    answers, notes = about.exclude(answer=None), about.exclude(note=None)
    return Q(**{f"{path}answer__in": answers.values("answer")}) | Q(
        **{f"{path}note__in": notes.values("note")}
    )


def unsent_answers() -> models.QuerySet[Answer]:
    """Of responses that were not sent, or only to try the survey out."""
    sent = Q(response__state=Response.State.SENT, response__is_pilot=False)
    return Answer.objects.filter(~sent)


class PassageQuerySet(models.QuerySet["Passage"]):
    def sent(self) -> Self:
        """Notes, and answers of responses that were sent."""
        return self.exclude(answer__in=unsent_answers())

    def readable(self) -> Self:
        return self.exclude(withheld())

    def counted(self) -> Self:
        """Notes, and answers to open questions of responses that count.

        See Response.objects.counted(). Comments on outcomes are screened and redacted, not coded.
        What does not count is little, and looked up by its keys, as what is withheld.
        """
        late = Response.Late.NOT_COUNTED
        unsent = unsent_answers() | Answer.objects.filter(response__late=late)
        comments = Answer.objects.filter(question__construct=Question.Construct.RIGHT)
        return self.exclude(answer__in=unsent).exclude(answer__in=comments)

    def said(self, words: str) -> Self:
        """Those with all of these words, in any form that the database knows them by.

        PostgreSQL's English search, or SQLite's FTS5 with the Porter stemmer: "swim" finds
        "swimming". No word is an operator; a search without a letter or digit finds nothing.
        """
        found: Self = matching(self, words)
        return found

    def with_place(self) -> Self:
        """With all that a line about each says of where it comes from."""
        return self.select_related(
            "answer__response__survey", "answer__question", "answer__concern", "note__session"
        )

    def take_up(self, *, answers: Iterable[Answer] = (), notes: Iterable[Note] = ()) -> None:
        """Make the passages of words that have none yet. An empty answer has none."""
        rows = [_of_answer(one) for one in answers] + [_of_note(one) for one in notes]
        Passage.everything.bulk_create(rows, ignore_conflicts=True)


class PassageManager(models.Manager.from_queryset(PassageQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> PassageQuerySet:
        return super().get_queryset().readable()  # type: ignore[no-any-return]


class Passage(models.Model):
    """One answer or note as staff read it.

    `hidden` and `words` follow from the suggestions and redactions of the passage: see
    outcomes.actions.redacting. `objects` has those that staff may read, `everything` all.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    answer = models.OneToOneField(
        Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="passage"
    )
    note = models.OneToOneField(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="passage"
    )
    audience = models.CharField(max_length=20, choices=Audience)
    language = models.CharField(
        max_length=10, blank=True, help_text="As the screen recognised it; empty: not yet, or no."
    )
    hidden = models.JSONField(default=list, help_text="[start, end, kind] of what is hidden.")
    words = models.TextField(help_text="Without what is hidden.")
    length = models.PositiveIntegerField(help_text="Characters, as it was typed.")
    copy_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="copies",
        help_text="The first passage that says nearly the same in nearly the same words.",
    )
    screened_at = models.DateTimeField(null=True, blank=True)

    objects = PassageManager()
    everything = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "audience"], name="passage_audience")]
        permissions = [
            ("read_original", "Can read words as they were typed, with what is hidden"),
            ("redact_passage", "Can hide personal details, and show what was hidden wrongly"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, note__isnull=False)
                | Q(answer__isnull=False, note__isnull=True),
                name="passage_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"Passage {self.pk}"

    @property
    def source(self) -> Answer | Note:
        source = self.answer or self.note
        assert source is not None  # noqa: S101 - passage_has_one_source
        return source

    @property
    def spans(self) -> tuple[Hidden, ...]:
        return tuple(Hidden(*one) for one in self.hidden)

    @property
    def masked(self) -> str:
        """As long as what was typed, with a block for each hidden character: for the engine."""
        return masked(self.source.text, self.spans)

    def part(self, start: int, end: int) -> str:
        """Characters [start, end) of what was typed, without what is hidden."""
        return redacted(self.source.text, self.spans, start, end)

    def hide(self, spans: Iterable[Hidden]) -> None:
        """Not saved. The spans may not overlap."""
        self.hidden = [list(one) for one in sorted(spans)]
        self.words = redacted(self.source.text, self.spans)


def _of_answer(answer: Answer) -> Passage:
    survey = answer.response.survey
    return Passage(
        consultation_id=survey.consultation_id,
        answer=answer,
        audience=survey.audience,
        words=answer.text,
        length=len(answer.text),
    )


def _of_note(note: Note) -> Passage:
    return Passage(
        consultation_id=note.session.consultation_id,
        note=note,
        audience=note.session.audience,
        words=note.text,
        length=len(note.text),
    )


class Detail(models.Model):
    """A span of a passage, in characters of what was typed, half open, that may say who it is."""

    class Kind(models.TextChoices):
        PERSON = "person", "name"
        SCHOOL = "school", "school"
        PLACE = "place", "place"
        PHONE = "phone", "phone number"
        EMAIL = "email", "email address"
        POSTCODE = "postcode", "postcode"
        ADDRESS = "address", "address"
        NHS_NUMBER = "nhs_number", "NHS number"
        BIRTH = "date_of_birth", "date of birth"
        IDENTIFIER = "identifier", "number of a record"
        RARE = "rare", "something rare"
        INSULT = "insult", "insult"
        OTHER = "other", "detail"

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="%(class)ss")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} at {self.start} to {self.end} of {self.passage}"

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


class DetailSuggestion(Detail):
    """What the screen takes for a personal detail. Hidden until a person says that it is none."""

    score = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "start", "end"], name="detail_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="detail_not_empty"),
        ]


class Redaction(Detail):
    """A person's decision to hide a span or to show it. Added to: the newest about a span holds."""

    hides = models.BooleanField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="redaction_not_empty"),
        ]


def to_take_up(responses: Iterable[Any]) -> models.QuerySet[Answer]:
    """The answers in words of these responses that have no passage yet."""
    answers = Answer.objects.filter(response__in=responses, passage__isnull=True)
    return answers.exclude(text="").select_related("response__survey")
