"""Pages of what the worker does: how far it is, and looking again by themselves if asked to."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from outcomes.models import Work

SECONDS = 10


class Watched:
    """For an admin of work. `long_wait`: after it the page says that no worker may be running."""

    long_wait: timedelta

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response: HttpResponse = super().change_view(  # type: ignore[misc]
            request, object_id, form_url, extra_context
        )
        if (getattr(response, "context_data", None) or {}).get("watching"):
            response["Refresh"] = str(SECONDS)
        return response

    def progress(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """How far it is. A worker that fell silent is told, and so is one that never began."""
        now: datetime = timezone.now()
        queued = row.state == Work.State.QUEUED
        return {
            "silent": row.is_silent(now),
            "waits_long": queued and now - row.asked_at > self.long_wait,
            "percent": min(100, 100 * row.done // row.total) if row.total else None,
            "seconds": SECONDS,
            "watching": row.is_under_way and "watch" in request.GET,
        }
