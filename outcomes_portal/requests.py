"""What a request may hold, and who may sign in with it."""

import codecs
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, QueryDict

from outcomes.demo.load import PASSWORD
from surveys.views.refusals import bad_request

UTF_8 = {"utf-8", "ascii"}


def readable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Everything is read as UTF-8, as our pages send it.

    A form that says it is written otherwise is refused, so that nobody's words are kept wrong; so
    is NUL in a query or a cookie, which no browser sends and PostgreSQL does not take.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        foreign = request.method == "POST" and not _is_utf_8(request.encoding)
        request.encoding = "utf-8"
        if foreign or _holds_nul(request):
            return bad_request(request)
        return get_response(request)

    return middleware


def _is_utf_8(encoding: str | None) -> bool:
    """Django sets an encoding that Python knows, or none."""
    return encoding is None or codecs.lookup(encoding).name in UTF_8


def _holds_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    cookies = [*request.COOKIES, *request.COOKIES.values()]
    return "%00" in query or any("\0" in text for text in [query, *cookies])


class OwnPasswords(ModelBackend):
    """Outside the demonstration nobody signs in with its password, nor stays signed in with it."""

    def user_can_authenticate(self, user: Any) -> bool:
        allowed = settings.DEMONSTRATION or not _is_well_known(user.password)
        return allowed and super().user_can_authenticate(user)


@lru_cache(maxsize=1000)
def _is_well_known(encoded: str) -> bool:
    """Slow, as passwords should be to check; asked once for each, as every request asks it."""
    return check_password(PASSWORD, encoded)


class NamesAlone(AxesDatabaseHandler):
    """Counts wrong passwords by name, and keeps nothing of the form, the query or the browser."""

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        if request is None:
            return super().user_login_failed(sender, credentials, request, **kwargs)
        sent = request.GET, request.POST
        request.GET = request.POST = QueryDict()
        request.axes_user_agent = request.axes_http_accept = ""
        try:
            return super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = sent
