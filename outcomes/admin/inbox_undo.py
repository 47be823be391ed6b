"""Taking back, for all of its ideas, what was decided of many together."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from outcomes import actions
from outcomes.actions.uncoding import DecidedTogether
from surveys.admin.pages import page_of
from surveys.refusals import Refusal

# In the session: what this person decided last for many, until it is taken back.
JUST_TOGETHER = "just-together"
LIST = "admin:outcomes_idea_changelist"
NONE_SUCH = "Of this decision there is nothing left to be read."
STAY = "{:,} stay as they are: they were decided otherwise since."


def undo_address(by: int, at: datetime) -> str:
    """Where the decision for many that somebody took at this moment is taken back."""
    asked = urlencode({"by": by, "at": at.isoformat()})
    return f"{reverse('admin:outcomes_idea_undo-together')}?{asked}"


def remember_together(request: HttpRequest, number: int, at: datetime) -> None:
    """What the list offers to undo."""
    address = undo_address(request.user.pk, at) if number else ""
    told = {"address": address, "number": number, "at": at.isoformat()}
    request.session[JUST_TOGETHER] = told if number else None


class UndoTogether:
    """For the admin of ideas."""

    show: Any
    has_view_permission: Any
    has_code_permission: Any

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        just = request.session.get(JUST_TOGETHER)
        shown = {"just_together": just and just | {"at": parse_datetime(just["at"])}}
        page: HttpResponse = super().changelist_view(  # type: ignore[misc]
            request, shown | (extra_context or {})
        )
        return page

    def undo_together(self, request: HttpRequest) -> HttpResponse:
        """What would change back and what stays; done once that is confirmed."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        made = _made(request.GET)
        keys = actions.ideas_decided_together(**made) if made else []
        if not keys:
            messages.error(request, NONE_SUCH)
            return redirect(LIST)
        many = len(keys) > actions.MANY_IDEAS
        if request.method == "POST":
            try:
                return self._count(request, made, keys) if many else self._undo(request, made)
            except Refusal as refusal:
                messages.error(request, refusal.sentence)
                return redirect(request.get_full_path())
        found = None if many else actions.decided_together(**made, among=keys)
        return self._undo_page(request, made, len(keys), found)

    def _undo(self, request: HttpRequest, made: dict[str, Any]) -> HttpResponse:
        found = actions.decided_together(**made)
        back = actions.undo_several(
            **made,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            seen=request.POST.get("seen", ""),
        )
        _tell(request, back, found.total - back)
        return redirect(LIST)

    def _count(self, request: HttpRequest, made: dict[str, Any], keys: list[int]) -> HttpResponse:
        """More than a page may take: the worker says what would change back, and does it."""
        now = timezone.now()
        job = actions.ask_what_changes_back(keys=keys, **made, by=request.user, now=now)  # type: ignore[arg-type]
        return redirect(page_of(job))

    def _undo_page(
        self,
        request: HttpRequest,
        made: dict[str, Any],
        total: int,
        found: DecidedTogether | None,
    ) -> HttpResponse:
        """`found` is None where there are too many to look at while the person waits."""
        number = f"{total:,} idea{'' if total == 1 else 's'}"
        shown: HttpResponse = self.show(
            request,
            "outcomes/idea/undo_together",
            title=f"Undo for {'all ' if total > 1 else ''}{number}",
            total=total,
            found=found,
            stay=STAY.format(found.stay) if found and found.stay else "",
            waits=_waits(made),
            **made,
        )
        return shown


def _waits(made: dict[str, Any]) -> str:
    """Why it cannot be taken back yet."""
    try:
        actions.refuse_under_way(**made)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _tell(request: HttpRequest, back: int, stay: int) -> None:
    request.session[JUST_TOGETHER] = None
    told = f"{back:,} idea{' is' if back == 1 else 's are'} as before."
    messages.success(request, f"{told} {STAY.format(stay)}" if stay else told)


def _made(asked: QueryDict) -> dict[str, Any]:
    """Who decided and when; nothing for what no page links to."""
    key = asked.get("by", "")
    try:
        at = parse_datetime(asked.get("at", ""))
        at = at.astimezone(UTC) if at and timezone.is_aware(at) else None
    except (ValueError, OverflowError):
        at = None
    if not (key.isascii() and key.isdecimal() and len(key) < 12) or at is None:
        return {}
    by = User.objects.filter(pk=int(key)).first()
    return {"made_by": by, "made_at": at} if by else {}
