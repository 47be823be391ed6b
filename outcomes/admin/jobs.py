"""Work that somebody asked the worker for: how far it is, stopping it, taking what it made."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin.inbox_undo import undo_address
from outcomes.admin.sheets_files import download
from outcomes.admin.sheets_leaving import MAY, label_of
from outcomes.admin.sheets_themes import FORMATS, LARGE, MANY_ROWS
from outcomes.admin.watching import Watched
from outcomes.models import Idea, Job
from surveys.admin.deciding import Decision
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.admin.uploads import BadSheet, Uploads
from surveys.models import Consultation
from surveys.refusals import Refusal

ENDINGS = ["xlsx", "csv"]  # in the order of the formats that may be chosen
# Taking back or not; deciding, or counting what it would change.
DECISIONS = {
    (False, False): "What one decision for {:,} ideas would change",
    (False, True): "One decision for {:,} ideas",
    (True, False): "What taking back a decision for {:,} ideas would change",
    (True, True): "Taking back a decision for {:,} ideas",
}
NO_CONSULTATION = "There is no consultation yet, and so no idea to bring anything in for."


class Cancel(Decision):
    path = "cancel"
    label = "Cancel it"
    permission = MAY[-1]
    done = "It was cancelled."
    at_once = True

    @classmethod
    def fits(cls, row: Job) -> bool:
        return row.is_under_way

    def decide(self, *, by: Any, now: datetime) -> Job:
        return actions.cancel_job(job=self.row, by=by, now=now)


class Confirm(Decision):
    """Of a sheet that was read."""

    path = "confirm"
    label = "Confirm: bring it in"
    permission = MAY[-1]
    at_once = True

    @classmethod
    def fits(cls, row: Job) -> bool:
        return row.kind == Job.Kind.THEMES and actions.can_be_confirmed(row)

    def decide(self, *, by: Any, now: datetime) -> Job:
        return actions.confirm_themes(job=self.row, by=by, now=now)


class ConfirmMany(Decision):
    """Of a decision for many ideas, once it was counted what it would change."""

    path = "decide"
    label = "Confirm: change these ideas"
    permission = MAY[-1]
    at_once = True

    @classmethod
    def fits(cls, row: Job) -> bool:
        return row.kind == Job.Kind.CODES and actions.can_be_confirmed(row)

    def decide(self, *, by: Any, now: datetime) -> Job:
        return actions.confirm_codes(job=self.row, by=by, now=now)


@admin.register(Job)
class JobAdmin(Watched, WrittenElsewhere):
    """Each person meets their own."""

    long_wait = timedelta(seconds=30)
    index_name = "What you asked for"
    about = "Large files, sheets and decisions that the worker carries out for you."
    page = "outcomes/job/page"
    decisions = (Confirm, ConfirmMany, Cancel)
    list_display = ["what", "consultation", "asked_at", "standing"]
    list_filter = ["kind"]
    list_select_related = ["consultation"]
    list_per_page = 50
    sortable_by = ()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perms(MAY)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        own = super().get_queryset(request).filter(asked_by=request.user)
        return own.defer("made")  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        return [self.address("<int:object_id>/take/", self.take, "take"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": self.index_name}
        return super().changelist_view(request, title | (extra_context or {}))

    def take(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file that it made."""
        row = self.find(request, object_id)
        try:
            job = actions.take_file(job=row, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect(page_of(row))
        return download(bytes(job.made or b""), job.made_type, job.made_name)

    def facts(self, request: HttpRequest, row: Job) -> dict[str, Any]:
        return self.progress(request, row) | {
            "title": in_words(row),
            "can_take": is_there(row),
            "back": back_to(row),
            "undo": undo_of(row),
            "book": book_of(row),
            "plan": plan_of(row),
            "waits_for_you": row.kind == Job.Kind.CODES and actions.can_be_confirmed(row),
            "changes": changes_of(row),
            "problems": row.asked.get("problems", []),
            "more_problems": row.asked.get("more", 0),
            "problems_gone": "more" in row.asked and "problems" not in row.asked,
        }

    @admin.display(description="what")
    def what(self, row: Job) -> str:
        return in_words(row)

    @admin.display(description="where it stands")
    def standing(self, row: Job) -> str:
        if row.state == Job.State.RUNNING and row.total:
            return f"{row.done:,} of {row.total:,}"
        return row.get_state_display()


def in_words(job: Job) -> str:
    """Such as: Ideas with themes, XLSX"""
    if job.kind == Job.Kind.FILE:
        return label_of(job.asked["what"], job.asked["as"])
    if job.kind == Job.Kind.CODEBOOK:
        return f"Check the code book “{job.asked['name']}”"
    if job.kind == Job.Kind.CODES:
        what, number = job.asked["what"], job.asked["number"]
        words = DECISIONS[what == "undo", job.asked["confirmed"]]
        return words.format(number)
    return "Bring in a sheet of themes" if job.asked["confirmed"] else "Read a sheet of themes"


def plan_of(job: Job) -> dict[str, Any] | None:
    """What a decision for many would change, once that is counted and until it is confirmed."""
    counted = job.kind == Job.Kind.CODES and not job.asked["confirmed"] and "changes" in job.asked
    return job.asked if counted else None


def is_there(job: Job) -> bool:
    made = Job.objects.filter(pk=job.pk, kind=Job.Kind.FILE, state=Job.State.DONE)
    return made.filter(made__isnull=False).exists()


def back_to(job: Job) -> str:
    """The page that it was asked for on."""
    if job.kind == Job.Kind.CODES:
        back = job.asked.get("back", "")
        return reverse("admin:outcomes_idea_changelist") + (f"?{back}" if back else "")
    return reverse("admin:outcomes_coding_of", args=[job.consultation_id])


def book_of(job: Job) -> str:
    key = job.asked.get("book")
    return reverse("admin:outcomes_codebook_change", args=[key]) if key else ""


def undo_of(job: Job) -> str:
    """Where what was decided for many is taken back, once there is something."""
    if job.is_under_way or not job.outcome or job.asked.get("what") == "undo":
        return ""
    at = job.asked.get("at", "")
    return undo_address(job.asked_by_id, datetime.fromisoformat(at)) if at else ""


def changes_of(job: Job) -> list[tuple[int, Idea, str, str]]:
    """The first rows of a sheet that would change something, with the words as they may be read
    now."""
    lines = job.asked.get("ideas", []) if job.kind == Job.Kind.THEMES else []
    ideas = Idea.objects.with_source().in_bulk([line[1] for line in lines])
    return [
        (number, ideas[key], before, after) for number, key, before, after in lines if key in ideas
    ]


class LargeSheets:
    """For an admin of sheets: large ones are read by the worker, many rows decided by it."""

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and self.has_import_permission(request):  # type: ignore[attr-defined]
            form = self.create_import_form(request)  # type: ignore[attr-defined]
            file = form.cleaned_data["import_file"] if form.is_valid() else None
            if file and file.size > LARGE and _is_of_themes(form):
                kind = ENDINGS[int(form.cleaned_data["format"])]
                return self._have_read(request, file.read(), kind, confirmed=False)
            if file:
                file.seek(0)
        return super().import_action(request, **kwargs)  # type: ignore[misc, no-any-return]

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Confirmed."""
        if request.method == "POST" and self.has_import_permission(request):  # type: ignore[attr-defined]
            form = self.create_confirm_form(request)  # type: ignore[attr-defined]
            if form.is_valid() and _is_of_themes(form):
                upload = Uploads(name=form.cleaned_data["import_file_name"])
                kind = ENDINGS[int(form.cleaned_data["format"])]
                if _has_many_rows(upload, kind):
                    response = self._have_read(request, upload.read(), kind, confirmed=True)
                    upload.remove()
                    return response
        return super().process_import(request, **kwargs)  # type: ignore[misc, no-any-return]

    def _have_read(
        self, request: HttpRequest, sheet: bytes, kind: str, *, confirmed: bool
    ) -> HttpResponse:
        # Which it is about is known once it is read.
        newest = Consultation.objects.order_by("-pk").first()
        try:
            if newest is None:
                raise BadSheet(NO_CONSULTATION)
            job = actions.ask_for_themes(
                consultation=newest,
                sheet=sheet,
                kind=kind,
                confirmed=confirmed,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, f"{refusal.sentence} Nothing was brought in.")
            return redirect("admin:outcomes_coding_import")
        return redirect(page_of(job))


def _is_of_themes(form: Any) -> bool:
    """Of the sheets that can be brought in, the one that may have a row for each idea."""
    return form.cleaned_data["resource"] in ("", "0")


def _has_many_rows(upload: Uploads, kind: str) -> bool:
    """What is not there, or cannot be read, is refused where few rows would be."""
    try:
        return len(FORMATS[kind]().create_dataset(upload.read())) > MANY_ROWS
    except BadSheet:
        return False
