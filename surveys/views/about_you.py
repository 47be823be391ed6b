"""What people say about themselves, after the last question and before they check it all."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.about_you import asked_of, asks_who_helped
from surveys.actions import describe_respondent, takes
from surveys.forms.about_you import AboutYouForm
from surveys.models import Response, Survey
from surveys.refusals import AlreadySent, AnswerRefused, SurveyClosed
from surveys.views.caching import private
from surveys.views.closed import already_sent, closed
from surveys.views.respondent import (
    code_of,
    find_survey,
    grace_of,
    help_of,
    mark_of,
    response_of,
    words_for,
)
from surveys.views.wording import keep_wording, other_wording, ways_of
from surveys.worded import LARGE


@private
def about_you(request: HttpRequest, slug: str) -> HttpResponse:
    survey = find_survey(slug)
    response = response_of(request, survey)
    if request.method == "POST":
        return _save(request, survey, response)
    if response is None:
        return redirect("come_back")
    if response.state != Response.State.DRAFT:
        return redirect("sent", slug)
    if not takes(response, timezone.now()):
        return closed(request, survey, response)
    if not is_asked(survey):
        return redirect("check", slug)
    shown = AboutYouForm.shown(response) | {"of": mark_of(response)}
    return _page(request, survey, response, AboutYouForm(initial=shown, survey=survey))


def is_asked(survey: Survey) -> bool:
    """Whether this survey has anything to ask on this page."""
    return bool(asked_of(survey)) or asks_who_helped(survey)


def _save(request: HttpRequest, survey: Survey, response: Response | None) -> HttpResponse:
    form = AboutYouForm(request.POST, survey=survey)
    if response is None or request.POST.get("of", "") != mark_of(response):
        sentence = _("This is not saved. We cannot tell which answers it belongs to.")
        return _again(request, survey, response, form, sentence, status=409)
    typed = request.POST.get("helper_words", "")
    try:
        described = form.described()
        describe_respondent(response=response, **described, now=timezone.now())
        keep_wording(request, response)
    except SurveyClosed:
        return closed(request, survey, response, typed)
    except AlreadySent as refusal:
        return already_sent(request, survey, refusal.sentence, typed)
    except AnswerRefused as refusal:
        return _again(request, survey, response, form, refusal.sentence, status=422)
    onward = "later" if request.POST.get("go") == "later" else "check"
    return other_wording(request) or redirect(onward, survey.slug)


def _again(
    request: HttpRequest,
    survey: Survey,
    response: Response | None,
    form: AboutYouForm,
    sentence: str,
    status: int,
) -> HttpResponse:
    """The page once more, with all that was chosen and typed, and why it was not saved."""
    if not form.errors:
        form.add_error("helper_words" if "helper_words" in form.fields else None, sentence)
    if status == 409 and response:
        form.data = form.data.copy()
        form.data["of"] = mark_of(response)
    return _page(request, survey, response, form, status=status, others=status == 409)


def _page(
    request: HttpRequest,
    survey: Survey,
    response: Response | None,
    form: AboutYouForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    wording_form = response.wording_form if response else survey.first_form
    last = reverse("question", args=[survey.slug, len(survey.questions.all())])
    context = {
        "survey": survey,
        "response": response,
        "words": words_for(survey, response),
        "form": form,
        "back": reverse("check", args=[survey.slug]) if "change" in request.GET else last,
        "code": code_of(request),
        "easy": wording_form in LARGE,
        "ways": ways_of(survey, wording_form),
        "help": help_of(survey, response),
        "grace": grace_of(response),
        **more,
    }
    return render(request, "surveys/about_you.html", context, status=status)
