"""Marks words that are in another language than the page."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from surveys.worded import spoken

register = template.Library()


@register.filter
def in_language(words: Any) -> SafeString | str:
    """The attributes for the tag around `words`; "" where they are in the page's own language."""
    language = getattr(words, "language", spoken())
    if language == spoken():
        return ""
    side = "rtl" if language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', language, side)
