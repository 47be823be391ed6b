"""Carries out a job: writes a file, or many decisions, and says how far it is as it goes.

Only a worker process imports this module. Decisions are carried out in parts, each in a
transaction with the count of what is done: whatever stops the job, the count is true.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from outcomes import actions
from outcomes.actions.coding import consultation_of
from outcomes.actions.foreseeing import Foreseen, as_they_stand, parts_of
from outcomes.actions.jobs import packed, seal, unpacked
from outcomes.admin.sheets_codebook import lines_of_sheet
from outcomes.admin.sheets_compared import ComparedResult
from outcomes.admin.sheets_leaving import MAY, Leaving, leaving
from outcomes.admin.sheets_themes import FORMATS, ThemesResource
from outcomes.book_check import BadCodebook, EngineError, check
from outcomes.models import Idea, Job
from outcomes.models.progress import WorkQuerySet
from surveys.models import Consultation, Theme
from surveys.refusals import Refusal

logger = logging.getLogger(__name__)

State = Job.State
AT_A_TIME = 500
COUNTED_AT_A_TIME = 2_000
PROBLEMS_KEPT = 50
MAY_NOT = "You may no longer do this. Ask whoever gives people their roles."
WORDS_GOING = (
    "While the file was made, words in it were withheld, hidden, changed or taken back. Ask for "
    "it again."
)
THEME_GONE = "A theme that was chosen is not there any longer. Nothing was changed."
NO_CHANGE = "The sheet says what is decided already: nothing will change."
NONE_CHANGES = "None of the {:,} ideas would change."
WRONG = "Nothing was brought in. {}"


class Stopped(Exception):
    """The job was cancelled, or ended by somebody else."""


class CannotBeDone(Refusal):
    """The job cannot be carried out, and says why."""


def carry_out(job_id: int) -> None:
    """Carry out a job that was taken. A failure is kept with it, as a sentence."""
    rows = Job.objects.select_related("consultation__area", "asked_by")
    job = rows.get(pk=job_id)
    try:
        _check(job.asked_by)
        KINDS[Job.Kind(job.kind)](job)
    except Stopped:
        logger.info("Job %s was stopped.", job_id)
    except Refusal as refusal:
        _end(job, State.FAILED, trouble=refusal.sentence, made=None)
    except Exception:
        trouble = "Something went wrong in the worker. Its log says what."
        _end(job, State.FAILED, trouble=trouble, made=None)
        raise


def _check(by: User) -> None:
    """A role may have gone since it was asked for."""
    if not (by.is_active and by.has_perms(MAY)):
        raise CannotBeDone(MAY_NOT)


def _file(job: Job) -> None:
    """Made of what was screened when it began; thrown away where words went meanwhile."""
    of, begun = job.consultation, timezone.now()
    before = seal(of, begun)
    file = leaving(of, job.asked["what"], job.asked["as"], begun)
    if file is None:
        raise CannotBeDone("This file is not offered any longer.")
    data, rows = file.make(_watched(job, file))
    if seal(of, begun) != before:
        raise CannotBeDone(WORDS_GOING)
    until = timezone.now()
    asked = job.asked | {"until": until.isoformat(), "seal": seal(of, until)}
    made = {"made": data, "made_name": file.name, "made_type": file.type}
    said = {"outcome": f"{rows:,} rows.", "done": rows, "total": rows}
    _end(job, State.DONE, asked=asked, **made, **said)


def _watched(job: Job, file: Leaving) -> Callable[[Iterable[Any]], Iterator[Any]]:
    so_far = count()

    def watch(rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            if (number := next(so_far)) % AT_A_TIME == 0:
                _report(job, "Writing the file", min(number, file.size), file.size)
            yield row

    return watch


@dataclass
class Decided:
    """What came of the parts that are done."""

    changed: int = 0
    left: int = 0

    def in_words(self) -> str:
        words = f"{self.changed:,} ideas changed."
        if self.left:
            one = self.left == 1
            were, stay, it = ("was", "stays", "it is") if one else ("were", "stay", "they are")
            words += f" {self.left:,} {were} changed by somebody meanwhile, and {stay} as {it}."
        return words


def _codes(job: Job) -> None:
    assert job.made is not None  # noqa: S101 - the ideas wait there from the beginning
    themes = Theme.objects.in_bulk(job.asked["themes"])
    if len(themes) < len(job.asked["themes"]):
        raise CannotBeDone(THEME_GONE)
    chosen = [themes[key] for key in job.asked["themes"]]
    if job.asked["confirmed"]:
        _decide_all(job, unpacked(bytes(job.made)), chosen)
    else:
        _count(job, unpacked(bytes(job.made)), chosen)


def _count(job: Job, keys: Sequence[int], themes: Sequence[Theme]) -> None:
    """What would change. Those ideas are kept as they stood when it was counted."""
    found = Foreseen()
    for start in range(0, len(keys), COUNTED_AT_A_TIME):
        _report(job, "Counting what would change", start, len(keys))
        found.add(_foreseen(job, keys[start : start + COUNTED_AT_A_TIME], themes))
    number = len(keys)
    outcome = NONE_CHANGES.format(number)
    if found.changed:
        outcome = f"{found.changed:,} of {number:,} ideas will change once you confirm it."
    made = packed(found.rows) if found.changed else None
    told = {"outcome": outcome, "done": number, "total": number}
    _end(job, State.DONE, asked=job.asked | found.told(), made=made, **told)


def _foreseen(job: Job, keys: Sequence[int], themes: Sequence[Theme]) -> Foreseen:
    if job.asked["what"] == "undo":
        return actions.foresee_undo(keys=keys, **_made(job))
    return actions.foresee(keys=keys, what=job.asked["what"], themes=themes)


def _made(job: Job) -> dict[str, Any]:
    """Which decision is taken back."""
    made = job.asked["made"]
    at = datetime.fromisoformat(made["at"])
    return {"made_by": User.objects.get(pk=made["by"]), "made_at": at}


def _decide_all(job: Job, rows: Sequence[list[int | None]], themes: list[Theme]) -> None:
    """One moment for all of it, by which the whole decision can be taken back. Each of the ideas
    would change: what does not was decided anew."""
    now, found = timezone.now(), Decided()
    at = now.astimezone(UTC).isoformat()
    Job.objects.filter(pk=job.pk).update(asked=job.asked | {"at": at})
    stage = "Changing back" if job.asked["what"] == "undo" else "Deciding"
    for start in range(0, len(rows), AT_A_TIME):
        some = rows[start : start + AT_A_TIME]
        with _part(job, stage, start + len(some), len(rows), found):
            changed = _decide(job, _as_seen(job, some), themes, now)
            found.changed += changed
            found.left += len(some) - changed
    _end(job, State.DONE, outcome=found.in_words(), made=None)


def _as_seen(job: Job, rows: Sequence[list[int | None]]) -> list[Idea]:
    """Those of which nobody decided since it was asked for, held until the part is done."""
    least = parts_of(job.asked["what"])
    keys = [row[0] for row in rows if row[0]]
    held = Idea.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    ideas = {one.pk: one for one in held}
    seen = {tuple(row[:least]) for row in rows}
    same = {row[0] for row in as_they_stand(sorted(ideas)) if tuple(row[:least]) in seen}
    return [idea for key, idea in ideas.items() if key in same]


def _decide(job: Job, ideas: list[Idea], themes: list[Theme], now: datetime) -> int:
    by = {"by": job.asked_by, "now": now}
    if job.asked["what"] == "undo":
        return actions.undo_some(ideas=ideas, **_made(job), **by)
    if job.asked["what"] == "accept":
        return actions.accept_several(ideas=ideas, **by)
    if job.asked["what"] == "themes":
        return actions.code_several(ideas=ideas, themes=themes, **by)
    return actions.dispose_several(ideas=ideas, **by)


class Judged(ThemesResource):
    """Reads the rows of a sheet, and decides nothing."""

    def __init__(self, job: Job, rows: int) -> None:
        super().__init__()
        self.job, self.rows = job, rows

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> Any:
        if kwargs["row_number"] % AT_A_TIME == 1:
            _report(self.job, "Reading rows", kwargs["row_number"] - 1, self.rows)
        return super().import_row(row, instance_loader, **kwargs)

    def decide(self, by: User) -> int:
        return 0

    def first_changes(self) -> list[tuple[int, int, str, str]]:
        """Row, key of the idea, what is decided now, what will be."""
        return [(number, idea.pk, now, then) for number, idea, now, then in self.first("change")]


def _themes(job: Job) -> None:
    """Read to the end before any of it is decided: a sheet in which something is wrong is not
    brought in."""
    assert job.made is not None  # noqa: S101 - ask_for_themes() puts the sheet there
    _report(job, "Opening the sheet", 0, 0)
    sheet = FORMATS[job.asked["as"]]().create_dataset(bytes(job.made))
    judged = Judged(job, len(sheet))
    # Without a transaction, which would hide how far it is, and keep others from writing.
    result: ComparedResult = judged.import_data(
        sheet, dry_run=False, use_transactions=False, raise_errors=False, user=job.asked_by
    )
    if problems := result.problems():
        _refuse(job, problems)
    elif job.asked["confirmed"]:
        _bring_in(job, judged, result)
    else:
        _tell(job, judged, result)


def _refuse(job: Job, problems: list[tuple[int | None, str, str]]) -> None:
    told = [list(problem) for problem in problems[:PROBLEMS_KEPT]]
    asked = job.asked | {"problems": told, "more": len(problems) - len(told)}
    trouble = WRONG.format("Below is what is wrong, by row and column.")
    _end(job, State.FAILED, asked=asked, trouble=trouble, made=None)


def _tell(job: Job, judged: Judged, result: ComparedResult) -> None:
    """What confirming would do. No word that was said is kept with the job."""
    first = judged.told[0][1][1]
    asked = job.asked | {"kinds": dict(result.kinds), "ideas": judged.first_changes()}
    changes = result.kinds["change"]
    outcome = f"{changes:,} ideas will change once you confirm it." if changes else NO_CHANGE
    _end(job, State.DONE, asked=asked, consultation=consultation_of(first), outcome=outcome)


def _bring_in(job: Job, judged: Judged, result: ComparedResult) -> None:
    now, found, done = timezone.now(), Decided(left=result.kinds["meanwhile"]), 0
    consultations = Consultation.objects.in_bulk(list(judged.brought))
    total = sum(len(rows) for rows in judged.brought.values())
    for key, rows in sorted(judged.brought.items()):
        for start in range(0, len(rows), AT_A_TIME):
            some = rows[start : start + AT_A_TIME]
            done += len(some)
            with _part(job, "Deciding", done, total, found):
                changed = actions.bring_in_codes(
                    consultation=consultations[key], rows=some, by=job.asked_by, now=now
                )
                found.changed += changed
                found.left += len(some) - changed
    _end(job, State.DONE, outcome=found.in_words(), made=None)


def _codebook(job: Job) -> None:
    """Checked, learned and tried, then kept: no analysis reads it until somebody chooses it."""
    assert job.made is not None  # noqa: S101 - ask_to_check_code_book() puts the file there
    if not job.asked_by.has_perm("outcomes.bring_codebook"):
        raise CannotBeDone(MAY_NOT)
    area = job.consultation.area
    themes = {theme.code: theme.label for theme in area.themes.all()}
    try:
        lines = lines_of_sheet(bytes(job.made), job.asked["as"])
        checked = check(lines, themes, partial(_report, job))
    except BadCodebook as bad:
        _refuse(job, [(one.number, "", one.sentence) for one in bad.mistakes])
        return
    except EngineError as error:
        raise CannotBeDone(WRONG.format(error)) from error
    with _unless_stopped(job):
        book = actions.keep_code_book(
            area=area, name=job.asked["name"], by=job.asked_by, now=timezone.now(), **vars(checked)
        )
        outcome = f"The code book is right, and is kept as “{book}”. No analysis reads it yet."
        _end(job, State.DONE, asked=job.asked | {"book": book.pk}, outcome=outcome, made=None)


KINDS: dict[Job.Kind, Callable[[Job], None]] = {
    Job.Kind.FILE: _file,
    Job.Kind.CODES: _codes,
    Job.Kind.THEMES: _themes,
    Job.Kind.CODEBOOK: _codebook,
}


@contextmanager
def _part(job: Job, stage: str, done: int, total: int, found: Decided) -> Iterator[None]:
    """All of a part, or none of it; none once the job was cancelled."""
    with _unless_stopped(job) as running:
        yield
        said = {"outcome": found.in_words(), "heard_from_at": timezone.now()}
        if not running.update(stage=stage, done=done, total=total, **said):
            raise Stopped


@contextmanager
def _unless_stopped(job: Job) -> Iterator[WorkQuerySet]:
    """Held, so that whoever cancels it waits until all of this is done, or finds none of it."""
    with transaction.atomic():
        running: WorkQuerySet = Job.objects.filter(pk=job.pk, state=State.RUNNING)
        if not running.select_for_update().exists():
            raise Stopped
        yield running


def _report(job: Job, stage: str, done: int, total: int) -> None:
    """Say how far it is; stop when it was cancelled."""
    running = Job.objects.filter(pk=job.pk, state=State.RUNNING)
    if not running.update(stage=stage, done=done, total=total, heard_from_at=timezone.now()):
        raise Stopped


def _end(job: Job, state: str, **facts: Any) -> None:
    """The last word about it, unless somebody else had that."""
    now = timezone.now()
    running = Job.objects.filter(pk=job.pk, state=State.RUNNING)
    running.update(state=state, heard_from_at=now, finished_at=now, **facts)
