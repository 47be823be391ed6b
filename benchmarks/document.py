"""docs/benchmarks.md: each benchmark writes a section of its own there."""

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"


def write(title: str, text: str) -> None:
    """Put the section in place of the one that was there."""
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Benchmarks\n"
    DOCUMENT.write_text(replaced(before, title, text), encoding="utf-8")


def replaced(document: str, title: str, text: str) -> str:
    """The document with this section last, and without the one of the same title."""
    pattern = rf"\n*^## {re.escape(title)}\n.*?(?=^## |\Z)"
    others = re.sub(pattern, "\n\n", document, flags=re.DOTALL | re.MULTILINE)
    return f"{others.rstrip()}\n\n## {title}\n\n{text.strip()}\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
