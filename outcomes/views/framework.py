"""The published framework, from its frozen copy alone."""

from copy import deepcopy
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from outcomes.models import FrameworkVersion


def framework(
    request: HttpRequest, major: int | None = None, minor: int | None = None
) -> HttpResponse:
    """The newest version, or the one with that number."""
    latest = FrameworkVersion.objects.order_by("-published_at", "-pk").first()
    if latest is None:
        if major is not None:
            raise Http404
        return render(request, "outcomes/framework.html")
    versions = FrameworkVersion.objects.filter(consultation=latest.consultation_id).newest_first()
    newest = versions[0]
    version = newest if major is None else get_object_or_404(versions, major=major, minor=minor)
    context = {
        "version": version,
        "framework": _with_dates(version.snapshot),
        "others": [other for other in versions if other != version],
        "newest": newest,
    }
    return render(request, "outcomes/framework.html", context)


def _with_dates(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot with its ISO dates made into dates, for the page to write in words."""
    copy = deepcopy(snapshot)
    copy["published_on"] = date.fromisoformat(copy["published_on"])
    for theme in copy["themes"]:
        for outcome in theme["outcomes"]:
            for agency in outcome["agencies"]:
                signed = agency["signed_on"]
                agency["signed_on"] = date.fromisoformat(signed) if signed else None
    return copy
