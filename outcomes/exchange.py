"""What other programs for qualitative analysis read: code books and projects in REFI-QDA.

REFI-QDA (qdasoftware.org) is the format that QualCoder, NVivo, ATLAS.ti, MAXQDA and others
exchange. A code book is one XML file, .qdc; a project is a ZIP file, .qdpx, of `project.qde` and
the texts.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from surveys.redacted import Hidden

ORIGIN = "Outcomes Portal"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
PROJECT = "urn:QDA-XML:project:1.0"
# What XML cannot hold; one character for one, so that every place stays where it is.
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Code:
    """`key` names it for good: the same key gives the same GUID in every file."""

    key: str
    name: str
    about: str = ""
    below: tuple["Code", ...] = ()


@dataclass(frozen=True)
class Segment:
    """Characters [start, end) of a source, and the keys of the codes given to them."""

    key: str
    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    key: str
    name: str
    text: str
    segments: tuple[Segment, ...] = ()


def guid(key: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:outcomes-portal:{key}")).upper()


def codebook(codes: Sequence[Code]) -> bytes:
    """A .qdc file."""
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": ORIGIN})
    _write_codes(root, codes)
    return _xml(root)


def project(
    *, key: str, name: str, codes: Sequence[Code], sources: Iterable[Source], at: datetime
) -> bytes:
    """A .qdpx file: the code book, the texts, and what in them was coded."""
    out = io.BytesIO()
    root = Element("Project", {"xmlns": PROJECT, "name": _clean(name), "origin": ORIGIN})
    portal = guid(f"{key}/portal")
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    root.set("creatingUserGUID", portal)
    root.set("creationDateTime", moment)
    SubElement(SubElement(root, "Users"), "User", {"guid": portal, "name": ORIGIN})
    _write_codes(SubElement(root, "CodeBook"), codes)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        written = Element("Sources")
        for source in sources:
            text = _clean(source.text)
            packed.writestr(f"Sources/{guid(source.key)}.txt", text.encode())
            _write_source(written, source, portal, moment)
        if len(written):  # the schema wants one at least
            root.append(written)
        packed.writestr("project.qde", _xml(root))
    return out.getvalue()


def _write_codes(parent: Element, codes: Sequence[Code]) -> None:
    below = SubElement(parent, "Codes")
    for code in codes:
        _write_code(below, code)


def _write_code(parent: Element, code: Code) -> None:
    facts = {"guid": guid(code.key), "name": _clean(code.name), "isCodable": "true"}
    written = SubElement(parent, "Code", facts)
    if code.about:
        SubElement(written, "Description").text = _clean(code.about)
    for one in code.below:
        _write_code(written, one)


def _write_source(parent: Element, source: Source, by: str, moment: str) -> None:
    own = guid(source.key)
    facts = {"guid": own, "name": _clean(source.name), "plainTextPath": f"internal://{own}.txt"}
    signed = {"creatingUser": by, "creationDateTime": moment}
    written = SubElement(parent, "TextSource", facts | signed)
    for segment in source.segments:
        place = {"startPosition": str(segment.start), "endPosition": str(segment.end)}
        name = _clean(source.text[segment.start : segment.end])[:60]
        chosen = SubElement(
            written,
            "PlainTextSelection",
            {"guid": guid(segment.key), "name": name} | place | signed,
        )
        for code in segment.codes:
            coding = SubElement(chosen, "Coding", {"guid": guid(f"{segment.key}/{code}")} | signed)
            SubElement(coding, "CodeRef", {"targetGUID": guid(code)})


def place(hidden: Iterable[Hidden], start: int, end: int) -> tuple[int, int]:
    """Where characters [start, end) of what was typed stand in the words without what is hidden.

    A hidden span that they touch belongs to them whole, as it does in what staff read of them.
    """
    first, last = start, end
    for one in hidden:
        gain = len(one.shown_as) - (one.end - one.start)
        if one.end <= start:
            first += gain
        elif one.start < start:
            first += one.start - start
        if one.end <= end:
            last += gain
        elif one.start < end:
            last += len(one.shown_as) - (end - one.start)
    return first, last


def _clean(text: str) -> str:
    return NO_XML.sub("\ufffd", text)


def _xml(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8")
