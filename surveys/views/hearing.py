"""Wanting to hear: the form, and the page of the link that comes by mail."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from surveys.actions import ask_to_hear, confirm_contact, forget_contact, read_link
from surveys.forms.hearing import HearForm
from surveys.limits import held_back, wait_sentence
from surveys.models import Consultation
from surveys.refusals import LinkExpired, MailRefused
from surveys.views.caching import unstored


@unstored
def hear(request: HttpRequest) -> HttpResponse:
    consultation = Consultation.objects.newest()
    if consultation is None or not settings.EMAILS_GO_OUT:
        return render(request, "surveys/hear_no_email.html", {"consultation": consultation})
    if request.method != "POST":
        return _form(request, HearForm(initial={"wishes": ["results"]}))
    form = HearForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if held_back(request, "contact"):
        form.add_error(None, wait_sentence())
        return _form(request, form, status=429)
    try:
        ask_to_hear(
            consultation=consultation,
            email=form.cleaned_data["email"],
            link=lambda secret: _link(request, secret),
            now=timezone.now(),
            **form.wanted(),
        )
    except MailRefused as refusal:
        form.add_error(None, refusal.sentence)
        return _form(request, form, status=503)
    return redirect("hear_sent")


def _form(request: HttpRequest, form: HearForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/hear.html", {"form": form}, status=status)


def _link(request: HttpRequest, secret: str) -> str:
    """In the query, which goes into no line of the log."""
    query = urlencode({"link": secret})
    return request.build_absolute_uri(f"{reverse('hear_link')}?{query}")


def hear_sent(request: HttpRequest) -> HttpResponse:
    """The same for every address."""
    files = settings.EMAIL_FILE_PATH if settings.EMAILS_ARE_FILES else ""
    return render(request, "surveys/hear_sent.html", {"files": files})


@unstored
def hear_link(request: HttpRequest) -> HttpResponse:
    """Two buttons. To open the page does nothing, as programs that check mails open links too."""
    secret, now = request.GET.get("link", ""), timezone.now()
    try:
        wish = read_link(secret=secret)
        if request.method == "POST" and request.POST.get("go") == "off":
            forget_contact(secret=secret)
            return redirect("hear_off")
        if request.method == "POST" and request.POST.get("go") == "yes":
            confirm_contact(secret=secret, now=now)
            return redirect("hear_on")
    except LinkExpired:
        return render(request, "surveys/hear_expired.html")
    context = {"wish": wish, "may_confirm": wish.may_confirm(now)}
    return render(request, "surveys/hear_link.html", context)


def hear_on(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/hear_on.html")


def hear_off(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/hear_off.html")
