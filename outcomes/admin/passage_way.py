"""From one passage to the next, within what an officer had chosen in the inbox."""

from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from outcomes.admin.inbox_filters import (
    RestFilter,
    decided,
    newest_runs,
    undisposed,
    unfinished,
)
from outcomes.models import Coding, Disposition, Idea, ThemeSuggestion
from surveys.admin.pages import page_of
from surveys.models import Passage

CHECK = "check"
# In the session: the idea that this person decided last, and what they decided.
JUST_DECIDED = "just-decided"
CHECKING = f"way={CHECK}"


@dataclass(frozen=True)
class Way:
    """`query` goes on in every link and form, so that the way is not lost."""

    query: str
    back: str
    before: str = ""
    after: str = ""
    place: int = 0
    total: int = 0

    @property
    def is_check(self) -> bool:
        return self.query == CHECKING


def remember(request: HttpRequest, idea: Idea | None) -> None:
    """What the next page offers to undo; None for nothing."""
    code = Coding.objects.current().filter(idea=idea).first() if idea else None
    end = Disposition.objects.filter(idea=idea, is_current=True).first() if idea else None
    request.session[JUST_DECIDED] = idea and {
        "idea": idea.pk,
        "seen": code.pk if code else "",
        "end_seen": end.pk if end else "",
    }


def address_of(passage: Passage, query: str = "", idea: Idea | None = None) -> str:
    address = page_of(passage) + (f"?{query}" if query else "")
    return f"{address}#idea-{idea.pk}" if idea else address


def is_checking(request: HttpRequest) -> bool:
    """The way through ideas of all: for who reads the list of them."""
    asked = request.GET.get("way") == CHECK
    return asked and request.user.has_perm("outcomes.view_idea")  # type: ignore[union-attr]


def query_of(admin: Any, request: HttpRequest) -> str:
    """What of the address says which list somebody came from."""
    if is_checking(request):
        return CHECKING
    chosen = request.GET.get("_changelist_filters", "")
    return urlencode({"_changelist_filters": chosen}) if chosen else ""


def listed(admin: Any, request: HttpRequest) -> QuerySet[Passage]:
    """What the inbox lists under the filters that somebody came with."""
    asked: Any = copy(request)
    asked.GET = QueryDict(request.GET.get("_changelist_filters", ""))
    asked.only_place = True
    if hasattr(asked, "shown_lookups"):
        del asked.shown_lookups
    try:
        rows: QuerySet[Passage] = admin.get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        asked.GET = QueryDict()
        rows = admin.get_changelist_instance(asked).queryset
    return rows.order_by("pk")


def way_of(admin: Any, request: HttpRequest, passage: Passage) -> Way:
    query = query_of(admin, request)
    if is_checking(request):
        return _way_of_checks(request, passage, query)
    rows = listed(admin, request)
    counted = rows.aggregate(
        total=Count("pk"),
        place=Count("pk", filter=Q(pk__lte=passage.pk)),
        here=Count("pk", filter=Q(pk=passage.pk)),
    )
    before = rows.filter(pk__lt=passage.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=passage.pk).values_list("pk", flat=True).first()
    chosen = request.GET.get("_changelist_filters", "")
    back = reverse("admin:surveys_passage_changelist") + (f"?{chosen}" if chosen else "")
    return Way(
        query,
        back,
        address_of(Passage(pk=before), query) if before else "",
        address_of(Passage(pk=after), query) if after else "",
        counted["place"] if counted["here"] else 0,
        counted["total"],
    )


def to_check() -> list[ThemeSuggestion]:
    """The ideas most useful to decide on next, of which nobody decided yet, in their order."""
    rows = ThemeSuggestion.objects.filter(run__in=newest_runs(), check_order__isnull=False)
    ideas = Idea.everything.all()
    left = rows.exclude(idea__in=ideas.filter(decided(ideas)).order_by().values("pk"))
    sources = ("theme", "idea__answer__passage", "idea__note__passage", "idea__answer__response")
    found = left.select_related(*sources, "idea__answer__response__survey", "idea__note__session")
    return [
        one for one in found.order_by("check_order", "pk") if hasattr(one.idea.source, "passage")
    ]


def _way_of_checks(request: HttpRequest, passage: Passage, query: str) -> Way:
    asked = request.GET.get("idea", "")
    rows = to_check()
    back = reverse("admin:outcomes_idea_check")
    stops = [address_of(one.idea.source.passage, query, one.idea) for one in rows]
    at = next(
        (
            number
            for number, one in enumerate(rows)
            if (str(one.idea_id) == asked if asked else one.idea.source.passage == passage)
        ),
        None,
    )
    if at is None:
        return Way(query, back, after=stops[0] if stops else "", total=len(rows))
    before, after = stops[at - 1] if at else "", stops[at + 1] if at + 1 < len(stops) else ""
    return Way(query, back, before, after, at + 1, len(rows))


def onward(admin: Any, request: HttpRequest, passage: Passage, idea: Idea | None = None) -> str:
    """The address of what comes next after a decision; "" when nothing is left."""
    query = query_of(admin, request)
    if is_checking(request):
        left = _left_to_check(idea)
        return address_of(left[0].source.passage, query, left[0]) if left else ""
    here = _open_here(passage, idea)
    if here:
        return address_of(passage, query, here)
    rows_left = _left(admin, request).exclude(pk=passage.pk)
    keys = rows_left.order_by("pk").values_list("pk", flat=True)
    key = keys.filter(pk__gt=passage.pk).first() or keys.first()
    return address_of(Passage(pk=key), query) if key else ""


def _left(admin: Any, request: HttpRequest) -> Any:
    """Of the list that somebody came from; one of words in no idea has only what is left."""
    rows = listed(admin, request)
    chosen = QueryDict(request.GET.get("_changelist_filters", ""))
    is_rest = chosen.get(RestFilter.parameter_name) == "some"
    return rows if is_rest else unfinished(rows)


def _left_to_check(idea: Idea | None) -> list[Idea]:
    """Those whose turn comes after the idea's, then those before it."""
    of_newest = ThemeSuggestion.objects.filter(run__in=newest_runs(), idea=idea)
    turn = of_newest.values_list("check_order", flat=True).first() or 0
    rows = [one for one in to_check() if one.idea != idea]
    return [one.idea for one in sorted(rows, key=lambda one: one.check_order <= turn)]  # type: ignore[operator]


def _open_here(passage: Passage, idea: Idea | None) -> Idea | None:
    """The next idea of the same passage that nobody decided on."""
    if idea is None or not undisposed(Passage.objects.filter(pk=passage.pk)).exists():
        return None
    rows = Idea.objects.filter(answer=idea.answer_id, note=idea.note_id, start__gt=idea.start)
    found: Idea | None = rows.exclude(decided(rows)).order_by("start").first()
    return found
