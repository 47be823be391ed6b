"""Long work for the worker: asked for, cancelled, and what it made taken away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.carrying import current_codings
from outcomes.actions.coding import consultation_of, suggested_themes
from outcomes.models import Disposition, Idea, Job
from outcomes.tasks import carry_out_job
from surveys.actions import record
from surveys.models import Consultation, Passage, Theme
from surveys.refusals import Refusal

Kind, State = Job.Kind, Job.State
MOST_UNDER_WAY = 3
KEPT_FOR = timedelta(days=1)
AT_A_TIME = 2_000
# More of them than this are the worker's; fewer are decided on while the person waits.
MANY_IDEAS = 1_000
TOO_MANY = "Three things that you asked for are not done yet. Wait for one of them, or cancel it."
GONE = (
    "This file is not there any longer: it was deleted a day after it was made, or because a name "
    "in it was hidden or withheld since. Ask for it again."
)
WORDS_WENT = (
    "Since this file was made, words in it were withheld, hidden, changed or taken back. It was "
    "deleted. Ask for it again."
)


NOT_WAITING = (
    "This sheet was confirmed already, or it was sent more than a day ago. To bring it in, choose "
    "the file again."
)


class TooMuchAsked(Refusal):
    """Somebody has as many jobs under way as one person may have."""


class FileGone(Refusal):
    """What a job made is not there any more, or may not be taken any more."""


def ask_for_file(
    *, consultation: Consultation, what: str, kind: str, by: User, now: datetime
) -> Job:
    """Have a file written: `what` is its path under Take out and bring in, `kind` its ending."""
    asked = {"what": what, "as": kind}
    return _ask(Kind.FILE, consultation, asked, by, now)


def ask_for_codes(
    *,
    ideas: Sequence[Idea],
    what: str,
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    back: str = "",
) -> Job:
    """One decision for many ideas. Each is kept as it stands now: what somebody else decides about
    it before its turn comes is not overwritten."""
    asked = {
        "what": what,
        "themes": [theme.pk for theme in themes],
        "ideas": as_they_stand([idea.pk for idea in ideas]),
        "back": back,
    }
    return _ask(Kind.CODES, consultation_of(ideas[0]), asked, by, now)


def ask_for_themes(
    *,
    consultation: Consultation,
    sheet: bytes,
    kind: str,
    by: User,
    now: datetime,
    confirmed: bool = False,
) -> Job:
    """Have a sheet read, to see what it would change; or, confirmed, brought in. It waits in
    `made`, and `kind` is its ending."""
    asked = {"as": kind, "sha256": sha256(sheet).hexdigest(), "confirmed": confirmed}
    return _ask(Kind.THEMES, consultation, asked, by, now, made=sheet)


@transaction.atomic
def confirm_themes(*, job: Job, by: User, now: datetime) -> Job:
    """Bring in the sheet that a job has read, all of whose rows are right. Once."""
    job = Job.objects.select_for_update().get(pk=job.pk, asked_by=by)
    if not can_be_confirmed(job) or job.made is None:
        raise FileGone(NOT_WAITING)
    sheet, kind = bytes(job.made), job.asked["as"]
    forget_made([job])
    return ask_for_themes(
        consultation=job.consultation, sheet=sheet, kind=kind, by=by, now=now, confirmed=True
    )


def can_be_confirmed(job: Job) -> bool:
    """Whether it read a sheet that changes something, and nothing in it is wrong."""
    done = job.kind == Kind.THEMES and job.state == State.DONE and not job.asked["confirmed"]
    return done and bool(job.asked["kinds"].get("change"))


@transaction.atomic
def _ask(
    kind: str,
    consultation: Consultation,
    asked: Mapping[str, Any],
    by: User,
    now: datetime,
    made: bytes | None = None,
) -> Job:
    """Queue it. The same asked for again while the first is under way is the first."""
    User.objects.select_for_update().get(pk=by.pk)
    own = list(Job.objects.under_way().filter(asked_by=by).defer("made"))
    for one in own:
        of_same = (one.kind, one.consultation_id) == (kind, consultation.pk)
        if of_same and asked.items() <= one.asked.items():
            return one
    if len(own) >= MOST_UNDER_WAY:
        raise TooMuchAsked(TOO_MANY)
    job: Job = Job.objects.create(
        kind=kind, consultation=consultation, asked=asked, made=made, asked_by=by, asked_at=now
    )
    carry_out_job.enqueue(job_id=job.pk)
    return job


def as_they_stand(keys: Sequence[int]) -> list[list[int | None]]:
    """Of each of these ideas that can be read: its key, and those of its current code, its
    disposition and the theme that is suggested for it."""
    found: list[list[int | None]] = []
    for start in range(0, len(keys), AT_A_TIME):
        some = keys[start : start + AT_A_TIME]
        ideas = list(Idea.objects.filter(pk__in=some).order_by("pk"))
        codes = current_codings([idea.pk for idea in ideas])
        ended = Disposition.objects.current().filter(idea__in=ideas)
        ends = dict(ended.values_list("idea", "pk"))
        themes = suggested_themes(ideas)
        for idea in ideas:
            code, theme = codes.get(idea.pk), themes.get(idea.pk)
            keys_of = (code.pk if code else None, ends.get(idea.pk), theme.pk if theme else None)
            found.append([idea.pk, *keys_of])
    return found


@transaction.atomic
def cancel_job(*, job: Job, by: User, now: datetime) -> Job:
    """Stop it: the worker sees it at its next step. What it decided until then stays decided."""
    job = _held(job, by)
    if job.is_under_way:
        job.state, job.finished_at, job.made = State.CANCELLED, now, None
        job.save()
    return job


def take_file(*, job: Job, by: User, now: datetime) -> Job:
    """The job with the file it made, which leaves the portal: that is in the audit log."""
    job = Job.objects.select_related("consultation").get(pk=job.pk, asked_by=by)
    if job.made is None:
        raise FileGone(GONE)
    if not still_sealed(job):
        forget_made([job])
        raise FileGone(WORDS_WENT)
    detail = f"{job.made_name}: {job.total} rows"
    record(what="exported", about=job.consultation, by=by, now=now, detail=detail)
    return job


def seal(consultation: Consultation, until: datetime) -> str:
    """Changes with any word that staff may read of what was screened until then.

    What is screened later is in no file that was made before.
    """
    rows = Passage.objects.filter(consultation=consultation, screened_at__lte=until)
    digest = sha256()
    for key, words in rows.counted().order_by("pk").values_list("pk", "words").iterator():
        digest.update(f"{key} {len(words)} {words}".encode(errors="surrogatepass"))
    return digest.hexdigest()


def still_sealed(job: Job) -> bool:
    until = datetime.fromisoformat(job.asked["until"])
    return bool(seal(job.consultation, until) == job.asked["seal"])


def forget_made(jobs: Iterable[Job]) -> int:
    return Job.objects.filter(pk__in=[one.pk for one in jobs]).update(made=None)


def _held(job: Job, by: User) -> Job:
    return Job.objects.select_for_update().defer("made").get(pk=job.pk, asked_by=by)
