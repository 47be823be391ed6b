"""A picture of the whole: a map of ideas, bars and a table, all from one count, kept or not."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin import picture_drawing as drawing
from outcomes.admin.board import READS_BOARD
from outcomes.admin.board_order import IN_TURN, Size, in_order
from outcomes.admin.cluster_decisions import CURATE
from outcomes.admin.picture_keeping import ENDINGS, NOW, Keep, chosen, counts_of, file_of
from outcomes.admin.sheets_elsewhere import file_name
from outcomes.admin.sheets_files import download
from outcomes.frozen import picture_in
from outcomes.models import KeptCount
from outcomes.picture import Named, Picture, picture_of
from surveys.actions import record
from surveys.admin.pages import PortalAdmin, carry_out
from surveys.models import Audience, Consultation

MOST_NAMED = 200  # rows of the table; the board has all


class PicturePages(PortalAdmin):
    """Of a ModelAdmin whose rows the picture names."""

    def get_urls(self) -> list[URLPattern]:
        route = "picture/<int:consultation_id>/"
        return [
            self.address(route, self.picture, "picture"),
            self.address(f"{route}keep/", self.keep_count, Keep.path),
            self.address("picture/count/<int:count_id>/file/", self.count_file, "count-file"),
            *super().get_urls(),
        ]

    def picture(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """Of the kept count that `?count=` names, else of the newest; "now" counts anew."""
        consultation = _pictured(request, consultation_id)
        asked = request.GET.get("count", "")
        counts = counts_of(consultation)
        kept = None if asked == NOW else chosen(counts, asked)
        if kept is None and asked not in ("", NOW):
            messages.error(request, "This consultation has no such kept count. Choose one below.")
            return redirect("admin:outcomes_cluster_picture", consultation.pk)
        is_whole = kept is None or actions.is_as_kept(kept)
        if kept:
            picture = picture_in(kept) if is_whole else None
        else:
            picture = picture_of(consultation, timezone.now())
        return self.show(
            request,
            "outcomes/picture/page",
            title=f"Picture of the whole: {consultation}",
            consultation=consultation,
            picture=picture,
            kept=kept,
            is_whole=is_whole,
            counts=counts.defer("numbers"),
            may_keep=request.user.has_perm(CURATE),
            audiences=Audience.labels,
            **(_drawn(picture) if picture else {}),
        )

    def keep_count(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        consultation = _pictured(request, consultation_id)
        if not request.user.has_perm(CURATE):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = Keep(data, row=consultation, user=request.user)
        if carry_out(request, form):
            return redirect("admin:outcomes_cluster_picture", consultation.pk)
        return self.show(
            request,
            "outcomes/picture/keep",
            form=form,
            title=form.title,
            consultation=consultation,
        )

    def count_file(self, request: HttpRequest, count_id: int) -> HttpResponse:
        """A kept count as `?as=` says. That it was taken is in the audit log."""
        if not request.user.has_perms([*READS_BOARD, CURATE]):
            raise PermissionDenied
        rows = KeptCount.objects.select_related("by", "consultation")
        kept, ending = get_object_or_404(rows, pk=count_id), request.GET.get("as", "csv")
        if ending not in ENDINGS or not actions.is_as_kept(kept):
            where = reverse("admin:outcomes_cluster_picture", args=[kept.consultation_id])
            return redirect(f"{where}?count={kept.pk}")
        data, kind = file_of(kept, ending)
        moment = timezone.localtime(kept.at)
        name = file_name(kept.consultation, f"count-{kept.pk}", ending, moment)
        record(
            what="exported",
            about=kept,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            detail=f"{name}: {kept.sha256}",
        )
        return download(data, kind, name)


def _pictured(request: HttpRequest, consultation_id: int) -> Consultation:
    if not request.user.has_perms(READS_BOARD):
        raise PermissionDenied
    return get_object_or_404(Consultation.objects.select_related("area"), pk=consultation_id)


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
