"""What people answered: read here, and entered for those who answered without the website."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from surveys import actions
from surveys.about_you import by_themselves
from surveys.admin.checking import CHECK, SETTLE, CheckPages, Settle
from surveys.admin.entering import ENTER, EntryPages
from surveys.admin.originals import READ_ORIGINAL, was_read
from surveys.admin.pages import WrittenElsewhere, number_of
from surveys.admin.printing import in_english
from surveys.admin.response_cells import AnswersCSV, AnswersXLSX
from surveys.admin.response_sheet import AnswersResult, ResponseResource
from surveys.admin.response_template import empty_sheet, explained
from surveys.admin.sheets import SheetAdmin
from surveys.models import Response
from surveys.models.survey import ENGLISH
from surveys.said import said

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admin.register(Response)
class ResponseAdmin(EntryPages, CheckPages, SheetAdmin, WrittenElsewhere):
    """Only sent responses: a draft is its writer's own. Whoever enters them reads their own."""

    about = "Answers that were sent or entered, word for word. Drafts are nobody’s to read."
    page = "surveys/response/page"
    decisions = (Settle,)
    resource_classes = [ResponseResource]
    import_formats = [AnswersXLSX, AnswersCSV]
    import_template_name = "admin/surveys/response/import.html"
    import_export_change_list_template = "admin/surveys/response/change_list.html"
    list_display = [
        "reference",
        "survey",
        "channel",
        "paper_number",
        "sent_at",
        "wording_form",
        "help",
        "late",
        "answers_count",
    ]
    list_filter = ["survey", "channel", "wording_form", "help", "late"]
    list_select_related = ["survey"]
    search_fields = ["reference", "paper_number"]
    search_help_text = "The reference, such as R7X2MK4PQT, or the number on the paper."
    ordering = ["-sent_at", "-pk"]

    def waits(self, request: HttpRequest) -> str:
        if not request.user.has_perm(CHECK):
            return ""
        others = actions.waiting().exclude(entered_by=request.user).count()
        unsettled = actions.agreement().unsettled if request.user.has_perm(SETTLE) else 0
        return number_of((others, "to type a second time"), (unsettled, "to settle"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(ENTER) or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ENTER)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ENTER)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False  # words leave the portal only as published

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        rows = super().get_queryset(request).sent().defer("code_hash")
        if not request.user.has_perm("surveys.view_response"):
            rows = rows.filter(entered_by=request.user)
        return rows.annotate(answers_count=Count("answers"))

    def get_urls(self) -> list[URLPattern]:
        sheet = self.address("import/empty-sheet/", self.empty_sheet, "empty-sheet")
        return [sheet, *super().get_urls()]

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:surveys_response_choose")

    def empty_sheet(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        response = HttpResponse(empty_sheet(), content_type=XLSX_TYPE)
        response["Content-Disposition"] = 'attachment; filename="answers.xlsx"'
        return response

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_context_data(**kwargs) | {"explained": explained()}

    def add_success_message(self, result: AnswersResult, request: HttpRequest) -> None:
        messages.success(
            request, f"{result.new():,} entered. {result.already_here():,} were here already."
        )

    @admin.display(description="answers", ordering="answers_count")
    def answers_count(self, response: Response) -> int:
        return response.answers_count  # type: ignore[attr-defined]

    def facts(self, request: HttpRequest, row: Response) -> dict[str, Any]:
        answers = [one for one in said(row) if one.is_answered]
        is_withheld = any(one.answer.is_withheld for one in answers if one.answer)
        if row.helper_words and not is_withheld and request.user.has_perm(READ_ORIGINAL):
            was_read(request, row)
        return {
            "title": f"Response {row.reference}",
            "answers": answers,
            "is_withheld": is_withheld,
            "about": by_themselves(row),
            "language": "" if row.language == ENGLISH else in_english(row.language),
            "check": getattr(row, "entry_check", None),
            "is_mine": row.entered_by_id == request.user.pk,
        }
