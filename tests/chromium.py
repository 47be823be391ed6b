"""A real browser: Debian's Chromium, driven by Playwright (whose pytest plug-in gives `page`)."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import accessibility_report

# Playwright keeps an event loop in this thread, where Django would refuse its own database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
FOLDERS = ("/browser/", "/journeys/")


def pytest_collection_modifyitems(items):
    for item in items:
        if any(folder in item.nodeid for folder in FOLDERS):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if "/browser/" in item.nodeid:
                item.add_marker(pytest.mark.any_database)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed here."))


def pytest_terminal_summary(terminalreporter):
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if any(folder in report.nodeid for folder in FOLDERS)
    ]
    if CHROMIUM is None and skipped:
        terminalreporter.write_line(
            f"{len(skipped)} browser tests were skipped because Chromium is not installed: "
            "sudo apt install chromium"
        )


def pytest_sessionfinish():
    if os.environ.get("ACCESSIBILITY_REPORT"):
        accessibility_report.write(os.environ["ACCESSIBILITY_REPORT"])


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(autouse=True)
def _plain_static_files(request, settings):
    """The live server serves files by their own names, without the hashes of `collectstatic`."""
    if request.node.get_closest_marker("browser") is None:
        return
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def complaints(page, live_server):
    """What the browser complained of, and every request to another place than ours."""
    heard = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(live_server.url) else heard.append(f"asked {asked.url}")
        ),
    )
    return heard


def assert_accessible(page, sizes=(DESKTOP, PHONE)):
    """No rule of axe is broken, at the width of a desk and of a phone."""
    for size in sizes:
        page.set_viewport_size(size)
        results = Axe().run(page)
        accessibility_report.note(page, size, results)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
