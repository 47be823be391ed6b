"""The page of what a survey's equality questions found."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from surveys import actions
from surveys.admin.pages import PortalAdmin
from surveys.equality import offered

VIEW = "surveys.view_equalitytally"


class EqualityPages(PortalAdmin):
    """Gives each survey that asks the equality questions a page of counts."""

    def get_urls(self) -> list[URLPattern]:
        show = self.address("<int:object_id>/equality/", self.equality, "equality")
        return [show, *super().get_urls()]

    def tools(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        found = super().tools(request, row)
        if not request.user.has_perm(VIEW) or not row.asks_equality or not offered(row):
            return found
        url = reverse("admin:surveys_survey_equality", args=[row.pk])
        return [*found, {"label": "Equality answers", "at_once": False, "url": url}]

    def equality(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row, now = self.find(request, object_id), timezone.now()
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return self.show(
            request,
            "surveys/survey/equality",
            row,
            title=f"Equality answers: {row}",
            tools=[],
            is_asked=row.asks_equality and bool(offered(row)),
            may_show=actions.may_show_equality(survey=row, now=now),
            questions=actions.equality_counts(survey=row, now=now),
        )
