"""Sending a survey: check the answers, send them, keep the receipt, leave the device."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.about_you import described
from surveys.actions import fingerprint_of_answers, may_change, send_response, takes
from surveys.equality import questions_for
from surveys.forms.sending import SendForm
from surveys.limits import too_fast
from surveys.models import Response, Survey
from surveys.qr import svg
from surveys.refusals import AlreadySent, AnswersChanged, NothingAnswered, SurveyClosed
from surveys.said import said
from surveys.views.about_you import is_asked
from surveys.views.caching import unstored
from surveys.views.changing import change_of, too_late
from surveys.views.closed import closed, others_sent
from surveys.views.respondent import (
    code_of,
    find_survey,
    forget,
    grace_of,
    help_of,
    response_of,
    sent_of,
    words_for,
)
from surveys.worded import LARGE


@unstored
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """All answers once more before they are sent."""
    survey = find_survey(slug)
    response = response_of(request, survey)
    if response is None:
        return redirect("come_back")
    if request.method == "POST":
        return _send(request, survey, response)
    if response.state != Response.State.DRAFT:
        return redirect("sent", slug)
    if not takes(response, timezone.now()):
        return closed(request, survey, response)
    shown = {"seen": fingerprint_of_answers(response)}
    shown["may_quote"] = SendForm.said(response.may_quote)
    return _check_page(request, survey, response, SendForm(initial=shown))


def _send(request: HttpRequest, survey: Survey, response: Response) -> HttpResponse:
    """Only what the person has just read is sent."""
    seen, now = request.POST.get("seen", ""), timezone.now()
    if response.state != Response.State.DRAFT:
        return _sent_before(request, survey, response, seen)
    form = SendForm(request.POST)
    if form.is_valid() and too_fast(response, now):
        form.add_error(
            None,
            _("That was very quick. Your answers are saved. Wait a few seconds, then send again."),
        )
        return _check_page(request, survey, response, form, status=429)
    if not form.is_valid():
        return _check_page(request, survey, response, form, status=422)
    try:
        may_quote = form.cleaned_data["may_quote"]
        sent = send_response(response=response, may_quote=may_quote, now=now, seen=seen)
    except AlreadySent:
        return redirect("sent", survey.slug)
    except SurveyClosed:
        return closed(request, survey, response)
    except AnswersChanged as refusal:
        return _changed(request, survey, response, refusal.sentence)
    except NothingAnswered as refusal:
        form.add_error(None, refusal.sentence)
        return _check_page(request, survey, response, form, status=422)
    return redirect(_after(sent, changed=response.change_of_id is not None))


def _sent_before(
    request: HttpRequest, survey: Survey, response: Response, seen: str
) -> HttpResponse:
    """The answers of this browser were sent: these, or others, or these too late."""
    if response.is_withdrawn or seen == fingerprint_of_answers(response):
        return redirect("sent", survey.slug)
    change = change_of(response)
    if change and seen == fingerprint_of_answers(change):
        return too_late(request, survey, change)
    return others_sent(request, survey)


def _after(sent: Response, *, changed: bool) -> str:
    """Where sending leads: to the equality questions, once; else to the receipt."""
    if changed:
        return reverse("sent", args=[sent.survey.slug]) + "?changed=1"
    page = "equality" if may_ask(sent) else "sent"
    return reverse(page, args=[sent.survey.slug])


def may_ask(sent: Response) -> bool:
    """Whether there are equality questions for this person, not yet answered or skipped."""
    return not sent.asked_equality and bool(questions_for(sent))


def _changed(
    request: HttpRequest, survey: Survey, response: Response, sentence: str
) -> HttpResponse:
    """These are not the answers that the page showed: show them, and send nothing."""
    seen = fingerprint_of_answers(response)
    form = SendForm({"seen": seen, "may_quote": request.POST.get("may_quote", "")})
    form.add_error(None, sentence)
    return _check_page(request, survey, response, form, status=409, changed=True)


def _check_page(
    request: HttpRequest,
    survey: Survey,
    response: Response,
    form: SendForm,
    *,
    status: int = 200,
    changed: bool = False,
) -> HttpResponse:
    context = {
        "survey": survey,
        "response": response,
        "said": said(response),
        "described": described(response),
        "form": form,
        "changed": changed,
        "back": _before_check(survey),
        "grace": grace_of(response),
        **_worded(survey, response),
    }
    return render(request, "surveys/check.html", context, status=status)


def _before_check(survey: Survey) -> str:
    if is_asked(survey):
        return reverse("about_you", args=[survey.slug])
    return reverse("question", args=[survey.slug, survey.questions.count()])


def _worded(survey: Survey, response: Response) -> dict[str, Any]:
    """What pages of a survey show in the way that this person chose to read."""
    return {
        "words": words_for(survey, response),
        "easy": response.wording_form in LARGE,
        "help": help_of(survey, response),
    }


@unstored
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The receipt."""
    survey = find_survey(slug)
    response = sent_of(request, survey)
    if response is None:
        return redirect("check", slug) if response_of(request, survey) else redirect("come_back")
    if response.is_withdrawn:
        return redirect("withdrawn", slug)
    code = code_of(request)
    back = request.build_absolute_uri(reverse("come_back"))
    change = change_of(response)
    context = {
        "survey": survey,
        "response": response,
        "code": code,
        "here": request.path,  # beside the code no words of an address: docs/decisions/0011
        "back": back,
        "qr": svg(f"{back}#{code}", _("QR code: come back to your answers")),
        "said": said(response),
        "described": described(response),
        "may_change": may_change(response, timezone.now()),
        "change": change,
        "may_send_change": change and takes(change, timezone.now()),
        "changed": "changed" in request.GET,
        "may_ask": may_ask(response),
        **_worded(survey, response),
    }
    return render(request, "surveys/sent.html", context)


@unstored
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes this browser forget the code, for a device that others use too."""
    survey = find_survey(slug)
    if request.method == "POST":
        return forget(redirect("leave", slug), survey)
    context = {"survey": survey, "response": response_of(request, survey)}
    return render(request, "surveys/leave.html", context)
