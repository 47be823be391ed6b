"""“I am worried about somebody”: for all staff, about no answer and no note."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from surveys.admin.deciding import Decision, reason
from surveys.admin.pages import WrittenElsewhere
from surveys.models import Concern
from surveys.refusals import Refusal

WORK, RAISE = "surveys.work_concern", "surveys.raise_concern"


class Told(forms.Form):
    """Who may come to harm and what makes somebody think so."""

    reason = reason(
        "What worries you",
        about=(
            "Who it is about as far as you know, what you saw or heard, and when. Only the "
            "safeguarding lead reads this. It is kept for good with your name."
        ),
    )
    category = forms.ChoiceField(
        label="What it may be about",
        choices=[("", "Choose one"), *Concern.Category.choices],
        help_text="Where none fits, or you are not sure, choose “something else”.",
    )


class Close(Decision):
    """For what somebody told of: there are no words of respondents that others might read."""

    path = "close"
    label = "Close it"
    permission = WORK
    button = "Close it"
    about = "It leaves the queue. What was told and what was done stay here; only you read them."
    done = "{}: closed."

    reason = reason("What came of it")

    @classmethod
    def allowed(cls, user: Any, row: Concern, now: datetime) -> bool:
        return super().allowed(user, row, now) and row.was_told

    @classmethod
    def fits(cls, row: Concern) -> bool:
        return row.is_open

    def decide(self, *, by: Any, now: datetime) -> Model:
        return actions.clear_concern(concern=self.row, by=by, now=now, **self.cleaned_data)


class Telling(WrittenElsewhere):
    """Whoever may raise a worry tells of one, and reads nothing by it."""

    receipt: ClassVar[str] = (
        "Thank you. Your worry has number {}. The safeguarding lead reads it, decides what to do "
        "and may ask you more. Nobody is called from here: if somebody is in danger now, call 999."
    )

    def get_urls(self) -> list[URLPattern]:
        return [self.address("raise/", self.tell, "raise"), *super().get_urls()]

    def tell(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(RAISE):
            raise PermissionDenied
        form = Told(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                made = actions.tell_of_concern(
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, self.receipt.format(made.pk))
                return redirect("admin:index")
        title = "I am worried about somebody"
        return self.show(request, "outcomes/concern/tell", title=title, form=form, tools=[])
