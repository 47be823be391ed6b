"""Words in no idea: marked, or said to hold nothing more; and the newest cut taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format

from outcomes import actions
from outcomes.admin.inbox_filters import decided
from outcomes.admin.passage_facts import ideas_of, pieces, words
from outcomes.admin.passage_forms import Stretch, key_of
from outcomes.admin.passage_way import address_of, is_checking, query_of, remember
from outcomes.models import Cutting, Disposition, Idea
from outcomes.whose import CODES, spare_clusters
from surveys.models import Passage
from surveys.refusals import Refusal

NOTHING_MORE = "Nothing more to code here."
COMES_BACK = (
    "Each part gets back what was decided of it before. What was decided of the whole since stays "
    "in the history of the first part."
)
BOTH_GET = "Both parts get what is decided of the whole now."
EACH_ITS_OWN = (
    "Each part has again what was decided of it before the two were joined. What was decided of "
    "the whole since is in the history of the first part. If the whole went into another cluster "
    "since, both parts are there."
)
BOTH_ALIKE = "What was decided of the whole now holds for both parts. Look at each of them."
TAKEN_BACK = "Taken back: there may be more to code here."


class Marking:
    """For the admin of passages."""

    find_placed: Any
    address: Any
    show: Any
    go_on: Any

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("<int:object_id>/mark/", self.mark, "mark"),
            self.address("<int:object_id>/rest/", self.rest, "rest"),
            self.address("<int:object_id>/uncut/", self.uncut, "uncut"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def mark(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """`?from=` is where the words begin that are in no idea; without it, the first such."""
        passage = self.find_placed(request, object_id)
        if not CODES.covers(request.user, passage):
            raise PermissionDenied
        back = address_of(passage, query_of(self, request))
        free = _free(passage, key_of(request.GET.get("from")))
        if not free:
            messages.error(request, "All of these words are in ideas already.")
            return redirect(back)
        initial = {"first": free[0].start, "last": free[-1].start}
        form = Stretch(request.POST or None, words=free, initial=initial)
        if form.is_bound and form.is_valid():
            start, end = form.span
            try:
                idea = actions.find_idea(
                    passage=passage,
                    start=start,
                    end=end,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, "Marked as an idea. Say what it is about.")
                return redirect(address_of(passage, query_of(self, request), idea))
        title = "Mark as an idea"
        page = {"form": form, "back": back, "title": title, "here": title}
        shown: HttpResponse = self.show(request, "surveys/passage/cut", passage, **page)
        return shown

    def rest(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Nothing more to code in the words that are in no idea; or that taken back."""
        passage, back = self._to_change(request, object_id)
        taken_back = "take_back" in request.POST
        if request.method != "POST":
            return redirect(back)
        decide = actions.look_again if taken_back else actions.nothing_more
        try:
            decide(
                passage=passage,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                seen=key_of(request.POST.get("seen")),
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect(back)
        messages.success(request, TAKEN_BACK if taken_back else NOTHING_MORE)
        left = Idea.objects.filter(pk__in=[one.pk for one in ideas_of(passage)])
        left = left.exclude(decided(left))
        stay = taken_back or is_checking(request) or left.exists()
        return self.go_on(request, passage, stay=stay)  # type: ignore[no-any-return]

    def uncut(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The newest of what was moved, cut, joined or marked here, taken back."""
        passage, back = self._to_change(request, object_id)
        if request.method != "POST":
            return redirect(back)
        try:
            spare_clusters(request.user, passage)
            step = actions.undo_cutting(
                passage=passage,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                seen=key_of(request.POST.get("seen")),
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect(back)
        remember(request, None)
        messages.success(request, f"Taken back: {in_words(step)}.")
        if step.what == Cutting.What.JOINED:
            messages.warning(request, EACH_ITS_OWN if actions.gives_back(step) else BOTH_ALIKE)
        idea = Idea.objects.filter(pk=step.idea_id).first()
        return redirect(address_of(passage, query_of(self, request), idea))

    def _to_change(self, request: HttpRequest, object_id: int) -> tuple[Passage, str]:
        """The passage, for somebody who may code it, and the address of its page."""
        passage = self.find_placed(request, object_id)
        if not CODES.covers(request.user, passage):
            raise PermissionDenied
        return passage, address_of(passage, query_of(self, request))


def marking_of(passage: Passage, current: Disposition | None) -> dict[str, Any]:
    """What the page says of the words in no idea, and of the newest cut."""
    is_rest = current is not None and current.what == Disposition.What.REST
    step = actions.newest_cutting(passage)
    return {
        "nothing_more": current if is_rest else None,
        "step": step,
        "step_words": in_words(step) if step else "",
        "step_told": what_comes_back(step) if step else "",
    }


def in_words(step: Cutting) -> str:
    """cut in two, by asha, 23 November 2026, 12:03"""
    at = date_format(timezone.localtime(step.at), "j F Y, H:i")
    return f"{step.get_what_display()}, by {step.by}, {at}"


def what_comes_back(step: Cutting) -> str:
    """Of what was joined: what undoing it does with what was decided."""
    if step.what != Cutting.What.JOINED:
        return ""
    return COMES_BACK if actions.gives_back(step) else BOTH_GET


def _free(passage: Passage, start: int | None) -> list[Any]:
    """The words of one stretch that is in no idea."""
    left = pieces(passage.source.text, ideas_of(passage), passage.spans)
    rest = [one for one in left if one.is_remainder]
    chosen = next((one for one in rest if one.start == start), rest[0] if rest else None)
    return words(passage, chosen.start, chosen.end) if chosen else []
