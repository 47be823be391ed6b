"""A picture of the whole: a map of ideas, bars and a table, all from one count."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone

from outcomes.admin import picture_drawing as drawing
from outcomes.admin.board import READS
from outcomes.admin.board_order import IN_TURN, Size, in_order
from outcomes.picture import Named, Picture, picture_of
from surveys.admin.pages import PortalAdmin
from surveys.models import Audience, Consultation

MOST_NAMED = 200  # rows of the table; the board has all


class PicturePages(PortalAdmin):
    """Of a ModelAdmin whose rows the picture names."""

    def get_urls(self) -> list[URLPattern]:
        route = "picture/<int:consultation_id>/"
        return [self.address(route, self.picture, "picture"), *super().get_urls()]

    def picture(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        if not request.user.has_perms(READS):
            raise PermissionDenied
        rows = Consultation.objects.select_related("area")
        consultation = get_object_or_404(rows, pk=consultation_id)
        picture = picture_of(consultation, timezone.now())
        return self.show(
            request,
            "outcomes/picture/page",
            title=f"Picture of the whole: {consultation}",
            consultation=consultation,
            picture=picture,
            audiences=Audience.labels,
            **(_drawn(picture) if picture else {}),
        )


def _drawn(picture: Picture) -> dict[str, Any]:
    """All that the templates need to draw it."""
    named = _first_in_turn(picture.named)
    bars, tall = drawing.bars(picture.lines)
    return {
        "marks": drawing.marks(picture.dots, picture.lines),
        "grid": drawing.grid(),
        "names": drawing.labels(named[:MOST_NAMED]),
        "named": [
            (number, one, drawing.field_of(*one.place) if one.place else "")
            for number, one in enumerate(named[:MOST_NAMED], start=1)
        ],
        "left_out": max(len(named) - MOST_NAMED, 0),
        "bars": bars,
        "bars_tall": tall,
        "size": {
            "width": drawing.WIDTH,
            "height": drawing.HEIGHT,
            "top": drawing.TOP,
            "edge": drawing.EDGE,
            "right": drawing.WIDTH - drawing.EDGE,
            "bottom": drawing.HEIGHT - drawing.EDGE,
            "inner_width": drawing.WIDTH - 2 * drawing.EDGE,
            "inner_height": drawing.HEIGHT - drawing.TOP - drawing.EDGE,
        },
    }


def _first_in_turn(named: Sequence[Named]) -> list[Named]:
    """Adopted clusters, then groups; in each the audiences in turn, as far as numbers are shown."""
    found: list[Named] = []
    for adopted in (True, False):
        own = [one for one in named if one.is_adopted == adopted]
        by_key = {one.key[1]: one for one in own}
        sizes = [Size(one.key[1], one.name, one.shown, 0) for one in own]
        found += [by_key[size.key] for size in in_order(sizes, IN_TURN)]
    return found
