"""The officers' side of the portal: one site, its lists in river order."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from outcomes.models import Idea
from outcomes_portal.break_glass import keep_opened, open_for
from surveys.actions import record
from surveys.models import BreakGlass, Concern, Passage
from surveys.screening import overdue

RIVER = {
    "Before anything else": ["Concern"],
    "1. What we ask": ["Consultation", "Survey", "PrivacyNotice"],
    "2. What people said": [
        "Response",
        "Session",
        "Passage",
        "Redaction",
        "Disposition",
        "Contact",
        "FormatRequest",
    ],
    "3. What the machine suggests": ["AnalysisRun", "Idea", "CodeBook"],
    "4. What people decided": [
        "Cluster",
        "Outcome",
        "Comment",
        "Signatory",
        "Coding",
        "Job",
        "Sample",
    ],
    "5. What is published": ["FrameworkVersion"],
    "Alongside": ["Strategy", "ImprovementPriority"],
    "The area and its agencies": [
        "Area",
        "Theme",
        "Agency",
        "AgencyLead",
        "AuditEvent",
        "BreakGlass",
    ],
}
THE_REST = "Accounts and upkeep"
# Who is told that words wait to be screened: whoever reads them, and whoever can see to it.
TOLD_OF_SCREENING = ("surveys.view_passage", "surveys.work_concern", "auth.change_user")

# How long officers and data protection readers are told on the first page that glass was broken.
TOLD_OF_GLASS = timedelta(days=7)

# The digits of the longest key that a database takes.
LONGEST_KEY = 18


class PortalAdminSite(admin.AdminSite):
    site_header = "Outcomes portal"
    site_title = "Outcomes portal"
    index_title = "From what people say to what is published"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """On every page: how many worries nobody has read yet, for a safeguarding lead; until when
        they read what people said, for an administrator."""
        context = super().each_context(request)
        context["open_glass"] = open_for(request.user, timezone.now())
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

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """What is withheld is not found by whoever asks for it, and that they asked is kept."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response: HttpResponse = inner(request, *args, **kwargs)
            except Http404:
                _keep_refusal(request)
                raise
            keep_opened(request, response)
            return response

        return watched

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Beside each list, what of it waits for this person, and other ways to look at it."""
        extra = {"told_here": True} | dict(extra_context or {})
        if any(map(request.user.has_perm, TOLD_OF_SCREENING)):
            extra["overdue"] = overdue(now=timezone.now())
        if request.user.has_perm("surveys.view_breakglass"):
            lately = BreakGlass.objects.filter(at__gt=timezone.now() - TOLD_OF_GLASS)
            extra["glass_broken"] = lately.select_related("by")
        page = super().index(request, extra)
        for group in page.context_data["app_list"]:
            for model in group["models"]:
                own = self.get_model_admin(model["model"])
                waits, leads_on = getattr(own, "waits", None), getattr(own, "leads_on", None)
                model["waits"] = waits(request) if waits else ""
                model["leads_on"] = leads_on(request) if leads_on else []
        return page

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> dict[str, Any]:
        """Adds to each list what it is for, from `about` of its ModelAdmin, and its own name."""
        apps = super()._build_app_dict(request, label)
        for app in apps.values():
            for model in app["models"]:
                own = self.get_model_admin(model["model"])
                model["about"] = getattr(own, "about", "")
                model["name"] = getattr(own, "index_name", model["name"])
        return apps


def _keep_refusal(request: HttpRequest) -> None:
    """An event of the audit log about the concern for which nothing was found at this address."""
    match = request.resolver_match
    about = _withheld_at(match.url_name or "", match.kwargs) if match else None
    for concern in Concern.objects.open().filter(about) if about else ():
        record(
            what="concern: refused to show the words",
            about=concern,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )


def _withheld_at(name: str, keys: dict[str, Any]) -> Q | None:
    """Concerns about the answer or note whose key is in the address, or that of what it says."""
    key = str(keys.get("key") or keys.get("object_id") or "")
    if not key.isdecimal() or len(key) > LONGEST_KEY:
        return None
    if "key" in keys and name.endswith(("answer", "note")):
        return Q(answer=int(key)) if name.endswith("answer") else Q(note=int(key))
    place, _, page = name.rpartition("_")
    of = page if "key" in keys else place
    model = {"outcomes_idea": Idea, "surveys_passage": Passage, "passage": Passage}.get(of)
    if model is None:
        return None
    rows = model.everything.filter(pk=int(key))
    return Q(answer__in=rows.values("answer")) | Q(note__in=rows.values("note"))


def _group(name: str, models: list[Any]) -> dict[str, Any]:
    return {"name": name, "app_label": "river", "app_url": "", "models": models}
