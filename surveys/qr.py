"""QR codes: an address that a phone's camera reads."""

import io

import segno
from django.utils.html import format_html
from django.utils.translation import gettext as _

QUIET = 4  # the white border, in squares, without which some cameras find nothing
PIXELS = 1200  # about how wide the PNG is: sharp at 10 cm on paper


def svg(text: str, title: str) -> str:
    """An SVG, for a page or on its own. Its size comes from the class `portal-qr`.

    Black on white whatever the page's colours are; `title` is what a screen reader says.
    """
    code = _code(text)
    width = code.symbol_size(border=QUIET)[0]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" class="portal-qr" '
        'role="img" shape-rendering="crispEdges"><title>{1}</title><desc>{2}</desc>'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{3}"/></svg>',
        width,
        title,
        _("A QR code. Point the camera of a phone at it."),
        _squares(code),
    )


def png(text: str) -> bytes:
    """The same as a picture, for a poster or newsletter made elsewhere."""
    code = _code(text)
    stored = io.BytesIO()
    scale = PIXELS // code.symbol_size(border=QUIET)[0] or 1
    code.save(stored, kind="png", scale=scale, border=QUIET, dpi=300)
    return stored.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")


def _squares(code: segno.QRCode) -> str:
    """The dark squares as one path, each run in a row a rectangle: no seams when printed."""
    path = []
    for y, row in enumerate(code.matrix, start=QUIET):
        runs = "".join("1" if dark else " " for dark in row)
        x = 0
        while (start := runs.find("1", x)) >= 0:
            x = (runs.find(" ", start) + 1 or len(runs) + 1) - 1
            path.append(f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z")
    return "".join(path)
