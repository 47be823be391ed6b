"""Answering a survey: one question a page, finish later. `starting.py` is the way in."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions import begin_response, fingerprint, save_answer, takes
from surveys.forms.answering import AnswerForm, form_for
from surveys.limits import held_back, wait_sentence
from surveys.models import Answer, Question, QuestionWording, Response, Survey
from surveys.refusals import (
    AlreadySent,
    AnswerChangedElsewhere,
    AnswerRefused,
    HeldBack,
    SurveyClosed,
)
from surveys.views.about_you import is_asked
from surveys.views.caching import private
from surveys.views.closed import already_sent, closed, others_sent
from surveys.views.pictures import source_of
from surveys.views.respondent import (
    code_of,
    find_survey,
    grace_of,
    help_of,
    mark_of,
    next_address,
    remember,
    response_of,
    words_for,
)
from surveys.views.wording import keep_wording, other_wording, ways_of
from surveys.worded import LARGE, spoken


@dataclass(frozen=True)
class Step:
    """One question in its place in the survey."""

    survey: Survey
    question: Question
    number: int
    last: int

    def form_name(self, response: Response | None) -> str:
        return response.wording_form if response else self.survey.first_form

    def asked(self, response: Response | None) -> QuestionWording:
        """The question as this person reads it."""
        return self.question.wording(self.form_name(response), spoken())

    def form(self, response: Response | None, data: Any = None, **kwargs: Any) -> AnswerForm:
        return form_for(
            self.question,
            self.asked(response),
            data,
            easy=self.form_name(response) in LARGE,
            source_of=source_of,
            is_first=self.number == 1,
            **kwargs,
        )

    def shown(self, response: Response) -> dict[str, Any]:
        """What is stored, as the form has it."""
        stored = Answer.objects.filter(response=response, question=self.question).first()
        ticks = response.ticks.filter(picture__question=self.question)
        pictures = list(ticks.values_list("picture_id", flat=True))
        return {
            "text": stored.text if stored else "",
            "choice": stored.choice if stored else "",
            "ticks": pictures,
            "pictured": ",".join(map(str, pictures)),
            "seen": fingerprint(stored.text) if stored else "",
            "of": mark_of(response),
        }

    def wrote_before(self, response: Response) -> str:
        """The answer to the question before this one, to which this one may refer back."""
        earlier = self.survey.questions.filter(order__lt=self.question.order).last()
        asks_back = earlier and not self.question.has_verdict
        return response.texts().get(earlier.pk, "") if asks_back else ""

    def before(self, request: HttpRequest) -> str:
        if "change" in request.GET:
            return reverse("check", args=[self.survey.slug])
        if self.number == 1:
            return reverse("survey", args=[self.survey.slug])
        return reverse("question", args=[self.survey.slug, self.number - 1])

    def onward(self, request: HttpRequest) -> str:
        if request.POST.get("go") == "later":
            return reverse("later", args=[self.survey.slug])
        if "change" in request.GET:
            return reverse("check", args=[self.survey.slug])
        if self.number < self.last:
            return reverse("question", args=[self.survey.slug, self.number + 1])
        return reverse("about_you" if is_asked(self.survey) else "check", args=[self.survey.slug])


def find_step(slug: str, number: int) -> Step:
    survey = find_survey(slug)
    questions = list(survey.questions.all())
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
    if response.state != Response.State.DRAFT:
        return redirect("sent", slug)
    if not takes(response, timezone.now()):
        return closed(request, step.survey, response)
    form = step.form(response, initial=step.shown(response))
    return _question_page(request, step, form, response, code=code_of(request))


def _save(request: HttpRequest, step: Step, response: Response | None) -> HttpResponse:
    """Without a response, as when the cookie is gone, one is begun, so that nothing is lost."""
    typed = request.POST.get("text", "")
    code = code_of(request)
    if response and request.POST.get("of", "") != mark_of(response):
        return _others(request, step, response)
    if response is None and not step.survey.is_open(timezone.now()):
        return closed(request, step.survey, None, typed)  # before any page that shows the question
    try:
        _must_be_a_person(request, step)
        if response is None:
            response, code = _begun(request, step)
        page = _save_answer(request, step, response, code)
    except HeldBack as refusal:
        return _refused(request, step, response, refusal.sentence, 429, held=True)
    except SurveyClosed:
        return closed(request, step.survey, response, typed)
    except AlreadySent as refusal:
        return already_sent(request, step.survey, refusal.sentence, typed)
    return remember(page, step.survey, code)


def _must_be_a_person(request: HttpRequest, step: Step) -> None:
    if step.number == 1 and request.POST.get("topic", ""):
        raise HeldBack(
            _("This is not saved yet. It looked as if a program sent it. Press Continue again.")
        )


def _begun(request: HttpRequest, step: Step) -> tuple[Response, str]:
    if held_back(request, "begin"):
        raise HeldBack(wait_sentence())
    return begin_response(survey=step.survey, language=spoken(), now=timezone.now())


def _others(request: HttpRequest, step: Step, response: Response) -> HttpResponse:
    """Other answers were begun here since the page was made: nothing is saved, nothing lost.

    `seen` stays as it came, so that an answer of the other person is not overwritten unseen.
    """
    typed = request.POST.get("text", "")
    if response.state != Response.State.DRAFT:
        return others_sent(request, step.survey, typed)
    if not takes(response, timezone.now()):
        return closed(request, step.survey, None, typed)
    sentence = _("These words are not saved. Other answers were begun on this device.")
    return _refused(request, step, response, sentence, 409, others=True)


def _save_answer(request: HttpRequest, step: Step, response: Response, code: str) -> HttpResponse:
    """Go on, or show the page again with the words still in the box."""
    try:
        save_answer(
            response=response,
            question=step.question,
            **_answered(request, step),
            wording=step.asked(response),
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
        )
    except AnswerChangedElsewhere as refusal:
        stored = refusal.stored
        more = {"seen": fingerprint(stored), "stored": stored, "code": code}
        return _refused(request, step, response, refusal.sentence, 409, **more)
    except AnswerRefused as refusal:
        return _refused(request, step, response, refusal.sentence, 422, code=code)
    keep_wording(request, response)
    return other_wording(request) or redirect(step.onward(request))


def _answered(request: HttpRequest, step: Step) -> dict[str, Any]:
    """What the form says. Pictures count only where the page showed them."""
    chosen = set(request.POST.getlist("ticks"))
    shown = set(request.POST.get("pictured", "").split(","))
    offered = list(step.question.pictures.values_list("pk", flat=True))
    pictures = [key for key in offered if str(key) in chosen]
    return {
        "text": request.POST.get("text", ""),
        "choice": request.POST.get("choice", ""),
        "ticks": pictures if "pictured" in request.POST else None,
        "ticks_seen": [key for key in offered if str(key) in shown],
    }


def _refused(
    request: HttpRequest,
    step: Step,
    response: Response | None,
    sentence: str,
    status: int,
    *,
    seen: str | None = None,
    **more: Any,
) -> HttpResponse:
    """The page once more, with all that was typed and chosen, and why it was not saved."""
    typed = request.POST.copy()
    typed["topic"] = ""
    typed["of"] = mark_of(response) if response else ""
    typed["seen"] = request.POST.get("seen", "") if seen is None else seen
    form = step.form(response, typed)
    form.add_error("text", sentence)
    return _question_page(request, step, form, response, status=status, **more)


def _question_page(
    request: HttpRequest,
    step: Step,
    form: AnswerForm,
    response: Response | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    form_now = step.form_name(response)
    is_own = response and not more.get("others")
    context = {
        "survey": step.survey,
        "response": response,
        "words": words_for(step.survey, response),
        "step": step,
        "asked": step.asked(response),
        "ways": ways_of(step.survey, form_now),
        "easy": form_now in LARGE,
        "back": step.before(request),
        "help": help_of(step.survey, response),
        "grace": grace_of(response),
        "wrote_before": step.wrote_before(response) if is_own else "",
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
    if response.state != Response.State.DRAFT:
        return redirect("sent", slug)
    context = {
        "survey": survey,
        "response": response,
        "code": code_of(request),
        "here": request.path,  # beside the code no words of an address: docs/decisions/0011
        "come_back": request.build_absolute_uri(reverse("come_back")),
        "next": next_address(survey, response),
        "easy": response.wording_form in LARGE,
        "help": help_of(survey, response),
        "grace": grace_of(response),
    }
    return render(request, "surveys/later.html", context)
