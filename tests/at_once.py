"""People at the same moment: works on connections of their own, and what becomes of them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from surveys.models import AuditEvent
from surveys.refusals import Refusal


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all the works at the same moment, each on a connection of its own.

    Gives each one's result, or the Refusal it met; any other exception is raised.
    """
    barrier = Barrier(len(works))

    def do(work):
        try:
            barrier.wait()
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def refused(results: Iterable[object]) -> list[Refusal]:
    return [one for one in results if isinstance(one, Refusal)]


def chain_is_whole() -> int:
    """Nothing is lost from the audit log; gives how many events it holds."""
    events = list(AuditEvent.objects.order_by("number"))
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    assert all(one.digest == one.reckoned() for one in events)
    return len(events)
