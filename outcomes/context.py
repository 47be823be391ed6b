"""What pages above the outcomes may show of them."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from outcomes.models import FrameworkVersion


def published(request: HttpRequest) -> dict[str, Any]:
    """The newest framework version or None, asked for only by a page that shows it."""
    versions = FrameworkVersion.objects.order_by("-published_at", "-pk").defer("snapshot")
    return {"published": SimpleLazyObject(versions.first)}
