"""What every page needs, and what no page keeps."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from surveys.models import Area, Consultation


def site(request: HttpRequest) -> dict[str, Any]:
    """The area whose site this is: that of the newest consultation, or the only one there is."""
    consultation = Consultation.objects.newest()
    area = consultation.area if consultation else Area.objects.first()
    return {"area": area, "demonstration": settings.DEMONSTRATION}


def no_address(request: HttpRequest) -> str:
    """django-axes asks for a visitor's address. The same for everyone, so nothing is kept.

    Not None: two empty addresses are never equal to PostgreSQL, and axes counts by equal rows.
    """
    return "0.0.0.0"  # noqa: S104 - nothing listens here
