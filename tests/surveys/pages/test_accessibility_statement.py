"""The accessibility statement: what the law asks it to say, made from what was tested."""

import ast
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

ROOT = Path(__file__).resolve().parents[3]
TESTED = json.loads((ROOT / "surveys" / "accessibility.json").read_text())
BEHIND = "Bring the statement up to date: make accessibility"
NO_PAGE = {"healthz", "set_language", "keep_words"}  # no page to look at


@pytest.fixture
def statement(client, consultation) -> str:
    page = client.get("/accessibility/").content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(
    "sentence",
    [
        "Accessibility statement for The Levels",
        "This accessibility statement applies to all pages at testserver.",
        "This website is run by The forum.",
        "This website is partially compliant with the Web Content Accessibility Guidelines "
        "version 2.2 AA standard, due to the non-compliances listed below.",
        "The forum is committed to making its website accessible, in accordance with the Public "
        "Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018.",
        "The Equality and Human Rights Commission (EHRC) is responsible for enforcing the Public "
        "Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018 "
        "(the ‘accessibility regulations’).",
        "contact the Equality Advisory and Support Service (EASS).",
        "This statement was prepared on 22 November 2026.",
    ],
)
def test_it_says_what_the_law_wants_said(statement, sentence):
    assert sentence in statement


def test_its_headings_come_in_the_order_of_the_model(client, consultation):
    page = client.get("/accessibility/").content.decode()
    found = re.findall(r'<h[23] class="govuk-heading-[ms]">(.*?)</h[23]>', page, re.DOTALL)
    assert [html.unescape(one.strip()) for one in found] == [
        "How accessible this website is",
        "Feedback and contact information",
        "Reporting accessibility problems with this website",
        "Enforcement procedure",
        "Technical information about this website’s accessibility",
        "Compliance status",
        "Non-accessible content",
        "Non-compliance with the accessibility regulations",
        "Disproportionate burden",
        "Content that’s not within the scope of the accessibility regulations",
        "What we’re doing to improve accessibility",
        "Preparation of this accessibility statement",
    ]


def test_each_known_failing_is_explained(statement):
    assert TESTED["failings"]
    for failing in TESTED["failings"]:
        for name in ("what", "criterion", "reason", "alternative", "plan"):
            assert failing[name] in statement
        assert re.search(r"\d\.\d\.\d+ ", failing["criterion"])


def test_it_names_the_tool_and_each_page_that_was_tested(statement):
    assert f"{TESTED['tool']} {TESTED['version']}, in {TESTED['browser']}." in statement
    for page in TESTED["pages"]:
        assert page["address"] in statement


def test_nothing_that_was_found_is_left():
    assert TESTED["violations"] == 0
    assert TESTED["sizes"] == ["320 by 640 pixels", "1280 by 900 pixels"]


def test_every_page_that_the_browser_tests_look_at_is_in_it():
    """Each test that asks for accessibility, with each of its parameters, and no other."""
    folders = ["tests/browser", "tests/journeys"]
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*asked, *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    there = {line for line in done.stdout.splitlines() if "::" in line}
    asking = {one for one in there if _asks_for_accessibility(one)}
    assert set(TESTED["tests"]) <= there, BEHIND
    assert asking <= set(TESTED["tests"]), BEHIND


def _asks_for_accessibility(test: str) -> bool:
    path, name = test.split("[")[0].split("::")
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            return "assert_accessible" in names
    return False


def test_every_public_page_is_in_it():
    patterns = []
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and str(one.pattern) == "":
            patterns += one.url_patterns
    pages = {
        f"/{one.pattern}"
        for one in patterns
        if one.name not in NO_PAGE and not re.search(r"\.\w+$", str(one.pattern))
    }
    assert len(pages) > 15
    missing = pages - {page["address"] for page in TESTED["pages"]}
    assert not missing, BEHIND
