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

from outcomes.admin.redaction_forms import FORMS, FindForm, RangeForm, Sent, take
from outcomes.hiding import drawn, marks, readable, to_decide, with_undecided
from outcomes.models import Idea
from outcomes.quoting import Answer, quotes, with_details
from surveys.actions import record
from surveys.admin.pages import WrittenElsewhere, number_of, page_of_rows
from surveys.models import Detail, Passage, Redaction

NEEDED = ["surveys.redact_passage", "surveys.read_original"]
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
        return bool(request.user.has_perms(NEEDED))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perms(NEEDED))

    def waits(self, request: HttpRequest) -> str:
        return number_of((to_decide().count(), "with details to decide on"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passages, as everybody reads them: the queue, or those that somebody decided on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        waiting = to_decide()
        is_done = request.GET.get("show") == "decided"
        rows = _decided() if is_done else waiting
        page = page_of_rows(request, rows.with_place())  # type: ignore[attr-defined]
        return self.show(
            request,
            "surveys/redaction/list",
            title="Details to decide on",
            page=page,
            rows=[{"passage": one, "from": said_in(one)} for one in page],
            is_done=is_done,
            number=page.paginator.count if not is_done else waiting.count(),
            query="&show=decided" if is_done else "",
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        row = self.find(request, object_id)
        return redirect(page_of_passage(row.passage))

    def passage(self, request: HttpRequest, key: int) -> HttpResponse:
        """The original with its details marked, and what may be done about each."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        passage = find_passage(key)
        place = Place(passage)
        form = None
        if request.method == "POST":
            kind = FORMS.get(request.POST.get("do", ""))
            if kind is None:
                return redirect(page_of_passage(passage))
            form = kind(request.POST, passage=passage)
            done = take(form, by=request.user, now=timezone.now())
            if done:
                messages.success(request, done)
                return redirect(place.after(form))
            passage = find_passage(key)
        record(what=READ, about=passage, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        return self._page(request, passage, place, form)

    def _page(
        self, request: HttpRequest, passage: Passage, place: "Place", form: Sent | None
    ) -> HttpResponse:
        found = marks(passage)
        decisions = list(passage.redactions.all())
        return self.show(
            request,
            "surveys/redaction/page",
            title=f"Details in {said_in(passage)}",
            passage=passage,
            said_in=said_in(passage),
            place=place,
            marks=found,
            waiting=sum(one.is_undecided for one in found),
            pieces=list(drawn(passage.source.text, found)),
            kinds=Detail.Kind.choices,
            decisions=[(one, passage.source.text[one.start : one.end]) for one in decisions],
            seen=max((one.pk for one in decisions), default=0),
            form=form,
            again=next((one.number for one in found if form and form.is_about(one)), 0),
            find=form if isinstance(form, FindForm) else FindForm(passage=passage),
            range=form if isinstance(form, RangeForm) else RangeForm(passage=passage),
            quotes=quotes(list(with_details(_ideas_of(passage)))),
            answers=Answer.choices,
        )


class Place:
    """Where a passage stands in the queue, or would stand, and what comes before and after."""

    def __init__(self, passage: Passage) -> None:
        number = passage.undecided or passage.suggested or 0  # type: ignore[attr-defined]
        ahead = Q(undecided__gt=number) | Q(undecided=number, pk__lt=passage.pk)
        queue = to_decide()
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


def find_passage(key: int) -> Passage:
    rows = with_undecided(readable()).with_place()  # type: ignore[attr-defined]
    rows = rows.select_related("answer__response__survey", "answer__question", "note__session")
    rows = rows.prefetch_related("redactions__by", "detailsuggestions")
    passage: Passage | None = rows.filter(pk=key).first() if key < 2**63 else None
    if passage is None:
        raise Http404
    return passage


def said_in(passage: Passage) -> str:
    if passage.answer:
        return f"response {passage.answer.response.reference}, {passage.answer.response.survey}"
    assert passage.note is not None  # noqa: S101 - passage_has_one_source
    return f"note {passage.note.order} of {passage.note.session}"


def _decided() -> QuerySet[Passage]:
    """Those that somebody decided about, the latest first."""
    rows = with_undecided(readable())
    keys = Redaction.objects.values("passage")
    return rows.filter(pk__in=keys).order_by("-pk")


def _ideas_of(passage: Passage) -> QuerySet[Idea]:
    about = {"answer": passage.answer_id, "note": passage.note_id}
    rows: QuerySet[Idea] = Idea.objects.filter(**about).order_by("start")
    return rows
