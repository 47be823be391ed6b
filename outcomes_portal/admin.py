"""The officers' side of the portal: one site, its lists in river order."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from surveys.models import Concern

RIVER = {
    "Before anything else": ["Concern"],
    "1. What we ask": ["Consultation", "Survey", "PrivacyNotice"],
    "2. What people said": ["Response", "Session", "Contact", "FormatRequest"],
    "3. What the machine suggests": ["AnalysisRun", "Idea"],
    "4. What people decided": ["Cluster", "Outcome", "Signatory"],
    "5. What is published": ["FrameworkVersion"],
    "Alongside": ["Strategy", "ImprovementPriority"],
    "The area and its agencies": ["Area", "Theme", "Agency", "AgencyLead", "AuditEvent"],
}
THE_REST = "Accounts and upkeep"


class PortalAdminSite(admin.AdminSite):
    site_header = "Outcomes portal"
    site_title = "Outcomes portal"
    index_title = "From what people say to what is published"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """On every page, for a safeguarding lead: how many worries nobody has read yet."""
        context = super().each_context(request)
        if request.user.has_perm("surveys.work_concern"):
            context["unread_concerns"] = Concern.objects.unseen().count()
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists that a person may open, grouped by the stages of the river."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        groups = [
            _group(name, [models.pop(model) for model in wanted if model in models])
            for name, wanted in RIVER.items()
        ]
        groups.append(_group(THE_REST, list(models.values())))
        return [group for group in groups if group["models"]]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Beside each list, what of it waits for this person."""
        page = super().index(request, extra_context)
        for group in page.context_data["app_list"]:
            for model in group["models"]:
                waits = getattr(self.get_model_admin(model["model"]), "waits", None)
                model["waits"] = waits(request) if waits else ""
        return page

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> dict[str, Any]:
        """Adds to each list what it is for, from `about` of its ModelAdmin."""
        apps = super()._build_app_dict(request, label)
        for app in apps.values():
            for model in app["models"]:
                model["about"] = getattr(self.get_model_admin(model["model"]), "about", "")
        return apps


def _group(name: str, models: list[Any]) -> dict[str, Any]:
    return {"name": name, "app_label": "river", "app_url": "", "models": models}
