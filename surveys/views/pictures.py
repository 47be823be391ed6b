"""Pictures that people choose: our own drawings, and those that officers uploaded."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control

from surveys.models import Picture
from surveys.worded import DRAWINGS

YEAR = 365 * 24 * 60 * 60


@cache_control(public=True, max_age=YEAR, immutable=True)
def picture(request: HttpRequest, key: int, mark: str) -> HttpResponse:
    """An uploaded picture. Its address names its content, so a browser may keep it."""
    found = get_object_or_404(Picture, pk=key, image__isnull=False)
    image = bytes(found.image)
    if mark != _mark(image):
        raise Http404
    return HttpResponse(image, content_type="image/png")


def source_of(one: Picture) -> str:
    """The address of a picture: what was uploaded comes before our drawing; "" for none."""
    if one.image:
        return reverse("picture", args=[one.pk, _mark(bytes(one.image))])
    return static(f"drawings/{one.drawing}.svg") if one.drawing in DRAWINGS else ""


def _mark(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest()[:16]
