"""A real worker process on the tests' own database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The address of the database that this test runs on."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    server, _ = os.environ["DATABASE_URL"].rsplit("/", 1)
    return f"{server}/{connection.settings_dict['NAME']}"


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py db_worker`, for as long as the block lasts."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--interval=0.2"]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": database_url()})
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=30)
