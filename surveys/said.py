"""All that one response says, each answer beside its question in the words that were read."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.models import Answer, Picture, Question, QuestionWording, Response
from surveys.worded import Worded, label_of

VERDICTS: dict[str, str | Promise] = {
    Answer.Choice.YES: _("Yes"),
    Answer.Choice.NEARLY: _("Nearly"),
    Answer.Choice.NO: _("No"),
    Answer.Choice.NOT_SURE: _("Not sure"),
}


@dataclass(frozen=True)
class Said:
    """One question, as it was put to this person, and what they answered."""

    number: int
    question: Question
    asked: QuestionWording
    answer: Answer | None = None
    pictures: list[Picture] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As it was typed: for whoever typed it."""
        return self.answer.text if self.answer else ""

    @property
    def words(self) -> str:
        """As staff may read it: without what is hidden."""
        return self.answer.words if self.answer else ""

    @property
    def verdict(self) -> str | Promise:
        """Yes, nearly, no or not sure, where that was asked; "" for nothing chosen."""
        return VERDICTS.get(self.answer.choice, "") if self.answer else ""

    @property
    def labels(self) -> list[Worded]:
        """The words for the pictures that were chosen."""
        return [label_of(picture) for picture in self.pictures]

    @property
    def is_answered(self) -> bool:
        return bool(self.answer or self.pictures)


def said(response: Response) -> list[Said]:
    """Every question of the survey in turn; a question without an answer as it would be put now."""
    answers = {
        one.question_id: one
        for one in response.answers.select_related("wording", "concern", "passage")
    }
    pictures: dict[int, list[Picture]] = {}
    for tick in response.ticks.select_related("picture").order_by("picture__order", "picture"):
        pictures.setdefault(tick.picture.question_id, []).append(tick.picture)
    questions = response.survey.questions.prefetch_related("wordings")
    return [
        Said(
            number=number,
            question=question,
            asked=_as_read(question, answers.get(question.pk), response),
            answer=answers.get(question.pk),
            pictures=pictures.get(question.pk, []),
        )
        for number, question in enumerate(questions, start=1)
    ]


def _as_read(question: Question, answer: Answer | None, response: Response) -> QuestionWording:
    if answer and answer.wording:
        return answer.wording
    return question.wording(response.wording_form, response.language)
