"""Words kept as data, in the language of the page where they were put in it."""

from types import SimpleNamespace
from typing import Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop

from surveys.models import Form, Picture, Survey, SurveyWording
from surveys.models.survey import ENGLISH

FORMS = {
    Form.STANDARD: gettext_lazy("Standard"),
    Form.EASY_READ: gettext_lazy("Easy read"),
    Form.UNDER_11: gettext_lazy("Under 11"),
}
LARGE = (Form.EASY_READ, Form.UNDER_11)

# Our own drawings in static/drawings/, and what each usually stands for.
DRAWINGS = {
    "home": gettext_noop("Home"),
    "family": gettext_noop("Family"),
    "friends": gettext_noop("Friends"),
    "school": gettext_noop("School or college"),
    "health": gettext_noop("Being well"),
    "safe": gettext_noop("Feeling safe"),
    "fun": gettext_noop("Having fun"),
    "job": gettext_noop("A job"),
    "own-home": gettext_noop("My own home"),
    "travel": gettext_noop("Travelling"),
    "listened": gettext_noop("Being listened to"),
    "something-else": gettext_noop("Something else"),
}


class Worded(str):
    """Words, and the language they are in."""

    language: str

    def __new__(cls, text: str, language: str = ENGLISH) -> "Worded":
        made = super().__new__(cls, text)
        made.language = language
        return made


def spoken() -> str:
    """The language of the page, as wordings are filed: "en" or "pl", without a region."""
    return (get_language() or ENGLISH).split("-")[0]


def words_of(survey: Survey, form: str) -> Any:
    """The survey's own words in that form and the page's language, each with its language."""
    put = survey.words(form, spoken())
    return SimpleNamespace(
        form=form,
        **{name: _worded(survey, put, name) for name in SurveyWording.WORDS},
    )


def _worded(survey: Survey, put: SurveyWording, name: str) -> Worded:
    """What a wording leaves empty is filled with the survey's own words, which are English."""
    text, own = getattr(put, name), getattr(survey, name)
    return Worded(text, ENGLISH if text == own else put.language)


def label_of(picture: Picture) -> Worded:
    """The word for a picture: in the page's language where it is the usual one of our drawing."""
    usual = DRAWINGS.get(picture.drawing)
    if usual and picture.label == usual:
        return Worded(gettext_lazy(usual), spoken())
    return Worded(picture.label)
