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


def no_address(request: HttpRequest) -> None:
    """django-axes asks for a visitor's address. None is kept."""
    return None
