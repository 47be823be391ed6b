"""Spreadsheets that wait for their confirmation: where, and for how long."""

import time
from pathlib import Path

from django.conf import settings

KEPT_FOR = 24 * 60 * 60  # seconds
TOO_OLD = "spreadsheets that nobody confirmed within a day"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads"


def too_old() -> list[Path]:
    """Those that waited too long."""
    return [path for path in _all() if _age(path) > KEPT_FOR]


def forget_old() -> int:
    """Delete those that waited too long. Says how many."""
    old = too_old()
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _all() -> list[Path]:
    return list(folder().iterdir()) if folder().is_dir() else []


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0  # confirmed, or deleted by another process, at this moment
