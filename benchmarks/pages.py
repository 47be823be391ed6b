"""How soon a page shows on a slow phone network, and how many bytes it takes.

    make benchmark-pages

Chromium, 360 by 640, with a slow-3G profile: each request waits 400 ms, and 400 kbit/s go down and
up. Each number is the middle one of five visits with an empty cache; "next visit" is the page once
more with what the browser kept. The table goes to docs/benchmarks.md.
"""

import platform
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    ViewportSize,
    sync_playwright,
)

from benchmarks.document import write
from benchmarks.serving import serving

ROUNDS = 5
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
PAINTS = """new Promise(done => new PerformanceObserver(list => {
  const largest = list.getEntries().at(-1).startTime;
  const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  done([first, largest]);
}).observe({type: "largest-contentful-paint", buffered: true}))"""
PHONE = ViewportSize(width=360, height=640)


@dataclass
class Bytes:
    """What comes over the wire to one page: headers and bodies, as they are sent."""

    cdp: CDPSession
    total: int = 0
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cdp.send("Network.enable")
        self.cdp.on("Network.loadingFinished", self._add)
        self.cdp.on("Network.requestWillBeSent", lambda e: self.asked.append(e["request"]["url"]))

    def _add(self, event: dict[str, float]) -> None:
        self.total += int(event["encodedDataLength"])

    def since(self) -> int:
        """The bytes since this was asked last."""
        total, self.total = self.total, 0
        return total


def begin(page: Page, site: str, survey: str = "parents") -> str:
    """Begin a survey as people do: the address of its first question."""
    page.goto(f"{site}/s/{survey}/")
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/1/")
    return page.url


def answer_and_send(page: Page, site: str, survey: str = "parents") -> None:
    """Answer the first question and send, to the receipt."""
    page.locator("textarea").fill("She has friends and someone to talk to.")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_load_state()
    page.goto(f"{site}/s/{survey}/check/")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_load_state()


def afresh(browser: Browser, other: BrowserContext) -> BrowserContext:
    """A browser with the cookies of `other` and nothing kept."""
    return browser.new_context(storage_state=other.storage_state(), viewport=PHONE, locale="en-GB")


@dataclass
class Visit:
    first_paint: float
    largest_paint: float
    first_bytes: int
    next_bytes: int


def visit(browser: Browser, person: BrowserContext, address: str, slower: int = 1) -> Visit:
    """One visit to `address` on the slow network, and then the same page again."""
    context = afresh(browser, person)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    wire = Bytes(cdp)
    cdp.send("Network.emulateNetworkConditions", SLOW_3G)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address, wait_until="networkidle")
    first, largest = page.evaluate(PAINTS)
    first_bytes = wire.since()
    page.goto("about:blank")
    wire.since()
    page.goto(address, wait_until="networkidle")
    next_bytes = wire.since()
    context.close()
    return Visit(first, largest, first_bytes, next_bytes)


def measure(browser: Browser, site: str) -> list[tuple[str, Visit]]:
    """Each page: the medians of `ROUNDS` visits."""
    person = browser.new_context(viewport=PHONE, locale="en-GB")
    page = person.new_page()
    home = f"{site}/"
    rows = [("home", _middle(browser, person, home))]
    question = begin(page, site)
    rows.append(("question", _middle(browser, person, question)))
    rows.append(("question, processor 4 times slower", _middle(browser, person, question, 4)))
    rows.append(("check answers", _middle(browser, person, f"{site}/s/parents/check/")))
    answer_and_send(page, site)
    rows.append(("receipt", _middle(browser, person, f"{site}/s/parents/sent/")))
    return rows


def _middle(browser: Browser, person: BrowserContext, address: str, slower: int = 1) -> Visit:
    visits = [visit(browser, person, address, slower) for _ in range(ROUNDS)]
    names = ("first_paint", "largest_paint", "first_bytes", "next_bytes")
    return Visit(*(median(getattr(one, name) for one in visits) for name in names))


def table(rows: list[tuple[str, Visit]]) -> str:
    lines = [
        "| page | first contentful paint | largest contentful paint | first visit | next visit |",
        "|---|---|---|---|---|",
    ]
    for name, one in rows:
        seconds = f"{one.first_paint / 1000:.2f} s | {one.largest_paint / 1000:.2f} s"
        size = f"{one.first_bytes / 1000:.1f} KB | {one.next_bytes / 1000:.1f} KB"
        lines.append(f"| {name} | {seconds} | {size} |")
    return "\n".join(lines)


def section(rows: list[tuple[str, Visit]], version: str) -> str:
    today = datetime.now(UTC).date()
    return f"""`make benchmark-pages`, on {today:%-d %B %Y}: Chromium {version},
{platform.machine()}, Linux, the demonstration from gunicorn on the same machine over HTTP, with
gzip. Slow 3G as Chromium plays it: 400 ms for each request, 400 kbit/s, without the round trips
that begin a real connection (one, and one more with HTTPS: 0.8 s). Medians of {ROUNDS} visits with
an empty cache; bytes are all that came over the wire, headers and every file.

{table(rows)}

The aim is a largest contentful paint under 1.5 s. For comparison: 8.6 s is published for Decidim on
a phone. A survey question may take 60 KB on a first visit and 15 KB on the next;
`tests/browser/test_page_weight.py` holds that.
"""


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        rows = measure(browser, site)
        version = browser.version
        browser.close()
    print(table(rows))
    write("Pages", section(rows, version))


if __name__ == "__main__":
    main()
