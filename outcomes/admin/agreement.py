"""Who has to agree, and how an agency's lead records its position."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from outcomes import actions
from outcomes.actions.drafting import WordsChanged
from outcomes.models import Endorsement, Outcome, Signatory
from surveys.admin.deciding import Decision, line, words
from surveys.admin.pages import PortalAdmin
from surveys.models import Agency
from surveys.refusals import Refusal


@admin.register(Signatory)
class SignatoryAdmin(PortalAdmin):
    about = (
        "Which agencies have to endorse an outcome before it counts as agreed. Once an outcome is "
        "put forward, agencies can be added and no longer changed."
    )
    list_display = ["agency", "consultation", "is_required"]
    list_filter = ["consultation", "is_required"]
    list_select_related = ["agency", "consultation"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who must sign is settled before anything is put forward; later it only grows."""
        settled = Outcome.objects.exclude(state=Outcome.State.DRAFT)
        if obj and settled.filter(consultation=obj.consultation_id).exists():  # type: ignore[attr-defined]
            return False
        return super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Only agencies that exist today are asked."""
        if db_field.name == "agency":
            kwargs["queryset"] = Agency.objects.current(on=timezone.localdate())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfSeenWords(Decision):
    """A decision about the exact words that the page showed."""

    seen_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = self.row.wording  # what the page shows
        self.fields["seen_hash"].initial = self.wording.content_hash

    def refused(self, refusal: Refusal) -> None:
        """Words that changed meanwhile are shown now: the next sending is about those."""
        super().refused(refusal)
        if isinstance(refusal, WordsChanged):
            self.data = self.data.copy()
            self.data["seen_hash"] = self.wording.content_hash


class RecordPosition(OfSeenWords):
    """An agency's position on the exact words that its lead read on this page."""

    path = "position"
    label = "Record your agency’s position"
    permission = "outcomes.record_endorsement"
    button = "Record this position"
    about = (
        "Your agency’s position on exactly these words. It is published with your post and the "
        "day, not your name. You can replace it later; the earlier one is kept."
    )
    done = "Your agency’s position on {} is recorded."
    template = "outcomes/outcome/position"

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", empty_label=None)
    position = forms.ChoiceField(
        label="Position",
        choices=Endorsement.Position,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three positions."},
    )
    explanation = words(
        "Conditions or reasons",
        required=False,
        about="The conditions, or why the agency cannot endorse. Left empty for a plain yes.",
    )
    on_behalf_of = line(
        "Decided by",
        most=200,
        required=False,
        about="The board or meeting that decided, and its date.",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        keys = [agency.pk for agency in actions.agencies_led_by(user=user, now=timezone.now())]
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=keys)  # type: ignore[attr-defined]

    @classmethod
    def allowed(cls, user: Any, row: Outcome, now: datetime) -> bool:
        """Only who leads an agency today; which one, the form and the action see to."""
        may = super().allowed(user, row, now)
        return may and bool(actions.agencies_led_by(user=user, now=now))

    @classmethod
    def fits(cls, row: Outcome) -> bool:
        return row.state == Outcome.State.PROPOSED

    def decide(self, *, by: Any, now: datetime) -> Outcome:
        actions.record_position(outcome=self.row, by=by, now=now, **self.cleaned_data)
        return self.row
