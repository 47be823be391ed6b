"""What is asked, how it is put, and the pictures to choose from."""

from typing import Self

from django.db import models
from django.db.models import Q

from surveys.models.survey import ENGLISH, Form, Survey, nearest


class Question(models.Model):
    """What is asked: its construct. How it is put is in its wordings."""

    class Construct(models.TextChoices):
        WHAT_MATTERS = "what_matters", "what matters"
        DIFFERENCE = "difference", "what would be different"
        HOW_KNOW = "how_know", "how would we know"
        RIGHT = "right", "have we got this right"

    CORE = (Construct.WHAT_MATTERS, Construct.DIFFERENCE, Construct.HOW_KNOW)

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    construct = models.CharField(max_length=20, choices=Construct)
    label = models.CharField(max_length=60, help_text="Short name, for lists and messages.")
    background = models.TextField(
        blank=True, help_text="Where a draft outcome came from, shown above the question."
    )
    max_chars = models.PositiveIntegerField(default=2000)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "order"], name="question_order_once"),
            models.UniqueConstraint(
                fields=["survey", "construct"],
                condition=~Q(construct="right"),
                name="question_construct_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def has_verdict(self) -> bool:
        """Whether yes, nearly, no or not sure is asked beside the words."""
        return self.construct == self.Construct.RIGHT

    def wording(self, form: str = Form.STANDARD, language: str = ENGLISH) -> "QuestionWording":
        """The newest wording in that form and language, else the nearest there is.

        The label where nobody has worded the question. Reads `wordings`, so prefetch them for
        many questions.
        """
        newest = {(one.form, one.language): one for one in self.wordings.all()}
        label = QuestionWording(question=self, text=self.label)
        return next((newest[key] for key in nearest(form, language) if key in newest), label)


class QuestionWording(models.Model):
    """One way of putting a question. From the day people saw it, a fix is a new row."""

    Form = Form

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    form = models.CharField(max_length=10, choices=Form, default=Form.STANDARD)
    language = models.CharField(max_length=10, default=ENGLISH)
    text = models.CharField(max_length=300)
    hint = models.TextField(blank=True)
    version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="The survey's version that it belongs to."
    )

    class Meta:
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "form", "language", "version"], name="wording_form_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def stored(self) -> Self | None:
        """None for a label that stands in where nobody has worded the question."""
        return None if self._state.adding else self


class Picture(models.Model):
    """A choice that is a picture and a word: one of our drawings, or one an officer uploaded."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="pictures")
    drawing = models.SlugField(
        max_length=30, blank=True, help_text="The name of one of our drawings, such as home."
    )
    label = models.CharField(max_length=60)
    image = models.BinaryField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "label"], name="picture_label_once"),
            models.CheckConstraint(
                condition=~Q(drawing="") | Q(image__isnull=False), name="picture_shows_something"
            ),
        ]

    def __str__(self) -> str:
        return self.label
