"""PDFs: a template, printed. Tagged and titled, so that a screen reader can read them in order.

A template is HTML with `lang` and `<title>`. All it may draw on are our own static files, as
`our:styles/print.css`, and pictures that are handed over, as `picture:NAME`. Whatever somebody
typed, no other file is opened and no other computer asked.
"""

import hashlib
import importlib
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from surveys.refusals import CannotPrint

NO_PICTURES: Mapping[str, bytes] = {}


def make_pdf(
    template: str,
    context: dict[str, Any],
    pictures: Mapping[str, bytes] = NO_PICTURES,
    *,
    keep: bool = False,
) -> bytes:
    """The same words and pictures give the same bytes.

    `keep` is for what everybody may read: it is made once for as long as its words stay the same.
    """
    html = render_to_string(template, context)
    return _kept(html, tuple(pictures.items())) if keep else print_html(html, pictures)


@lru_cache(maxsize=16)
def _kept(html: str, pictures: tuple[tuple[str, bytes], ...]) -> bytes:
    return print_html(html, dict(pictures))


def document(made: bytes, name: str, *, keep: bool = False) -> HttpResponse:
    """A PDF that the browser shows, or with `keep` stores, under that name."""
    page = HttpResponse(made, content_type="application/pdf")
    page["Content-Disposition"] = f'{"attachment" if keep else "inline"}; filename="{name}"'
    return page


def print_html(html: str, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    weasyprint = _weasyprint()
    document = weasyprint.HTML(
        string=html, base_url="our:", url_fetcher=_fetcher(weasyprint, pictures)
    )
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return made


def _weasyprint() -> ModuleType:
    """Loaded with the first PDF: it takes half a second, and lacks Debian's libpango on some."""
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise CannotPrint(_("This server cannot make PDFs. Print the page instead.")) from error


def _fetcher(weasyprint: ModuleType, pictures: Mapping[str, bytes]) -> Any:
    """What WeasyPrint asks for every address in a document. What is not ours is left out."""

    class OurFiles(weasyprint.urls.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            kind, _colon, name = url.partition(":")
            found = finders.find(name) if kind == "our" else None
            if found:
                body = Path(found).read_bytes()
            elif kind == "picture" and name in pictures:
                body = pictures[name]
            else:
                raise ValueError("not ours")
            kind_of_file = mimetypes.guess_type(name)[0] or "image/png"
            return weasyprint.urls.URLFetcherResponse(url, body, {"Content-Type": kind_of_file})

    return OurFiles()
