"""What people say about themselves beside their answers."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.about_you import LONGEST_VIEW, Wrong, asked_of, wrong_help
from surveys.actions.responding import locked, must_take
from surveys.models import AboutYou, Response
from surveys.refusals import AnswerRefused
from surveys.texts import storable


@transaction.atomic
def describe_respondent(
    *,
    response: Response,
    about: Mapping[str, str],
    help: str = "",
    helper: str = "",
    helper_words: str = "",
    now: datetime,
) -> Response:
    """Put what a draft says about the person in place of what it said before.

    `about` holds one choice for a question's key; what is not in it, or empty, is not said.
    """
    response = locked(response)
    must_take(response, now)
    about = {key: choice for key, choice in about.items() if choice}
    _must_be_asked(response, about)
    helper_words = storable(helper_words).strip()
    _must_be_help(response, help, helper, helper_words)
    helper = "" if help == Response.Help.NONE else helper
    response.help, response.helper, response.helper_words = help, helper, helper_words
    response.save(update_fields=["help", "helper", "helper_words"])
    response.about.all().delete()
    AboutYou.objects.bulk_create(
        AboutYou(response=response, question=key, choice=choice) for key, choice in about.items()
    )
    return response


def _must_be_asked(response: Response, about: Mapping[str, str]) -> None:
    offered = {one.key: dict(one.choices) for one in asked_of(response.survey)}
    for key, choice in about.items():
        if choice not in offered.get(key, {}):
            raise AnswerRefused(_("Choose one of the answers on the page, or leave it empty."))


def _must_be_help(response: Response, help: str, helper: str, helper_words: str) -> None:
    for name, wrong in wrong_help(response.survey, help, helper, helper_words):
        if name != "helper_words":
            raise AnswerRefused(_("Choose one of the answers on the page, or leave it empty."))
        if wrong is Wrong.NOT_ASKED:
            raise AnswerRefused(_("This survey does not ask what a helper thinks."))
        if wrong is Wrong.NOBODY_HELPED:
            raise AnswerRefused(
                _("You said that nobody helped. Choose how they helped, or empty this box.")
            )
        raise AnswerRefused(
            _("Use %(most)s characters or fewer. It has %(now)s.")
            % {"most": f"{LONGEST_VIEW:,}", "now": f"{len(helper_words):,}"}
        )
