"""What every page needs, and what no page keeps."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import mark_safe

from surveys.models import Area, Consultation
from surveys.models.survey import ENGLISH
from surveys.worded import spoken


def site(request: HttpRequest) -> dict[str, Any]:
    """The area whose site this is: that of the newest consultation, or the only one there is."""
    consultation = Consultation.objects.newest()
    area = consultation.area if consultation else Area.objects.first()
    return {"area": area, "demonstration": settings.DEMONSTRATION}


def languages(request: HttpRequest) -> dict[str, Any]:
    """The languages to choose from, where the choice leads back to, and what marks English words.

    What officers write is in English: a page in another language writes `{{ in_english }}` into the
    tag around such words, so that they are read aloud as English and run from left to right.
    """
    return {
        "languages": settings.LANGUAGES,
        "here": request.get_full_path(),
        "in_english": mark_safe(' lang="en-GB" dir="ltr"') if spoken() != ENGLISH else "",
    }


def no_address(request: HttpRequest) -> str:
    """django-axes asks for a visitor's address. The same for everyone, so nothing is kept.

    Not None: two empty addresses are never equal to PostgreSQL, and axes counts by equal rows.
    """
    return "0.0.0.0"  # noqa: S104 - nothing listens here
