"""How fast the officers' pages answer with 10,000 and with 100,000 ideas in PostgreSQL.

    make benchmark-workbench                  both; writes docs/benchmarks.md
    make benchmark-workbench ARGS=--quick     10,000 only; printed

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
from pathlib import Path
from typing import Any

from benchmarks import document
from benchmarks.document import ROOT, table

TITLE = "Workbench"
COUNTS, QUICK_COUNTS = (10_000, 100_000), (10_000,)
REQUESTS, WARM_UP = 60, 3
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
    measured = [_on_a_server(count) for count in (QUICK_COUNTS if options.quick else COUNTS)]
    text = report(measured)
    print(text)
    if not options.quick:
        document.write(TITLE, text)


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

    begun = time.perf_counter()
    consultation = _load(count)
    loading = time.perf_counter() - begun
    asha, ben = (User.objects.get(username=name) for name in ("asha", "ben"))
    _may_redact(ben)
    pages = [_timed(page, asha, consultation) for page in PAGES]
    pages += [_timed(page, ben, consultation) for page in REDACTORS]
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


def _timed(page: Any, user: Any, consultation: Any) -> Measured:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import NoReverseMatch

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(user)
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
    with CaptureQueriesContext(connection) as asked:
        client.get(addresses[-1])
    within = sum(float(one["time"]) for one in asked.captured_queries)
    return found | {
        "ms": [1000 * one for one in seconds[WARM_UP:]],
        "queries": len(asked),
        "database": 1000 * within,
    }


def report(measured: list[Measured]) -> str:
    head = ["page", "queries"]
    for one in measured:
        head += [f"median, {one['count']:,}", f"95th of 100, {one['count']:,}"]
    head += ["times as long"] if len(measured) > 1 else []
    rows = [_row(list(pages)) for pages in zip(*(one["pages"] for one in measured), strict=True)]
    today = datetime.now(UTC).date()
    return (
        f"`make benchmark-workbench`, on {today:%-d %B %Y}: {os.cpu_count()} cores, "
        f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL on the same "
        f"machine; {' and '.join(format(one['ideas'], ',') for one in measured)} ideas.\n\n"
        f"{EXPLAINED}\n\n{table(head, rows)}\n\n{_against_the_aim(measured[-1])}"
    )


def _row(pages: list[Measured]) -> list[str]:
    title = f"**{pages[0]['title']}**" if pages[0]["aimed"] else pages[0]["title"]
    if missing := next((page["missing"] for page in pages if "missing" in page), ""):
        return [title, f"not measured: {missing}"]
    numbers = [cell for page in pages for cell in (_median(page), _most(page))]
    cells = [title, str(pages[-1]["queries"]), *(f"{number:.0f} ms" for number in numbers)]
    if len(pages) > 1:
        cells.append(f"{_median(pages[-1]) / _median(pages[0]):.1f}")
    return cells


def _median(page: Measured) -> float:
    return statistics.median(page["ms"])


def _most(page: Measured) -> float:
    """What 95 of 100 requests do not take longer than."""
    return statistics.quantiles(page["ms"], n=20)[-1]


def _against_the_aim(last: Measured) -> str:
    aimed = [page for page in last["pages"] if page["aimed"] and "ms" in page]
    slow = [page["title"] for page in aimed if _most(page) >= AIM]
    if slow:
        return f"With {last['count']:,} ideas these are slower than the aim: {', '.join(slow)}."
    return f"With {last['count']:,} ideas every page in bold is within the aim."


if __name__ == "__main__":
    main()
