"""Typing a sample of what was entered a second time, by somebody who did not see the first."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from surveys.actions.auditing import record
from surveys.actions.received import key_of
from surveys.actions.responding import locked
from surveys.dates import day_of, in_words
from surveys.models import Answer, EntryCheck, Question, Response
from surveys.refusals import BadText, NotAllowed
from surveys.screening import have_screened
from surveys.texts import storable

ONE_IN = 10


@dataclass(frozen=True)
class Agreement:
    """How the second typing went so far."""

    checked: int
    same: int
    first: int
    second: int

    @property
    def unsettled(self) -> int:
        return self.checked - self.same - self.first - self.second


def entered() -> QuerySet[Response]:
    """What was typed from something that can be read again: not what was said by phone, and not
    what is withheld."""
    sent = Response.objects.sent().filter(entered_by__isnull=False)
    withheld = Answer.objects.withheld().values("response")
    return sent.exclude(channel=Response.Channel.PHONE).exclude(pk__in=withheld)


def draw(reference: str) -> int:
    """The lot of a response: the same for ever, and nobody's choice."""
    return int(hashlib.sha256(reference.encode()).hexdigest(), 16)


def sample(references: Collection[str], checked: Collection[str] = ()) -> set[str]:
    """One in ten by lot, and one where there would be none; what was checked stays in it."""
    drawn = {one for one in references if draw(one) % ONE_IN == 0} | set(checked)
    return drawn or set(sorted(references, key=draw)[:1])


def waiting() -> QuerySet[Response]:
    """What waits for its second typing, the oldest first: the sample of each survey."""
    of_survey: dict[int, set[str]] = defaultdict(set)
    checked: dict[int, set[str]] = defaultdict(set)
    rows = entered().values_list("survey_id", "reference", "entry_check")
    for survey, reference, check in rows:
        (checked if check else of_survey)[survey].add(reference)
    chosen = [one for key, new in of_survey.items() for one in sample(new, checked[key])]
    return entered().filter(reference__in=chosen, entry_check=None).order_by("started_at", "pk")


def said_in(response: Response) -> dict[str, str]:
    """What it says in words and verdicts, by the same names as the second typing."""
    words: dict[str, str] = {}
    for answer in response.answers.select_related("question"):
        key = key_of(answer.question)
        words |= {key: answer.text, f"{key}-choice": answer.choice}
    return {key: text for key, text in words.items() if text}


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """The names under which they differ in more than spaces and line ends."""
    return [
        key
        for key in {**first, **second}
        if first.get(key, "").split() != second.get(key, "").split()
    ]


@transaction.atomic
def check_entry(
    *, response: Response, texts: Mapping[str, str], by: User, now: datetime
) -> EntryCheck:
    """Keep what a second person typed, by the `key_of` each question, and whether it differs."""
    response = locked(response)
    if response.entered_by_id == by.pk:
        raise NotAllowed("You typed these answers in. Somebody else types them a second time.")
    done = EntryCheck.objects.filter(response=response).first()
    if done:
        raise NotAllowed(f"It was typed a second time already, on {in_words(day_of(done.at))}.")
    if not waiting().filter(pk=response.pk).exists():
        raise NotAllowed("These answers are not in the sample that is typed a second time.")
    texts = {key: tidy for key, text in texts.items() if (tidy := storable(text).strip())}
    if not texts:
        raise BadText("Type what is on the paper.")
    _must_fit(response, texts)
    differs = bool(differing(said_in(response), texts))
    made = EntryCheck.objects.create(response=response, texts=texts, differs=differs, by=by, at=now)
    record(what="entry: typed a second time", about=response, by=by, now=now)
    return made


def _must_fit(response: Response, texts: Mapping[str, str]) -> None:
    questions = list(response.survey.questions.all())
    known = {key_of(one) for one in questions}
    known |= {f"{key_of(one)}-choice" for one in questions if one.has_verdict}
    if not known.issuperset(texts):
        raise BadText("This survey does not ask that.")
    for question in questions:
        text = texts.get(key_of(question), "")
        if len(text) > question.max_chars:
            raise BadText(
                f"Use {question.max_chars:,} characters or fewer for “{question}”. "
                f"It has {len(text):,}."
            )
        if texts.get(f"{key_of(question)}-choice", "") not in ("", *Answer.Choice.values):
            raise BadText("Choose yes, nearly, no or not sure, or nothing.")


@transaction.atomic
def settle_check(*, check: EntryCheck, keep: str, by: User, now: datetime) -> Response:
    """Say which typing stands. The second one's words are new rows: no answer is ever edited."""
    response = locked(check.response)
    check = EntryCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if not check.differs:
        raise NotAllowed("Both typed the same, so there is nothing to settle.")
    if check.kept:
        raise NotAllowed("Somebody has settled this already.")
    if response.is_withheld:
        raise NotAllowed("These words are withheld. The safeguarding lead reads them first.")
    if keep not in EntryCheck.Kept.values:
        raise BadText("Choose which of the two stands.")
    if keep == EntryCheck.Kept.SECOND:
        _put_second(response, check.texts)
    check.kept, check.settled_by, check.settled_at = keep, by, now
    check.save()
    record(what="entry: settled", about=response, by=by, now=now, detail=f"{keep} typing stands")
    return response


def _put_second(response: Response, texts: Mapping[str, str]) -> None:
    """Answers that were typed the same stay the same rows, with all that was made of them."""
    others = set(differing(said_in(response), texts))
    for question in response.survey.questions.prefetch_related("wordings"):
        key = key_of(question)
        if others.isdisjoint({key, f"{key}-choice"}):
            continue
        response.answers.filter(question=question).delete()
        _put(response, question, texts.get(key, ""), texts.get(f"{key}-choice", ""))
    if not response.has_answers():
        raise BadText("Nothing would be left of these answers.")
    have_screened(responses=[response])


def _put(response: Response, question: Question, text: str, choice: str) -> None:
    if text or choice:
        wording = question.wording(response.wording_form, response.language)
        Answer.objects.create(
            response=response,
            question=question,
            wording=wording.stored(),
            text=text,
            choice=choice,
        )


def agreement() -> Agreement:
    rows = EntryCheck.objects.filter(response__in=entered())

    def number(**which: object) -> int:
        return rows.filter(Q(**which)).count()

    return Agreement(
        checked=rows.count(),
        same=number(differs=False),
        first=number(kept=EntryCheck.Kept.FIRST),
        second=number(kept=EntryCheck.Kept.SECOND),
    )
