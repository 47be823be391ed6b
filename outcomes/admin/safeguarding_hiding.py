"""Details hidden in withheld words before they are cleared, by the safeguarding lead."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes.actions.redacting import CLEARED
from outcomes.admin.redaction_page import (
    TEMPLATE,
    carried_out,
    details_of,
    form_sent,
    with_decisions,
)
from surveys.actions import record
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.models import Concern, Passage

GONE = "There are no words here to hide anything in."
ADDRESS = "admin:surveys_concern_hide-details"


class HidingFirst(WrittenElsewhere):
    """For the admin of concerns."""

    def get_urls(self) -> list[URLPattern]:
        own = self.address("<int:object_id>/hide-details/", self.hide_details, "hide-details")
        return [own, *super().get_urls()]

    def tools(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        found = super().tools(request, row)
        if row.is_open and row.source:
            url = reverse(ADDRESS, args=[row.pk])
            found.append({"label": "Hide details in it", "url": url})
        return found

    def hide_details(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The redactor's page, for as long as the words are withheld."""
        concern: Concern = self.find(request, object_id)
        passage = withheld_passage(concern)
        if passage is None:
            return _refused(request, concern)
        form = None
        if request.method == "POST":
            form = form_sent(request, passage, concern=concern)
            done = carried_out(request, form) if form else ""
            if form is None or done:
                if done:
                    messages.success(request, done)
                keeps_all = request.POST.get("do") == "keep"
                return redirect(page_of(concern) if keeps_all else request.path)
            concern.refresh_from_db()
            passage = withheld_passage(concern)
            if passage is None:
                return _refused(request, concern)
        was_read(request, concern)
        facts = details_of(passage, form)
        return self.show(request, TEMPLATE, concern=concern, **facts)


def withheld_passage(concern: Concern) -> Passage | None:
    """What the concern withholds; None once it is cleared, or the words were taken back."""
    if not (concern.is_open and concern.source):
        return None
    about = {"answer": concern.answer_id, "note": concern.note_id}
    found: Passage | None = with_decisions(Passage.everything.filter(**about)).first()
    return found


def was_read(request: HttpRequest, about: Concern, detail: str = "") -> None:
    """Keep that this person read withheld words, once for each time they are shown."""
    record(
        what="concern: read the original",
        about=about,
        by=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
        detail=detail,
    )


def _refused(request: HttpRequest, concern: Concern) -> HttpResponse:
    messages.warning(request, GONE if concern.is_open else CLEARED)
    return redirect(page_of(concern))
