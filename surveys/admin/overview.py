"""All the words of a survey on one page, with how hard each is to read, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from surveys.actions.surveying import Check
from surveys.models import Form, Question, QuestionWording, Survey, SurveyWording
from surveys.models.survey import ENGLISH
from surveys.reading import Reading, read

LABELS = {
    "title": "Title",
    "card_text": "Card text",
    "intro": "Intro",
    "safety_text": "Safety text",
    "how_to_hear_more": "How to hear more",
}
FEWEST_WORDS = 8  # the formula says nothing of a text as short as a title
LONG_SENTENCE = 20  # words; easy read asks for 10 to 15


@dataclass(frozen=True)
class Piece:
    """One piece of words as people see it, and how it reads. Only English can be measured."""

    what: str
    form: str
    language: str
    text: str
    hint: str
    limit: int
    put: Any  # the row that holds it, whose address corrects it

    @property
    def fix_address(self) -> str:
        name = self.put._meta.model_name
        return reverse(f"admin:surveys_{name}_fix-words", args=[self.put.pk])

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def is_measured(self) -> bool:
        """A title is a name, not a sentence."""
        return (
            self.is_english and self.what != LABELS["title"] and self.reading.words >= FEWEST_WORDS
        )

    @property
    def reading(self) -> Reading:
        return read(f"{self.text}\n{self.hint}")

    @property
    def is_hard(self) -> bool:
        return self.is_measured and self.reading.age > self.limit

    @property
    def is_long(self) -> bool:
        return self.is_measured and self.reading.longest_words > LONG_SENTENCE


def pieces(survey: Survey) -> list[Piece]:
    """The survey's own words and every wording of every question, in the order people meet them."""
    return [*_own_words(survey), *_questions(survey)]


def _own_words(survey: Survey) -> Iterator[Piece]:
    own = SurveyWording(form=Form.STANDARD, language=ENGLISH)
    for put in [own, *survey.wordings.order_by("language", "form")]:
        for name in SurveyWording.WORDS:
            text = getattr(survey if put is own else put, name)
            if text:
                yield Piece(
                    LABELS[name],
                    put.get_form_display(),
                    put.language,
                    text,
                    "",
                    survey.reading_age,
                    survey if put is own else put,
                )


def _questions(survey: Survey) -> Iterator[Piece]:
    for question in survey.questions.prefetch_related("wordings"):
        for put in newest_wordings(question):
            yield Piece(
                f"Question {question.order}",
                put.get_form_display(),
                put.language,
                put.text,
                put.hint,
                survey.reading_age,
                put,
            )


def newest_wordings(question: Question) -> list[QuestionWording]:
    """How the question is put now: the last version of each form in each language."""
    newest = {(one.language, one.form): one for one in question.wordings.all()}
    order = {form: place for place, form in enumerate(Form.values)}
    return sorted(
        newest.values(), key=lambda one: (one.language != ENGLISH, one.language, order[one.form])
    )


def doubts(survey: Survey, found: list[Piece]) -> Check:
    """What bars nothing, and an officer may want to look at again."""
    hard = [f"{one.what}, {one.form}" for one in found if one.is_hard]
    words = f"Every text has a reading age of {survey.reading_age} or less."
    if hard:
        words = f"Above the reading age of {survey.reading_age}: {'; '.join(hard)}."
    return Check(words, not hard)


def reading_words(text: str, language: str, survey: Survey) -> str:
    """How one text reads, for the form in which it is written."""
    piece = Piece("", "", language, text, "", survey.reading_age, None)
    if not piece.is_english:
        return "Only English can be measured."
    if not piece.is_measured:
        return "Too short for a reading age."
    found = piece.reading
    age = f"Reading age {found.age}."
    longest = f"Longest sentence: {found.longest_words} words."
    if piece.is_hard:
        return format_html(
            '<strong class="hard">{} Above {}, the highest for this survey.</strong> {} “{}”',
            age,
            survey.reading_age,
            longest,
            found.longest,
        )
    return f"{age} {longest}"
