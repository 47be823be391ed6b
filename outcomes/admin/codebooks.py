"""Code books of an area's own: brought in, looked at beside the one in use, chosen."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.admin.sheets_codebook import ENDINGS
from outcomes.admin.sheets_leaving import MAY
from outcomes.codebooks import SEND_NAME, compared, rows_of, used_by
from outcomes.models import CodeBook
from surveys.admin.deciding import Decision, line
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.admin.uploads import MEGABYTE
from surveys.models import Area, Consultation, Theme
from surveys.refusals import Refusal
from surveys.texts import storable

BRING = "outcomes.bring_codebook"
FEW = 50  # examples tried, of which a share says little
MOST_MEGABYTES = 30
TOO_LARGE = f"This file is larger than {MOST_MEGABYTES} MB. A code book of that size is not read."
WRONG_ENDING = "Choose a file that ends in .xlsx, .csv or .jsonl."


class BringForm(forms.Form):
    name = line(
        "What you call it", most=120, about="Such as “Our topics, with transport to school added”."
    )
    file = forms.FileField(
        label="The file",
        help_text="XLSX, CSV (UTF-8) or JSON lines, up to 30 MB.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in ENDINGS)}),
    )

    def clean_name(self) -> str:
        return " ".join(storable(self.cleaned_data["name"]).split())

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if _ending(file) not in ENDINGS:
            raise forms.ValidationError(WRONG_ENDING)
        if file.size is None or file.size > MOST_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(TOO_LARGE)
        return file


def _ending(file: UploadedFile) -> str:
    return PurePath(file.name or "").suffix.removeprefix(".").lower()


class Use(Decision):
    path = "use"
    label = "Use this code book"
    permission = BRING
    about = (
        "Analyses that begin from now on read it: they may suggest other themes, groups and names. "
        "What people decided stays as it is, and so do analyses that are done. You can go back."
    )
    done = "From the next analysis on, the machine reads “{}”."

    @classmethod
    def fits(cls, row: CodeBook) -> bool:
        return not row.in_use

    def decide(self, *, by: Any, now: datetime) -> CodeBook:
        return actions.use_code_book(book=self.row, by=by, now=now)


class StopUsing(Decision):
    path = "stop"
    label = "Stop using it"
    permission = BRING
    about = (
        f"Analyses that begin from now on read {SEND_NAME}. What people decided stays as it is, "
        "and so do analyses that are done."
    )
    done = f"From the next analysis on, the machine reads {SEND_NAME}."

    @classmethod
    def fits(cls, row: CodeBook) -> bool:
        return row.in_use

    def decide(self, *, by: Any, now: datetime) -> CodeBook:
        return actions.stop_using(book=self.row, by=by, now=now)


@admin.register(CodeBook)
class CodeBookAdmin(WrittenElsewhere):
    about = "What the machine knows of the field: topics with examples, and your own instead."
    page = "outcomes/codebook/page"
    change_list_template = "admin/outcomes/codebook/list.html"
    decisions = (Use, StopUsing)
    list_display = ["name", "area", "in_use", "topics", "by", "at"]
    list_select_related = ["area", "by"]
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodeBook]:
        return super().get_queryset(request).defer("lines")  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        route = "bring/<int:consultation_id>/"
        return [self.address(route, self.bring, "bring"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = Consultation.objects.select_related("area").order_by("-pk")
        asks = rows if _may_bring(request) else rows.none()
        areas = [(one, used_by(one)) for one in Area.objects.order_by("pk")]
        extra = {"asks": asks, "areas": areas, "send_name": SEND_NAME}
        return super().changelist_view(request, extra | (extra_context or {}))

    def bring(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """The worker checks the file; what is right is kept, and used by nothing yet."""
        if not _may_bring(request):
            raise PermissionDenied
        rows = Consultation.objects.select_related("area")
        consultation = get_object_or_404(rows, pk=consultation_id)
        sent = request.method == "POST"
        form = BringForm(request.POST, request.FILES) if sent else BringForm()
        if form.is_valid() and (response := _have_checked(request, consultation, form)):
            return response
        page = {"title": "Bring in a code book", "form": form, "consultation": consultation}
        themes = Theme.objects.filter(area=consultation.area_id)
        used = used_by(consultation.area)
        return self.show(
            request, "outcomes/codebook/bring", **page, themes=themes, used=used or SEND_NAME
        )

    def facts(self, request: HttpRequest, row: CodeBook) -> dict[str, Any]:
        used = used_by(row.area)
        labels = dict(Theme.objects.filter(area=row.area_id).values_list("code", "label"))
        found = row.found
        return {
            "themes": [
                (labels.get(code, code), *counts) for code, counts in found["themes"].items()
            ],
            "warnings": found["warnings"],
            "more_warnings": found["more_warnings"],
            "tried": _in_percent(found["held_out"]),
            "other": SEND_NAME if row.in_use or used is None else f"“{used}”, which is in use",
            "differs": compared(
                list(rows_of(None if row.in_use else used)),
                list(rows_of(CodeBook.objects.get(pk=row.pk))),
            ),
        }

    @admin.display(description="topics and examples")
    def topics(self, row: CodeBook) -> str:
        return f"{row.found['topics']:,} and {row.found['examples']:,}"


def _may_bring(request: HttpRequest) -> bool:
    """Who brings it in has it read among what they asked for."""
    return request.user.has_perms((BRING, *MAY))


def _have_checked(
    request: HttpRequest, consultation: Consultation, form: BringForm
) -> HttpResponse | None:
    file = form.cleaned_data["file"]
    try:
        job = actions.ask_to_check_code_book(
            consultation=consultation,
            name=form.cleaned_data["name"],
            book=file.read(),
            kind=_ending(file),
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None
    messages.success(request, "The worker checks it. Nothing is changed yet.")
    return redirect(page_of(job))


def _in_percent(counts: dict[str, int]) -> dict[str, Any] | None:
    """None where no example could be kept from learning."""
    if not counts["tried"]:
        return None

    tried = counts["tried"]
    return {
        **counts,
        "right_share": f"{100 * counts['right'] / tried:.0f}%",
        "two_share": f"{100 * counts['within_two'] / tried:.0f}%",
        "too_few": tried < FEW,
    }
