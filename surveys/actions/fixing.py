"""Correcting words that people have seen: each fix is a version, with a reason."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from surveys.actions.auditing import record
from surveys.actions.surveying import held
from surveys.models import QuestionWording, Survey, SurveyFix, SurveyWording
from surveys.models.survey import ENGLISH, Form
from surveys.refusals import BadText, Refusal
from surveys.texts import required, storable

LONGEST_TITLE = 200
LONGEST_QUESTION = 300
MAY_BE_EMPTY = {"how_to_hear_more"}


class WordsChanged(Refusal):
    """Somebody else corrected the survey's words since the page was made."""


@transaction.atomic
def fix_wording(
    *,
    wording: QuestionWording,
    text: str,
    hint: str,
    reason: str,
    seen: int,
    by: User,
    now: datetime,
) -> SurveyFix:
    """Correct how a question is put while people answer it.

    The words are a new row of the survey's next version; answers keep those they were given under.
    `seen` is the survey's version that the page showed.
    """
    survey = _to_fix(wording.question.survey, seen, now)
    asked = wording.question
    if asked.has_verdict and (wording.form, wording.language) == (Form.STANDARD, ENGLISH):
        raise BadText("These are the exact words of an outcome, so they stay as they are.")
    text = required(text, "Write the question.")
    if len(text) > LONGEST_QUESTION:
        raise BadText(f"Use {LONGEST_QUESTION} characters or fewer for the question.")
    hint = storable(hint).strip()
    newest = asked.wordings.filter(form=wording.form, language=wording.language).last()
    before = newest or wording
    if (text, hint) == (before.text, before.hint):
        raise BadText("Nothing is different. Change the words, then send them.")
    fix = _fixed(
        survey,
        what=f"question {asked.order}, {wording.get_form_display()}, {wording.language}",
        before=_lines(before.text, before.hint),
        after=_lines(text, hint),
        reason=reason,
        by=by,
        now=now,
    )
    QuestionWording.objects.create(
        question=asked,
        form=wording.form,
        language=wording.language,
        text=text,
        hint=hint,
        version=fix.version,
    )
    return fix


@transaction.atomic
def fix_survey_words(
    *,
    survey: Survey,
    wording: SurveyWording | None,
    words: Mapping[str, str],
    reason: str,
    seen: int,
    by: User,
    now: datetime,
) -> SurveyFix:
    """Correct the survey's own words, or with `wording` those of another form or language.

    `words` may name any of SurveyWording.WORDS; the words before are kept in the fix.
    """
    survey = _to_fix(survey, seen, now)
    put = survey.wordings.get(pk=wording.pk) if wording else survey
    new = {name: storable(words[name]).strip() for name in SurveyWording.WORDS if name in words}
    changed = {name: text for name, text in new.items() if text != getattr(put, name)}
    if not changed:
        raise BadText("Nothing is different. Change the words, then send them.")
    _must_say_something(changed, may_be_empty=wording is not None)
    before = {name: getattr(put, name) for name in changed}
    for name, text in changed.items():
        setattr(put, name, text)
    put.save(update_fields=list(changed))
    where = f"{wording.get_form_display()}, {wording.language}" if wording else "its own words"
    names = ", ".join(name.replace("_", " ") for name in changed)
    return _fixed(
        survey,
        what=f"{names} ({where})",
        before=_lines(*before.values()),
        after=_lines(*changed.values()),
        reason=reason,
        by=by,
        now=now,
    )


def _must_say_something(changed: Mapping[str, str], *, may_be_empty: bool) -> None:
    for name, text in changed.items():
        if not text and not may_be_empty and name not in MAY_BE_EMPTY:
            raise BadText(f"The {name.replace('_', ' ')} cannot be empty.")
    if len(changed.get("title", "")) > LONGEST_TITLE:
        raise BadText(f"Use {LONGEST_TITLE} characters or fewer for the title.")


def _to_fix(survey: Survey, seen: int, now: datetime) -> Survey:
    survey = held(survey)
    if not survey.has_opened(now):
        raise BadText("This survey has not opened. Change its words on its own page.")
    if survey.version != seen:
        raise WordsChanged(
            "Somebody corrected words of this survey after you opened this page. Nothing was "
            "changed just now. Read what the words are now, then send yours again."
        )
    return survey


def _fixed(
    survey: Survey, *, what: str, before: str, after: str, reason: str, by: User, now: datetime
) -> SurveyFix:
    """The survey's next version, with what it corrects and why."""
    reason = required(reason, "Say why the words have to change while people answer.")
    survey.version += 1
    survey.save(update_fields=["version"])
    record(what="corrected a survey’s words", about=survey, by=by, now=now, detail=what[:200])
    return SurveyFix.objects.create(
        survey=survey,
        version=survey.version,
        what=what[:200],
        before=before,
        after=after,
        reason=reason,
        by=by,
        at=now,
    )


def _lines(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
