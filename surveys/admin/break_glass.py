"""Break glass: an administrator opens what people said, for an hour; who did, when and why."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from surveys import actions
from surveys.admin.deciding import Decision, reason
from surveys.admin.pages import WrittenElsewhere, carry_out, page_of, page_of_rows
from surveys.models import AuditEvent, BreakGlass


class Open(Decision):
    path = "add"
    label = "Break glass: read what people said"
    permission = actions.BREAK_GLASS
    button = "Open for one hour"
    about = (
        "By your role you look after accounts and read nothing that people said. Where something "
        "is broken that nobody else can look at, you can for one hour. You then read what officers "
        "read: personal details stay hidden, and so does what is withheld. You decide nothing, and "
        "take away nothing that anybody said. Officers and data protection readers are told at "
        "once. Each page that you open is kept, and that you searched it or by what you filtered "
        "it, but not the words that you searched for."
    )
    done = "Open for one hour. End it as soon as you are done."

    reason = reason(
        "Why you have to read content",
        about=(
            f"In {actions.FEWEST_IN_A_REASON} characters or more: what is broken, and what you "
            "have to see. Name nobody. Kept for good with your name."
        ),
    )

    @property
    def title(self) -> str:
        return self.label

    def decide(self, *, by: Any, now: datetime) -> BreakGlass:
        self.row = actions.break_glass(by=by, now=now, **self.cleaned_data)
        return self.row


class End(Decision):
    path = "end"
    label = "End it now"
    permission = actions.BREAK_GLASS
    at_once = True
    done = "{} has ended."

    @classmethod
    def fits(cls, row: BreakGlass) -> bool:
        return row.is_open(timezone.now())

    def decide(self, *, by: Any, now: datetime) -> BreakGlass:
        return actions.end_break_glass(glass=self.row, by=by, now=now)


@admin.register(BreakGlass)
class BreakGlassAdmin(WrittenElsewhere):
    about = "When an administrator read what people said for an hour, why, and which pages."
    page = "surveys/breakglass/page"
    decisions = (End,)
    list_display = ["by", "at", "until", "ended_at", "reason"]
    list_select_related = ["by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(actions.BREAK_GLASS)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = Open(request.POST if request.method == "POST" else None, row=None, user=request.user)
        done = carry_out(request, form)
        if done is None:
            return self.show(request, "decision", form=form, title=form.title)
        trouble = actions.tell_of(form.row, request.build_absolute_uri(page_of(form.row)))
        if trouble:
            messages.warning(request, trouble)
        return done

    def facts(self, request: HttpRequest, row: BreakGlass) -> dict[str, Any]:
        events = AuditEvent.objects.filter(about=f"{row._meta.label_lower} {row.pk}")
        return {
            "events": page_of_rows(request, events.order_by("number")),
            "is_open": row.is_open(timezone.now()),
            "title": f"{row.by}, {date_format(timezone.localtime(row.at), 'j F Y, H:i')}",
        }
