"""What the site says about itself, and whether it is well."""

from datetime import date

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# When the accessibility statement was last brought up to date with what was tested.
PREPARED_ON = date(2026, 11, 22)


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/accessibility.html", {"prepared_on": PREPARED_ON})


def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/cookies.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
