"""The page of a passage: its words with the ideas in them, and what becomes of all of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.admin.passage_facts import (
    facts_of,
    ideas_of,
    pieces,
    repeats_of,
    rows_of,
    themes_for,
)
from outcomes.admin.passage_forms import Themes, Whole, key_of
from outcomes.admin.passage_marking import Marking, marking_of
from outcomes.admin.passage_way import JUST_DECIDED, address_of, onward, query_of, way_of
from outcomes.admin.safeguarding import raise_address
from outcomes.models import AnalysisRun, Disposition, Idea
from outcomes.whose import CODES, REDACTS, may_end
from surveys.admin.printing import in_english
from surveys.models import Passage, Theme
from surveys.refusals import Refusal

CODE = "outcomes.code_idea"
KEYS = [
    ("n", "next answer or note"),
    ("p", "previous one"),
    ("j", "next idea on this page"),
    ("k", "previous idea on this page"),
    ("a", "accept what the machine suggests"),
    ("1 to 9", "give the idea that theme, in the order of the buttons"),
    ("0", "not sure"),
    ("x", "nothing to code in the idea"),
    ("u", "undo the newest decision about the idea"),
    ("c", "cut the idea in two"),
    ("b", "begin or end it elsewhere"),
    ("+", "join it with the next"),
    ("z", "undo the newest cut, join, mark or move"),
    ("m", "mark as an idea what is in none"),
    ("r", "nothing more to code in the words that are in no idea"),
    ("f", "worried about harm"),
    ("/", "search"),
    ("?", "show the keys"),
]
OF_LESS = (Disposition.What.OPEN, Disposition.What.REST)
DONE = "Nothing is left to decide in this list."


def _unfilled(row: dict[str, Any], themes: list[Theme]) -> Themes:
    """With the themes that people gave."""
    given = dict(zip(Themes.names, row["code"].themes if row["code"] else [], strict=False))
    initial = {name: str(theme.pk) for name, theme in given.items()}
    return Themes(themes=themes, prefix=str(row["idea"].pk), initial=initial)


def _rows(
    passage: Passage,
    ideas: list[Idea],
    themes: list[Theme],
    trouble: dict[int, str],
    filled: dict[int, Themes],
) -> list[dict[str, Any]]:
    """A row for each idea, with its form and what is wrong with that."""
    rows = rows_of(passage, ideas)
    for row in rows:
        key = row["idea"].pk
        row["trouble"] = trouble.get(key, "")
        row["form"] = filled.get(key) or _unfilled(row, themes)
    return rows


class PassagePages(Marking):
    """For the admin of passages."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("<int:object_id>/dispose/", self.dispose, "dispose"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self.read(request, self.find_placed(request, object_id))

    def find_placed(self, request: HttpRequest, object_id: Any) -> Passage:
        """The passage, with all that its page says of where it comes from."""
        passage: Passage = self.find(request, object_id)
        placed: Passage = Passage.objects.with_place().get(pk=passage.pk)
        return placed

    def read(
        self,
        request: HttpRequest,
        passage: Passage,
        *,
        trouble: dict[int, str] | None = None,
        filled: dict[int, Themes] | None = None,
        whole: Whole | None = None,
    ) -> HttpResponse:
        """The page; after a refusal with its sentence where it belongs, and what was filled in."""
        may_code, themes = CODES.covers(request.user, passage), themes_for(passage)
        reads_ideas = may_code or request.user.has_perm("outcomes.view_idea")
        ideas = ideas_of(passage) if reads_ideas else []
        ends = Disposition.objects.filter(passage=passage, is_current=True)
        current = ends.select_related("by").first()
        alike, first = repeats_of(passage)
        drawn = list(pieces(passage.source.text, ideas, passage.spans))
        context = {
            "rows": _rows(passage, ideas, themes, trouble or {}, filled or {}),
            "pieces": drawn,
            "remainder": [one for one in drawn if one.is_remainder],
            "language": in_english(passage.language) if passage.language else "",
            "themes": themes,
            "keys": KEYS,
            "may_code": may_code,
            "reads_ideas": reads_ideas,
            "may_end": may_code and may_end(request.user, current),
            "may_redact": REDACTS.covers(request.user, passage),
            "may_mark": may_code and AnalysisRun.objects.done().exists(),
            "end": current if current and current.what not in OF_LESS else None,
            "end_seen": current.pk if current else "",
            "whole": whole or Whole(sets_aside=CODES.is_for_all(request.user)),
            "alike": alike,
            "first_alike": first,
            "way": way_of(self, request, passage),
            "just_decided": request.session.get(JUST_DECIDED),
            "raise_address": self._raising(request, passage),
            "troubled": bool(trouble or (whole and whole.errors)),
        }
        context |= facts_of(passage) | marking_of(passage, current)
        return self.show(request, "surveys/passage/page", passage, **context)

    def _raising(self, request: HttpRequest, passage: Passage) -> str:
        may = request.user.has_perm("surveys.raise_concern")
        return raise_address(passage.source) if may else ""

    def dispose(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What becomes of a whole passage; or the decision taken back."""
        passage = self.find_placed(request, object_id)
        ends = Disposition.objects.current().filter(passage=passage)
        covered = CODES.covers(request.user, passage)
        if not (covered and may_end(request.user, ends.first())):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(address_of(passage, query_of(self, request)))
        taken_back = "take_back" in request.POST
        form = Whole(request.POST, sets_aside=CODES.is_for_all(request.user))
        if not taken_back and not form.is_valid():
            return self.read(request, passage, whole=form)
        what = Disposition.What.OPEN if taken_back else form.cleaned_data["what"]
        try:
            made = actions.dispose(
                of=passage,
                what=what,
                reason="" if taken_back else form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                seen=key_of(request.POST.get("seen")),
            )
        except Refusal as refusal:
            form.is_valid()
            form.add_error(None, refusal.sentence)
            return self.read(request, passage, whole=form)
        messages.success(request, f"All of it: {made}.")
        return self.go_on(request, passage, stay=taken_back)

    def go_on(
        self, request: HttpRequest, passage: Passage, idea: Any = None, *, stay: bool = False
    ) -> HttpResponse:
        """To what is to be decided next; back to the page when something was taken back."""
        here = address_of(passage, query_of(self, request), idea)
        if stay:
            return redirect(here)
        there = onward(self, request, passage, idea)
        if not there:
            messages.info(request, DONE)
        return redirect(there or here)
