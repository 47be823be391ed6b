"""Decisions about a survey: its pilot, its closing date, what else it asks."""

from datetime import datetime
from typing import Any

from django import forms

from surveys import actions
from surveys.admin.before_opening import is_fixed
from surveys.admin.deciding import Decision, reason
from surveys.equality import OFF_CHOICES
from surveys.models import Survey


class Extend(Decision):
    path = "extend"
    label = "Extend the closing date"
    permission = "surveys.change_survey"
    about = "The new date and your reason are shown on the survey. A date is never moved earlier."
    button = "Extend"
    done = "“{}” has a new closing date."

    closes_on = forms.DateField(
        label="New last day",
        help_text="The survey stays open until 11:59pm on this day.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = reason(about="Shown to everyone on the survey’s page.")

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return row.closes_on is not None

    def warning(self) -> str:
        return f"It closes at {self.row.closes_words} now." if self.row.closes_on else ""

    def decide(self, *, by: Any, now: datetime) -> Survey:
        actions.extend_survey(survey=self.row, by=by, now=now, **self.cleaned_data)
        return Survey.objects.get(pk=self.row.pk)


class StartPilot(Decision):
    path = "start-pilot"
    label = "Make a pilot link"
    permission = "surveys.change_survey"
    done = "“{}” can be tried. Its link is on this page."
    at_once = True

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return not row.pilot_key and not is_fixed(row)

    def decide(self, *, by: Any, now: datetime) -> Survey:
        return actions.start_pilot(survey=self.row, now=now)


class StopPilot(Decision):
    path = "stop-pilot"
    label = "Stop the pilot"
    permission = "surveys.change_survey"
    button = "Stop it and delete the trial answers"
    about = "The link stops working, and every trial answer is deleted for good."
    done = "The pilot of “{}” has stopped. Its answers are deleted."

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return bool(row.pilot_key)

    def warning(self) -> str:
        trials = self.row.responses.filter(is_pilot=True).count()
        noun = "trial response" if trials == 1 else "trial responses"
        return f"There are {trials} {noun}, with the unsent ones."

    def decide(self, *, by: Any, now: datetime) -> Survey:
        return actions.stop_pilot(survey=self.row)


class AskExtraEquality(Decision):
    path = "ask-extra-equality"
    label = "Ask another equality question"
    permission = "surveys.add_extraequalityquestion"
    button = "Ask it"
    about = (
        "These questions are off, because they ask about very private things. Ask one only where "
        "you need it to see whether a group of people was heard. Nobody under 16 is asked. "
        "It cannot be taken back on this page."
    )
    done = "“{}” asks one equality question more."

    question = forms.ChoiceField(
        label="Question", choices=[(key, str(text)) for key, text in OFF_CHOICES]
    )
    reason = reason("Why this survey needs it")

    @classmethod
    def fits(cls, row: Survey) -> bool:
        return not is_fixed(row)

    def decide(self, *, by: Any, now: datetime) -> Survey:
        actions.ask_extra_equality(survey=self.row, by=by, now=now, **self.cleaned_data)
        return self.row
