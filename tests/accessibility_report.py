"""What the browser tests found, for the accessibility statement: see `make accessibility`."""

import json
import os
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

REPORT = Path(__file__).parents[1] / "surveys" / "accessibility.json"
NOWHERE = "an address that is not there"
_found = {"pages": {}, "tests": set(), "sizes": set(), "violations": 0}


def note(page, size, results):
    """One page in one state and size, as axe found it."""
    _found["version"] = results.response["testEngine"]["version"]
    _found["browser"] = f"Chromium {page.context.browser.version.split('.')[0]}"
    _found["sizes"].add(f"{size['width']} by {size['height']} pixels")
    _found["violations"] += results.violations_count
    _found["tests"].add(os.environ["PYTEST_CURRENT_TEST"].rsplit(" ", 1)[0])
    address, state = _named(page)
    _found["pages"].setdefault(address, set()).add(state)


def _named(page):
    """Its address as the program knows it, and its title; staff pages have names in theirs."""
    path = urlsplit(page.url).path
    try:
        address = re.sub(r"\(\?P(<\w+>)[^)]*\)|\$$", r"\1", f"/{resolve(path).route}")
    except Resolver404:
        address = NOWHERE
    title = re.sub(r"Survey for \w+", "a survey", page.title().rsplit(" – ", 1)[0])
    return address, "for staff" if path.startswith("/admin/") else " ".join(title.split())


def write(path):
    """What people wrote there (the known failings, when it was prepared) stays."""
    old = json.loads(REPORT.read_text())
    pages = [
        {"address": address, "states": sorted(states)}
        for address, states in sorted(_found["pages"].items())
    ]
    new = {
        "tested_on": date.today().isoformat(),
        "version": _found["version"],
        "browser": _found["browser"],
        "sizes": sorted(_found["sizes"], reverse=True),
        "violations": _found["violations"],
        "pages": pages,
        "tests": sorted(_found["tests"]),
    }
    Path(path).write_text(json.dumps(old | new, indent=2, ensure_ascii=False) + "\n")
