"""Pictures to choose from: one of our drawings, or one that an officer uploads."""

import io
import struct
import zlib
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from PIL import Image, ImageFile, ImageOps

from surveys.admin.before_opening import BeforeOpening
from surveys.admin.previewing import source_of
from surveys.models import Picture
from surveys.refusals import BadText
from surveys.worded import DRAWINGS

MAX_SIZE = 2 * 1024 * 1024
MAX_PIXELS = 25_000_000
SIDE = 400
MAX_KEPT = 60_000
FORMATS = ("PNG", "JPEG", "WEBP")

TOO_LARGE = "This picture is larger than 2 MB. Save it smaller, then upload it again."
TOO_MANY_PIXELS = "This picture has more than 25 million pixels. Save it smaller, then upload it."
NO_SVG = (
    "SVG files are not taken, because a program can hide in one. Save it as PNG and upload that."
)
NOT_A_PICTURE = "This is not a PNG, JPEG or WebP picture that can be read."
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def small_picture(data: bytes) -> bytes:
    """The picture as a PNG of at most 400 by 400 and 60 kB, without anything but its pixels."""
    if len(data) > MAX_SIZE:
        raise BadText(TOO_LARGE)
    if b"<svg" in data[:4096].lower():
        raise BadText(NO_SVG)
    try:
        return _fitted(_opened(data))
    except BOMBS as error:
        raise BadText(TOO_MANY_PIXELS) from error
    except UNREADABLE as error:
        raise BadText(NOT_A_PICTURE) from error


def _opened(data: bytes) -> Image.Image:
    """Turned as the camera held it, and drawn anew, so that what else the file holds is gone."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # what prints PDFs turns it on for the whole process
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise BadText(TOO_MANY_PIXELS)
    image.draft("RGB", (SIDE * 2, SIDE * 2))  # a large JPEG need not be unpacked whole
    whole = ImageOps.exif_transpose(image).convert("RGBA")
    bare = Image.new("RGBA", whole.size)
    bare.paste(whole)
    return bare


def _fitted(image: Image.Image) -> bytes:
    """As large and with as many colours as 60 kB allow."""
    for side in (SIDE, 300, 200, 100):
        image.thumbnail((side, side))
        for colours in (0, 256, 64):
            less = image.quantize(colours, method=Image.Quantize.FASTOCTREE) if colours else image
            kept = io.BytesIO()
            less.save(kept, "PNG", optimize=True)
            if kept.tell() <= MAX_KEPT:
                return kept.getvalue()
    raise BadText(NOT_A_PICTURE)


class PictureForm(forms.ModelForm):
    """A drawing by its name, or a file; an earlier upload stays until another takes its place."""

    drawing = forms.ChoiceField(
        required=False,
        choices=[
            ("", "none of our drawings"),
            *((key, str(word)) for key, word in DRAWINGS.items()),
        ],
    )
    upload = forms.FileField(
        label="or your own picture",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP, at most 2 MB. Only its pixels are kept, made smaller.",
    )

    class Meta:
        model = Picture
        fields = ["label", "drawing", "order"]

    def clean_upload(self) -> bytes | None:
        file: UploadedFile | None = self.cleaned_data["upload"]
        if file is None:
            return None
        if file.size is None or file.size > MAX_SIZE:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return small_picture(file.read())
        except BadText as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        """A file takes the place of a drawing, and a drawing that of an earlier file."""
        facts = super().clean() or self.cleaned_data
        if facts.get("upload"):
            self.instance.image = facts["upload"]
            facts["drawing"] = ""
        elif facts.get("drawing"):
            self.instance.image = None
        elif not self.instance.image and not self.has_error("upload"):
            raise forms.ValidationError("Choose one of our drawings, or upload a picture.")
        return facts


class PictureInline(BeforeOpening, admin.StackedInline):
    model = Picture
    form = PictureForm
    extra = 0
    fields = [("label", "order"), ("drawing", "upload"), "looks"]
    readonly_fields = ["looks"]
    verbose_name_plural = "pictures to choose from"

    @admin.display(description="how it looks")
    def looks(self, picture: Picture) -> str:
        if not picture.pk:
            return "Shown once it is saved."
        return format_html(
            '<img class="picture" src="{}" alt="{}">',
            source_of(picture),
            picture.label,
        )
