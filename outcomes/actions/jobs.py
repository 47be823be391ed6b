"""Long work for the worker: asked for, cancelled, and what it made taken away."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import PLACES, consultation_of
from outcomes.actions.foreseeing import Row, as_they_stand
from outcomes.actions.uncoding import refuse_under_way
from outcomes.models import Idea, Job
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
NOT_COUNTED = (
    "This was confirmed already, or it was counted more than a day ago. Choose the ideas again."
)
NONE_LEFT = "None of these ideas is there to be read any longer."
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
    """One decision for many ideas, all of which it changes. Each is kept as it stands now: what
    somebody else decides about it before its turn comes is not overwritten."""
    keys = [idea.pk for idea in ideas]
    rows: list[Any] = []
    for start in range(0, len(keys), AT_A_TIME):
        rows += as_they_stand(keys[start : start + AT_A_TIME])
    asked = {"what": what, "themes": [theme.pk for theme in themes], "back": back}
    return _ask_about(rows, consultation_of(ideas[0]), asked, by, now, confirmed=True)


def ask_what_changes(
    *,
    keys: Sequence[int],
    what: str,
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    back: str = "",
) -> Job:
    """Have it counted what one decision for these ideas would change. Nothing does before
    confirm_codes()."""
    asked = {"what": what, "themes": [theme.pk for theme in themes], "back": back}
    return _ask_about(keys, _first_of(keys), asked, by, now, confirmed=False)


def ask_what_changes_back(
    *, keys: Sequence[int], made_by: User, made_at: datetime, by: User, now: datetime
) -> Job:
    """The same of taking back what was decided for these ideas at that moment."""
    refuse_under_way(made_by=made_by, made_at=made_at)
    made = {"by": made_by.pk, "at": made_at.astimezone(UTC).isoformat()}
    asked = {"what": "undo", "themes": [], "made": made, "back": ""}
    return _ask_about(keys, _first_of(keys), asked, by, now, confirmed=False)


@transaction.atomic
def confirm_codes(*, job: Job, by: User, now: datetime) -> Job:
    """Decide as a job has counted, about each of the ideas that still stands as it did. Once."""
    job = Job.objects.select_for_update().get(pk=job.pk, asked_by=by)
    if not can_be_confirmed(job):
        raise FileGone(NOT_COUNTED)
    assert job.made is not None  # noqa: S101 - can_be_confirmed() asked for it
    rows = unpacked(bytes(job.made))
    asked = {key: job.asked[key] for key in ("what", "themes", "made", "back") if key in job.asked}
    if made := asked.get("made"):
        made_by, made_at = User.objects.get(pk=made["by"]), datetime.fromisoformat(made["at"])
        refuse_under_way(made_by=made_by, made_at=made_at)
    forget_made([job])
    return _ask_about(rows, job.consultation, asked, by, now, confirmed=True)


def _first_of(keys: Sequence[int]) -> Consultation:
    for start in range(0, len(keys), AT_A_TIME):
        ideas = Idea.objects.select_related(*PLACES).filter(pk__in=keys[start : start + AT_A_TIME])
        if first := ideas.order_by("pk").first():
            return consultation_of(first)
    raise FileGone(NONE_LEFT)


def _ask_about(
    rows: Sequence[int] | Sequence[Row],
    consultation: Consultation,
    asked: Mapping[str, Any],
    by: User,
    now: datetime,
    *,
    confirmed: bool,
) -> Job:
    """The ideas wait in `made`, which goes as soon as the job has ended."""
    made = packed(rows)
    of = {"number": len(rows), "sha256": sha256(made).hexdigest(), "confirmed": confirmed}
    return _ask(Kind.CODES, consultation, {**asked, **of}, by, now, made=made)


def packed(rows: Sequence[Any]) -> bytes:
    return zlib.compress(json.dumps(list(rows), separators=(",", ":")).encode())


def unpacked(made: bytes) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(made))
    return found


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


def ask_to_check_code_book(
    *, consultation: Consultation, name: str, book: bytes, kind: str, by: User, now: datetime
) -> Job:
    """Have a code book for the consultation's area checked and kept, used by nothing yet. It waits
    in `made`, and `kind` is its ending."""
    asked = {"as": kind, "name": name, "sha256": sha256(book).hexdigest()}
    return _ask(Kind.CODEBOOK, consultation, asked, by, now, made=book)


@transaction.atomic
def confirm_themes(*, job: Job, by: User, now: datetime) -> Job:
    """Bring in the sheet that a job has read, all of whose rows are right. Once."""
    job = Job.objects.select_for_update().get(pk=job.pk, asked_by=by)
    if not can_be_confirmed(job):
        raise FileGone(NOT_WAITING)
    assert job.made is not None  # noqa: S101 - can_be_confirmed() asked for it
    sheet, kind = bytes(job.made), job.asked["as"]
    forget_made([job])
    return ask_for_themes(
        consultation=job.consultation, sheet=sheet, kind=kind, by=by, now=now, confirmed=True
    )


def can_be_confirmed(job: Job) -> bool:
    """Whether it read a sheet, or counted, and found something to change and nothing wrong; and
    what it found is there."""
    if job.kind not in (Kind.THEMES, Kind.CODES) or job.state != State.DONE:
        return False
    if job.asked["confirmed"]:
        return False
    of_sheet = job.kind == Kind.THEMES
    if not (job.asked["kinds"].get("change") if of_sheet else job.asked["changed"]):
        return False
    return Job.objects.filter(pk=job.pk, made__isnull=False).exists()


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
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
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
