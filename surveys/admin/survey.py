"""The surveys: who is asked what, from when until when."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html

from surveys.about_you import QUESTIONS, asked_of, keys_for
from surveys.actions.surveying import checks_to_open
from surveys.admin.before_opening import BeforeOpening, WordingInline, is_fixed, too_late
from surveys.admin.equality import EqualityPages
from surveys.admin.fixing import FixSurveyWords
from surveys.admin.overview import doubts, pieces, reading_words
from surveys.admin.pages import page_of
from surveys.admin.previewing import preview
from surveys.admin.printing import Printing
from surveys.admin.scheduling import AskExtraEquality, Extend, StartPilot, StopPilot
from surveys.dates import day_of
from surveys.equality import OFF_CHOICES
from surveys.models import Audience, ExtraEqualityQuestion, Question, Survey, SurveyWording

SETTLED = [
    "consultation",
    "audience",
    "round",
    "kind",
    "ages",
    "first_form",
    "title",
    "slug",
    "opens_on",
    "closes_on",
    "grace_minutes",
    "card_text",
    "intro",
    "safety_text",
    "how_to_hear_more",
    "about_questions",
    "asks_equality",
]


class SurveyForm(forms.ModelForm):
    """A survey gets its dates once it is ready, and then opens by itself."""

    about_questions = forms.MultipleChoiceField(
        label="About-you questions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (
                label,
                [(one.key, str(one.text)) for one in QUESTIONS if one.audience == audience],
            )
            for audience, label in Audience.choices
        ],
        help_text="All optional, in wide bands. Tick those of the survey’s own audience. "
        "With none ticked, the usual ones of that audience are asked.",
    )

    class Meta:
        model = Survey
        fields = [*SETTLED, "reading_age", "order"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        audience = facts.get("audience") or self.instance.audience
        if not set(keys_for(audience)).issuperset(facts.get("about_questions") or ()):
            whom = Audience(audience).label if audience else "its audience"
            self.add_error("about_questions", f"Tick only those for {whom}.")
        if "opens_on" in self.fields:
            self._check_dates(facts)
        return facts

    def _check_dates(self, facts: dict[str, Any]) -> None:
        opens, closes = facts.get("opens_on"), facts.get("closes_on")
        if bool(opens) != bool(closes):
            self.add_error("opens_on", "Give both days, or neither.")
        if not opens or not closes:
            return
        if closes < opens:
            self.add_error("closes_on", "The last day is before the first.")
        if "opens_on" in self.changed_data and opens < day_of(timezone.now()):
            self.add_error("opens_on", "That day is past. Choose a day from today on.")
        kind, safety = facts.get("kind"), facts.get("safety_text") or ""
        checks = checks_to_open(self.instance, kind=kind, safety_text=safety)
        missing = [check.words for check in checks if not check.is_met]
        if missing:
            self.add_error("opens_on", f"The dates can be set once this is so. {' '.join(missing)}")


class QuestionForm(forms.ModelForm):
    """Whether an outcome is right is asked from the list of outcomes, with its exact words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.has_verdict:
            self.fields["construct"].disabled = True
        elif "construct" in self.fields:
            choices = [(one.value, one.label) for one in Question.CORE]
            self.fields["construct"].choices = choices  # type: ignore[attr-defined]


class Questions(BaseInlineFormSet):
    """All the questions of one survey."""

    def clean(self) -> None:
        super().clean()
        facts = [getattr(form, "cleaned_data", None) or {} for form in self.forms]
        asked = Counter(one["construct"] for one in facts if one.get("construct"))
        for construct, times in asked.items():
            if construct in Question.CORE and times > 1:
                label = Question.Construct(construct).label
                raise ValidationError(f"Ask “{label}” once: two questions have it.")


class QuestionInline(BeforeOpening, admin.StackedInline):
    model = Question
    form = QuestionForm
    formset = Questions
    extra = 0
    fields = [("order", "construct"), ("label", "max_chars"), "put_as"]
    readonly_fields = ["put_as"]
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).prefetch_related("wordings")

    @admin.display(description="how it is put")
    def put_as(self, question: Question) -> str:
        if not question.pk:
            return "Save the survey, then open the question to write its wordings."
        return format_html(
            '{} <a href="{}">Open “{}”</a>',
            question.wording().text,
            page_of(question),
            question.label,
        )


class SurveyWordingInline(WordingInline):
    model = SurveyWording
    fields = [("form", "language"), *SurveyWording.WORDS, "reads"]
    readonly_fields = ["reads"]
    verbose_name_plural = "its words in another form or language"

    @admin.display(description="how it reads")
    def reads(self, put: SurveyWording) -> str:
        if not put.pk:
            return "Shown once it is saved."
        text = "\n".join(getattr(put, name) for name in SurveyWording.WORDS)
        return reading_words(text, put.language, put.survey)


@admin.register(Survey)
class SurveyAdmin(EqualityPages, Printing):
    about = "The questions for each audience, and when they can be answered."
    form = SurveyForm
    change_form_template = "admin/surveys/survey/change.html"
    decisions = (StartPilot, StopPilot, Extend, FixSurveyWords, AskExtraEquality)
    list_display = ["title", "audience", "round", "state_now", "opens_on", "closes_on"]
    list_filter = ["consultation"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "consultation",
                    ("audience", "ages"),
                    ("round", "kind"),
                    ("slug", "order"),
                ]
            },
        ),
        ("When", {"fields": [("opens_on", "closes_on", "grace_minutes"), "how_to_hear_more"]}),
        (
            "What people read",
            {"fields": ["card_text", "intro", "safety_text", ("first_form", "reading_age")]},
        ),
        ("What else it asks", {"fields": ["about_questions", "asks_equality"]}),
    ]
    inlines = [QuestionInline, SurveyWordingInline]

    def get_urls(self) -> list[URLPattern]:
        show = self.address("<int:object_id>/preview/", self.preview, "preview")
        return [show, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list[str]:
        return [*SETTLED, "about_words"] if is_fixed(obj) else []

    def get_fieldsets(self, request: HttpRequest, obj: Survey | None = None) -> Any:
        """Once it has opened, what people are asked about themselves is shown in words."""
        if not is_fixed(obj):
            return self.fieldsets
        *most, (title, last) = self.fieldsets
        fields = ["about_words" if name == "about_questions" else name for name in last["fields"]]
        return [*most, (title, {"fields": fields})]

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        """Only what was changed here: a pilot or a correction of this moment is not undone."""
        obj.save(update_fields=form.changed_data if change else None)

    @admin.display(description="about-you questions")
    def about_words(self, survey: Survey) -> str:
        return " ".join(str(one.text) for one in asked_of(survey)) or "None."

    @admin.display(description="state")
    def state_now(self, survey: Survey) -> str:
        return Survey.State(survey.state(timezone.now())).label

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return preview(request, self.find(request, object_id))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may = self.has_change_permission(request, row)
        if may and request.method == "POST" and is_fixed(row) and "intro" in request.POST:
            return too_late(self, request, row)
        extra = self.facts(request, row) if row else {}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def facts(self, request: HttpRequest, row: Survey) -> dict[str, Any]:
        """What the page shows around the form."""
        found = pieces(row)
        return {
            "pieces": found,
            "checks": checks_to_open(row),
            "doubts": doubts(row, found),
            "is_fixed": is_fixed(row),
            "may_fix": is_fixed(row) and request.user.has_perm(FixSurveyWords.permission),
            "trials": row.responses.filter(is_pilot=True, state="sent").count(),
            "changes": row.deadline_changes.select_related("by"),
            "fixes": row.fixes.select_related("by").order_by("-version"),
            "extras": _extras(row),
        }


def _extras(survey: Survey) -> list[tuple[str, ExtraEqualityQuestion]]:
    """The equality questions asked here that are off by default, by their words."""
    words = {key: str(text) for key, text in OFF_CHOICES}
    rows = survey.extra_equality.select_related("by").order_by("at", "pk")
    return [(words.get(one.question, one.question), one) for one in rows]
