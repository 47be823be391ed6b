"""Reads a PDF as a screen reader would: its title, language, words and tags."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


class Paper:
    def __init__(self, made: bytes):
        self.reader = PdfReader(io.BytesIO(made))
        self.root = self.reader.trailer["/Root"]

    @property
    def title(self) -> str:
        return self.reader.metadata.title

    @property
    def language(self) -> str:
        return self.root["/Lang"]

    @property
    def text(self) -> str:
        """All words, a space between any two."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    @property
    def tags(self) -> list[str]:
        return [one["/S"] for one in self._elements(self.root["/StructTreeRoot"])]

    @property
    def pictures(self) -> list[str]:
        """What is said in place of each picture; "" where nothing is."""
        elements = self._elements(self.root["/StructTreeRoot"])
        return [one.get("/Alt", "") for one in elements if one["/S"] == "/Figure"]

    @property
    def fonts(self) -> set[str]:
        found = set()
        for page in self.reader.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                found.add(font.get_object()["/BaseFont"].split("+")[-1])
        return found

    def _elements(self, node: Any) -> Iterator[Any]:
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            child = child.get_object() if hasattr(child, "get_object") else child
            if isinstance(child, dict) and "/S" in child:
                yield child
                yield from self._elements(child)

    def says_that_it_can_be_read_aloud(self) -> bool:
        """PDF/UA-1: marked, with the title shown, and named so in its metadata."""
        preferences, marks = self.root["/ViewerPreferences"], self.root["/MarkInfo"]
        xmp = self.root["/Metadata"].get_data().decode()
        named = "pdfuaid:part" in xmp and self.title in xmp
        return bool(marks["/Marked"] and preferences["/DisplayDocTitle"] and named)
