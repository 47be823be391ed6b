"""Pictures to choose from: our drawings, and what officers upload."""

import contextlib
import io
import random
import warnings
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from surveys.admin.pictures import MAX_KEPT, NO_SVG, NOT_A_PICTURE, SIDE, small_picture
from surveys.models import Picture
from surveys.refusals import BadText
from tests.surveys.admin.survey_forms import form_of_question


def picture(kind: str, size=(1200, 800), mode="RGB", **options) -> bytes:
    chance = random.Random(1)
    image = Image.new(mode, size)
    image.paste(Image.effect_noise(size, 90).convert(mode))
    image.putpixel((0, 0), chance.randrange(255) if mode == "L" else image.getpixel((1, 1)))
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_kept_small_as_png(kind):
    kept = small_picture(picture(kind, size=(900, 600)))
    found = opened(kept)
    assert found.format == "PNG"
    assert max(found.size) <= SIDE
    assert found.width / found.height == pytest.approx(1.5, abs=0.02)
    assert len(kept) <= MAX_KEPT


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_a_picture_of_any_colours_is_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(small_picture(picture(kind, (300, 300), mode))).format == "PNG"


def test_nothing_but_the_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A camera", {1: "N", 2: (51.0, 1.0, 2.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    facts = {"exif": exif, "comment": b"taken at home", "icc_profile": profile, "dpi": (72, 72)}
    sent = picture("JPEG", (500, 500), **facts)
    assert b"A camera" in sent
    assert b"ICC_PROFILE" in sent
    kept = small_picture(sent)
    assert not opened(kept).getexif()
    assert not {"exif", "comment", "icc_profile", "dpi"} & set(opened(kept).info)
    for secret in (b"A camera", b"taken at home", b"eXIf", b"tEXt", b"iCCP", b"pHYs"):
        assert secret not in kept


def test_a_picture_held_sideways_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = opened(small_picture(picture("JPEG", (400, 200), exif=exif)))
    assert turned.height > turned.width


def test_what_is_clear_stays_clear():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    assert opened(small_picture(kept.getvalue())).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    "svg",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?>\n<!-- x -->\n<SVG></SVG>',
    ],
)
def test_an_svg_is_refused_with_a_sentence(svg):
    with pytest.raises(BadText) as refused:
        small_picture(svg)
    assert refused.value.sentence == NO_SVG


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"not a picture", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"BM" + b"0" * 99]
)
def test_what_is_no_picture_is_refused_with_a_sentence(data):
    with pytest.raises(BadText) as refused:
        small_picture(data)
    assert refused.value.sentence == NOT_A_PICTURE


def test_a_picture_cut_off_in_the_middle_is_refused():
    for kind in ("PNG", "JPEG", "WEBP"):
        with pytest.raises(BadText):
            small_picture(picture(kind)[:3000])


def test_a_picture_cut_off_is_refused_by_a_process_that_printed_a_pdf(monkeypatch):
    """WeasyPrint lets the whole process take pictures that break off."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    test_a_picture_cut_off_in_the_middle_is_refused()


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that claims side × side pixels."""
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    parts = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        check = zlib.crc32(name + body).to_bytes(4, "big")
        parts += len(body).to_bytes(4, "big") + name + body + check
    return parts


@pytest.mark.parametrize("side", [5_001, 12_000, 100_000])
@pytest.mark.parametrize("rule", ["error", "ignore"])
def test_a_picture_of_too_many_pixels_is_never_unpacked(side, rule):
    with warnings.catch_warnings():
        warnings.simplefilter(rule)
        with pytest.raises(BadText, match="25 million"):
            small_picture(bomb(side))


def test_a_picture_of_more_than_2_mb_is_refused():
    with pytest.raises(BadText, match="larger than 2 MB"):
        small_picture(b"\x89PNG" + bytes(2 * 1024 * 1024))


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"RIFF0000WEBPVP8 "]))
def test_no_bytes_break_it(data, start):
    with contextlib.suppress(BadText):
        assert opened(small_picture(start + data)).format == "PNG"


@pytest.fixture
def question(survey):
    survey.opens_on = survey.closes_on = None
    survey.save()
    return survey.questions.first()


def with_picture(question, **fields) -> dict:
    row = {"pictures-TOTAL_FORMS": 1, "pictures-0-question": question.pk, "pictures-0-order": 1}
    row |= {f"pictures-0-{name}": value for name, value in fields.items()}
    return form_of_question(question) | row


@pytest.mark.django_db
def test_a_drawing_is_chosen_by_its_name(visit, asha, question):
    sent = with_picture(question, label="Home", drawing="home")
    assert visit(asha, "surveys_question_change", question.pk, data=sent).status_code == 302
    assert Picture.objects.get().drawing == "home"
    page = visit(asha, "surveys_question_change", question.pk).content.decode()
    assert "drawings/home" in page


@pytest.mark.django_db
def test_an_upload_is_kept_shown_and_takes_the_place_of_a_drawing(visit, asha, dev, question):
    file = SimpleUploadedFile("me.jpg", picture("JPEG"), "image/jpeg")
    sent = with_picture(question, label="My den", drawing="home", upload=file)
    assert visit(asha, "surveys_question_change", question.pk, data=sent).status_code == 302
    made = Picture.objects.get()
    assert (made.drawing, made.label) == ("", "My den")
    shown = visit(asha, "surveys_question_picture", made.pk)
    assert shown["Content-Type"] == "image/png"
    assert opened(shown.content).size == (400, 267)
    assert visit(dev, "surveys_question_picture", made.pk).status_code == 403
    assert visit(asha, "surveys_question_picture", 999).status_code == 404


@pytest.mark.django_db
def test_an_upload_stays_when_its_word_changes(visit, asha, question):
    made = question.pictures.create(label="Den", image=small_picture(picture("PNG", (99, 99))))
    before = bytes(made.image)
    sent = with_picture(question, label="My den", id=made.pk)
    sent["pictures-INITIAL_FORMS"] = 1
    assert visit(asha, "surveys_question_change", question.pk, data=sent).status_code == 302
    made.refresh_from_db()
    assert (made.label, bytes(made.image)) == ("My den", before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": "Home"}, "Choose one of our drawings, or upload a picture."),
        ({"label": "Home", "drawing": "bomb"}, "bomb is not one of the available choices"),
        (
            {"label": "Home", "upload": SimpleUploadedFile("x.svg", b"<svg></svg>")},
            "a program can hide in one",
        ),
        ({"label": "Home", "upload": SimpleUploadedFile("x.png", b"<p>")}, "PNG, JPEG or WebP"),
    ],
)
def test_a_wrong_picture_gets_a_sentence(visit, asha, question, fields, sentence):
    sent = with_picture(question, **fields)
    page = visit(asha, "surveys_question_change", question.pk, data=sent)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Picture.objects.exists()
