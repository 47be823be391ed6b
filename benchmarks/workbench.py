"""How fast the officers' pages answer with 10,000 and with 100,000 ideas in PostgreSQL.

    make benchmark-workbench                  both; writes docs/benchmarks.md
    make benchmark-workbench ARGS=--quick     10,000 only; printed

With 100 ideas only what each page asks the database is counted: it must ask no more of the others.
Each number of ideas has a server and a database of its own, thrown away afterwards. A request is
all that Django does for it, from the address to the last byte of the page, for a signed-in officer.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import document
from benchmarks.document import ROOT, table

TITLE = "Workbench"
FEW, COUNTS, QUICK_COUNTS = 100, (10_000, 100_000), (10_000,)
REQUESTS, WARM_UP = 60, 3
# Of each page, to count what it asks the database.
ADDRESSES = 8
# Of a slow page, fewer: none more once so many seconds went by, but these at least.
LONG_ENOUGH, FEWEST = 12, 10
AIM = 300
Measured = dict[str, Any]
EXPLAINED = f"""Aim: 95 of 100 requests of the pages in bold under {AIM} ms. {REQUESTS} requests of
each page ({FEWEST} at least of one on which {LONG_ENOUGH} seconds went by) after {WARM_UP} that are
not counted, one after the other, through Django's test client;
filters, words, themes and rows differ from one to the next. The ideas are those of the
engine's test sets, drawn again and again into answers, with an analysis, groups, clusters, codes,
hidden details, worries and dispositions. Beside it: i.AI says of Consult that 10 million rows are
filtered in 218 ms, in the database alone; these are whole pages."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbench")
    parser.add_argument("--quick", action="store_true", help="10,000 ideas only; only printed")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    counts = QUICK_COUNTS if options.quick else COUNTS
    few, *measured = [_on_a_server(count) for count in (FEW, *counts)]
    text = report(few, measured)
    print(text)
    if not options.quick:
        document.write(TITLE, text)
    if grown := _growing([few, *measured]):
        sys.exit(f"With more ideas these ask the database more: {', '.join(grown)}.")


def _on_a_server(count: int) -> Measured:
    this = [sys.executable, "-m", "benchmarks.workbench", "--one", str(count)]
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"DEMONSTRATION": "1", "DATA_DIR": folder, "LOG_LEVEL": "WARNING"}
        command = [str(ROOT / "tests" / "postgres.sh"), *this]
        ran = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE)  # noqa: S603
    found: Measured = json.loads(ran.stdout.splitlines()[-1])
    print(f"{count:,} ideas: loaded in {found['loading']:.0f} s", file=sys.stderr, flush=True)
    return found


def measure(count: int) -> Measured:
    """On the database of DATABASE_URL, which is empty. Only here does Django begin."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "outcomes_portal.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User

    from benchmarks.workbench_pages import PAGES, REDACTORS
    from outcomes.models import Idea

    timed = _asked if count == FEW else _timed

    begun = time.perf_counter()
    consultation = _load(count)
    loading = time.perf_counter() - begun
    asha, ben = (User.objects.get(username=name) for name in ("asha", "ben"))
    _may_redact(ben)
    import_module("outcomes_portal.wsgi")  # as the web server begins
    pages = [timed(page, asha, consultation) for page in PAGES]
    pages += [timed(page, ben, consultation) for page in REDACTORS]
    ideas = Idea.everything.of(consultation).count()
    return {"count": count, "ideas": ideas, "loading": loading, "pages": pages}


def _load(count: int) -> Any:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from benchmarks.workbench_data import fill
    from surveys.models import Consultation

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.scss"])
    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w") as nobody:
        call_command("load_demo", stdout=nobody)
    asha, ben = (User.objects.get(username=name) for name in ("asha", "ben"))
    consultation = Consultation.objects.get()
    fill(consultation=consultation, ideas=count, by=asha, second=ben, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return consultation


def _may_redact(user: Any) -> None:
    from django.contrib.auth.models import Group

    user.groups.add(*Group.objects.filter(name="Redactor"))


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _asked(page: Any, user: Any, consultation: Any) -> Measured:
    from benchmarks.workbench_pages import asked_by

    client = _client(user)
    asked_by(client, page, consultation, 1)  # what is read once and kept
    asked = asked_by(client, page, consultation, ADDRESSES)
    return {"title": page.title, "aimed": page.aimed, "queries": len(asked)}


def _timed(page: Any, user: Any, consultation: Any) -> Measured:
    from django.urls import NoReverseMatch

    client = _client(user)
    found: Measured = {"title": page.title, "aimed": page.aimed}
    try:
        addresses = list(page.addresses(consultation, REQUESTS + WARM_UP))
    except NoReverseMatch as missing:
        return found | {"missing": str(missing)}
    seconds = []
    for address in addresses:
        begun = time.perf_counter()
        status = client.get(address).status_code
        seconds.append(time.perf_counter() - begun)
        if status != 200:
            return found | {"missing": f"{address} answers {status}"}
        if sum(seconds) > LONG_ENOUGH and len(seconds) >= FEWEST + WARM_UP:
            break
    asked = _asked(page, user, consultation)["queries"]
    return found | {"ms": [1000 * one for one in seconds[WARM_UP:]], "queries": asked}


def _growing(measured: list[Measured]) -> list[str]:
    """Pages that ask the database more of more ideas."""
    same = zip(*(one["pages"] for one in measured), strict=True)
    return [
        few["title"]
        for few, *more in same
        if any(page.get("queries", 0) > few.get("queries", 0) for page in more)
    ]


def report(few: Measured, measured: list[Measured]) -> str:
    head = ["page", *(f"queries, {one['count']:,}" for one in (few, *measured))]
    for one in measured:
        head += [f"median, {one['count']:,}", f"95th of 100, {one['count']:,}"]
    head += ["times as long"] if len(measured) > 1 else []
    found = zip(*(one["pages"] for one in (few, *measured)), strict=True)
    rows = [_row(list(pages)) for pages in found]
    today = datetime.now(UTC).date()
    return (
        f"`make benchmark-workbench`, on {today:%-d %B %Y}: {os.cpu_count()} cores, "
        f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL on the same "
        f"machine; {' and '.join(format(one['ideas'], ',') for one in measured)} ideas.\n\n"
        f"{EXPLAINED}\n\n{table(head, rows)}\n\n{_against_the_aim(measured[-1])} "
        f"{_told(_growing([few, *measured]))}"
    )


def _told(grown: list[str]) -> str:
    if grown:
        return f"These ask the database more of more ideas: {', '.join(grown)}."
    return f"No page asks the database more than it does of {FEW} ideas."


def _row(pages: list[Measured]) -> list[str]:
    """Of the first, with few ideas, only how much it asks is known."""
    title = f"**{pages[0]['title']}**" if pages[0]["aimed"] else pages[0]["title"]
    if missing := next((page["missing"] for page in pages if "missing" in page), ""):
        return [title, f"not measured: {missing}"]
    timed = pages[1:]
    numbers = [cell for page in timed for cell in (_median(page), _most(page))]
    asked = [str(page["queries"]) for page in pages]
    cells = [title, *asked, *(f"{number:.0f} ms" for number in numbers)]
    if len(timed) > 1:
        cells.append(f"{_median(timed[-1]) / _median(timed[0]):.1f}")
    return cells


def _median(page: Measured) -> float:
    taken: list[float] = page["ms"]
    return statistics.median(taken)


def _most(page: Measured) -> float:
    """What 95 of 100 requests do not take longer than."""
    taken: list[float] = page["ms"]
    return statistics.quantiles(taken, n=20)[-1]


def _against_the_aim(last: Measured) -> str:
    aimed = [page for page in last["pages"] if page["aimed"] and "ms" in page]
    slow = [page["title"] for page in aimed if _most(page) >= AIM]
    if slow:
        return f"With {last['count']:,} ideas these are slower than the aim: {', '.join(slow)}."
    return f"With {last['count']:,} ideas every page in bold is within the aim."


if __name__ == "__main__":
    main()
