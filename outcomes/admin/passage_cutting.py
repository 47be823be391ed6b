"""Where an idea begins and ends, chosen word by word on pages of their own."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from outcomes import actions
from outcomes.admin.passage_deciding import IdeaDecisions
from outcomes.admin.passage_facts import ideas_of, words
from outcomes.admin.passage_forms import CHANGED, CutAt, Joined, Stretch
from outcomes.admin.passage_way import address_of, query_of
from outcomes.models import Idea
from outcomes.whose import spare_clusters
from surveys.models import Passage
from surveys.refusals import Refusal


class IdeaBorders(IdeaDecisions):
    """For the admin of ideas: the pages on which an idea is cut."""

    show: Any

    def borders(self, request: HttpRequest, object_id: int) -> HttpResponse:
        idea, passage = self.to_code(request, object_id)
        room = words(passage, *_room(passage, idea))
        inside = [one for one in room if one.start < idea.end and idea.start < one.end]
        initial = {"first": inside[0].start, "last": inside[-1].start}
        form = Stretch(request.POST or None, words=room, initial=initial)

        def decide(by: Any, now: datetime) -> Idea:
            start, end = form.span
            return actions.move_border(idea=idea, start=start, end=end, by=by, now=now)

        return self._cut_page(request, passage, idea, form, decide, "Where it begins and ends")

    def cut(self, request: HttpRequest, object_id: int) -> HttpResponse:
        idea, passage = self.to_code(request, object_id)
        inside = words(passage, idea.start, idea.end)
        form = CutAt(request.POST or None, words=inside)

        def decide(by: Any, now: datetime) -> Idea:
            at = int(form.cleaned_data["at"])
            return actions.cut(idea=idea, at=at, by=by, now=now)[0]

        return self._cut_page(request, passage, idea, form, decide, "Cut in two")

    def join(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """With the next one; what was decided of either holds for both."""
        idea, passage = self.to_code(request, object_id)
        later = [one for one in ideas_of(passage) if one.start > idea.start]
        if not later:
            messages.error(request, "This is the last idea here: there is no next one to join.")
            return redirect(address_of(passage, query_of(self, request), idea))
        form = Joined(request.POST or None)

        def decide(by: Any, now: datetime) -> Idea:
            return actions.join(idea=idea, by=by, now=now)

        title = "Join with the next idea"
        return self._cut_page(request, passage, idea, form, decide, title, other=later[0])

    def _cut_page(
        self,
        request: HttpRequest,
        passage: Passage,
        idea: Idea,
        form: Any,
        decide: Any,
        title: str,
        other: Idea | None = None,
    ) -> HttpResponse:
        back = address_of(passage, query_of(self, request), idea)
        seen = seen_of(idea, other) if other else seen_of(idea)
        if form.is_bound and form.is_valid():
            try:
                if request.POST.get("seen", "") != seen:
                    raise actions.ChangedMeanwhile(CHANGED)
                spare_clusters(request.user, passage)
                decide(request.user, timezone.now())
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, f"{title}: done.")
                return redirect(back)
        page = {"form": form, "idea": idea, "other": other, "back": back, "seen": seen}
        if isinstance(form, CutAt) and not form.fields["at"].choices:  # type: ignore[attr-defined]
            page["nothing"] = "It is one word: there is no place to cut it."
        shown: HttpResponse = self.inbox().show(
            request, "surveys/passage/cut", passage, **page, title=title, here=title
        )
        return shown


def seen_of(*ideas: Idea) -> str:
    """Where they lay when the page was shown."""
    return " ".join(f"{one.pk}:{one.start}-{one.end}" for one in ideas)


def _room(passage: Passage, idea: Idea) -> tuple[int, int]:
    """How far an idea may reach: to the ones before and after it."""
    others = [one for one in ideas_of(passage) if one.pk != idea.pk]
    start = max((one.end for one in others if one.end <= idea.start), default=0)
    ends = (one.start for one in others if one.start >= idea.end)
    return start, min(ends, default=len(passage.source.text))
