"""Asking people whether outcomes are right, and reading what they say."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.models import Outcome
from surveys.admin.deciding import Decision
from surveys.admin.pages import carry_out
from surveys.models import Answer, Audience, Survey
from surveys.reading import read

MAY_ASK = "outcomes.add_askedwording"
MAY_READ = ("outcomes.view_askedwording", "surveys.view_answer")


class OutcomeChoices(forms.ModelMultipleChoiceField):
    """Each outcome with its words, and how hard they are to read."""

    def label_from_instance(self, outcome: Any) -> str:
        wording = outcome.wording
        age = read(f"{wording.i_statement}\n{wording.family_statement}").age
        return f"{outcome.code}: {wording.i_statement} (reading age {age})"


class AskAbout(Decision):
    """Which outcomes a survey of the second round asks about."""

    label = "Ask people about these outcomes"
    permission = MAY_ASK
    button = "Ask about the ticked ones"
    about = (
        "Each becomes one question, in its exact words of today, with where it came from. People "
        "choose yes, nearly, no or not sure, and may say what they would change. Until the survey "
        "opens you can come back here: words that changed are brought up to date, and an outcome "
        "that is no longer ticked is taken out. Then check the easy read wordings."
    )
    done = "“{}” asks about the outcomes you chose."

    outcomes = OutcomeChoices(
        Outcome.objects.none(),
        label="Outcomes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Outcome.objects.filter(consultation=self.row.consultation_id)
        live = rows.exclude(state=Outcome.State.RETIRED).select_related("theme")
        asked = actions.asked_in(self.row)
        field = self.fields["outcomes"]
        field.queryset = live.prefetch_related("wordings")  # type: ignore[attr-defined]
        field.initial = [one.wording.outcome_id for one in asked]

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return row.kind == Survey.Kind.OUTCOMES and not row.has_opened(timezone.now())

    def warning(self) -> str:
        if not self.fits(self.row):
            return "This survey has opened, so what it asks about stays the same."
        if not self.fields["outcomes"].queryset.exists():  # type: ignore[attr-defined]
            return "There are no outcomes yet to ask about. Draft them from clusters first."
        return ""

    def decide(self, *, by: Any, now: datetime) -> Survey:
        chosen = list(self.cleaned_data["outcomes"])
        actions.ask_about(survey=self.row, outcomes=chosen, now=now)
        return self.row


class Asking:
    """For the pages of outcomes: the way to ask about them, and what people said."""

    change_list_template = "admin/outcomes/outcome/list.html"

    def get_urls(self) -> list[URLPattern]:
        route = "ask/<int:survey_id>/"
        return [self.address(route, self.ask, "ask"), *super().get_urls()]  # type: ignore[attr-defined, misc]

    def ask(self, request: HttpRequest, survey_id: int) -> HttpResponse:
        """Which outcomes a survey asks about."""
        if not request.user.has_perm(MAY_ASK):  # type: ignore[union-attr]
            raise PermissionDenied
        survey = get_object_or_404(Survey, pk=survey_id, kind=Survey.Kind.OUTCOMES)
        form = AskAbout(
            request.POST if request.method == "POST" else None, row=survey, user=request.user
        )
        return carry_out(request, form) or self.show(  # type: ignore[attr-defined]
            request, "decision", form=form, title=form.title
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm(MAY_ASK)  # type: ignore[union-attr]
        surveys = Survey.objects.filter(kind=Survey.Kind.OUTCOMES) if may else []
        extra = {"asks": [one for one in surveys if AskAbout.fits(one)]}
        return super().changelist_view(request, extra | (extra_context or {}))  # type: ignore[misc]


def what_people_said(request: HttpRequest, outcome: Outcome) -> dict[str, Any]:
    """For those who may read answers: the verdicts, audiences side by side, and the comments."""
    if not all(request.user.has_perm(word) for word in MAY_READ):  # type: ignore[union-attr]
        return {}
    labels = {**dict(Audience.choices), "total": "all"}
    found = [
        (verdicts, [(labels[str(row)], cells) for row, cells in verdicts.table.lines()])
        for verdicts in actions.verdicts_on(outcome)
    ]
    return {"verdicts": found, "verdict_headings": [*Answer.Choice.labels, "all"]}
