"""Pages that say no: clearly, and with a person's words shown back."""

from contextlib import suppress

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from surveys.texts import storable

NOT_WORDS = {"csrfmiddlewaretoken", "seen", "next", "code", "go", "of", "form", "language"}
NOT_WORDS |= {"source", "choice", "ticks", "pictured", "topic", "help", "helper"}
CHUNK = 1024 * 1024
MOST_HEARD = 256 * CHUNK


def typed_words(request: HttpRequest) -> list[str]:
    """The texts that a refused form held, so that the page can show them back.

    None of a form that cannot be read, for whatever reason: the page that says no comes all the
    same.
    """
    try:
        fields = list(request.POST.items())
    except Exception:
        _hear_out(request)
        return []
    words = [
        storable(str(value))
        for name, value in fields
        if name not in NOT_WORDS and "password" not in name
    ]
    return [text for text in words if text.strip()]


def _hear_out(request: HttpRequest) -> None:
    """Read what was still on its way: a browser shows no page until it has sent everything."""
    with suppress(Exception):  # whoever sent it may have gone
        for _ in range(MOST_HEARD // CHUNK):
            if not request.read(CHUNK):
                return


def refuse(
    request: HttpRequest, status: int, title: str, *sentences: str, in_another_way: bool = False
) -> HttpResponse:
    """A page with a title, sentences and what was typed; if asked, with other ways to reach us."""
    context = {
        "title": title,
        "sentences": sentences,
        "words": typed_words(request),
        "in_another_way": in_another_way,
    }
    response = render(request, "surveys/refused.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not carry the token of our page: old, changed, or cookies are off."""
    return refuse(
        request,
        403,
        _("We could not take this form"),
        _("The page may have been open for a long time, or your browser does not allow cookies."),
        _("Go back, load the page again and send it once more."),
        in_another_way=True,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        _hear_out(request)
        return refuse(
            request,
            413,
            _("That was too much to send at once"),
            _("Nothing was saved. Your words are still on the page before this one."),
            _("Go back and send a shorter answer."),
        )
    return refuse(
        request, 400, _("We could not read that"), _("Go back to the page before and try again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    why = str(exception) if exception and str(exception) else _("Your account does not allow it.")
    return refuse(request, 403, _("You cannot open this page"), why)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(
        request,
        404,
        _("Page not found"),
        _("If you typed the address, check that it is right."),
        _("You can start again from the first page."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be the trouble; the words are shown back."""
    context = {
        "title": _("Something went wrong"),
        "sentences": [_("It is our fault, not yours. Wait a little and try again.")],
        "words": typed_words(request),
    }
    return HttpResponse(render_to_string("surveys/refused.html", context), status=500)
