"""What people may say about themselves. All of it is optional, all in wide bands.

A question is asked in the surveys that name its key, or by default as DEFAULTS has it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.models import Audience, Response, Survey

Text = str | Promise
LONGEST = 40  # of a choice, in the database
LONGEST_VIEW = 2_000  # of what a helper thinks
PLACE = "place"
AGE = "age"
PARENT, PRACTITIONER, YOUNG = Audience.PARENT_CARER, Audience.PRACTITIONER, Audience.YOUNG_PERSON


@dataclass(frozen=True)
class AboutQuestion:
    """One thing to say about oneself: its words, and the bands to choose from."""

    key: str
    audience: str
    text: Text
    choices: tuple[tuple[str, Text], ...] = ()

    def words_for(self, choice: str) -> Text:
        return dict(self.choices).get(choice, choice)


QUESTIONS = [
    AboutQuestion(
        "relationship",
        PARENT,
        _("Who are you to the child or young person?"),
        (
            ("parent", _("Parent")),
            ("kinship", _("Kinship carer or special guardian")),
            ("foster", _("Foster carer")),
            ("other", _("Someone else")),
        ),
    ),
    AboutQuestion(
        "phase",
        PARENT,
        _("How old is your child or young person?"),
        (
            ("0_to_4", _("0 to 4, before school")),
            ("primary", _("At primary school age")),
            ("secondary", _("At secondary school age, up to 15")),
            ("16_to_25", _("16 to 25")),
        ),
    ),
    AboutQuestion(PLACE, PARENT, _("Which part of the area do you live in?")),
    AboutQuestion(
        "local_offer",
        PARENT,
        _("Had you heard of the Local Offer before today?"),
        (("yes", _("Yes")), ("no", _("No")), ("not_sure", _("Not sure"))),
    ),
    AboutQuestion(
        "sector",
        PRACTITIONER,
        _("Where do you work?"),
        (
            ("early_years", _("Education: early years")),
            ("school_college", _("Education: school or college")),
            ("health", _("Health")),
            ("social_care", _("Social care")),
            ("voluntary", _("Charity or community group")),
            ("other", _("Somewhere else")),
        ),
    ),
    AboutQuestion(
        "level",
        PRACTITIONER,
        _("What is your role?"),
        (
            ("frontline", _("I work with children, young people or families")),
            ("manager", _("I manage people who do")),
            ("leader", _("I lead a service or an organisation")),
        ),
    ),
    AboutQuestion(
        AGE,
        YOUNG,
        _("How old are you?"),
        (
            ("under_11", _("Under 11")),
            ("11_to_13", _("11 to 13")),
            ("14_to_15", _("14 or 15")),
            ("16_to_18", _("16 to 18")),
            ("19_to_25", _("19 to 25")),
        ),
    ),
    AboutQuestion(
        "learning",
        YOUNG,
        _("Where do you learn?"),
        (
            ("school", _("At a school")),
            ("special_school", _("At a special school")),
            ("college", _("At college or university")),
            ("work", _("At work or in training")),
            ("home", _("At home")),
            ("other", _("Somewhere else, or nowhere just now")),
        ),
    ),
]
DEFAULTS = {PARENT: ["relationship", "phase"], PRACTITIONER: ["sector", "level"], YOUNG: [AGE]}

HELP_TEXT = _("Did someone help you answer?")
HELP = (
    (Response.Help.NONE, _("No")),
    (Response.Help.READ, _("Yes. They read it to me")),
    (Response.Help.TYPED, _("Yes. They wrote what I said")),
    (Response.Help.WITH, _("Yes. We answered together")),
    (Response.Help.FOR, _("Yes. They answered for me")),
)
HELPER_TEXT = _("Who helped you?")
HELPER = (
    (Response.Helper.FAMILY, _("A parent, carer or someone in my family")),
    (Response.Helper.FRIEND, _("A friend")),
    (Response.Helper.SCHOOL, _("Someone at school or college")),
    (Response.Helper.SUPPORT, _("A support worker or advocate")),
    (Response.Helper.OTHER, _("Someone else")),
)


def keys_for(audience: str) -> list[str]:
    """What may be asked of that audience, in order."""
    return [question.key for question in QUESTIONS if question.audience == audience]


def asked_of(survey: Survey) -> list[AboutQuestion]:
    """The about-you questions of a survey, with this area's places. Under 11 is an age already."""
    keys: Collection[str] = survey.about_questions or DEFAULTS[Audience(survey.audience)]
    asked = [question for question in QUESTIONS if question.key in keys]
    asked = [_with_places(one, survey) for one in asked if one.audience == survey.audience]
    if survey.ages == Survey.Ages.UNDER_11:
        asked = [one for one in asked if one.key != AGE]
    return [one for one in asked if one.choices]


def asks_who_helped(survey: Survey) -> bool:
    return survey.audience != PRACTITIONER


def asks_what_was_meant(survey: Survey) -> bool:
    """Whether a helper may say what they think a young person meant, apart from their words."""
    return survey.audience == YOUNG


class Wrong(Enum):
    """What can be wrong with what is said about a helper. Each page has its own sentence for it."""

    NOT_ASKED = "not asked"
    NO_CHOICE = "not one of the choices"
    NOBODY_HELPED = "a helper's view where nobody helped"
    TOO_LONG = "too long"


def wrong_help(survey: Survey, help: str, helper: str, words: str) -> Iterator[tuple[str, Wrong]]:
    """The field and its fault. Help is said only where it is asked; a view not without help."""
    asked = asks_who_helped(survey)
    for name, choice, known in (
        ("help", help, Response.Help.values),
        ("helper", helper, Response.Helper.values),
    ):
        if choice and not asked:
            yield name, Wrong.NOT_ASKED
        elif choice and choice not in known:
            yield name, Wrong.NO_CHOICE
    if words and not asks_what_was_meant(survey):
        yield "helper_words", Wrong.NOT_ASKED
    elif words and help == Response.Help.NONE:
        yield "helper_words", Wrong.NOBODY_HELPED
    elif len(words) > LONGEST_VIEW:
        yield "helper_words", Wrong.TOO_LONG


def described(response: Response) -> list[tuple[Text, Text]]:
    """What this person said about themselves and their help, as it was put: for reading it back."""
    said = by_themselves(response)
    if response.helper_words:
        said.append((_("What the helper thinks"), response.helper_words))
    return said


def by_themselves(response: Response) -> list[tuple[Text, Text]]:
    """The same without what the helper thinks, which is not the person's."""
    chosen = {one.question: one.choice for one in response.about.all()}
    said: list[tuple[Text, Text]] = [
        (question.text, question.words_for(chosen[question.key]))
        for question in QUESTIONS
        if question.key in chosen
    ]
    if response.help:
        said.append((HELP_TEXT, dict(HELP)[Response.Help(response.help)]))
    if response.helper:
        said.append((HELPER_TEXT, dict(HELPER)[Response.Helper(response.helper)]))
    return said


def _with_places(question: AboutQuestion, survey: Survey) -> AboutQuestion:
    """For the place: the area's own list, each line both kept and shown."""
    if question.key != PLACE:
        return question
    lines = (line.strip()[:LONGEST] for line in survey.consultation.area.places.splitlines())
    places = tuple((line, line) for line in dict.fromkeys(lines) if line)
    return AboutQuestion(question.key, question.audience, question.text, places)
