"""How errors are written to the log: where they happened, and nothing that anybody said.

What an exception says may repeat a row: PostgreSQL names the values of a row that it refuses, and
Python the text that is no number. So only the places in our code, the kinds of the errors and what
a database calls its refusal are written.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

# Whose sentences are about the program, and never about what was typed.
SPEAK = (ImportError, AttributeError, NameError, NotImplementedError, RecursionError, TimeoutError)


class WithoutWords(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another formatter may have kept its own telling there
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return "\n".join(_told(ei[1]))


def _told(error: BaseException | None) -> Iterator[str]:
    """The first cause first, as Python itself tells it."""
    if error is None:
        return
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and earlier is not error:
        yield from _told(earlier)
        yield "which led to:"
    yield from _places(error.__traceback__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    yield f"{kind}: {_said(error)}".rstrip(": ")


def _places(trace: TracebackType | None) -> Iterator[str]:
    for place in traceback.extract_tb(trace):
        yield f"  {place.filename}:{place.lineno} in {place.name}"


def _said(error: BaseException) -> str:
    if isinstance(error, SPEAK):
        return str(error)
    diagnostics = getattr(error, "diag", None)  # of psycopg
    names = ("sqlstate", "table_name", "column_name", "constraint_name")
    return " ".join(found for name in names if (found := getattr(diagnostics, name, None)))
