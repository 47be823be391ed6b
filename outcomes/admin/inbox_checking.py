"""What the machine would have people look at next, and how sure it is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from outcomes import certainty
from outcomes.admin.passage_way import CHECKING, address_of, to_check
from outcomes.models import AnalysisRun
from surveys.models import Consultation


class Checking:
    """For the admin of ideas."""

    has_view_permission: Any
    show: Any

    def check_next(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = [
            {"suggestion": one, "address": address_of(one.idea.source.passage, CHECKING, one.idea)}
            for one in to_check()
        ]
        sure = [
            {"consultation": one, "run": run, "sure": certainty.expected(run), "agreed": agreed}
            for one in Consultation.objects.all()
            if (run := AnalysisRun.objects.filter(consultation=one).done().first())
            for agreed in [certainty.agreement(one)]
        ]
        page = {"rows": rows, "sure": sure, "title": "Check these next"}
        shown: HttpResponse = self.show(request, "outcomes/idea/check", **page)
        return shown
