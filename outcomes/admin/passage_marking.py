"""Marking words as an idea that the machine did not find."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.admin.passage_facts import ideas_of, pieces, words
from outcomes.admin.passage_forms import Stretch, key_of
from outcomes.admin.passage_way import address_of, query_of
from surveys.models import Passage
from surveys.refusals import Refusal


class Marking:
    """For the admin of passages."""

    find_placed: Any
    address: Any
    show: Any

    def get_urls(self) -> list[URLPattern]:
        own = self.address("<int:object_id>/mark/", self.mark, "mark")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def mark(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """`?from=` is where the words begin that are in no idea; without it, the first such."""
        passage = self.find_placed(request, object_id)
        if not request.user.has_perm("outcomes.code_idea"):  # type: ignore[union-attr]
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


def _free(passage: Passage, start: int | None) -> list[Any]:
    """The words of one stretch that is in no idea."""
    left = pieces(passage.source.text, ideas_of(passage), passage.spans)
    rest = [one for one in left if one.is_remainder]
    chosen = next((one for one in rest if one.start == start), rest[0] if rest else None)
    return words(passage, chosen.start, chosen.end) if chosen else []
