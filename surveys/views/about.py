"""What the site says about itself, and whether it is well."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from surveys.context import site
from surveys.models import Area, PrivacyNotice
from surveys.models.survey import ENGLISH
from surveys.notices import drawn
from surveys.worded import spoken

TESTED = Path(__file__).parent.parent / "accessibility.json"  # written by `make accessibility`


def privacy(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The notice in force, or the one of that number, in the visitor's language if there is one."""
    area = site(request)["area"]
    notices = PrivacyNotice.objects.filter(area=area)
    in_force = PrivacyNotice.objects.in_force(area) if area else None
    if number is None:
        number = in_force.number if in_force else 0
    elif not notices.filter(number=number).exists():
        raise Http404
    notice = _in_language(area, number)
    context = {
        "notice": notice,
        "body": drawn(notice.body) if notice else "",
        "foreign": _foreign(notice.language) if notice else "",
        "is_in_force": in_force is not None and number == in_force.number,
        "others": notices.filter(language=ENGLISH).exclude(number=number),
    }
    return render(request, "surveys/privacy.html", context)


def _in_language(area: Area | None, number: int) -> PrivacyNotice | None:
    rows = PrivacyNotice.objects.filter(area=area, number=number)
    texts = {notice.language: notice for notice in rows}
    return texts.get(spoken()) or texts.get(ENGLISH)


def _foreign(language: str) -> str:
    """The language of words that are not in that of the page; "" for words that are."""
    return "" if language == spoken() else language


@lru_cache(maxsize=1)
def tested() -> dict[str, Any]:
    """What was tested and what is known to fail."""
    found: dict[str, Any] = json.loads(TESTED.read_text())
    for failing in found["failings"]:
        failing["fixed_by"] = parse_date(failing["fixed_by"])
    days = ("tested_on", "prepared_on", "reviewed_on")
    return found | {name: parse_date(found[name]) for name in days}


def accessibility(request: HttpRequest) -> HttpResponse:
    """In the form that the law asks for."""
    context = {"tested": tested(), "host": request.get_host()}
    return render(request, "surveys/accessibility.html", context)


def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/cookies.html", {"hours": settings.SESSION_COOKIE_AGE // 3600})


def words(request: HttpRequest) -> HttpResponse:
    """The hard words that pages cannot do without, explained."""
    return render(request, "surveys/words.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
