"""Coding many ideas at once: choose them in the list, say what, see what will change, confirm."""

from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from outcomes import actions
from outcomes.actions.coding import PLACES, check_themes, consultation_of, put_away
from outcomes.admin.inbox_undo import UndoTogether, remember_together
from outcomes.admin.passage import CODE
from outcomes.admin.passage_forms import Themes
from outcomes.models import Coding, Disposition, Idea, Job
from surveys.admin.pages import page_of
from surveys.models import Theme
from surveys.refusals import Refusal
from surveys.texts import storable

MOST = 5_000
MOST_BACK = 2_000  # characters of the address of the list that somebody came from
SHOWN = 20
TOO_MANY = "You chose {:,} ideas. Choose {:,} at most: narrow the list by a filter first."
CHANGED = "Somebody decided about some of these meanwhile. Look at what will change now."
WHATS = [
    ("accept", "Accept what the machine suggests for each"),
    ("themes", "Give all of them these themes"),
    ("nothing", "Nothing to code in any of them"),
]


class Together(Themes):
    what = forms.ChoiceField(
        label="What to decide",
        choices=WHATS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to decide."},
    )
    field_order = ["what", "first", "second", "third"]

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or {}
        if data.get("what") == "themes":
            try:
                if not self.chosen:
                    self.add_error("first", "Choose a theme.")
                check_themes(self.chosen)
            except Refusal as refusal:
                self.add_error("first", refusal.sentence)
        return data


class BulkCoding(UndoTogether):
    """For the admin of ideas."""

    actions = ["code_together"]
    admin_site: Any
    opts: Any
    show: Any
    get_queryset: Any
    has_view_permission: Any

    def has_code_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CODE)  # type: ignore[union-attr]

    @admin.action(description="Decide about these together…", permissions=["code"])
    def code_together(self, request: HttpRequest, rows: QuerySet[Idea]) -> HttpResponse | None:
        """Asks what to decide; where too many are chosen, says so and shows the list again."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            messages.error(request, TOO_MANY.format(rows.count(), MOST))
            return None
        form = Together(themes=_themes(keys))
        return self._together_page(request, keys, form, request.GET.urlencode())

    def together(self, request: HttpRequest) -> HttpResponse:
        """What is chosen in a first form, previewed, and done once that is confirmed."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        keys = _keys(request.POST.get("ids", ""))
        if not keys:
            return redirect("admin:outcomes_idea_changelist")
        back = request.POST.get("back", "")
        form = Together(request.POST, themes=_themes(keys))
        if not form.is_valid():
            return self._together_page(request, keys, form, back)
        try:
            with transaction.atomic():
                # Held, so that what is done is what the plan says.
                held = Idea.objects.select_for_update(of=("self",)).filter(pk__in=keys)
                list(held.order_by("pk").values_list("pk", flat=True))
                plan = _plan(keys, form)
                agreed = request.POST.get("seen") == plan["seen"]
                now = timezone.now()
                if agreed and len(plan["ideas"]) > actions.MANY_IDEAS:
                    return redirect(page_of(_ask_worker(plan["ideas"], form, request, now)))
                number = _carry_out(plan["ideas"], form, request.user, now) if agreed else 0
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return self._together_page(request, keys, form, back)
        if not agreed:
            if request.POST.get("seen"):
                messages.warning(request, CHANGED)
            return self._together_page(request, keys, form, back, plan)
        messages.success(request, f"{number:,} ideas changed.")
        remember_together(request, number, now)
        address = reverse("admin:outcomes_idea_changelist")
        return redirect(f"{address}?{back}" if back else address)

    def _together_page(
        self,
        request: HttpRequest,
        keys: list[int],
        form: Together,
        back: str,
        plan: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page = {
            "title": f"Decide about {len(keys):,} ideas together",
            "form": form,
            "ids": ",".join(map(str, keys)),
            "number": len(keys),
            "back": back,
            "plan": plan,
            "examples": Idea.objects.with_source().filter(pk__in=keys[:SHOWN]).order_by("pk"),
        }
        shown: HttpResponse = self.show(request, "outcomes/idea/together", **page)
        return shown


def _keys(sent: str) -> list[int]:
    """At most as many as a list gives; anything else is none."""
    sent_keys = [key for key in sent.split(",") if key.isascii() and key.isdecimal()]
    return sorted({int(key) for key in sent_keys[:MOST] if len(key) < 13})


def _themes(keys: list[int]) -> list[Theme]:
    """Those of the area of the first of them; the action refuses those of another area."""
    first = Idea.objects.filter(pk__in=keys).select_related(*PLACES).first()
    if first is None:
        return []
    return list(Theme.objects.filter(area=consultation_of(first).area_id))


def _plan(keys: list[int], form: Together) -> dict[str, Any]:
    """What will change, counted from what to what; and a mark of what it was worked out from."""
    ideas = list(Idea.objects.filter(pk__in=keys).order_by("pk"))
    current = Coding.objects.current().filter(idea__in=keys)
    had = {one.idea_id: one for one in current.select_related("theme", "second", "third")}
    ended = dict(Disposition.objects.current().filter(idea__in=keys).values_list("idea", "what"))
    clustered = set(
        Idea.objects.filter(pk__in=keys, membership__isnull=False).values_list("pk", flat=True)
    )
    what = form.cleaned_data["what"]
    # What stays as it is: in a cluster, or decided otherwise and not to be taken back unseen.
    away = clustered | ended.keys() if what == "nothing" else put_away(ideas).keys()
    suggested = actions.suggested_themes(ideas) if what == "accept" else {}
    changes: Counter[tuple[str, str]] = Counter()
    left = otherwise = same = 0
    for idea in ideas:
        code = had.get(idea.pk)
        before = str(code) if code else "not coded"
        if ended.get(idea.pk) == "nothing":
            before = "nothing to code"
        after = None if idea.pk in away else _after(idea, what, form, suggested)
        if after is None:
            left += 1
        elif after == before:
            same += 1
        else:
            changes[(before, after)] += 1
            otherwise += before not in ("not coded", after)
    mark = [(one.pk, had[one.pk].pk if one.pk in had else 0, ended.get(one.pk)) for one in ideas]
    told = repr((mark, sorted((key, theme.pk) for key, theme in suggested.items()), what))
    return {
        "ideas": ideas,
        "changes": [(before, after, number) for (before, after), number in changes.most_common()],
        "changed": sum(changes.values()),
        "otherwise": otherwise,
        "same": same,
        "left": left,
        "gone": len(keys) - len(ideas),
        "seen": sha256((told + repr([one.pk for one in form.chosen])).encode()).hexdigest(),
    }


def _after(idea: Idea, what: str, form: Together, suggested: dict[int, Theme]) -> str | None:
    """What it will be; None for what stays as it is because it cannot be so."""
    if what == "accept":
        return str(suggested[idea.pk]) if idea.pk in suggested else None
    if what == "themes":
        return " and ".join(str(theme) for theme in form.chosen)
    return "nothing to code"


def _ask_worker(ideas: list[Idea], form: Together, request: HttpRequest, now: datetime) -> Job:
    return actions.ask_for_codes(
        ideas=ideas,
        what=form.cleaned_data["what"],
        themes=form.chosen,
        by=request.user,  # type: ignore[arg-type]
        now=now,
        back=storable(request.POST.get("back", ""))[:MOST_BACK],
    )


def _carry_out(ideas: list[Idea], form: Together, by: Any, now: datetime) -> int:
    what = form.cleaned_data["what"]
    if what == "accept":
        return actions.accept_several(ideas=ideas, by=by, now=now)
    if what == "themes":
        return actions.code_several(ideas=ideas, themes=form.chosen, by=by, now=now)
    return actions.dispose_several(ideas=ideas, by=by, now=now)
