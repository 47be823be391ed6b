"""The privacy notice: a new version of it, or a translation of the newest."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.auditing import record
from surveys.models import Area, PrivacyNotice
from surveys.models.survey import ENGLISH
from surveys.refusals import BadText
from surveys.texts import required

MOST_IN_A_NOTICE = 30_000


@transaction.atomic
def publish_notice(
    *, area: Area, body: str, by: User, now: datetime, language: str = ENGLISH
) -> PrivacyNotice:
    """Tell people something new: English words get the next number, a translation the newest."""
    body = required(body, "Write the notice before you publish it.")
    if len(body) > MOST_IN_A_NOTICE:
        raise BadText(f"Use {MOST_IN_A_NOTICE:,} characters or fewer in a notice.")
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    notice = PrivacyNotice.objects.create(
        area=area,
        number=_number(area, body, language),
        language=language,
        body=body,
        published_at=now,
        published_by=by,
    )
    record(what="published a privacy notice", about=notice, by=by, now=now, detail=language)
    return notice


def _number(area: Area, body: str, language: str) -> int:
    notices = PrivacyNotice.objects.filter(area=area)
    english = notices.filter(language=ENGLISH).order_by("-number").first()
    if language == ENGLISH:
        if english and english.body == body:
            raise BadText(f"Nothing is new: notice {english.number} has these very words.")
        return english.number + 1 if english else 1
    if english is None:
        raise BadText("Publish the notice in English first, then its translation.")
    if notices.filter(number=english.number, language=language).exists():
        raise BadText(
            f"Notice {english.number} has been translated already, and a notice is never edited. "
            "Publish it in English again, with what is new; then translate that."
        )
    return english.number
