"""An HTML validator finds no fault in any public page, nor in what any of its forms answers."""

import json
import subprocess
from http.cookiejar import CookieJar
from pathlib import Path
from time import sleep
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from lxml import html

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules" / ".bin" / "html-validate"
MOST = 250
STAYS = ("/language/", "/leave/")  # neither gives up its answers nor turns to another language
TAKES_BACK = "/withdraw/"
NEVER = ("/admin/", "/static/", "/healthz")


class Visitor:
    """Follows every link of the site and presses every button of every form, once for each page.

    In the parents' survey it writes into every box; elsewhere it leaves them empty, to be told so.
    It takes no choice, to be told so too, until it comes again and `chooses` the first of each;
    it takes its answers back when that page is asked for.
    """

    def __init__(self, site: str, language: str, *, presses: bool = True) -> None:
        self.site = site
        self.presses = presses
        self.chooses = self.takes_back = False
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("Accept-Language", language)]
        self.pages: dict[str, str] = {}
        self.ahead = [(f"{site}/", None), (f"{site}/nope/", None), (f"{site}/?q=%00", None)]
        self.met: set[str] = set()

    def walk(self) -> dict[str, str]:
        while self.ahead and len(self.pages) < MOST:
            self._open(*self.ahead.pop(0))
        return self.pages

    def again(self, address: str, *, chooses: bool = False) -> dict[str, str]:
        """Once more, after the time that a person takes."""
        sleep(6)
        self.chooses = chooses
        self.takes_back = address.endswith(TAKES_BACK)
        self.met = {what for what in self.met if not what.startswith(self.site + address)}
        self._open(self.site + address, None)
        return self.walk()

    def _open(self, address: str, form: list[tuple[str, str]] | None) -> None:
        data = None if form is None else urlencode(form).encode()
        try:
            answer = self.opener.open(Request(address, data))  # noqa: S310 - our own
        except HTTPError as refused:
            answer = refused
        if "text/html" not in answer.headers.get("Content-Type", ""):
            return
        text = answer.read().decode()
        name = f"{len(self.pages):03} {'POST' if form else 'GET'} {address} → {answer.geturl()}"
        self.pages[name] = text
        self._look(answer.geturl(), html.fromstring(text))

    def _look(self, address: str, page: html.HtmlElement) -> None:
        page.make_links_absolute(address)
        for link in page.xpath("//a/@href"):
            self._later(urldefrag(link).url, None)
        for form in page.forms if self.presses else []:
            if form.method != "POST" or (form.action or "").endswith(STAYS):
                continue
            if address.endswith(TAKES_BACK) and not self.takes_back:
                continue
            if "/s/parents/" in address:
                for box in form.xpath(".//textarea[@name='text']"):
                    box.value = box.value.strip() or "Friends"
            for radio in form.xpath(".//input[@type='radio']") if self.chooses else []:
                form.fields[radio.name] = form.fields[radio.name] or radio.get("value")
            for button in form.xpath(".//button"):
                pressed = [(button.get("name"), button.get("value", ""))]
                fields = [*form.form_values(), *[one for one in pressed if one[0]]]
                self._later(urljoin(address, form.action or address), fields)

    def _later(self, address: str, form: list[tuple[str, str]] | None) -> None:
        place = urlsplit(address)
        names = sorted(name for name, _ in form or [])
        what = f"{address} {names} {dict(form or {}).get('go', '')}"
        ours = address.startswith(self.site) and not place.path.startswith(NEVER)
        if ours and what not in self.met:
            self.met.add(what)
            self.ahead.append((address, form))


def faults(folder: Path, pages: dict[str, str]) -> list[str]:
    """What the validator says of them, with the page it says it of."""
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(text)
        names[str(path)] = name
    said = folder / "said.json"
    options = ["--config", str(ROOT / "tests" / "htmlvalidate.json"), "--formatter", f"json={said}"]
    subprocess.run([str(VALIDATOR), *options, str(folder)], check=False, cwd=folder)
    return [
        f"{names[result['filePath']]} line {fault['line']}: {fault['message']}"
        for result in json.loads(said.read_text())
        for fault in result["messages"]
    ]


def test_every_page_and_answer_is_valid_html(production, tmp_path):
    visitor = Visitor(production, "en-GB")
    visitor.walk()
    visitor.again("/s/parents/check/")
    visitor.again("/s/parents/equality/", chooses=True)
    pages = visitor.again("/s/parents/withdraw/")
    assert sum(" POST " in name for name in pages) > 20
    for end in ("equality/", "equality/questions/", "sent/", "withdraw/", "withdrawn/"):
        assert any(name.endswith(f"/s/parents/{end}") for name in pages), end
    assert faults(tmp_path, pages) == []


def test_every_polish_page_is_valid_html(production, tmp_path):
    pages = Visitor(production, "pl", presses=False).walk()
    assert len(pages) > 15
    assert faults(tmp_path, pages) == []


def test_the_validator_finds_faults(tmp_path):
    page = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>%s</body></html>'
    wrong = page % '<p id="a"></p><p id="a"></p><ul><p>x</p></ul>'
    assert len(faults(tmp_path, {"right": page % "<p>x</p>", "wrong": wrong})) == 2
