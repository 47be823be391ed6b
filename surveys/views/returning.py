"""Coming back with a code, on any device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from surveys.actions import find_response
from surveys.forms.answering import CodeForm
from surveys.models import Response
from surveys.models.response import normal_code
from surveys.views.closed import closed
from surveys.views.respondent import next_address, remember


@cache_control(no_store=True)
def come_back(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "surveys/come_back.html", {"form": CodeForm()})
    form = CodeForm(request.POST)
    code = request.POST.get("code", "")
    response = find_response(code=code)
    if response is None:
        form.add_error("code", _why_not(normal_code(code)))
        return render(request, "surveys/come_back.html", {"form": form}, status=422)
    return _go_on(request, response, code)


def _go_on(request: HttpRequest, response: Response, code: str) -> HttpResponse:
    """To the receipt of what was sent, or to where the draft goes on."""
    survey = response.survey
    if response.is_sent:
        return remember(redirect("sent", survey.slug), survey, code)
    if not survey.takes_from(response.started_at, timezone.now()):
        return closed(request, survey, response)
    return remember(redirect(next_address(survey, response)), survey, code)


def _why_not(letters: str) -> str:
    if not letters:
        return "Enter your code."
    if Response.objects.filter(reference=letters).exists():
        return "This looks like a reference, which has 10 letters and numbers. Your code has 12."
    if len(letters) == 10:
        return (
            "That has 10 letters and numbers. A code has 12. "
            "The 10-character one is your reference, or two are missing."
        )
    return "We cannot find answers with that code. Check each letter and number, and try again."
