"""Every public word can be translated, and is, in every language of the site."""

import json
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

from outcomes_portal.translations import CATALOGUES, STAFF, files, read, template

ROOT = Path(__file__).resolve().parents[2]
# What a translation has to keep: names to fill in, tags, and the counter's own marks.
KEPT = re.compile(r"%\(\w+\)[a-z]|%[sd]|%%\{\w+\}|\{\w*\}|<[^>]+>")
WORDS = re.compile(r"[A-Za-z][A-Za-z_]+")
# Names of cookies and of a class; and what the office writes on paper for itself.
NO_WORDS = {"answers", "csrftoken", "django_language", "sessionid", "tight"}
FOR_STAFF = {"_office.html"}
PUBLIC = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if STAFF not in path.relative_to(ROOT / "templates").parts and path.name not in FOR_STAFF
]
READ_OUT = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')


def texts(string) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


@pytest.fixture(params=files(), ids=lambda path: path.parts[-3])
def catalogue(request):
    return read(request.param)


def test_there_is_a_catalogue_for_every_language_but_english():
    languages = {code for code, _ in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert languages == {path.parts[-3] for path in files()} != set()


def test_every_word_is_translated_and_surely(catalogue):
    missing = []
    for message in template():
        if message.id:
            put = catalogue.get(texts(message.id)[0], message.context)
            done = put and all(texts(put.string)) and not put.fuzzy
            if not done:
                missing.append(f"{message.id!r} in {message.locations[0][0]}")
    assert missing == [], "make messages, then translate them in locale/"


def test_no_translation_is_left_of_words_that_are_gone(catalogue):
    found = template()
    left = [
        message.id
        for message in catalogue
        if message.id and found.get(texts(message.id)[0], message.context) is None
    ]
    assert left == []
    assert not catalogue.obsolete


def test_a_translation_keeps_names_and_tags(catalogue):
    for message in catalogue:
        if message.id:
            wanted = sorted(KEPT.findall(texts(message.id)[-1]))
            for string in texts(message.string):
                assert sorted(KEPT.findall(string)) == wanted, message.id


def test_what_the_portal_reads_is_what_the_catalogue_says(catalogue):
    compiled = CATALOGUES / str(catalogue.locale) / "LC_MESSAGES" / "django.mo"
    with compiled.open("rb") as file:
        read_by_portal = GNUTranslations(file)
    for message in catalogue:
        if isinstance(message.id, str) and message.id and not message.context:
            assert read_by_portal.gettext(message.id) == message.string, "make setup"


def test_the_polish_catalogue_says_that_nobody_has_checked_it():
    assert "NEEDS A NATIVE REVIEWER" in (CATALOGUES / "pl/LC_MESSAGES/django.po").read_text()


POLITE = re.compile(
    r"\b(państw(o|a|u|em)?|pan[aiu]?|panią|pan(em|ie)|prosimy|proszę)\b", re.IGNORECASE
)
OF_ONE_SEX = re.compile(
    r"\b\w+([aeiu]ł[ae]?(m|ś)|ł[ae]?byś)\b|\b(\w*(ł|ła) lub \w*(ł|ła))\b", re.IGNORECASE
)


def test_the_polish_says_ty_to_everybody_on_pages_and_in_the_demonstration():
    catalogue = read(CATALOGUES / "pl/LC_MESSAGES/django.po")
    said = [string for message in catalogue if message.id for string in texts(message.string)]
    rows = json.loads((ROOT / "outcomes" / "demo" / "wordings.json").read_text())
    said += [json.dumps(row, ensure_ascii=False) for row in rows if row["language"] == "pl"]
    assert len(said) > 600
    assert [text for text in said if POLITE.search(text) or OF_ONE_SEX.search(text)] == []


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_words_of_a_public_template_stand_outside_a_translation(path):
    bare, inside, ignored = [], False, False
    for token in Lexer(path.read_text()).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            inside = name in ("blocktranslate", "blocktrans") or (
                inside and name not in ("endblocktranslate", "endblocktrans")
            )
            ignored = name == "comment" or (ignored and name != "endcomment")
        elif token.token_type == TokenType.TEXT and not inside and not ignored:
            bare.append(token.contents)
        elif not inside and not ignored:
            bare.append("0")
    text = re.sub(r"<p0>.*?</p>", "", "".join(bare), flags=re.DOTALL)  # marked as English
    seen = re.sub(r'<[^>]*>|&\w+;|[\w.-]+="[^"]*"', " ", text)
    words = " ".join([*READ_OUT.findall(text), seen])
    assert [word for word in WORDS.findall(words) if word not in NO_WORDS] == []
