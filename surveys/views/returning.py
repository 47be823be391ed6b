"""Coming back with a code, on any device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions import find_response, takes
from surveys.forms.sending import CodeForm
from surveys.limits import held_back
from surveys.models import Response
from surveys.models.response import normal_code
from surveys.views.caching import unstored
from surveys.views.changing import change_of
from surveys.views.closed import closed
from surveys.views.respondent import next_address, remember


@unstored
def come_back(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "surveys/come_back.html", {"form": CodeForm()})
    code = request.POST.get("code", "")
    if held_back(request, "code", count=False):
        return _again(request, _too_many(), status=429)
    response = find_response(code=code)
    if response is None:
        letters = normal_code(code)
        if letters:
            held_back(request, "code")
        return _again(request, _why_not(letters), status=422)
    return _go_on(request, response, code)


def _again(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """The page with the code still in its box, and why it opened nothing."""
    form = CodeForm(request.POST)
    form.add_error("code", sentence)
    return render(request, "surveys/come_back.html", {"form": form}, status=status)


def _go_on(request: HttpRequest, response: Response, code: str) -> HttpResponse:
    """To the receipt of what was sent, to a change of it, or to where the draft goes on."""
    survey = response.survey
    if response.is_withdrawn:
        page = redirect("withdrawn", survey.slug)
    elif response.is_sent:
        page = redirect("change" if change_of(response) else "sent", survey.slug)
    elif takes(response, timezone.now()):
        page = redirect(next_address(survey, response))
    else:
        return closed(request, survey, response)
    return remember(page, survey, code)


def _too_many() -> str:
    return _(
        "Too many wrong codes came from your network. Wait a few minutes, then try again. "
        "Your answers are safe."
    )


def _why_not(letters: str) -> str:
    if not letters:
        return _("Enter your code.")
    if Response.objects.filter(reference=letters).exists():
        return _("This looks like a reference, which has 10 letters and numbers. Your code has 12.")
    if len(letters) == 10:
        return _(
            "That has 10 letters and numbers. A code has 12. "
            "The 10-character one is your reference, or two are missing."
        )
    return _("We cannot find answers with that code. Check each letter and number, and try again.")
