"""Deciding about several answers and notes at once: tick them, say what, look, confirm."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.actions.texts_together import GONE, NONE_CHOSEN, NOT_OFFERED, OFFERED
from outcomes.admin.passage_forms import Whole
from outcomes.models import Disposition
from outcomes.whose import CODES
from surveys.models import Passage
from surveys.refusals import Refusal

What = Disposition.What
LIST = "admin:surveys_passage_changelist"
SHOWN = 20
TOO_MANY = (
    "You chose {:,} answers and notes. Choose {:,} at most: narrow the list by a filter first."
)
WHY = "Needed for “set aside”, kept for all of them. With “nothing more to code” none is kept."
LEFT = "{} as before: decided otherwise, changed or withheld since you looked."


class TogetherWhole(Whole):
    """As of one passage; or that there is nothing more to code, which says less."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        field.label = "What to decide about each of them"
        field.choices = [(what.value, _label(what)) for what in OFFERED]
        field.error_messages["required"] = NOT_OFFERED
        self.fields["reason"].help_text = WHY

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") == What.SET_ASIDE and not data.get("reason"):
            self.add_error("reason", "Say why it is set aside. People will ask.")
        return data


class TextsTogether:
    """For the admin of passages. Whoever codes their own workshops alone decides one by one."""

    actions = ["decide_together"]
    address: Any
    show: Any
    get_queryset: Any
    has_view_permission: Any

    def get_urls(self) -> list[URLPattern]:
        own = self.address("together/", self.together, "together")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def has_code_permission(self, request: HttpRequest) -> bool:
        return CODES.is_for_all(request.user)

    @admin.action(description="Decide about these together…", permissions=["code"])
    def decide_together(self, request: HttpRequest, rows: QuerySet[Passage]) -> HttpResponse | None:
        """Asks what to decide; where too many are chosen, says so and shows the list again."""
        most = actions.MOST_TEXTS
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[: most + 1])
        if len(keys) > most:
            messages.error(request, TOO_MANY.format(rows.count(), most))
            return None
        return self._texts_page(request, keys, request.GET.urlencode(), TogetherWhole())

    def together(self, request: HttpRequest) -> HttpResponse:
        """What is chosen in a first form, previewed, and done once that is confirmed."""
        if not (self.has_view_permission(request) and self.has_code_permission(request)):
            raise PermissionDenied
        seen, back = _marks(request.POST.get("seen", "")), request.POST.get("back", "")
        asked = _keys(request.POST.get("ids", ""))
        keys = self._shown(request, asked)
        if not keys:
            messages.warning(request, NONE_CHOSEN)
            return redirect(_list_at(back))
        form = TogetherWhole(request.POST)
        if not form.is_valid():
            return self._texts_page(request, keys, back, form)
        try:
            if "seen" in request.POST:
                agreed = {key: seen[key] for key in keys if key in seen}
                return self._decide(request, agreed, len(seen), form, back)
            plan = actions.foresee_texts(keys=keys, **form.cleaned_data)
            plan.left[GONE] += len(asked) - len(keys)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return self._texts_page(request, keys, back, form)
        return self._texts_page(request, keys, back, form, _told(plan))

    def _shown(self, request: HttpRequest, keys: list[int]) -> list[int]:
        rows = self.get_queryset(request).filter(pk__in=keys).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def _decide(
        self, request: HttpRequest, seen: dict[int, str], number: int, form: Whole, back: str
    ) -> HttpResponse:
        """`number` were looked at; of those, `seen` are still to be read."""
        made = actions.dispose_texts(
            seen=seen,
            **form.cleaned_data,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        if made:
            label = _label(What(form.cleaned_data["what"]))
            messages.success(
                request, f"{_number(made)}: {label}. Each is taken back on its own page."
            )
        if left := number - made:
            stay = f"{left:,} stay{'s' if left == 1 else ''}"
            messages.warning(request, LEFT.format(stay))
        return redirect(_list_at(back))

    def _texts_page(
        self,
        request: HttpRequest,
        keys: list[int],
        back: str,
        form: forms.Form,
        plan: dict[str, Any] | None = None,
    ) -> HttpResponse:
        rows = self.get_queryset(request).filter(pk__in=keys[:SHOWN])
        shown: HttpResponse = self.show(
            request,
            "surveys/passage/together",
            title=f"Decide about {_number(len(keys))} together",
            form=form,
            ids=",".join(map(str, keys)),
            number=len(keys),
            back=back,
            back_address=_list_at(back),
            plan=plan,
            examples=rows.order_by("pk"),
        )
        return shown


def _told(plan: actions.ForeseenTexts) -> dict[str, Any]:
    return {
        "changes": [
            [was, becomes, number] for (was, becomes), number in plan.changes.most_common()
        ],
        "changed": len(plan.marks),
        "same": plan.same,
        "with_ideas": plan.with_ideas,
        "left": [[why, number] for why, number in plan.left.most_common() if number],
        "seen": ",".join(f"{key}:{mark}" for key, mark in plan.marks.items()),
    }


def _label(what: Disposition.What) -> str:
    return str(what.label)


def _number(number: int) -> str:
    return f"{number:,} {'answer or note' if number == 1 else 'answers and notes'}"


def _list_at(back: str) -> str:
    address = reverse(LIST)
    return f"{address}?{back}" if back else address


def _keys(sent: str) -> list[int]:
    """One more than may be decided at most; what is no key is none."""
    return sorted({key for one in sent.split(",") if (key := _key(one))})[: actions.MOST_TEXTS + 1]


def _marks(sent: str) -> dict[int, str]:
    pairs = [one.partition(":") for one in sent.split(",")[: actions.MOST_TEXTS + 1]]
    return {key: mark for one, _, mark in pairs if (key := _key(one))}


def _key(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 13 else 0
