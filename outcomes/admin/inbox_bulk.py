"""Coding many ideas at once: choose them in the list, say what, see what will change, confirm."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from outcomes import actions
from outcomes.actions.coding import PLACES, check_themes, consultation_of
from outcomes.admin.inbox_undo import UndoTogether, remember_together
from outcomes.admin.passage import CODE
from outcomes.admin.passage_forms import Themes
from outcomes.models import Idea, Job
from surveys.admin.pages import page_of
from surveys.models import Theme
from surveys.refusals import Refusal
from surveys.texts import storable

AT_ONCE = 5_000  # looked at while the person waits; more are counted by the worker first
MOST = 100_000
MOST_BACK = 2_000  # characters of the address of the list that somebody came from
SHOWN = 20
TOO_MANY = "You chose {:,} ideas. Choose {:,} at most: narrow the list by a filter first."
NONE_FOUND = "None of the ideas that you chose is found any longer."
CHANGED = "Somebody decided about some of these meanwhile. Look at what will change now."
WHATS = [
    ("accept", "Accept what the machine suggests for each"),
    ("themes", "Give all of them these themes"),
    ("nothing", "Nothing to code in any of them"),
]


@dataclass
class Chosen:
    """Ideas that somebody chose: one by one, or all that the list at `back` shows."""

    keys: list[int]
    back: str
    every: bool = False


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
    get_changelist_instance: Any
    has_view_permission: Any

    def has_code_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CODE)  # type: ignore[union-attr]

    @admin.action(description="Decide about these together…", permissions=["code"])
    def code_together(self, request: HttpRequest, rows: QuerySet[Idea]) -> HttpResponse | None:
        """Asks what to decide; where too many are chosen, says so and shows the list again."""
        every = request.POST.get("select_across") == "1"
        most = MOST if every else AT_ONCE
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[: most + 1])
        if len(keys) > most:
            messages.error(request, TOO_MANY.format(rows.count(), most))
            return None
        chosen = Chosen(keys, request.GET.urlencode(), every and len(keys) > AT_ONCE)
        return self._together_page(request, chosen, Together(themes=_themes(keys)))

    def together(self, request: HttpRequest) -> HttpResponse:
        """What is chosen in a first form, previewed, and done once that is confirmed."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        chosen = self._chosen(request)
        if not chosen.keys:
            messages.warning(request, NONE_FOUND)
            return redirect("admin:outcomes_idea_changelist")
        form = Together(request.POST, themes=_themes(chosen.keys))
        if len(chosen.keys) > MOST:
            form.add_error(None, TOO_MANY.format(len(chosen.keys), MOST))
        if not form.is_valid():
            return self._together_page(request, chosen, form)
        try:
            if chosen.every:
                return redirect(page_of(_ask_what_changes(chosen, form, request)))
            return self._look_and_decide(request, chosen, form)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return self._together_page(request, chosen, form)

    def _chosen(self, request: HttpRequest) -> Chosen:
        back = request.POST.get("back", "")
        if "every" in request.POST:
            return Chosen(self._all_that_match(request, back), back, every=True)
        return Chosen(_keys(request.POST.get("ids", "")), back)

    def _all_that_match(self, request: HttpRequest, back: str) -> list[int]:
        """What the list shows at this address, on all its pages: one more than `MOST` at most."""
        asked = QueryDict(back, mutable=True)
        for name in (PAGE_VAR, ALL_VAR, ERROR_FLAG):
            asked.pop(name, None)
        listing = copy(request)
        listing.GET = asked
        try:
            rows = self.get_changelist_instance(listing).queryset
        except IncorrectLookupParameters:
            return []
        return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])

    def _look_and_decide(
        self, request: HttpRequest, chosen: Chosen, form: Together
    ) -> HttpResponse:
        """Decides what was looked at; else shows what would change."""
        with transaction.atomic():
            # Held, so that what is done is what the plan says.
            held = Idea.objects.select_for_update(of=("self",)).filter(pk__in=chosen.keys)
            list(held.order_by("pk").values_list("pk", flat=True))
            what = form.cleaned_data["what"]
            plan = actions.foresee(keys=chosen.keys, what=what, themes=form.chosen)
            seen, now = plan.seen(what, form.chosen), timezone.now()
            agreed = request.POST.get("seen") == seen
            change = Idea.objects.filter(pk__in=[row[0] for row in plan.rows] if agreed else [])
            ideas = list(change.select_related(*PLACES).order_by("pk"))
            if len(ideas) > actions.MANY_IDEAS:
                return redirect(page_of(_ask_worker(ideas, form, request, now)))
            number = _carry_out(ideas, form, request.user, now) if ideas else 0
        if not agreed:
            if request.POST.get("seen"):
                messages.warning(request, CHANGED)
            return self._together_page(request, chosen, form, plan.told() | {"seen": seen})
        messages.success(request, f"{number:,} ideas changed.")
        remember_together(request, number, now)
        address = reverse("admin:outcomes_idea_changelist")
        return redirect(f"{address}?{chosen.back}" if chosen.back else address)

    def _together_page(
        self,
        request: HttpRequest,
        chosen: Chosen,
        form: Together,
        plan: dict[str, Any] | None = None,
    ) -> HttpResponse:
        number, first = len(chosen.keys), chosen.keys[:SHOWN]
        page = {
            "title": f"Decide about {number:,} idea{'' if number == 1 else 's'} together",
            "form": form,
            "every": chosen.every,
            "ids": "" if chosen.every else ",".join(map(str, chosen.keys)),
            "number": number,
            "back": chosen.back,
            "plan": plan,
            "examples": Idea.objects.with_source().filter(pk__in=first).order_by("pk"),
        }
        shown: HttpResponse = self.show(request, "outcomes/idea/together", **page)
        return shown


def _keys(sent: str) -> list[int]:
    """At most as many as a list gives; anything else is none."""
    sent_keys = [key for key in sent.split(",") if key.isascii() and key.isdecimal()]
    return sorted({int(key) for key in sent_keys[:AT_ONCE] if len(key) < 13})


def _themes(keys: list[int]) -> list[Theme]:
    """Those of the area of the first of them; the action refuses those of another area."""
    rows = Idea.objects.filter(pk__in=keys[:AT_ONCE]).select_related(*PLACES)
    first = rows.order_by("pk").first()
    if first is None:
        return []
    return list(Theme.objects.filter(area=consultation_of(first).area_id))


def _ask_what_changes(chosen: Chosen, form: Together, request: HttpRequest) -> Job:
    return actions.ask_what_changes(
        keys=chosen.keys, now=timezone.now(), **_asked(form, request, chosen.back)
    )


def _ask_worker(ideas: list[Idea], form: Together, request: HttpRequest, now: datetime) -> Job:
    return actions.ask_for_codes(
        ideas=ideas, now=now, **_asked(form, request, request.POST.get("back", ""))
    )


def _asked(form: Together, request: HttpRequest, back: str) -> dict[str, Any]:
    """The address of a list that is too long to keep is no address: the list itself."""
    back = storable(back)
    return {
        "what": form.cleaned_data["what"],
        "themes": form.chosen,
        "by": request.user,
        "back": back if len(back) <= MOST_BACK else "",
    }


def _carry_out(ideas: list[Idea], form: Together, by: Any, now: datetime) -> int:
    what = form.cleaned_data["what"]
    if what == "accept":
        return actions.accept_several(ideas=ideas, by=by, now=now)
    if what == "themes":
        return actions.code_several(ideas=ideas, themes=form.chosen, by=by, now=now)
    return actions.dispose_several(ideas=ideas, by=by, now=now)
