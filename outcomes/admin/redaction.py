"""Redaction: the details in what people said that nobody decided on, and the page of one passage.

Nothing here travels in an address: a hidden name in one would be kept by a browser and in a log.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes.admin.redaction_forms import Sent
from outcomes.admin.redaction_page import (
    TEMPLATE,
    carried_out,
    details_of,
    form_sent,
    said_in,
    with_decisions,
)
from outcomes.hiding import readable, to_decide, with_undecided
from outcomes.models import Idea
from outcomes.quoting import Answer, quotes, with_details
from outcomes.whose import REDACTS
from surveys.actions import record, sessions_for
from surveys.admin.pages import WrittenElsewhere, number_of, page_of_rows
from surveys.models import Passage, Redaction, Session

READ = "read the original"


@admin.register(Redaction)
class RedactionAdmin(WrittenElsewhere):
    about = "Names and other details in what people said. They stay hidden until you decide."

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("passage/<int:key>/", self.passage, "passage"),
            *super().get_urls(),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return REDACTS.is_for_some(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return REDACTS.is_for_some(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redaction]:
        own = REDACTS.rows(request.user, "passage__")
        rows: QuerySet[Redaction] = super().get_queryset(request).filter(own)
        return rows

    def waits(self, request: HttpRequest) -> str:
        number = to_decide().filter(REDACTS.rows(request.user)).count()
        return number_of((number, "with details to decide on"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passages, as everybody reads them: the queue, or those that somebody decided on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        own, workshop = REDACTS.rows(request.user), _workshop(request)
        if workshop:
            own &= Q(note__session=workshop)
        waiting = to_decide().filter(own)
        is_done = request.GET.get("show") == "decided"
        rows = _decided().filter(own) if is_done else waiting
        page = page_of_rows(request, rows.with_place())  # type: ignore[attr-defined]
        of = f"&workshop={workshop.pk}" if workshop else ""
        return self.show(
            request,
            "surveys/redaction/list",
            title="Details to decide on",
            page=page,
            rows=[{"passage": one, "from": said_in(one)} for one in page],
            is_done=is_done,
            number=page.paginator.count if not is_done else waiting.count(),
            workshop=workshop,
            of=of,
            query=f"&show=decided{of}" if is_done else of,
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        row = self.find(request, object_id)
        return redirect(page_of_passage(row.passage))

    def passage(self, request: HttpRequest, key: int) -> HttpResponse:
        """The original with its details marked, and what may be done about each."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = readable().filter(REDACTS.rows(request.user))
        passage = find_passage(rows, key)
        place = Place(passage, REDACTS.rows(request.user))
        form = None
        if request.method == "POST":
            form = form_sent(request, passage, quotes=REDACTS.is_for_all(request.user))
            if form is None:
                return redirect(page_of_passage(passage))
            done = carried_out(request, form)
            if done:
                messages.success(request, done)
                return redirect(place.after(form))
            passage = find_passage(rows, key)
        record(what=READ, about=passage, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        return self._page(request, passage, place, form)

    def _page(
        self, request: HttpRequest, passage: Passage, place: "Place", form: Sent | None
    ) -> HttpResponse:
        """With the question of quoting, for whom it is not only of their own workshops."""
        facts = details_of(passage, form)
        if REDACTS.is_for_all(request.user):
            facts["quotes"] = quotes(list(with_details(_ideas_of(passage))))
            facts["answers"] = Answer.choices
        return self.show(request, TEMPLATE, place=place, asks_quotes="quotes" in facts, **facts)


class Place:
    """Where a passage stands in somebody's queue, or would stand, and what is before and after."""

    def __init__(self, passage: Passage, own: Q) -> None:
        number = passage.undecided or passage.suggested or 0  # type: ignore[attr-defined]
        ahead = Q(undecided__gt=number) | Q(undecided=number, pk__lt=passage.pk)
        queue = to_decide().filter(own)
        others = queue.exclude(pk=passage.pk)
        self.passage, self.count = passage, queue.count()
        before = others.filter(ahead).values_list("pk", flat=True)
        self.number = before.count() + 1
        self.before = before.last()
        self.next = others.exclude(ahead).values_list("pk", flat=True).first()
        self.waits = bool(passage.undecided)  # type: ignore[attr-defined]

    def after(self, form: Sent) -> str:
        """Once all of a passage is kept, the next; otherwise the same page."""
        if form.data.get("do") != "keep":
            return page_of_passage(self.passage)
        if self.next is None:
            return reverse("admin:surveys_redaction_changelist")
        return reverse("admin:surveys_redaction_passage", args=[self.next])


def page_of_passage(passage: Passage) -> str:
    return reverse("admin:surveys_redaction_passage", args=[passage.pk])


def find_passage(rows: QuerySet[Passage], key: int) -> Passage:
    found = with_decisions(rows).filter(pk=key).first() if key < 2**63 else None
    passage: Passage | None = found
    if passage is None:
        raise Http404
    return passage


def _workshop(request: HttpRequest) -> Session | None:
    """The one that the address narrows the list to."""
    value = request.GET.get("workshop", "")
    if not (value.isascii() and value.isdecimal() and len(value) < 12):
        return None
    return sessions_for(request.user).filter(pk=int(value)).first()  # type: ignore[arg-type]


def _decided() -> QuerySet[Passage]:
    """Those that somebody decided about, the latest first."""
    rows = with_undecided(readable())
    keys = Redaction.objects.values("passage")
    return rows.filter(pk__in=keys).order_by("-pk")


def _ideas_of(passage: Passage) -> QuerySet[Idea]:
    about = {"answer": passage.answer_id, "note": passage.note_id}
    rows: QuerySet[Idea] = Idea.objects.filter(**about).order_by("start")
    return rows
