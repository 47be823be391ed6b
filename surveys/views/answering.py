"""Answering a survey: start, one question a page, finish later."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from surveys.actions import begin_response, fingerprint, save_answer
from surveys.forms.answering import AnswerForm
from surveys.models import Question, Response, Survey
from surveys.refusals import AlreadySent, AnswerChangedElsewhere, AnswerRefused, SurveyClosed
from surveys.views.closed import already_sent, closed, others_sent
from surveys.views.respondent import (
    code_of,
    find_survey,
    help_of,
    mark_of,
    next_address,
    questions_of,
    remember,
    response_of,
)

private = cache_control(private=True, no_cache=True)


@private
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What the survey is, and the way in. A draft of this browser is gone on with."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    draft = response if response and not response.is_sent else None
    if request.method == "POST":
        if draft and "anew" not in request.POST:
            return redirect(next_address(survey, draft))
        return _begin(request, survey)
    now = timezone.now()
    context = {
        "survey": survey,
        "state": survey.state(now),
        "may_go_on": draft and draft.answers.exists() and survey.takes_from(draft.started_at, now),
        "sent": response if response and response.is_sent else None,
    }
    return render(request, "surveys/start.html", context)


def _begin(request: HttpRequest, survey: Survey) -> HttpResponse:
    try:
        _, code = begin_response(survey=survey, now=timezone.now())
    except SurveyClosed:
        return closed(request, survey, response=None)
    return remember(redirect("question", survey.slug, 1), survey, code)


@dataclass(frozen=True)
class Step:
    """One question in its place in the survey."""

    survey: Survey
    question: Question
    number: int
    last: int

    def form(self, response: Response, data: Any = None, **kwargs: Any) -> AnswerForm:
        wording = self.question.wording(response.wording_form)
        return AnswerForm(data, question=self.question, wording=wording, **kwargs)

    def wrote_before(self, response: Response) -> str:
        """The answer to the question before this one, to which this one may refer back."""
        earlier = self.survey.questions.filter(order__lt=self.question.order).last()
        return response.texts().get(earlier.pk, "") if earlier else ""

    def before(self, request: HttpRequest) -> str:
        if "change" in request.GET:
            return reverse("check", args=[self.survey.slug])
        if self.number == 1:
            return reverse("survey", args=[self.survey.slug])
        return reverse("question", args=[self.survey.slug, self.number - 1])

    def onward(self, request: HttpRequest) -> str:
        if request.POST.get("go") == "later":
            return reverse("later", args=[self.survey.slug])
        if self.number == self.last or "change" in request.GET:
            return reverse("check", args=[self.survey.slug])
        return reverse("question", args=[self.survey.slug, self.number + 1])


def find_step(slug: str, number: int) -> Step:
    survey = find_survey(slug)
    questions = questions_of(survey)
    if not 1 <= number <= len(questions):
        raise Http404
    return Step(survey, questions[number - 1], number, len(questions))


@private
def question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One question: show it, or store what was typed."""
    step = find_step(slug, number)
    response = response_of(request, step.survey)
    if request.method == "POST":
        return _save(request, step, response)
    if response is None:
        return redirect("survey", slug)
    if response.is_sent:
        return redirect("sent", slug)
    if not step.survey.takes_from(response.started_at, timezone.now()):
        return closed(request, step.survey, response)
    stored = response.texts().get(step.question.pk, "")
    shown = {"text": stored, "seen": fingerprint(stored), "of": mark_of(response)}
    form = step.form(response, initial=shown)
    more = {"code": code_of(request), "wrote_before": step.wrote_before(response)}
    return _question_page(request, step, form, **more)


def _save(request: HttpRequest, step: Step, response: Response | None) -> HttpResponse:
    """Without a response, as when the cookie is gone, one is begun, so that nothing is lost."""
    typed = request.POST.get("text", "")
    code = code_of(request)
    if response and request.POST.get("of", "") != mark_of(response):
        return _others(request, step, response)
    try:
        if response is None:
            response, code = begin_response(survey=step.survey, now=timezone.now())
        page = _save_answer(request, step, response, code)
    except SurveyClosed:
        return closed(request, step.survey, response, typed)
    except AlreadySent as refusal:
        return already_sent(request, step.survey, refusal.sentence, typed)
    return remember(page, step.survey, code)


def _others(request: HttpRequest, step: Step, response: Response) -> HttpResponse:
    """Other answers were begun here since the page was made: nothing is saved, nothing lost.

    `seen` stays as it came, so that an answer of the other person is not overwritten unseen.
    """
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    if response.is_sent:
        return others_sent(request, step.survey, text)
    if not step.survey.takes_from(response.started_at, timezone.now()):
        return closed(request, step.survey, None, text)
    form = step.form(response, {"text": text, "seen": seen, "of": mark_of(response)})
    form.add_error("text", "These words are not saved. Other answers were begun on this device.")
    return _question_page(request, step, form, status=409, others=True)


def _save_answer(request: HttpRequest, step: Step, response: Response, code: str) -> HttpResponse:
    """Go on, or show the page again with the words still in the box."""
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    try:
        save_answer(
            response=response, question=step.question, text=text, seen=seen, now=timezone.now()
        )
        return redirect(step.onward(request))
    except AnswerChangedElsewhere as refusal:
        sentence, stored, status = refusal.sentence, refusal.stored, 409
        seen = fingerprint(stored)
    except AnswerRefused as refusal:
        sentence, stored, status = refusal.sentence, "", 422
    form = step.form(response, {"text": text, "seen": seen, "of": mark_of(response)})
    form.add_error("text", sentence)
    more = {"code": code, "stored": stored, "wrote_before": step.wrote_before(response)}
    return _question_page(request, step, form, status=status, **more)


def _question_page(
    request: HttpRequest, step: Step, form: AnswerForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "survey": step.survey,
        "step": step,
        "back": step.before(request),
        "help": help_of(step.survey),
        "form": form,
        **more,
    }
    return render(request, "surveys/question.html", context, status=status)


@private
def later(request: HttpRequest, slug: str) -> HttpResponse:
    """The code to come back with."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    if response is None:
        return redirect("come_back")
    if response.is_sent:
        return redirect("sent", slug)
    context = {
        "survey": survey,
        "code": code_of(request),
        "come_back": request.build_absolute_uri(reverse("come_back")),
        "next": next_address(survey, response),
        "help": help_of(survey),
    }
    return render(request, "surveys/later.html", context)
