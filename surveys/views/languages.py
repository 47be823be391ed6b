"""Choosing the language of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language


@csrf_exempt  # a choice of language harms nobody, and who only reads needs no second cookie
def choose(request: HttpRequest) -> HttpResponse:
    """Remember one of our languages, and go back to the page; any other changes nothing."""
    if request.POST.get("language") not in dict(settings.LANGUAGES):
        request.POST = request.POST.copy()
        request.POST["language"] = ""
    return set_language(request)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Let the browser remember `language`, for a page whose own form holds the language buttons."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        )
    return response
