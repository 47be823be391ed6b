"""What one person said on paper, by phone or by email, and what may be wrong with it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.conf import settings

from surveys.about_you import LONGEST_VIEW, Wrong, asked_of, wrong_help
from surveys.dates import day_of, in_words
from surveys.models import Answer, Form, Question, Response, Survey
from surveys.models.survey import ENGLISH
from surveys.texts import storable

CHANNELS = (Response.Channel.PAPER, Response.Channel.PHONE, Response.Channel.EMAIL)
LONGEST_NUMBER = 40
MOST_CHARACTERS = 2_000
NOT_ASKED = "This survey does not ask that."

Problem = tuple[str, str]  # the name of a field, and a sentence about it


@dataclass(frozen=True, kw_only=True)
class Received:
    """What one person said, and how and when it reached us.

    `texts` and `choices` are by the `key_of` a question, `about` by the about-you question;
    `ticks` are keys of pictures. An empty `form` is the survey's own.
    """

    survey: Survey
    channel: str
    received_on: date
    texts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    ticks: Collection[int] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    may_quote: bool | None = None
    help: str = ""
    helper: str = ""
    helper_words: str = ""
    form: str = ""
    language: str = ENGLISH
    number: str = ""
    late: str = ""
    late_reason: str = ""

    def tidy(self) -> "Received":
        """As it would be stored."""
        return replace(
            self,
            texts={key: tidy for key, text in self.texts.items() if (tidy := _tidy(text))},
            choices={key: choice for key, choice in self.choices.items() if choice},
            about={key: choice for key, choice in self.about.items() if choice},
            form=self.form or self.survey.first_form,
            helper="" if self.help == Response.Help.NONE else self.helper,
            helper_words=_tidy(self.helper_words),
            late_reason=_tidy(self.late_reason),
            number=normal_number(self.number),
        )


def _tidy(text: str) -> str:
    return storable(text).strip()


def normal_number(number: str) -> str:
    """A paper's number in capitals, with single spaces: p 12 and P  12 are the same paper."""
    return " ".join(storable(number).upper().split())


def key_of(question: Question) -> str:
    """Names a question of a survey: by its construct, and by its place where there are many."""
    return f"right-{question.order}" if question.has_verdict else question.construct


def problems_of(
    received: Received, today: date, entered: Mapping[str, Response]
) -> Iterator[Problem]:
    """All that is wrong, in the order of the page. `entered` is what was entered, by number."""
    survey = received.survey
    if survey.opens_on is None or survey.closes_on is None:
        yield "survey", f"“{survey}” has no dates yet. Nothing can be entered before it opens."
        return
    if today < survey.opens_on:
        yield "survey", f"“{survey}” opens on {survey.opens_words}. Enter answers from then on."
        return
    yield from _of_number(received, entered)
    if received.channel not in CHANNELS:
        yield "channel", "Choose paper, phone or email."
    yield from _of_days(received, survey.opens_on, survey.closes_on, today)
    if received.form not in Form.values:
        yield "form", "Choose how the questions were put."
    if received.language not in dict(settings.LANGUAGES):
        yield "language", "Choose one of the languages."
    yield from _of_answers(received)
    yield from _of_helper(received)
    yield from _of_about(received)


def _of_number(received: Received, entered: Mapping[str, Response]) -> Iterator[Problem]:
    if len(received.number) > LONGEST_NUMBER:
        yield "number", f"Use {LONGEST_NUMBER} characters or fewer."
        return
    before = entered.get(received.number)
    if before:
        day = in_words(day_of(before.started_at))
        yield "number", f"Number {received.number} was entered before, on {day}."


def _of_days(received: Received, opens_on: date, closes_on: date, today: date) -> Iterator[Problem]:
    on = received.received_on
    if on > today:
        yield "received_on", "This day is still to come. Give the day on which it reached us."
    elif on < opens_on:
        yield (
            "received_on",
            f"The survey opened on {in_words(opens_on)}. Nothing can have come before that day.",
        )
    elif on > closes_on:
        yield from _of_late(received)
    elif received.late or received.late_reason:
        yield (
            "late",
            "It came while the survey was open, so it is not late. "
            "Leave this and the reason empty.",
        )


def _of_late(received: Received) -> Iterator[Problem]:
    if received.late not in Response.Late.values:
        yield (
            "late",
            f"It came after the survey closed at {received.survey.closes_words}. "
            "Choose whether it is counted.",
        )
    if not received.late_reason:
        yield "late_reason", "Say why, such as: the envelope was stamped before the closing day."
    elif len(received.late_reason) > MOST_CHARACTERS:
        yield "late_reason", _too_long(received.late_reason, MOST_CHARACTERS)


def _of_answers(received: Received) -> Iterator[Problem]:
    asked = {key_of(one): one for one in received.survey.questions.all()}
    verdicts = {key for key, one in asked.items() if one.has_verdict}
    wrong = (received.texts.keys() - asked.keys()) | (received.choices.keys() - verdicts)
    for key in sorted(wrong):
        yield key, NOT_ASKED
    for key, question in asked.items():
        text, choice = received.texts.get(key, ""), received.choices.get(key, "")
        if len(text) > question.max_chars:
            yield key, _too_long(text, question.max_chars)
        if choice and choice not in Answer.Choice.values:
            yield f"{key}-choice", "Choose yes, nearly, no or not sure, or nothing."
    pictures = {picture.pk for one in asked.values() for picture in one.pictures.all()}
    if not pictures.issuperset(received.ticks):
        yield "ticks", "This survey does not show one of these pictures."
    if not (received.texts or received.choices or received.ticks):
        yield next(iter(asked), ""), "Enter an answer to at least one of the questions."


def _too_long(text: str, most: int) -> str:
    return f"Use {most:,} characters or fewer. This has {len(text):,}."


def _of_helper(received: Received) -> Iterator[Problem]:
    sentences = {
        Wrong.NOT_ASKED: NOT_ASKED,
        Wrong.NO_CHOICE: "Choose one of the answers, or none.",
        Wrong.NOBODY_HELPED: "Nobody helped, it says. Choose how they helped, or empty this.",
        Wrong.TOO_LONG: _too_long(received.helper_words, LONGEST_VIEW),
    }
    help, helper, words = received.help, received.helper, received.helper_words
    for name, wrong in wrong_help(received.survey, help, helper, words):
        yield name, sentences[wrong]


def _of_about(received: Received) -> Iterator[Problem]:
    offered = {one.key: dict(one.choices) for one in asked_of(received.survey)}
    for key, choice in received.about.items():
        if key not in offered:
            yield f"about-{key}", NOT_ASKED
        elif choice not in offered[key]:
            yield f"about-{key}", "Choose one of the answers, or none."
