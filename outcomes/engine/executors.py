"""Where texts are read: in this process, in processes beside it, or over a Dask cluster.

Wherever it runs, a chunk is the same function called on the same texts, so the answer is the same
to the last bit (over several machines: when their processors are of one kind, or OPENBLAS_CORETYPE
makes them reckon alike).
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

from outcomes.engine.errors import EngineError

Given = TypeVar("Given")
Found = TypeVar("Found")
Asked = ParamSpec("Asked")
Progress = Callable[[int, int], None]

# Chunks handed out at a time, so that a million texts do not lie with the executor all at once.
IN_FLIGHT = 64
# Seconds between two reports of progress, however long a chunk takes.
EVERY = 5.0
# How often work that was lost with its worker is handed out again.
TRIES_AGAIN = 3
# Seconds until a Dask cluster must have answered, and have a worker.
PATIENCE = 20

WORKERS_ENDED = (
    "Workers were ended before they had answered, several times over, perhaps for want of memory. "
    "Give ENGINE_EXECUTOR fewer processes, or the workers more memory."
)

_cores: ContextVar[int | None] = ContextVar("_cores", default=None)


def cores() -> int:
    """How many threads may reckon here: one in a worker, which has one core to itself."""
    if hasattr(os, "sched_getaffinity"):
        return _cores.get() or len(os.sched_getaffinity(0))
    return _cores.get() or os.cpu_count() or 1


@contextmanager
def opened(address: str | None) -> Iterator[Executor]:
    """The executor at an address: nothing for this process, “processes” for one on each core,
    “processes://4” for four, “dask://host:port” for the cluster with that scheduler."""
    kind, _, rest = (address or "").strip().partition("://")
    if kind == "dask" and rest:
        with _cluster(rest) as executor:
            yield executor
        return
    if not kind and not rest:
        executor = Here()
    elif kind == "processes" and ((rest.isdecimal() and int(rest)) or not rest):
        executor = Processes(int(rest or cores()))
    else:
        raise EngineError(
            f"ENGINE_EXECUTOR cannot be “{address}”. Leave it empty, or give “processes”, "
            "“processes://4” or “dask://scheduler:8786”."
        )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def spread(
    executor: Executor,
    function: Callable[[Sequence[Given]], Found],
    chunks: Sequence[Sequence[Given]],
    progress: Progress | None = None,
) -> list[Found]:
    """What the function makes of each chunk, in the chunks' order.

    `function` is at the top of a module that the workers can import too. `progress` hears every
    few seconds how many of the texts in all chunks are done; when it raises, the rest is called
    off. Chunks that were lost with their worker are done again by another.
    """
    found: dict[int, Found] = {}
    running: dict[Future[Found], int] = {}
    waiting = list(range(len(chunks)))[::-1]
    total = sum(len(chunk) for chunk in chunks)
    losses = 0
    try:
        while waiting or running:
            while waiting and len(running) < IN_FLIGHT:
                future = executor.submit(function, chunks[waiting[-1]])
                running[future] = waiting.pop()
                if future.done():
                    break
            lost = _collect(wait(running, EVERY, FIRST_COMPLETED).done, running, found)
            if lost:
                losses += 1
                if losses > TRIES_AGAIN:
                    raise EngineError(WORKERS_ENDED)
                lost += _collect(wait(running).done, running, found)
                waiting += sorted(lost, reverse=True)
            if progress:
                progress(sum(len(chunks[place]) for place in found), total)
    finally:
        for future in running:
            future.cancel()
    return [found[place] for place in range(len(chunks))]


def _collect(
    done: Iterable[Future[Found]], running: dict[Future[Found], int], found: dict[int, Found]
) -> list[int]:
    """Moves what is done from `running` to `found`; gives the places of what was lost."""
    lost = []
    for future in done:
        place = running.pop(future)
        try:
            found[place] = future.result()
        except BrokenProcessPool:
            lost.append(place)
        except CancelledError as error:
            raise EngineError("The connection to the workers was lost. Try again.") from error
        except Exception as error:
            # Dask, which has tried again by then, may not be installed here: so by its name.
            if type(error).__name__ == "KilledWorker":
                raise EngineError(WORKERS_ENDED) from error
            raise
    return lost


class Here(Executor):
    """This process: each piece of work is done while it is handed over."""

    def submit(
        self, fn: Callable[Asked, Found], /, *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Future[Found]:
        future: Future[Found] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Executor):
    """Processes beside this one. Once one of them was killed, the next work starts new ones."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._started()

    def submit(
        self, fn: Callable[Asked, Found], /, *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Future[Found]:
        work = Work(fn, *args, **kwargs)
        try:
            return self._pool.submit(work)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._started()
            return self._pool.submit(work)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _started(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a fork copies locks that other threads hold, and then waits forever.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, context, initializer=_begin_worker)


class Cluster(Executor):
    """A Dask cluster. Work whose worker is gone is done again by another: Dask sees to that."""

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False, retries=TRIES_AGAIN)

    def submit(
        self, fn: Callable[Asked, Found], /, *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Future[Found]:
        future: Future[Found] = self._executor.submit(Work(fn, *args, **kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)


class Work:
    """A call to be made in a worker, on one core.

    Dask looks into lists to find its own things in them and writes what failed to its log: this
    keeps people's words from both.
    """

    def __init__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs

    def __repr__(self) -> str:
        return f"<{self.function.__name__}>"

    def __call__(self) -> Any:
        # For good: a Dask worker's threads would undo each other's limits in the wrong order.
        threadpool_limits(1)
        before = _cores.set(1)
        try:
            return self.function(*self.args, **self.kwargs)
        finally:
            _cores.reset(before)


def _begin_worker() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends when that one has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise EngineError(
            "ENGINE_EXECUTOR names a Dask cluster, but Dask is not installed here: "
            "pip install -r requirements-dask.txt"
        ) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EngineError(f"No Dask scheduler answers at {address}: {error}") from error
    with client:
        _require_like_workers(client, address)
        executor = Cluster(client)
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)


def _require_like_workers(client: Any, address: str) -> None:
    """Another version of the engine, or of what it reckons with, could give another answer."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        makes = client.run(make)
    except TimeoutError as error:
        raise EngineError(f"The Dask cluster at {address} has no worker yet.") from error
    except ImportError as error:
        raise EngineError(f"A worker of {address} lacks the engine: {error}.") from error
    unlike = sorted(worker for worker, other in makes.items() if other != make())
    if unlike:
        raise EngineError(
            f"These workers of {address} have another version of the engine, of Python or of "
            f"numpy, scipy or scikit-learn: {', '.join(unlike)}."
        )


def make() -> str:
    """A hash of all that could make a worker answer otherwise: code, trained parts, libraries."""
    libraries = [version(name) for name in ("numpy", "scipy", "scikit-learn")]
    digest = sha256(" ".join([python_version(), *libraries]).encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".part"):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()
