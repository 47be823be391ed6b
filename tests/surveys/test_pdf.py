"""What makes a PDF opens nothing that is not ours, and says nothing of what it prints."""

import logging
import subprocess
import sys

import pytest

from surveys import pdf
from surveys.refusals import CannotPrint
from tests.papers import Paper

HTML = '<!DOCTYPE html><html lang="en-GB"><head><title>T</title>{}</head><body>{}</body></html>'


@pytest.fixture
def opened(monkeypatch):
    """Every file and address that Python opens while a PDF is made."""
    seen = []
    listening = [True]

    def hear(event, args):
        if listening[0] and event in ("open", "socket.connect", "socket.getaddrinfo"):
            seen.append(str(args[0] if event == "open" else args))

    sys.addaudithook(hear)
    yield seen
    listening[0] = False


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "//example.org/x.png",
        "/etc/passwd",
        "our:../../../etc/passwd",
        "our:/etc/passwd",
        "picture:2",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_nothing_but_our_own_files_is_opened(opened, address):
    pdf.print_html(HTML.format("", ""))
    opened.clear()
    made = pdf.print_html(
        HTML.format(
            f'<link rel="stylesheet" href="{address}"><style>@import "{address}";</style>'
            f'<link rel="attachment" href="{address}">',
            f'<img src="{address}" alt="Nothing"><object data="{address}"></object>',
        ),
        {"1": b"not asked for"},
    )
    ours = ("/fonts/", "weasyprint", "fontconfig", ".cache", "mime.types")
    assert [one for one in opened if not any(part in one for part in ours)] == []
    assert b"EmbeddedFile" not in made
    assert "root:" not in Paper(made).text


def test_our_own_styles_and_pictures_are_used():
    linked = '<link rel="stylesheet" href="our:styles/print.css">'
    plain = pdf.print_html(HTML.format("", "<h1>One</h1>"))
    styled = pdf.print_html(HTML.format(linked, "<h1>One</h1>"))
    assert {font.split("-")[0] for font in Paper(styled).fonts} == {"Liberation"}
    assert Paper(plain).fonts != Paper(styled).fonts


def test_the_same_words_give_the_same_bytes():
    html = HTML.format("", "<h1>One</h1><p>Zażółć 😀</p>")
    assert pdf.print_html(html) == pdf.print_html(html)


def test_letters_that_no_font_has_reach_no_log(caplog):
    """WeasyPrint would name each, and with them bit by bit what somebody wrote."""
    caplog.set_level(logging.INFO)
    made = pdf.print_html(HTML.format("", "<p>Words 𞤀𞤁</p>"))
    assert made
    assert not [one for one in caplog.records if one.name.startswith(("weasyprint", "fontTools"))]


def test_without_the_libraries_a_sentence_says_so():
    """In a process of its own that finds no libpango, as on a server without it."""
    program = """
import cffi
found = cffi.FFI.dlopen
def missing(self, name, *flags):
    if "pango" in name:
        raise OSError("no such library")
    return found(self, name, *flags)
cffi.FFI.dlopen = missing
import django
django.setup()
from surveys import pdf
from surveys.refusals import CannotPrint
try:
    pdf.print_html("<html lang=en></html>")
except CannotPrint as refusal:
    print(refusal.sentence)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "This server cannot make PDFs. Print the page instead." in done.stdout
    assert issubclass(CannotPrint, Exception)


def test_starting_the_web_server_does_not_load_what_makes_pdfs():
    program = (
        "import sys, django; django.setup(); import outcomes_portal.urls; "
        "print('weasyprint' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
