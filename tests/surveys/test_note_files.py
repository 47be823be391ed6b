"""Files of notes: what each kind of file gives, and what is refused, with a sentence."""

import io
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from surveys import note_files
from surveys.note_files import read
from surveys.note_lines import Unreadable, checked


def said(name, data, **options):
    return [
        (line.where, line.text, line.kind, line.dots) for line in read(name, data, **options).lines
    ]


def texts(name, data, **options):
    return [line.text for line in read(name, data, **options).lines]


def word(fill) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(*rows, more=()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title in more:
        book.create_sheet(title)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same file with parts replaced or added; __ stands for a slash and _d_ for a dot."""
    named = {name.replace("__", "/").replace("_d_", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry not in named:
                new.writestr(entry, old.read(entry))
        for name, part in named.items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# Plain text.


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_programs_write(code):
    words = "- It costs £5 and “nobody” says\nexact: Déjà vu…\n"
    data = words.encode(code)
    assert said("Notes.TXT", data) == [
        ("line 1", "It costs £5 and “nobody” says", "said", None),
        ("line 2", "Déjà vu…", "exact", None),
    ]
    assert bool(read("a.txt", data).notice) is (code == "cp1252")


def test_paragraphs_of_a_text_are_notes_when_asked():
    assert texts("a.txt", b"One\nmore\n\nTwo", by_paragraph=True) == ["One\nmore", "Two"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"Notes\x00here",
        b"\x81\x8d",
        b"\xff\xfea",
        b"%PDF-1.7 ...",
        b"{\\rtf1 Notes}",
        b"PK\x03\x04 as text",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_what_is_no_text_is_refused(name, data):
    with pytest.raises(Unreadable):
        read(name, data)


# Sheets.

ROWS = [
    ("text", "kind", "dots"),
    ("We want a club", "", ""),
    ("I just want to sleep", "exact words", ""),
    ("", "", ""),
    ("More buses", "dots", 7),
    ("The room was cold", "Facilitator’s view", ""),
    ("exact: told by its marker", "", ""),
    ("Votes without a kind", "", 3),
]
FOUND = [
    ("row 2", "We want a club", "said", None),
    ("row 3", "I just want to sleep", "exact", None),
    ("row 5", "More buses", "dots", 7),
    ("row 6", "The room was cold", "facilitator", None),
    ("row 7", "told by its marker", "exact", None),
    ("row 8", "Votes without a kind", "dots", 3),
]


def test_a_sheet_has_a_note_in_each_row():
    assert said("a.xlsx", sheet(*ROWS)) == FOUND


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_so_has_a_csv_file_whatever_parts_its_columns(mark, code):
    text = "\r\n".join(mark.join(str(cell) for cell in row) for row in ROWS)
    assert said("a.csv", text.encode(code)) == FOUND


def test_columns_stand_in_any_order_and_a_quoted_cell_keeps_its_lines():
    data = b'Dots,NOTES\r\n7,"Two\nlines, one note"\r\n'
    assert said("a.csv", data) == [("row 2", "Two\nlines, one note", "dots", 7)]


def test_one_column_needs_no_name():
    assert texts("a.xlsx", sheet(["- First"], [None], ["Second"])) == ["First", "Second"]
    assert texts("a.csv", b"First\r\nSecond\r\n") == ["First", "Second"]


def test_several_columns_do():
    for name, data in [("a.xlsx", sheet(["First", "said"])), ("a.csv", b"First,said\r\n")]:
        with pytest.raises(Unreadable, match="does not name its columns"):
            read(name, data)


def test_an_unknown_kind_or_number_is_told_beside_its_row():
    one, two = read("a.xlsx", sheet(ROWS[0], ["A", "shouted", ""], ["B", "dots", "many"])).lines
    assert (one.kind, one.warnings) == ("said", ("“shouted” is no kind: choose one.",))
    assert (two.kind, two.dots, two.warnings) == ("dots", None, ("“many” is no number of dots.",))


def test_another_sheet_of_the_book_is_mentioned():
    found = read("a.xlsx", sheet(["First"], more=["Photos"]))
    assert found.notice == "Only the sheet “Sheet” was read; the book has 2."


def test_formulas_are_never_worked_out():
    assert texts("a.csv", b'text\r\n"=HYPERLINK(""http://x"")"\r\n') == ['=HYPERLINK("http://x")']


def test_a_sheet_of_too_many_rows_is_refused_before_its_end():
    with pytest.raises(Unreadable, match="more than 2,000 rows"):
        read("a.csv", b"text\r\n" + b"note\r\n" * 2001)
    assert len(read("a.csv", b"text\r\n" + b"note\r\n" * 2000).lines) == 2000
    with pytest.raises(Unreadable, match="more than 2,000 rows"):
        read("a.csv", b"text\r\n" + b"\r\n" * 200_000)


def test_a_note_too_long_is_refused_by_its_row():
    with pytest.raises(Unreadable, match=r"Row 3 has 10,001 characters"):
        checked(read("a.xlsx", sheet(["text"], ["a"], ["x" * 10_001])).lines)


# Word documents.


def test_a_word_document_gives_paragraphs_lists_and_cells_in_order():
    def fill(document):
        document.add_heading("Table one", level=1)
        document.add_paragraph("First, with a ").add_run("bold").bold = True
        document.add_paragraph("")
        document.add_paragraph("exact: In a list", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).text = "Cell one"
        table.cell(0, 1).text = "Cell two\nits second paragraph"
        table.cell(1, 0).merge(table.cell(1, 1)).text = "dots 5: Merged"
        table.cell(0, 0).add_table(rows=1, cols=1).cell(0, 0).text = "Within"
        document.add_paragraph("Last").add_run().add_break()

    found = read("a.docx", word(fill)).lines
    assert [(line.text, line.kind, line.dots) for line in found] == [
        ("Table one", "said", None),
        ("First, with a bold", "said", None),
        ("In a list", "exact", None),
        ("Cell one", "said", None),
        ("Within", "said", None),
        ("Cell two\nits second paragraph", "said", None),
        ("Merged", "dots", 5),
        ("Last", "said", None),
    ]
    assert not found[0].take
    assert "heading" in found[0].warnings[0]
    assert all(line.take for line in found[1:])


def test_what_was_deleted_in_word_is_not_read_and_what_was_added_is():
    def fill(document):
        document.add_paragraph("Kept")._p.append(
            parse_xml(
                f"<w:ins {nsdecls('w')} w:id='1' w:author='x'><w:r><w:t xml:space='preserve'>"
                " and added</w:t></w:r></w:ins>"
            )
        )
        document.add_paragraph("")._p.append(
            parse_xml(
                f"<w:moveFrom {nsdecls('w')} w:id='3' w:author='x'><w:r><w:t>moved away</w:t></w:r>"
                "</w:moveFrom>"
            )
        )
        document.add_paragraph("")._p.append(
            parse_xml(
                f"<w:del {nsdecls('w')} w:id='2' w:author='x'><w:r><w:delText>gone</w:delText>"
                "</w:r></w:del>"
            )
        )
        form = OxmlElement("w:sdt")
        form.append(OxmlElement("w:sdtContent"))
        form[0].append(document.add_paragraph("In a form")._p)
        document.element.body.insert(1, form)

    assert texts("a.docx", word(fill)) == ["Kept and added", "In a form"]


# Hostile and broken files.


def test_the_name_of_a_file_and_what_it_holds_agree():
    document, book = word(lambda one: one.add_paragraph("x")), sheet(["x"])
    for name in ("a.doc", "a.pdf", "a", "", "docx", "a.docx.exe", "a.docm"):
        with pytest.raises(Unreadable, match="Choose a file that ends in"):
            read(name, document)
    for name, data in [
        ("a.xlsx", document),
        ("a.docx", book),
        ("a.docx", b"plain words"),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.docx", document[:-200]),
        ("a.xlsx", repacked(book, xl__workbook_d_xml=b"<broken")),
        ("a.docx", repacked(document, word__document_d_xml=b"<w:document/>")),
    ]:
        with pytest.raises(Unreadable, match="not what its name says"):
            read(name, data)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.xlsx", "a.docx"])
def test_empty_and_locked_and_large_files_are_refused(name):
    for data in (b"", b" \r\n "):
        with pytest.raises(Unreadable, match="nothing in this file"):
            read(name, data)
    with pytest.raises(Unreadable, match="locked with a password"):
        read(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(Unreadable, match="larger than 5 MB"):
        read(name, b"x" * (5 * 1024 * 1024 + 1))


def test_an_empty_document_gives_nothing():
    for name, data in [("a.docx", word(lambda one: None)), ("a.xlsx", sheet())]:
        with pytest.raises(Unreadable, match="nothing in it"):
            checked(read(name, data).lines)


@pytest.mark.parametrize(
    ("name", "whole", "part"),
    [
        ("a.docx", word(lambda one: one.add_paragraph("x")), "word__media__bomb_d_bin"),
        ("a.xlsx", sheet(["x"]), "xl__worksheets__sheet1_d_xml"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name, whole, part):
    bomb = repacked(whole, **{part: b"x" * (31 * 1024 * 1024)})
    assert len(bomb) < 5 * 1024 * 1024
    with pytest.raises(Unreadable, match="more than 30 MB once unpacked"):
        read(name, bomb)


def test_a_million_tags_are_refused(monkeypatch):
    monkeypatch.setattr(note_files, "MAX_TAGS", 50)
    with pytest.raises(Unreadable, match="once unpacked"):
        read("a.docx", word(lambda one: one.add_paragraph("x")))


DOCTYPE = '<?xml version="1.0"{}?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_file_that_declares_entities_is_refused(code):
    body = (
        "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    part = (DOCTYPE.format("") + body).encode(code)
    document = repacked(word(lambda one: None), word__document_d_xml=part)
    with pytest.raises(Unreadable, match="not what its name says"):
        read("a.docx", document)
    book = repacked(sheet(["x"]), xl__sharedStrings_d_xml=part)
    with pytest.raises(Unreadable, match="not what its name says"):
        read("a.xlsx", book)


def test_even_unjudged_no_entity_of_a_word_document_is_resolved(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret of the server")
    monkeypatch.setattr(note_files, "DOCTYPES", ())
    with zipfile.ZipFile(io.BytesIO(word(lambda one: one.add_paragraph("here")))) as archive:
        body = archive.read("word/document.xml").decode()
    body = body.replace("here", "&x;").partition("?>")[2]
    part = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{body}'
    document = repacked(word(lambda one: None), word__document_d_xml=part.encode())
    assert texts("a.docx", document) == []


def test_macros_are_not_read():
    document = word(lambda one: one.add_paragraph("Words"))
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        types = archive.read("[Content_Types].xml")
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    with pytest.raises(Unreadable, match="holds macros"):
        read("a.docx", repacked(document, **{"[Content_Types]_d_xml": types}))
    with_code = repacked(document, word__vbaProject_d_bin=b"Sub AutoOpen()")
    assert texts("a.docx", with_code) == ["Words"]
    book = repacked(sheet(["Words"]), xl__vbaProject_d_bin=b"Sub AutoOpen()")
    assert texts("a.xlsx", book) == ["Words"]


def test_a_locked_entry_of_a_zip_is_refused():
    data = bytearray(word(lambda one: one.add_paragraph("x")))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(Unreadable, match="locked with a password"):
        read("a.docx", bytes(data))
