"""Code books and projects that other programs read: REFI-QDA, and where coded words stand."""

import io
import re
import zipfile

import pytest
from lxml import etree
from lxml.etree import fromstring

from outcomes.exchange import Code, Segment, Source, codebook, guid, place, project
from surveys.redacted import Hidden, redacted
from tests.conftest import NOW

BOOK, PROJECT = "{urn:QDA-XML:codebook:1.0}", "{urn:QDA-XML:project:1.0}"
HEALTH = Code("theme/health", "Healthy lives", "Body and mind.", (Code("cluster/1", "Sleep"),))
TEXT = "Sam sleeps badly & wakes."
CODED = Source("passage/1", "R1", TEXT, (Segment("idea/1", 0, 17, ("theme/health", "cluster/1")),))
# The parts of the published schemas (Codebook 1.0, Project 1.0 of March 2019) that are written.
SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{namespace}"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start>{start}</start>
<define name="id"><attribute name="guid" ns=""><ref name="guid"/></attribute></define>
<define name="guid"><data type="token"><param name="pattern">
[0-9a-fA-F]{{8}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{12}}
</param></data></define>
<define name="codes"><element name="Codes"><oneOrMore><ref name="code"/></oneOrMore></element>
</define>
<define name="code"><element name="Code"><ref name="id"/><attribute name="name" ns=""/>
<attribute name="isCodable" ns=""><data type="boolean"/></attribute>
<optional><element name="Description"><text/></element></optional>
<zeroOrMore><ref name="code"/></zeroOrMore></element></define>
<define name="signed"><attribute name="creatingUser" ns=""><ref name="guid"/></attribute>
<attribute name="creationDateTime" ns=""><data type="dateTime"/></attribute></define>
<define name="target"><attribute name="targetGUID" ns=""><ref name="guid"/></attribute></define>
<define name="source"><element name="TextSource"><ref name="id"/><attribute name="name" ns=""/>
<attribute name="plainTextPath" ns=""/><ref name="signed"/>
<zeroOrMore><element name="PlainTextSelection"><ref name="id"/><attribute name="name" ns=""/>
<attribute name="startPosition" ns=""><data type="integer"/></attribute>
<attribute name="endPosition" ns=""><data type="integer"/></attribute><ref name="signed"/>
<zeroOrMore><element name="Coding"><ref name="id"/><ref name="signed"/>
<element name="CodeRef"><ref name="target"/></element></element></zeroOrMore>
</element></zeroOrMore></element></define>
</grammar>"""
A_BOOK = '<element name="CodeBook"><attribute name="origin" ns=""/><ref name="codes"/></element>'
A_PROJECT = (
    '<element name="Project"><attribute name="name" ns=""/><attribute name="origin" ns=""/>'
    '<attribute name="creatingUserGUID" ns=""><ref name="guid"/></attribute>'
    '<attribute name="creationDateTime" ns=""><data type="dateTime"/></attribute>'
    '<element name="Users"><oneOrMore><element name="User"><ref name="id"/>'
    '<attribute name="name" ns=""/></element></oneOrMore></element>'
    '<element name="CodeBook"><ref name="codes"/></element><optional><element name="Sources">'
    '<oneOrMore><ref name="source"/></oneOrMore></element></optional></element>'
)


def fits(data: bytes, start: str, namespace: str) -> None:
    schema = re.sub(r">\s+([^<]+?)\s+</param>", r">\1</param>", SCHEMA)
    grammar = etree.fromstring(schema.format(start=start, namespace=namespace.strip("{}")))
    etree.RelaxNG(grammar).assertValid(etree.fromstring(data))


def opened(data: bytes) -> tuple[zipfile.ZipFile, bytes]:
    packed = zipfile.ZipFile(io.BytesIO(data))
    return packed, packed.read("project.qde")


def made(*sources: Source) -> bytes:
    return project(key="levels/o", name="O & P", codes=[HEALTH], sources=sources, at=NOW)


def test_a_code_book_is_as_the_standard_wants_it():
    data = codebook([HEALTH])
    fits(data, A_BOOK, BOOK)
    theme = fromstring(data).find(f"{BOOK}Codes/{BOOK}Code")
    assert theme.get("name") == "Healthy lives"
    assert theme.find(f"{BOOK}Description").text == "Body and mind."
    assert theme.find(f"{BOOK}Code").get("name") == "Sleep"


def test_what_the_standard_does_not_want_is_found():
    with pytest.raises(etree.DocumentInvalid):
        fits(codebook([]), A_BOOK, BOOK)


def test_a_code_has_the_same_guid_in_every_file_and_no_other_code_has_it():
    assert guid("theme/health") == "4FF967A4-18CC-566A-972A-E48F9A6195D5"
    assert guid("theme/health") != guid("theme/none")


def test_a_project_is_as_the_standard_wants_it_and_has_the_texts_beside():
    data = made(CODED, Source("passage/2", "R2", "Nothing coded."))
    packed, described = opened(data)
    fits(described, A_PROJECT, PROJECT)
    for source in fromstring(described).iter(f"{PROJECT}TextSource"):
        name = source.get("plainTextPath").removeprefix("internal://")
        assert packed.read(f"Sources/{name}").decode() in (TEXT, "Nothing coded.")


def test_a_selection_says_which_words_have_which_codes():
    _, described = opened(made(CODED))
    selection = next(fromstring(described).iter(f"{PROJECT}PlainTextSelection"))
    start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
    assert TEXT[start:end] == "Sam sleeps badly "
    targets = [one.get("targetGUID") for one in selection.iter(f"{PROJECT}CodeRef")]
    assert targets == [guid("theme/health"), guid("cluster/1")]


def test_a_project_without_texts_is_still_one():
    _, described = opened(made())
    fits(described, A_PROJECT, PROJECT)


def test_what_xml_cannot_hold_keeps_its_place():
    odd = Source("passage/3", "\x0b", "a\x00b\x1f\ud800 c", (Segment("i", 5, 6, ("cluster/1",)),))
    packed, described = opened(made(odd))
    fits(described, A_PROJECT, PROJECT)
    text = packed.read(f"Sources/{guid('passage/3')}.txt").decode()
    assert text == "a\ufffdb\ufffd\ufffd c"


WORDS = "Ask Samuel Smith at Hill School about it."
HIDDEN = (Hidden(4, 16, "person"), Hidden(20, 31, "school"))


@pytest.mark.parametrize("start", range(0, len(WORDS), 3))
@pytest.mark.parametrize("length", [1, 7, 20, 60])
def test_an_ideas_words_are_found_again_in_what_staff_read(start, length):
    end = min(start + length, len(WORDS))
    first, last = place(HIDDEN, start, end)
    assert redacted(WORDS, HIDDEN)[first:last] == redacted(WORDS, HIDDEN, start, end)
