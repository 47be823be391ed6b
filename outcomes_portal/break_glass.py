"""What an administrator may do while they broke glass: read, by the clock, and nothing else."""

import re
from datetime import datetime
from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from outcomes.roles import READ_VIEWS, VIEW_ALL
from surveys.actions import BREAK_GLASS, record
from surveys.models import BreakGlass

READ = frozenset({*VIEW_ALL, *READ_VIEWS})
# Nothing that anybody reads.
NOISE = "jsi18n"
# What of an address chooses a place in a list, or where somebody came from, and filters nothing.
CAME_FROM = "_changelist_filters"
PLACES = {"p", "o", "all", "page", "e", "_facets", "_popup", "_to_field", CAME_FROM}
FILTER = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_FILTERS = 8


def open_for(user: Any, now: datetime) -> BreakGlass | None:
    """What this person opened, while it is; looked up once for each request."""
    if not user.is_active or user.is_superuser or not user.has_perm(BREAK_GLASS):
        return None
    if not hasattr(user, "broken_glass"):
        user.broken_glass = BreakGlass.objects.open(at=now).filter(by=user).first()
    found: BreakGlass | None = user.broken_glass
    return found if found and found.is_open(now) else None


class WhileGlassIsBroken(BaseBackend):
    """Signs nobody in. Whoever loses the role that may break glass reads no longer either."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Asked of every permission that somebody lacks, so that the set comes first."""
        return obj is None and perm in READ and open_for(user_obj, timezone.now()) is not None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        may = obj is None and open_for(user_obj, timezone.now()) is not None
        return set(READ) if may else set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        apps = {perm.partition(".")[0] for perm in READ}
        return app_label in apps and open_for(user_obj, timezone.now()) is not None


def keep_opened(request: HttpRequest, response: HttpResponse) -> None:
    """An event for each page that was opened meanwhile."""
    now = timezone.now()
    glass = open_for(request.user, now)
    if glass is None or response.status_code != 200 or request.path.endswith(f"{NOISE}/"):
        return
    record(
        what="break glass: opened a page",
        about=glass,
        by=request.user,  # type: ignore[arg-type]
        now=now,
        detail=what_was_opened(request),
    )


def what_was_opened(request: HttpRequest) -> str:
    """The page, that it was searched and the names of its filters: never what was sought or chosen.

    /admin/surveys/passage/ (searched; filtered by: audience, coded)
    """
    within = QueryDict(request.GET.get(CAME_FROM, ""))  # of a page: the list that it is one of
    given = [*request.GET.lists(), *within.lists()]
    asked = {name for name, values in given if any(values)} - PLACES
    told = ["searched"] if SEARCH_VAR in asked else []
    names = {name.partition("__")[0] for name in asked - {SEARCH_VAR}}
    known = sorted(name for name in names if FILTER.fullmatch(name))[:MOST_FILTERS]
    if len(known) < len(names):
        known.append("others")
    if known:
        told.append(f"filtered by: {', '.join(known)}")
    return f"{request.path} ({'; '.join(told)})" if told else request.path
