"""What people answered: read, never written here."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from surveys.admin.pages import WrittenElsewhere
from surveys.models import Response


@admin.register(Response)
class ResponseAdmin(WrittenElsewhere):
    """Only sent responses: a draft is its writer's own."""

    about = "Answers that were sent, word for word. Drafts are nobody’s to read."
    page = "surveys/response/page"
    list_display = ["reference", "survey", "channel", "sent_at", "answers_count"]
    list_filter = ["survey", "channel"]
    list_select_related = ["survey"]
    search_fields = ["reference"]
    search_help_text = "The reference that people quote, such as R7X2MK4PQT."
    ordering = ["-sent_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        rows = super().get_queryset(request).sent().defer("code_hash")
        return rows.annotate(answers_count=Count("answers"))

    @admin.display(description="answers", ordering="answers_count")
    def answers_count(self, response: Response) -> int:
        return response.answers_count  # type: ignore[attr-defined]

    def facts(self, request: HttpRequest, row: Response) -> dict[str, Any]:
        answers = row.answers.select_related("question").prefetch_related("question__wordings")
        return {
            "title": f"Response {row.reference}",
            "answers": [
                (one, one.question.wording(row.wording_form))
                for one in answers.order_by("question__order")
            ],
        }
