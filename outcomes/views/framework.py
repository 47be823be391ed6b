"""The published framework, from its frozen copy alone."""

from copy import deepcopy
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from outcomes.actions import canonical
from outcomes.models import FrameworkVersion


def framework(
    request: HttpRequest, major: int | None = None, minor: int | None = None
) -> HttpResponse:
    """The newest version, or the one with that number."""
    versions = _versions()
    newest = versions.first()
    if newest is None:
        if major is not None:
            raise Http404
        return render(request, "outcomes/framework.html")
    version = newest if major is None else get_object_or_404(versions, major=major, minor=minor)
    context = {
        "version": version,
        "framework": _with_dates(version.snapshot),
        "others": [other for other in versions if other != version],
        "newest": newest,
    }
    return render(request, "outcomes/framework.html", context)


def framework_data(request: HttpRequest, major: int, minor: int) -> HttpResponse:
    """The frozen copy itself, byte for byte what its sha256 is of."""
    version = get_object_or_404(_versions(), major=major, minor=minor)
    return HttpResponse(canonical(version.snapshot), content_type="application/json")


def _versions() -> QuerySet[FrameworkVersion]:
    """The versions of the consultation that published last, newest first."""
    last = FrameworkVersion.objects.order_by("-published_at", "-pk").values("consultation")[:1]
    return FrameworkVersion.objects.filter(consultation=last).newest_first()


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
