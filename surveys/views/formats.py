"""Asking for another format."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from surveys.actions import ask_for_format
from surveys.context import site
from surveys.forms.formats import FormatForm
from surveys.limits import held_back, wait_sentence
from surveys.views.caching import unstored


@unstored
def formats(request: HttpRequest) -> HttpResponse:
    area = site(request)["area"]
    if area is None or request.method != "POST":
        return _page(request, FormatForm())
    form = FormatForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if held_back(request, "contact"):
        form.add_error(None, wait_sentence())
        return _page(request, form, status=429)
    ask_for_format(area=area, now=timezone.now(), **form.cleaned_data)
    return redirect("formats_asked")


def _page(request: HttpRequest, form: FormatForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/formats.html", {"form": form}, status=status)


def formats_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/formats_asked.html")
