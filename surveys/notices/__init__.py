"""The privacy notice: the text to begin with, and how a notice is drawn."""

import re
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from surveys.models import Area

CLASSES = {
    "heading_open": {"h2": "govuk-heading-m", "h3": "govuk-heading-s"},
    "paragraph_open": {"p": "govuk-body"},
    "bullet_list_open": {"ul": "govuk-list govuk-list--bullet"},
    "ordered_list_open": {"ol": "govuk-list govuk-list--number"},
    "link_open": {"a": "govuk-link"},
}
# No HTML, no pictures, and no headings above those of the page itself.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def first_notice(area: Area) -> str:
    """What the portal keeps, to be read and changed by the officer who publishes it."""
    text = (Path(__file__).parent / "privacy.md").read_text()
    return text.replace("{{ controller }}", area.controller.strip())


def drawn(body: str) -> SafeString:
    """A notice as HTML in the look of the public pages. Whatever was typed, no HTML of its own."""
    tokens = MARKDOWN.parse(body)
    inside = [child for token in tokens for child in token.children or []]
    for token in [*tokens, *inside]:
        if re.fullmatch("h[1-6]", token.tag):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
        name = CLASSES.get(token.type, {}).get(token.tag)
        if name:
            token.attrSet("class", name)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return mark_safe(html)  # noqa: S308 - markdown-it escapes all that is not Markdown
