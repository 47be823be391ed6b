"""In which language a page speaks."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

STAFF = "en-gb"


class Languages(LocaleMiddleware):
    """Public pages speak the language chosen, or else the browser's; staff pages speak English."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(reverse("admin:index")):
            translation.activate(STAFF)
            request.LANGUAGE_CODE = STAFF
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """No cache gives a page to somebody who reads another language."""
        patch_vary_headers(response, ["Cookie"])
        return super().process_response(request, response)
