"""Writing to those who asked to hear, and requests for another format.

No page here shows an email address of somebody who asked to hear: only how many wait.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from surveys import actions
from surveys.admin.deciding import Decision, line, words
from surveys.admin.pages import WrittenElsewhere, number_of
from surveys.mailing import OPENINGS, RESULTS, letter
from surveys.models import Consultation, Contact, FormatRequest
from surveys.refusals import Refusal

WRITE = "surveys.write_to_contact"
ABOUT = {RESULTS: "the results", OPENINGS: "another survey that opens"}


class Letter(Decision):
    """A mail to everybody who waits for it; its `row` is the consultation."""

    path = "write"
    label = "Write to those who asked to hear"
    permission = WRITE
    button = "Preview"

    wish = forms.ChoiceField(
        label="What it is about", choices=list(ABOUT.items()), widget=forms.RadioSelect
    )
    subject = line("Subject", most=120)
    text = words("Text", rows=14, about="Plain text. Write web addresses out in full.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def mark(self) -> str:
        """Names the words, so that only those that were previewed are sent."""
        return actions.fingerprint("\n".join(self.cleaned_data[name] for name in self.letter()))

    def letter(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("wish", "subject", "text")}


@admin.register(Contact)
class ContactAdmin(WrittenElsewhere):
    about = "How many people asked to hear from us, and writing to them. No addresses."

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(WRITE)

    def waits(self, request: HttpRequest) -> str:
        rows = Contact.objects.filter(confirmed_on__isnull=False)
        return number_of((rows.count(), "to write to"))

    def get_urls(self) -> list[URLPattern]:
        route = "write/<int:consultation_id>/"
        return [self.address(route, self.write, "write"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        rows = [
            {
                "consultation": one,
                "waiting": [
                    (
                        ABOUT[wish],
                        number,
                        actions.being_written(consultation=one, wish=wish, now=now),
                    )
                    for wish, number in actions.how_many_wait(consultation=one).items()
                ],
            }
            for one in Consultation.objects.order_by("-pk")
        ]
        return self.show(
            request, "surveys/contact/list", rows=rows, title="People who asked to hear"
        )

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    def write(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """The form; then the mail as it will be, with a button that sends these words alone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Consultation.objects.select_related("area"), pk=consultation_id)
        form = Letter(request.POST or None, row=row, user=request.user)
        previewed = form.is_bound and form.is_valid()
        if previewed and "send" in request.POST and form.cleaned_data["seen"] == form.mark():
            try:
                return self._queue(request, form)
            except Refusal as refusal:
                form.refused(refusal)
                previewed = False
        return self.show(
            request,
            "surveys/contact/write",
            form=form,
            title=form.title,
            waiting=[
                (ABOUT[wish], number)
                for wish, number in actions.how_many_wait(consultation=row).items()
            ],
            changed="send" in request.POST and previewed,
            **(_preview(form) if previewed else {}),
        )

    def _queue(self, request: HttpRequest, form: Letter) -> HttpResponse:
        told = form.letter()
        number = actions.write_to_contacts(consultation=form.row, now=timezone.now(), **told)
        people = "1 person" if number == 1 else f"{number} people"
        wrote = f"Wrote to {people} about {ABOUT[told['wish']]}: “{told['subject']}”."
        self.log_change(request, form.row, wrote)
        messages.success(request, f"The mail to {people} is on its way, in the background.")
        return redirect("admin:surveys_contact_changelist")


def _preview(form: Letter) -> dict[str, Any]:
    """The mail as it will be; the form then knows which words were seen."""
    told = form.letter()
    form.data = form.data.copy()
    form.data["seen"] = form.mark()
    return {
        "preview": letter(form.row, told["text"], told["wish"]),
        "subject": told["subject"],
        "number": actions.how_many_wait(consultation=form.row)[told["wish"]],
    }


class Met(Decision):
    path = "met"
    label = "They have what they asked for"
    permission = "surveys.change_formatrequest"
    button = "They have it: delete how to reach them"
    about = "What they wrote and how to reach them are deleted for good. Which format it was stays."
    done = "The request for {} is met. What they wrote and how to reach them are deleted."

    @classmethod
    def fits(cls, row: FormatRequest) -> bool:
        return row.met_at is None

    def decide(self, *, by: Any, now: datetime) -> FormatRequest:
        return actions.meet_format_request(request=self.row, by=by, now=now)


@admin.register(FormatRequest)
class FormatRequestAdmin(WrittenElsewhere):
    about = "People who need large print, another language, paper or a call."
    page = "surveys/formatrequest/page"
    decisions = (Met,)
    list_display = ["__str__", "area", "asked_on", "met_at", "met_by"]
    list_filter = ["format", ("met_at", admin.EmptyFieldListFilter)]
    list_select_related = ["area", "met_by"]
    ordering = ["met_at", "asked_at"]

    def waits(self, request: HttpRequest) -> str:
        return number_of((FormatRequest.objects.filter(met_at=None).count(), "not met yet"))

    @admin.display(description="asked on", ordering="asked_at")
    def asked_on(self, request: FormatRequest) -> Any:
        return timezone.localdate(request.asked_at)
