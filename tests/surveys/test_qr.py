"""QR codes, read back as a phone reads them."""

import io
from xml.etree import ElementTree

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from surveys import qr

BACK = "https://outcomes.example.org/return/#BCDF-GH23-K4MN"
SVG = "{http://www.w3.org/2000/svg}"


def read(picture: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def squares(svg: str, width: int) -> list[list[int]]:
    """The dark squares that the path of an SVG draws, row by row."""
    rows = [[0] * width for _ in range(width)]
    path = ElementTree.fromstring(svg).findall(f"{SVG}path")[1].get("d")  # noqa: S314 - our own
    for run in path.split("M")[1:]:
        corner, length, *_ = run.split("h")
        x, y = (int(number) for number in corner.split())
        for step in range(int(length.split("v")[0])):
            rows[y][x + step] = 1
    return rows


@pytest.mark.parametrize("text", [BACK, "https://xn--bcher-kva.example/s/rodziców/?from=poster"])
def test_a_phone_reads_the_picture(text):
    assert read(qr.png(text)) == [text]


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=120))
def test_the_drawing_has_the_same_squares_as_the_code(text):
    code = segno.make_qr(text, error="m")
    width = code.symbol_size(border=qr.QUIET)[0]
    expected = [list(row) for row in code.matrix_iter(border=qr.QUIET)]
    assert squares(qr.svg(text, "The way back"), width) == expected


def test_the_drawing_is_named_and_keeps_its_colours():
    drawn = qr.svg(BACK, 'The "way" <back>')
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    assert root.find(f"{SVG}title").text == 'The "way" <back>'
    assert root.find(f"{SVG}desc").text
    assert [path.get("fill") for path in root.findall(f"{SVG}path")] == ["#fff", "#000"]
    assert "style" not in drawn
    assert BACK not in drawn


def test_it_is_the_same_every_time():
    assert qr.png(BACK) == qr.png(BACK)
    assert qr.svg(BACK, "x") == qr.svg(BACK, "x")
