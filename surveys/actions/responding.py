"""Answering a survey: begin, save, come back, send."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.actions.auditing import record_many
from surveys.dates import closing_words
from surveys.models import (
    Answer,
    Concern,
    Form,
    PrivacyNotice,
    Question,
    QuestionWording,
    Response,
    Survey,
    Tick,
)
from surveys.models.response import code_hashes, new_code
from surveys.models.survey import ENGLISH
from surveys.refusals import (
    AlreadySent,
    AnswerChangedElsewhere,
    AnswerRefused,
    AnswersChanged,
    NothingAnswered,
    SurveyClosed,
)
from surveys.screening import have_screened
from surveys.texts import storable

# What a response says beside its answers; and what a changed draft hands on to the one it changes.
BESIDE_ANSWERS = ("wording_form", "language", "may_quote", "help", "helper", "helper_words")
WORDS_CHANGED = "Whoever wrote the words changed them after this was raised."
HANDED_ON = (*BESIDE_ANSWERS, "privacy_notice", "sent_at", "in_grace")


def begin_response(
    *,
    survey: Survey,
    now: datetime,
    form: str = "",
    language: str = ENGLISH,
    source: str = "",
    pilot_key: str = "",
) -> tuple[Response, str]:
    """A new draft and its receipt code. The code is stored only as a hash: show it now.

    `pilot_key` lets somebody try a survey before it opens; what they write is wiped at opening.
    A `source` that is none of ours is not kept.
    """
    is_pilot = _may_pilot(survey, pilot_key, now)
    if not is_pilot and not survey.is_open(now):
        raise SurveyClosed(not_open_sentence(survey, now))
    code = new_code()
    response = Response.objects.create(
        survey=survey,
        code_hash=code_hashes(code)[0],
        started_at=now,
        wording_form=form if form in Form.values else survey.first_form,
        language=language,
        source=source if source in Response.Source.values else "",
        privacy_notice=PrivacyNotice.objects.in_force(survey.consultation.area, language),
        is_pilot=is_pilot,
    )
    return response, code


def find_response(*, code: str) -> Response | None:
    """The draft or sent response that a code opens."""
    return Response.objects.with_code(code).select_related("survey").first()


def fingerprint_of_answers(response: Response) -> str:
    """Names all that a response says together, as it stands now.

    A change that was put in place has the same name as the response it changed.
    """
    sent = response.change_of
    said = [
        sent.reference if sent else response.reference,
        sorted((one.question_id, one.text, one.choice) for one in response.answers.all()),
        sorted(response.ticks.values_list("picture_id", flat=True)),
        sorted(response.about.values_list("question", "choice")),
        [response.help, response.helper, response.helper_words],
    ]
    return fingerprint(json.dumps(said))


def fingerprint(text: str) -> str:
    """Names a stored answer in a page without repeating it; "" for no answer."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


@transaction.atomic
def save_answer(
    *,
    response: Response,
    question: Question,
    text: str = "",
    choice: str = "",
    ticks: Collection[int] | None = None,
    ticks_seen: Collection[int] | None = None,
    wording: QuestionWording | None = None,
    seen: str | None,
    now: datetime,
) -> None:
    """Store, change or (for nothing said) remove one answer of a draft.

    `wording` is how the question was put; `ticks` are keys of pictures, None leaves them as they
    are. `seen` is the fingerprint of the stored text that the page showed; None overwrites
    whatever is there. Another text than the one seen is never overwritten. `ticks_seen` are the
    ticks that the page showed; another tick than those, made in another tab, stays.
    """
    response = locked(response)
    must_take(response, now)
    text = storable(text).strip()
    _must_fit(text, question)
    stored = Answer.objects.filter(response=response, question=question).first()
    before = stored.text if stored else ""
    if seen is not None and before not in (text, "") and fingerprint(before) != seen:
        raise AnswerChangedElsewhere(
            _("You have already saved another answer to this question. ")
            + _("Both are below. Keep the words you want in the box."),
            stored=before,
        )
    _store(response, question, text, choice, wording)
    if ticks is not None:
        _store_ticks(response, question, ticks, ticks_seen)


def _must_fit(text: str, question: Question) -> None:
    if len(text) > question.max_chars:
        raise AnswerRefused(
            _("Your answer must be %(most)s characters or fewer. It has %(now)s.")
            % {"most": f"{question.max_chars:,}", "now": f"{len(text):,}"}
        )


def _store(
    response: Response,
    question: Question,
    text: str,
    choice: str,
    wording: QuestionWording | None,
) -> None:
    choice = choice if question.has_verdict and choice in Answer.Choice.values else ""
    if not text and not choice:
        Answer.objects.filter(response=response, question=question).delete()
        return
    Answer.objects.update_or_create(
        response=response,
        question=question,
        defaults={"text": text, "choice": choice, "wording": wording and wording.stored()},
    )


def _store_ticks(
    response: Response,
    question: Question,
    ticks: Collection[int],
    seen: Collection[int] | None,
) -> None:
    gone = response.ticks.filter(picture__question=question).exclude(picture__in=ticks)
    if seen is not None:
        gone = gone.filter(picture__in=seen)
    gone.delete()
    have = set(response.ticks.values_list("picture_id", flat=True))
    offered = question.pictures.filter(pk__in=ticks).exclude(pk__in=have)
    Tick.objects.bulk_create(Tick(response=response, picture=one) for one in offered)


@transaction.atomic
def choose_wording(*, response: Response, form: str, language: str, now: datetime) -> None:
    """Put the questions to this person in another way. What was answered stays."""
    response = locked(response)
    must_take(response, now)
    if form in Form.values:
        response.wording_form = form
    response.language = language
    response.save()


@transaction.atomic
def send_response(
    *, response: Response, may_quote: bool | None, now: datetime, seen: str | None = None
) -> Response:
    """Send a draft. Sending twice changes nothing and gives the same response.

    A draft that changes a sent response is put in its place, and that response is returned.
    `seen` is the `fingerprint_of_answers` that the page showed; other answers are not sent.
    """
    _hold_what_it_changes(response)
    response = locked(response)
    if response.is_sent:
        return response
    must_take(response, now)
    if seen is not None and seen != fingerprint_of_answers(response):
        raise AnswersChanged(_("Nothing was sent. The answers changed after you opened this page."))
    if not response.has_answers():
        number = response.survey.questions.count()
        raise NothingAnswered(
            _("Answer at least one of the %(number)s questions.") % {"number": number}
        )
    response.state = Response.State.SENT
    response.may_quote = may_quote
    response.sent_at = now
    response.in_grace = not response.is_pilot and not response.survey.is_open(now)
    if response.change_of_id is None:
        response.save()
    else:
        response = put_in_place(response, now)
    have_screened(responses=[response])
    return response


def _hold_what_it_changes(draft: Response) -> None:
    """The sent response before its change, as everybody else locks them: nobody waits in a circle.

    Without a change that is still there, `locked` says so.
    """
    if draft.change_of_id is not None:
        Response.objects.select_for_update(of=("self",)).filter(pk=draft.change_of_id).first()


def put_in_place(draft: Response, now: datetime) -> Response:
    """The sent response with what its changed draft says. The draft is gone.

    An answer whose words stay the same stays the same row, so that what officers made of it
    stays too; another is taken out with all that was made of it.
    """
    sent = Response.objects.select_for_update(of=("self",)).get(change=draft)
    new = {answer.question_id: answer for answer in draft.answers.all()}
    moved = []
    for old in sent.answers.all():
        same = new.get(old.question_id)
        if same and (same.text, same.choice) == (old.text, old.choice):
            same.delete()
        else:
            if same and (concern := _stay_withheld(old, same)):
                moved.append((concern, f"of surveys.answer {old.pk}, now {same.pk}"))
            old.delete()
    sent.ticks.all().delete()
    sent.about.all().delete()
    for rows in (draft.answers, draft.ticks, draft.about):
        rows.all().update(response=sent)
    for name in HANDED_ON:
        setattr(sent, name, getattr(draft, name))
    draft.delete()
    sent.save()
    if moved:
        record_many(what="concern: goes over", about=moved, by=None, now=now)
    return sent


def _stay_withheld(old: Answer, new: Answer) -> Concern | None:
    """A worry that stands open goes over to what is put in the place of its words.

    Nobody reads them because a letter was changed. What was told of the old words is not kept.
    """
    if not old.is_withheld or not new.text:
        return None
    reason = old.concern.reason if new.text == old.text else WORDS_CHANGED
    Concern.objects.filter(answer=old).update(answer=new, reason=reason)
    concern: Concern = old.concern
    return concern


def locked(response: Response) -> Response:
    """The row as it is now, held until the transaction ends."""
    rows = Response.objects.select_for_update(of=("self",))
    found = rows.select_related("survey__consultation__area", "privacy_notice").filter(
        pk=response.pk
    )
    if not found:
        raise AlreadySent(_("These answers were sent or thrown away in another tab."))
    return found[0]


def takes(response: Response, now: datetime) -> bool:
    """Whether this draft may be written and sent now."""
    survey = response.survey
    if response.is_pilot:
        return not survey.has_opened(now)
    return survey.takes_from(response.started_at, now)


def must_take(response: Response, now: datetime) -> None:
    if response.is_withdrawn:
        raise AlreadySent(_("You took these answers back. You can start new ones."))
    if response.is_sent:
        raise AlreadySent(_("You have already sent these answers."))
    if not takes(response, now):
        raise SurveyClosed(not_open_sentence(response.survey, now))


def _may_pilot(survey: Survey, pilot_key: str, now: datetime) -> bool:
    waits = not survey.has_opened(now)
    return bool(waits and pilot_key and survey.pilot_key == pilot_key)


def not_open_sentence(survey: Survey, now: datetime) -> str:
    state = survey.state(now)
    if state == Survey.State.CLOSED and survey.closes_on:
        return _("This survey closed at %(moment)s.") % {"moment": closing_words(survey.closes_on)}
    if state == Survey.State.SCHEDULED:
        return _("This survey opens on %(day)s.") % {"day": survey.opens_words}
    return _("This survey is not open yet.")
