"""Every public page can be read by most children of nine.

What is measured is the text of <main>, page by page, in English, with the demonstration's data: its
surveys' words and wordings are ours and must be plain too. What is not measured:

* what a respondent typed, receipt codes and how to reach the area (NOT_OURS): nobody chose those
  words for being plain;
* the sentences and headings that the law or a standard prescribes word for word (LEGAL);
* words in another language, which the formula does not fit;
* the list of the addresses that were tested for accessibility, which a program writes.

A heading, an item of a list and a button are each a sentence, as they are read.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from outcomes.demo.load import load
from surveys.models import Response, Survey
from surveys.reading import read, sentences_of, syllables_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
OLDEST = 9
FORMS = ("standard", "easy_read", "under_11")
BLOCKS = {
    *("p", "li", "h1", "h2", "h3", "h4", "div", "section", "fieldset", "legend", "label", "form"),
    *("button", "dt", "dd", "td", "th", "caption", "summary", "details", "option", "br", "tr"),
    *("ul", "ol", "dl", "table", "nav", "figure", "figcaption", "hr", "blockquote", "article"),
}
EMPTY = {"br", "hr", "img", "input", "meta", "link", "source", "wbr"}
NOT_OURS = {"portal-answer", "portal-code", "portal-code-small", "portal-contact"}
# The model statement of the accessibility regulations, and the names of the standard's criteria.
LEGAL = [
    r"This accessibility statement applies to",
    r"This website is (partially|fully) compliant with the Web Content Accessibility Guidelines "
    r"version 2.2 AA standard(, due to the non-compliances listed below)?\.",
    r"\S.* is committed to making its website accessible, in accordance with the Public Sector "
    r"Bodies \(Websites and Mobile Applications\) \(No\. 2\) Accessibility Regulations 2018\.",
    r"The Equality and Human Rights Commission \(EHRC\) is responsible for enforcing the Public "
    r"Sector Bodies \(Websites and Mobile Applications\) \(No\. 2\) Accessibility Regulations 2018 "
    r"\(the [‘“]accessibility regulations[’”]\)\.",
    r"If you are not happy with how we respond to your complaint, contact the Equality Advisory "
    r"and Support Service \(EASS\)\.",
    r"The content listed below is non-accessible for the following reasons\.",
    r"Non-compliance with the accessibility regulations",
    r"Disproportionate burden",
    r"Content that[’']s not within the scope of the accessibility regulations",
    r"Feedback and contact information",
    r"Reporting accessibility problems with this website",
    r"Enforcement procedure",
    r"Technical information about this website[’']s accessibility",
    r"Compliance status",
    r"Non-accessible content",
    r"WCAG 2\.2 success criterion:.*",
]
LEGAL_WORDS = re.compile("|".join(rf"(?:{one})" for one in LEGAL))


class Text(HTMLParser):
    """The words of <main>, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.inside = False
        self.skipped = 0

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        if tag == "main":
            self.inside = True
        if tag in BLOCKS:
            self.lines.append("")
        if tag in EMPTY:
            return
        if self.skipped or self._is_not_ours(tag, facts):
            self.skipped += 1

    def _is_not_ours(self, tag, facts):
        classes = set((facts.get("class") or "").split())
        foreign = (facts.get("lang") or "en").split("-")[0] != "en"
        return tag in ("script", "style", "textarea", "svg") or foreign or classes & NOT_OURS

    def handle_endtag(self, tag):
        if tag == "main":
            self.inside = False
        if tag in BLOCKS:
            self.lines.append("")
        if self.skipped and tag not in EMPTY:
            self.skipped -= 1

    def handle_data(self, data):
        if self.inside and not self.skipped:
            self.lines[-1] += data


def text_of(page) -> str:
    parser = Text()
    parser.feed(page.content.decode())
    lines = [" ".join(line.split()) for line in parser.lines if line.strip()]
    text = "\n".join(line for line in lines if not line.startswith("/"))
    return LEGAL_WORDS.sub("\n", text)


def hidden(page) -> dict[str, str]:
    """What the forms of a page hold and nobody sees."""
    form = page.context.get("form") if page.context else None
    return {one.html_name: one.value() or "" for one in form.hidden_fields()} if form else {}


class Walk:
    """Somebody goes through one survey in one form and keeps the text of each page."""

    def __init__(self, slug: str, form: str) -> None:
        self.client, self.slug, self.form = Client(), slug, form
        self.texts: dict[str, str] = {}

    def keep(self, name: str, page) -> None:
        assert page.status_code < 500, name
        self.texts[f"{name} ({self.slug}, {self.form})"] = text_of(page)

    def get(self, name: str, path: str = ""):
        page = self.client.get(f"/s/{self.slug}/{path}")
        if page.status_code == 200:
            self.keep(name, page)
        return page

    def post(self, path: str, **fields):
        return self.client.post(f"/s/{self.slug}/{path}", fields)

    def through(self) -> None:
        self.keep("start", self.client.get(f"/s/{self.slug}/?form={self.form}"))
        self.post("", form=self.form)
        Response.objects.filter(state="draft").update(wording_form=self.form)
        self.keep("nothing to check", self.client.get(f"/s/{self.slug}/check/"))
        for number in (1, 2, 3):
            page = self.get(f"question {number}", f"{number}/")
            sent = hidden(page) | {"text": "x" * 2_001}
            self.keep(f"question {number}, too long", self.post(f"{number}/", **sent))
            self.post(f"{number}/", **hidden(page) | {"text": "Home"})
        self.get("later", "later/")
        self.get("about you", "about-you/")
        page = self.get("check", "check/")
        self.keep("sent too fast", self.post("check/", **hidden(page)))
        an_hour_ago = timezone.now() - timedelta(hours=1)
        Response.objects.filter(state="draft").update(started_at=an_hour_ago)
        sent = self.post("check/", **hidden(page))
        assert sent.status_code == 302, self.slug
        for name, path in [
            ("equality", "equality/"),
            ("equality questions", "equality/questions/"),
            ("receipt", "sent/"),
            ("change", "change/"),
            ("withdraw", "withdraw/"),
            ("leave", "leave/"),
        ]:
            self.get(name, path)


def closed_pages() -> dict[str, str]:
    """What those see who come after closing, and before opening."""
    walk = Walk("parents", "standard")
    walk.post("", form="standard")
    today, day = timezone.localdate(), timedelta(days=1)
    Response.objects.filter(state="draft").update(started_at=timezone.now() - 9 * day)
    surveys = Survey.objects.filter(slug="parents")
    surveys.update(opens_on=today - 9 * day, closes_on=today - 2 * day)
    walk.get("closed")
    walk.get("question once closed", "1/")
    walk.get("check once closed", "check/")
    surveys.update(opens_on=today + day, closes_on=today + 9 * day)
    walk.get("not open yet")
    surveys.update(opens_on=None, closes_on=None)
    walk.get("coming soon")
    return walk.texts


def plain_pages() -> dict[str, str]:
    client = Client()
    found = {
        path: text_of(client.get(path))
        for path in (
            *(
                "/",
                "/privacy/",
                "/accessibility/",
                "/cookies/",
                "/words/",
                "/return/",
                "/hear/",
                "/formats/",
            ),
            *("/hear/sent/", "/hear/on/", "/hear/off/", "/formats/asked/", "/no-such-page/"),
        )
    }
    found["/return/ with a wrong code"] = text_of(client.post("/return/", {"code": "BCDF-GH23"}))
    return found


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> dict[str, str]:
    """The text of every public page, by its name. The database is left as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(now=timezone.now())
        texts = plain_pages()
        for slug in Survey.objects.filter(kind="ideas").values_list("slug", flat=True):
            for form in FORMS:
                walk = Walk(slug, form)
                walk.through()
                texts |= walk.texts
        texts |= closed_pages()
        transaction.set_rollback(True)
    return texts


def hardest(text: str) -> list[str]:
    """The sentences that raise the age most: long ones of long words."""
    sentences = [one for one in sentences_of(text) if words_of(one)]

    def weight(sentence):
        return 0.39 * len(words_of(sentence)) + 11.8 * syllables_of(sentence) / len(
            words_of(sentence)
        )

    long_ones = [one for one in sentences if len(words_of(one)) > 5]
    return sorted(long_ones, key=weight, reverse=True)[:4]


def test_the_pages_of_every_kind_are_there(pages):
    """A page that was led elsewhere would not be measured."""
    kinds = {name.split(" (")[0] for name in pages}
    assert len(pages) > 100
    for kind in ("start", "question 1", "question 3", "check", "receipt", "closed", "/", "/hear/"):
        assert kind in kinds, sorted(kinds)
    for name, text in pages.items():
        assert read(text).words > 10, name


def test_every_public_page_can_be_read_at_nine(pages):
    hard = {name: read(text).age for name, text in pages.items() if read(text).age > OLDEST}
    said = [
        f"{age}: {name}\n    " + "\n    ".join(hardest(pages[name])) for name, age in hard.items()
    ]
    assert not hard, "\n".join(said)


def test_the_measure_leaves_out_what_a_respondent_typed_and_keeps_the_rest():
    class Page:
        content = (
            b"<body><p>Menu</p><main><h1>Two words</h1><p>A <b>plain</b> line.</p><ul><li>One</li>"
            b"<li>Two</li></ul><span class='portal-answer'>Extraordinarily <b>so</b></span>"
            b"<p lang='pl'>Tak</p><p>The end.<br>Really.</p></main><footer>Foot</footer></body>"
        )

    assert text_of(Page()).splitlines() == [
        "Two words",
        "A plain line.",
        "One",
        "Two",
        "The end.",
        "Really.",
    ]
