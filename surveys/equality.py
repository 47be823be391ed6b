"""The equality questions: which there are, and which of them a survey asks whom.

The words are those of the GOV.UK Design System's pattern "Equality information"
(https://design-system.service.gov.uk/patterns/equality-information/), as it stood in November
2026; the bands of age and "Do you get extra help?" are ours. Another set of words is another name
in QUESTION_SET, so that what was counted is never mixed. Nobody's date of birth is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.about_you import AGE
from surveys.models import Audience, Response, Survey

QUESTION_SET = "govuk-2026-11"
PREFER_NOT = "prefer_not_to_say"
Text = str | Promise


@dataclass(frozen=True)
class Asked:
    """One question as it is asked: `only_if` names a question and the choice that it follows."""

    key: str
    text: Text
    choices: tuple[tuple[str, Text], ...]
    hint: Text = ""
    notes: tuple[tuple[str, Text], ...] = ()  # a choice and the words under it
    only_if: tuple[str, str] | None = None

    def takes(self, choice: str) -> bool:
        return choice == PREFER_NOT or choice in dict(self.choices)


BANDS_OF_ADULTS = (
    ("under_25", _("Under 25")),
    ("25_to_34", _("25 to 34")),
    ("35_to_44", _("35 to 44")),
    ("45_to_54", _("45 to 54")),
    ("55_to_64", _("55 to 64")),
    ("65_over", _("65 or over")),
)
BANDS_FROM_16 = (("16_to_18", _("16 to 18")), ("19_to_25", _("19 to 25")))
BANDS_OF_THE_YOUNG = (("11_to_13", _("11 to 13")), ("14_to_15", _("14 or 15")), *BANDS_FROM_16)
YES_NO = (("yes", _("Yes")), ("no", _("No")))


def _age(bands: tuple[tuple[str, Text], ...]) -> Asked:
    return Asked("age", _("How old are you?"), bands)


SEX = Asked("sex", _("What is your sex?"), (("female", _("Female")), ("male", _("Male"))))
CONDITION = Asked(
    "condition",
    _(
        "Do you have any physical or mental health conditions or illness lasting or expected to "
        "last 12 months or more?"
    ),
    YES_NO,
)
CONDITION_EFFECT = Asked(
    "condition_effect",
    _(
        "Do any of your conditions or illnesses reduce your ability to carry out day to day "
        "activities?"
    ),
    (
        ("a_lot", _("Yes, a lot")),
        ("a_little", _("Yes, a little")),
        ("not_at_all", _("Not at all")),
    ),
    hint=_("Only answer this if you said yes to the question before it."),
    only_if=("condition", "yes"),
)
ETHNIC_GROUP = Asked(
    "ethnic_group",
    _("What is your ethnic group?"),
    (
        ("white", _("White")),
        ("mixed", _("Mixed or multiple ethnic groups")),
        ("asian", _("Asian or Asian British")),
        ("black", _("Black, African, Caribbean or Black British")),
        ("other", _("Other ethnic group")),
    ),
)
EXTRA_HELP = Asked(
    "extra_help",
    _("Do you get extra help?"),
    YES_NO,
    hint=_("For example, at school, at college or at home."),
)
RELIGION = Asked(
    "religion",
    _("What is your religion?"),
    (
        ("none", _("No religion")),
        ("christian", _("Christian")),
        ("buddhist", _("Buddhist")),
        ("hindu", _("Hindu")),
        ("jewish", _("Jewish")),
        ("muslim", _("Muslim")),
        ("sikh", _("Sikh")),
        ("other", _("Any other religion")),
    ),
    notes=(
        (
            "christian",
            _(
                "Including Church of England, Catholic, Protestant and all other Christian "
                "denominations"
            ),
        ),
    ),
)
SEXUAL_ORIENTATION = Asked(
    "sexual_orientation",
    _("Which of the following options best describes how you think of yourself?"),
    (
        ("straight", _("Heterosexual or straight")),
        ("gay", _("Gay or lesbian")),
        ("bisexual", _("Bisexual")),
        ("other", _("Other")),
    ),
)
GENDER_IDENTITY = Asked(
    "gender_identity",
    _("Is the gender you identify with the same as your sex registered at birth?"),
    YES_NO,
)

# Off until somebody records, for one survey, why it is needed (ExtraEqualityQuestion).
OFF_BY_DEFAULT = (RELIGION, SEXUAL_ORIENTATION, GENDER_IDENTITY)
OFF_CHOICES = [(one.key, one.text) for one in OFF_BY_DEFAULT]
# How about-you calls the bands of age of the youngest, and of those who are 16 or over.
UNDER_11 = "under_11"
FROM_16 = {"16_to_18", "19_to_25"}


def questions_for(response: Response) -> tuple[Asked, ...]:
    """What this person is asked; nothing where the survey asks none, or is for under 11s.

    A young person is asked what adults are only after saying that they are 16 or over.
    """
    survey = response.survey
    if not survey.asks_equality or survey.ages == Survey.Ages.UNDER_11:
        return ()
    if survey.audience != Audience.YOUNG_PERSON:
        return _as_adults(BANDS_OF_ADULTS, survey)
    ages = set(response.about.filter(question=AGE).values_list("choice", flat=True))
    if ages & FROM_16:
        return _as_adults(BANDS_FROM_16, survey)
    if UNDER_11 in ages:
        return ()
    return _age(BANDS_OF_THE_YOUNG), ETHNIC_GROUP, EXTRA_HELP


def offered(survey: Survey) -> tuple[Asked, ...]:
    """All that somebody in a survey may be asked; which of it, the person's age may decide."""
    if survey.ages == Survey.Ages.UNDER_11:
        return ()
    if survey.audience != Audience.YOUNG_PERSON:
        return _as_adults(BANDS_OF_ADULTS, survey)
    return *_as_adults(BANDS_OF_THE_YOUNG, survey), EXTRA_HELP


def _as_adults(bands: tuple[tuple[str, Text], ...], survey: Survey) -> tuple[Asked, ...]:
    extra = set(survey.extra_equality.values_list("question", flat=True))
    more = (one for one in OFF_BY_DEFAULT if one.key in extra)
    return _age(bands), SEX, CONDITION, CONDITION_EFFECT, ETHNIC_GROUP, *more


def taken(asked: Iterable[Asked], choices: dict[str, str]) -> dict[str, str]:
    """Of what was chosen, what was asked and offered, in the order of the questions' keys."""
    kept = {}
    for one in sorted(asked, key=lambda one: one.key):
        choice = choices.get(one.key, "")
        follows = one.only_if is None or choices.get(one.only_if[0]) == one.only_if[1]
        if follows and one.takes(choice):
            kept[one.key] = choice
    return kept
