"""The same answer wherever the texts are read, and even when a worker is killed half-way."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster

from outcomes.engine import executors
from outcomes.engine.errors import EngineError
from outcomes.engine.executors import cores, opened, spread
from outcomes.engine.reading import read_chunk
from outcomes.engine.records import Text
from outcomes.engine.vectors import SentenceVectors

TEXTS = [
    f"{start} {end}"
    for start in ("a friend", "swimming", "The bus was late and", "they never ring back, so")
    for end in (
        "at the weekend",
        "for my brother",
        "and I cried",
        "",
        "because of the noise in there",
    )
]


def vectors_of(texts):
    return SentenceVectors().transform(texts)


def lengths_of(texts):
    return [len(text) for text in texts]


def cores_here(texts):
    return cores()


def process_here(texts):
    time.sleep(0.05)
    return os.getpid()


def refuse_badgers(texts):
    if "badger" in texts:
        raise EngineError("No badgers, please.")
    return texts


def killed_the_first_time(texts):
    """Each text is a file's name: the first worker that comes to a missing one dies of it."""
    for text in texts:
        path = Path(text)
        if not path.exists():
            path.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return [Path(text).name for text in texts]


def always_killed(texts):
    os.kill(os.getpid(), signal.SIGKILL)


def cut(texts, count):
    """So many chunks of nearly the same size."""
    return [texts[part::count] for part in range(count)]


def cluster_of(workers):
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=2,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    )


@pytest.fixture(scope="module")
def cluster():
    """Two workers that are processes of their own, as on two machines."""
    with cluster_of(2) as cluster:
        yield cluster


@pytest.fixture(params=["", "processes://2", "dask"])
def address(request):
    if request.param != "dask":
        return request.param
    return request.getfixturevalue("cluster").scheduler_address.replace("tcp", "dask")


@pytest.fixture(params=["processes://2", "dask"])
def address_of_workers(request):
    if request.param != "dask":
        return request.param
    return request.getfixturevalue("cluster").scheduler_address.replace("tcp", "dask")


def test_the_answer_is_the_same_to_the_bit_wherever_and_in_however_many_parts(address):
    texts = [Text(text, text) for text in TEXTS]
    expected = read_chunk(texts)
    with opened(address) as executor:
        found = {count: spread(executor, read_chunk, cut(texts, count)) for count in (1, 3, 7)}
    for count, parts in found.items():
        read = {text: told for part, reading in zip(cut(TEXTS, count), parts, strict=True)
                for text, told in zip(part, reading, strict=True)}  # fmt: skip
        for text, alone in zip(TEXTS, expected, strict=True):
            assert np.array_equal(read[text].vectors, alone.vectors), count
            assert replace(read[text], vectors=None) == replace(alone, vectors=None), count
        assert any(reading.spans for reading in read.values())


def test_results_come_in_the_order_of_the_chunks(address):
    chunks = [["x" * number] * (number % 3) for number in range(200)]
    with opened(address) as executor:
        assert spread(executor, lengths_of, chunks) == [lengths_of(chunk) for chunk in chunks]


def test_no_chunks_no_results(address):
    with opened(address) as executor:
        assert spread(executor, lengths_of, []) == []


def test_a_worker_has_one_core_and_this_process_all(address):
    with opened(address) as executor:
        (found,) = spread(executor, cores_here, [["a"]])
    assert found == (1 if address else cores())
    assert cores() == len(os.sched_getaffinity(0))


def test_work_is_done_in_several_other_processes(address_of_workers):
    with opened(address_of_workers) as executor:
        found = spread(executor, process_here, [["a"]] * 30)
    assert len(set(found)) > 1
    assert os.getpid() not in found


def test_progress_counts_texts_and_ends_with_all_of_them(address):
    told = []
    with opened(address) as executor:
        spread(executor, lengths_of, cut(TEXTS, 7), lambda done, all_: told.append((done, all_)))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1] == (len(TEXTS), len(TEXTS))


def test_progress_that_raises_calls_the_rest_off(address):
    def stop(done, total):
        raise KeyboardInterrupt

    chunks = [["a"]] * 400
    with opened(address) as executor:
        with pytest.raises(KeyboardInterrupt):
            spread(executor, process_here, chunks, stop)
        # What had not begun is not done any more, so that this does not wait for 20 seconds.
        assert spread(executor, lengths_of, [["ab"]]) == [[2]]


def test_progress_is_told_while_a_chunk_takes_long(address_of_workers, monkeypatch):
    monkeypatch.setattr(executors, "EVERY", 0.005)
    told = []
    with opened(address_of_workers) as executor:
        spread(executor, process_here, [["a"]], lambda done, total: told.append(done))
    assert told.count(0) > 1
    assert told[-1] == 1


def test_what_the_function_refuses_is_heard(address):
    with opened(address) as executor, pytest.raises(EngineError, match="No badgers"):
        spread(executor, refuse_badgers, [["fox"], ["badger"], ["owl"]])


def test_a_worker_killed_half_way_changes_nothing(address_of_workers, tmp_path):
    names = [str(tmp_path / f"{number}") for number in range(40)]
    for name in names:
        if name != names[25]:
            Path(name).touch()
    with opened(address_of_workers) as executor:
        found = spread(executor, killed_the_first_time, cut(names, 20))
        again = spread(executor, vectors_of, cut(TEXTS, 3))
    assert found == [[Path(name).name for name in part] for part in cut(names, 20)]
    assert Path(names[25]).exists()
    assert np.array_equal(again[1], SentenceVectors().transform(cut(TEXTS, 3)[1]))


def test_work_that_kills_every_worker_is_given_up_with_a_sentence(address_of_workers):
    with opened(address_of_workers) as executor:
        with pytest.raises(EngineError, match="Workers were ended"):
            spread(executor, always_killed, [["a"]])
        assert spread(executor, lengths_of, [["ab"]]) == [[2]]


@pytest.mark.parametrize(
    "wrong", ["ray://here:1", "processes://many", "processes://0", "dask://", "dask", "dask:host:1"]
)
def test_an_address_that_means_nothing_is_refused(wrong):
    with pytest.raises(EngineError, match="ENGINE_EXECUTOR cannot be"), opened(wrong):
        pass


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with pytest.raises(EngineError, match="No Dask scheduler answers at"), opened("dask://[::1]:9"):
        pass


def test_a_cluster_without_workers_is_refused(monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with cluster_of(0) as empty:
        address = empty.scheduler_address.replace("tcp", "dask")
        with pytest.raises(EngineError, match="has no worker"), opened(address):
            pass


def test_workers_with_another_version_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(executors, "version", lambda name: "0.1")
    address = cluster.scheduler_address.replace("tcp", "dask")
    with pytest.raises(EngineError, match="another version of the engine"), opened(address):
        pass


def test_without_dask_a_sentence_says_what_to_install():
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from outcomes.engine.executors import opened\n"
        "with opened('dask://scheduler:8786'): pass"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"pip install -r requirements-dask.txt" in ran.stderr


def test_the_words_are_in_no_log_of_a_worker():
    work = executors.Work(lengths_of, ["a secret"])
    assert "secret" not in repr(work)
    assert work() == [8]


def test_workers_end_with_the_process_that_started_them(tmp_path):
    program = tmp_path / "starts_workers.py"
    program.write_text(
        "import os, signal\n"
        "from outcomes.engine.executors import opened, spread\n"
        "from test_engine_executors import process_here\n"
        "if __name__ == '__main__':\n"
        "    with opened('processes://1') as executor:\n"
        "        print(*spread(executor, process_here, [['a']]), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = f"{Path.cwd()}:{Path(__file__).parent}"
    ran = subprocess.run(
        [sys.executable, program], env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    worker = int(ran.stdout)
    for _ in range(200):
        if not _alive(worker):
            return
        time.sleep(0.05)
    pytest.fail("The worker outlived the process that had started it.")


def _alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
