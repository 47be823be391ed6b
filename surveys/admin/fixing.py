"""Correcting words that people have seen: a decision with a reason, and a new version."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from surveys import actions
from surveys.actions.fixing import LONGEST_QUESTION, LONGEST_TITLE, WordsChanged
from surveys.admin.before_opening import is_fixed
from surveys.admin.deciding import Decision, line, reason, words
from surveys.admin.overview import LABELS
from surveys.admin.pages import WrittenElsewhere, page_of
from surveys.models import Question, QuestionWording, Survey, SurveyWording
from surveys.refusals import Refusal

ABOUT = (
    "People are answering, so the words are not simply changed: this makes a new version of the "
    "survey. What the words were is kept, with your reason and your name. Answers that were given "
    "before keep the words they were given under. Never change what is asked, only a mistake."
)


class Correct(Decision):
    """A correction of the words in the version that the page showed."""

    path = "fix-words"
    label = "Correct the words"
    permission = "surveys.add_surveyfix"
    button = "Correct the words"
    about = ABOUT
    done = "The words are corrected: {}."

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.survey.version

    @property
    def survey(self) -> Survey:
        raise NotImplementedError

    @classmethod
    def allowed(cls, user: Any, row: Any, now: datetime) -> bool:
        survey = row if isinstance(row, Survey) else getattr(row, "survey", None)
        return super().allowed(user, row, now) and is_fixed(survey or row.question)

    def refused(self, refusal: Refusal) -> None:
        """What was typed stays; the next sending is about the words that the page shows now."""
        super().refused(refusal)
        if isinstance(refusal, WordsChanged):
            self.data = self.data.copy()
            self.data["seen"] = Survey.objects.get(pk=self.survey.pk).version


class FixWording(Correct):
    """On the page of one wording of a question."""

    text = words("The question", rows=2)
    hint = words("What stands below it", required=False, rows=3)
    reason = reason("Why they have to change now")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put = self.newest()
        self.fields["text"].initial, self.fields["hint"].initial = put.text, put.hint
        self.fields["text"].max_length = LONGEST_QUESTION  # type: ignore[attr-defined]

    @property
    def survey(self) -> Survey:
        return self.row.question.survey

    @property
    def title(self) -> str:
        put = self.row
        question = put.question
        return f"{self.label}: question {question.order}, {put.get_form_display()}, {put.language}"

    def newest(self) -> QuestionWording:
        same = self.row.question.wordings.filter(form=self.row.form, language=self.row.language)
        return same.latest("version")

    def warning(self) -> str:
        put = self.newest()
        return f"It says now: “{put.text}” {put.hint}".strip()

    def decide(self, *, by: Any, now: datetime) -> Question:
        actions.fix_wording(wording=self.row, by=by, now=now, **self.cleaned_data)
        return self.row.question


class FixSurveyWords(Correct):
    """On the page of a survey, for its own words."""

    # A field, apart from the property `title` of the page.
    title = line(LABELS["title"], most=LONGEST_TITLE, required=False)
    card_text = words(LABELS["card_text"], required=False)
    intro = words(LABELS["intro"], required=False)
    safety_text = words(LABELS["safety_text"], required=False, rows=5)
    how_to_hear_more = words(LABELS["how_to_hear_more"], required=False)
    reason = reason("Why they have to change now")

    wording: SurveyWording | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.put = type(self.row).objects.get(pk=self.row.pk)
        for name in SurveyWording.WORDS:
            self.fields[name].initial = getattr(self.put, name)

    @property
    def survey(self) -> Survey:
        return self.row

    def warning(self) -> str:
        if not self.is_bound:
            return ""
        now = [(LABELS[name], getattr(self.put, name)) for name in SurveyWording.WORDS]
        return "They say now: " + " · ".join(f"{name}: “{text}”" for name, text in now if text)

    def decide(self, *, by: Any, now: datetime) -> Survey:
        facts = self.cleaned_data
        actions.fix_survey_words(
            survey=self.survey,
            wording=self.wording,
            words={name: facts[name] for name in SurveyWording.WORDS},
            reason=facts["reason"],
            seen=facts["seen"],
            by=by,
            now=now,
        )
        return Survey.objects.get(pk=self.survey.pk)


class FixTranslatedWords(FixSurveyWords):
    """On the page of the survey's words in another form or language."""

    @property
    def survey(self) -> Survey:
        return self.row.survey

    def decide(self, *, by: Any, now: datetime) -> Survey:
        self.wording = self.row
        return super().decide(by=by, now=now)


class OneWording(WrittenElsewhere):
    """No page of its own and no line on the index: only its correction has an address."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def owner(self, row: Any) -> Any:
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return redirect(page_of(self.owner(self.find(request, object_id))))


@admin.register(QuestionWording)
class QuestionWordingAdmin(OneWording):
    decisions = (FixWording,)
    list_display = ["text", "question", "form", "language", "version"]
    list_select_related = ["question"]

    def owner(self, row: QuestionWording) -> Question:
        return row.question


@admin.register(SurveyWording)
class SurveyWordingAdmin(OneWording):
    decisions = (FixTranslatedWords,)
    list_display = ["survey", "form", "language"]
    list_select_related = ["survey"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyWording]:
        return super().get_queryset(request).select_related("survey")

    def owner(self, row: SurveyWording) -> Survey:
        return row.survey
