"""The page to type in what came on paper, by phone or by email, made for the keyboard."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from surveys import actions
from surveys.about_you import (
    HELP,
    HELPER,
    asked_of,
    asks_what_was_meant,
    asks_who_helped,
)
from surveys.actions.received import CHANNELS
from surveys.admin.pages import PortalAdmin
from surveys.admin.sheets import DayWidget
from surveys.dates import day_of
from surveys.forms.words import Words
from surveys.models import Answer, Form, Question, Response, Survey
from surveys.models.response import ALPHABET, new_reference
from surveys.models.survey import ENGLISH

ENTER = "surveys.enter_response"
REMEMBERED = "entering"  # in the session: what stays the same from one paper to the next
STAYS = ("channel", "received_on", "form", "language")
OUR_REFERENCE = re.compile(rf"[{ALPHABET}]{{10}}")
NOTHING = ("", "– nothing ticked –")
QUOTE = [("", "They did not say"), ("yes", "Yes"), ("no", "No")]


def box(label: str, *, about: str = "", rows: int = 4) -> Words:
    widget = AdminTextareaWidget(attrs={"rows": rows, "dir": "auto"})
    return Words(label=label, help_text=about, required=False, widget=widget)


def one_of(label: Any, choices: Iterable[Any], *, nothing: Any = NOTHING) -> forms.ChoiceField:
    offered = [nothing, *choices] if nothing else [*choices]
    return forms.ChoiceField(label=label, choices=offered, required=nothing is None)


class WordsForm(forms.Form):
    """What a paper says in words and verdicts; the names of the fields are the questions' own."""

    def __init__(self, *args: Any, survey: Survey, form: str, **kwargs: Any) -> None:
        self.survey = survey
        super().__init__(*args, **kwargs)
        for number, question in enumerate(survey.questions.all(), start=1):
            self.add_question(number, question, question.wording(form))

    def add_question(self, number: int, question: Question, put: Any) -> None:
        key = actions.key_of(question)
        if question.has_verdict:
            self.fields[f"{key}-choice"] = forms.ChoiceField(
                label=f"{number}. {put.text}",
                choices=[("", "nothing ticked"), *Answer.Choice.choices],
                required=False,
                widget=forms.RadioSelect,
            )
        about = f"At most {question.max_chars:,} characters."
        words = "Their words" if question.has_verdict else put.text
        self.fields[key] = box(f"{number}. {words}", about=about)

    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys()}

    def choices(self) -> dict[str, str]:
        found = {key: self.cleaned_data.get(f"{key}-choice", "") for key in self.keys()}
        return {key: choice for key, choice in found.items() if choice}

    def keys(self) -> Iterator[str]:
        return (actions.key_of(question) for question in self.survey.questions.all())

    def summary(self) -> list[tuple[str, str]]:
        """All that is wrong, with the id of the field to go to; "" for the whole page."""
        return [
            (self.target(name), sentence)
            for name in ("__all__", *self.fields)
            for sentence in self.errors.get(name, [])
        ]

    def target(self, name: str) -> str:
        if name not in self.fields:
            return ""
        field = self[name]
        return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


class EntryForm(WordsForm):
    """One person's answers, field after field in the order of the paper form."""

    number = Words(
        label="Number on the paper",
        help_text="Leave it empty for a phone call or an email without one.",
        required=False,
        widget=AdminTextInputWidget(attrs={"autocomplete": "off", "autofocus": True}),
    )
    channel = one_of("How it came", [(one.value, one.label) for one in CHANNELS], nothing=None)
    received_on = forms.DateField(
        label="When it reached us",
        help_text="Day, month and year, such as 22/11/2026.",
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        input_formats=[*DayWidget.FORMATS, "%d/%m/%y"],
        error_messages={
            "required": "Give the day on which it reached us.",
            "invalid": "Give a day, such as 22/11/2026.",
        },
    )
    late = one_of("If it is late", Response.Late.choices, nothing=("", "it is not late"))
    late_reason = box("Why it is counted, or not", rows=2)
    form = one_of("How the questions were put", Form.choices, nothing=None)
    language = one_of("Language", settings.LANGUAGES, nothing=None)
    reference = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, survey: Survey, closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, survey=survey, form=survey.first_form, **kwargs)
        if not closed:
            del self.fields["late"], self.fields["late_reason"]
        for question in asked_of(survey):
            self.fields[f"about-{question.key}"] = one_of(question.text, question.choices)
        if asks_who_helped(survey):
            self.fields["help"] = one_of("Did someone help you answer?", HELP)
            self.fields["helper"] = one_of("Who helped?", HELPER)
        if asks_what_was_meant(survey):
            self.fields["helper_words"] = box(
                "What the helper thinks they meant", about="Kept apart from the person’s own words."
            )
        self.fields["may_quote"] = forms.ChoiceField(
            label="May we publish some of their words?",
            choices=QUOTE,
            required=False,
            widget=forms.RadioSelect,
            help_text="The last box on the paper. Press Enter here to save.",
        )

    def add_question(self, number: int, question: Question, put: Any) -> None:
        """On paper the pictures stand before the lines for words."""
        pictures = [(one.pk, one.label) for one in question.pictures.all()]
        if pictures:
            self.fields[f"ticks-{question.pk}"] = forms.TypedMultipleChoiceField(
                label=f"{number}. Pictures ticked",
                choices=pictures,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        super().add_question(number, question, put)

    def clean_reference(self) -> str:
        """One that a page of ours was made with; any other is not taken."""
        reference = self.cleaned_data["reference"]
        return reference if OUR_REFERENCE.fullmatch(reference) else ""

    def received(self) -> actions.Received:
        said = self.cleaned_data
        named = ("channel", "received_on", "form", "language", "number")
        maybe = ("late", "late_reason", "help", "helper", "helper_words")
        return actions.Received(
            survey=self.survey,
            texts=self.texts(),
            choices=self.choices(),
            ticks=[one for name in said if name.startswith("ticks-") for one in said[name]],
            about={
                name.removeprefix("about-"): said[name]
                for name in said
                if name.startswith("about-")
            },
            may_quote={"yes": True, "no": False}.get(said["may_quote"]),
            **{name: said[name] for name in named},
            **{name: said[name] for name in maybe if name in said},
        )

    def refused(self, refusal: actions.EntryRefused) -> None:
        """Each sentence at its field; the page gets a new reference, so it can be saved again."""
        for name, sentence in refusal.problems:
            if name == "ticks":
                name = next((one for one in self.fields if one.startswith("ticks-")), "")
            self.add_error(name if name in self.fields else None, sentence)
        self.data = self.data.copy()
        self.data["reference"] = new_reference()


class EntryPages(PortalAdmin):
    """The addresses under enter/, for those who may enter answers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("enter/", self.choose_survey, "choose"),
            self.address("enter/<int:survey_id>/", self.enter, "enter"),
            *super().get_urls(),
        ]

    def choose_survey(self, request: HttpRequest) -> HttpResponse:
        """The surveys that have opened; the one chosen last is opened at once."""
        if not request.user.has_perm(ENTER):
            raise PermissionDenied
        surveys = list(have_opened())
        last = request.session.get(REMEMBERED, {}).get("survey")
        if "choose" not in request.GET and last in [survey.pk for survey in surveys]:
            return redirect("admin:surveys_response_enter", last)
        return self.show(request, "surveys/response/choose", title="Enter answers", surveys=surveys)

    def enter(self, request: HttpRequest, survey_id: int) -> HttpResponse:
        if not request.user.has_perm(ENTER):
            raise PermissionDenied
        survey = have_opened().filter(pk=survey_id).first()
        if survey is None:
            raise Http404
        form = entry_form(request, survey)
        made = save(request, form)
        if made:
            address = reverse("admin:surveys_response_enter", args=[survey.pk])
            return redirect(f"{address}?last={made.reference}")
        return self.show(
            request,
            "surveys/response/enter",
            title=f"Enter answers: {survey}",
            survey=survey,
            form=form,
            last=last_entered(request),
        )


def have_opened() -> Any:
    rows = Survey.objects.filter(opens_on__lte=day_of(timezone.now())).order_by("-round", "order")
    rows = rows.select_related("consultation__area")
    return rows.prefetch_related("questions__wordings", "questions__pictures")


def entry_form(request: HttpRequest, survey: Survey) -> EntryForm:
    closed = survey.state(timezone.now()) == Survey.State.CLOSED
    if request.method == "POST":
        return EntryForm(request.POST, survey=survey, closed=closed)
    initial = {
        "channel": Response.Channel.PAPER.value,
        "received_on": day_of(timezone.now()),
        "form": survey.first_form,
        "language": ENGLISH,
        "may_quote": "",
        "reference": new_reference(),
    }
    remembered = request.session.get(REMEMBERED, {})
    if remembered.get("survey") == survey.pk:
        initial |= {name: remembered[name] for name in STAYS}
        initial["received_on"] = date.fromisoformat(remembered["received_on"])
    return EntryForm(initial=initial, survey=survey, closed=closed)


def save(request: HttpRequest, form: EntryForm) -> Response | None:
    """Enter what was typed. None when nothing was sent, or when something is wrong with it."""
    if not form.is_bound or not form.is_valid():
        return None
    received = form.received()
    try:
        made = actions.enter_response(
            received=received,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            reference=form.cleaned_data["reference"],
        )
    except actions.EntryRefused as refusal:
        form.refused(refusal)
        return None
    request.session[REMEMBERED] = {
        "survey": form.survey.pk,
        **{name: str(form.cleaned_data[name]) for name in STAYS},
    }
    return made


def last_entered(request: HttpRequest) -> Response | None:
    """What this person entered before this page, to write its reference on the paper."""
    rows = Response.objects.sent().filter(entered_by=request.user.pk)
    return rows.filter(reference=request.GET.get("last", "")).first()
