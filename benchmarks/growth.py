"""How time and memory grow with the number of ideas, and how that compares with BERTopic.

    python -m benchmarks.growth            up to 100,000 ideas; writes docs/benchmarks.md
    python -m benchmarks.growth --quick    without 100,000; only printed

The ideas are the codebook's examples, drawn again and again and edited as people do. BERTopic gets
the same ideas and vectors in the same run, where this Python has it or BERTOPIC_PYTHON names one
that has.
"""

import argparse
import importlib.util
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import document
from benchmarks.document import ROOT, table
from outcomes.engine import VERSION
from outcomes.engine.grouping import Grouping, Saying, taught
from outcomes.engine.judging import CodebookJudge, judge_for
from outcomes.engine.near import near_duplicates, near_identical
from outcomes.engine.pipeline import SEND_CODEBOOK
from outcomes.engine.vectors import SentenceVectors

TITLE = "Growth"
KEPT = ROOT / "var" / "engine"
COUNTS, QUICK_COUNTS = (1_000, 10_000, 100_000), (1_000, 10_000)
# Ideas of which the vectors are worked out anew; that time grows in proportion.
EMBEDDED = 1_000
BESIDE_BERTOPIC = 10_000
SEED = 0
# How far each number of an example's vector is moved for an idea that is drawn from it.
MOVED = 0.02
# It learns on 500 ideas first, so that what it compiles on its first call is not held against it.
BERTOPIC = """
import json, sys, time
import numpy as np
from bertopic import BERTopic
texts, vectors = json.load(open(sys.argv[1])), np.load(sys.argv[2])
began = time.perf_counter()
BERTopic().fit_transform(texts[:500], embeddings=vectors[:500])
warm = time.perf_counter()
topics, _ = BERTopic().fit_transform(texts, embeddings=vectors)
print(json.dumps({"first": warm - began, "seconds": time.perf_counter() - warm,
    "groups": len(set(topics) - {-1}), "alone": sum(topic < 0 for topic in topics)}))
"""

Measured = dict[str, Any]


def main() -> None:
    options = _options()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    measured = [_in_a_process(count) for count in (QUICK_COUNTS if options.quick else COUNTS)]
    text = report(measured, beside_bertopic(measured))
    print(text)
    if not options.quick:
        document.write(TITLE, text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--quick", action="store_true", help="without 100,000; only printed")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(count: int) -> Measured:
    """In one of its own, so that its peak of memory is its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--one", str(count)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    found: Measured = json.loads(ran.stdout.splitlines()[-1])
    print(f"{count:,} ideas: {found}", file=sys.stderr, flush=True)
    return found


def ideas(judge: CodebookJudge, count: int) -> tuple[list[str], "np.ndarray"]:
    """Edited examples in order of content, and vectors near to those of the examples."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    examples = [example.text for example in judge.topics.codebook_.examples]
    words = sorted({word for text in examples for word in text.split()})
    drawn = [chance.randrange(len(examples)) for _ in range(count)]
    edited = [(_edited(examples[row], words, chance), row) for row in drawn]
    from_example = dict(sorted(edited))
    vectors = judge.topics.examples_[list(from_example.values())].astype(np.float32)
    moves = np.random.default_rng(SEED)
    for row in vectors:
        row += MOVED * moves.standard_normal(len(row), np.float32)
        row /= np.linalg.norm(row)
    return list(from_example), vectors


def _edited(text: str, words: list[str], chance: random.Random) -> str:
    edited = text.split()
    for _ in range(chance.choice((0, 1, 2, 3))):
        place = chance.randrange(len(edited))
        edited[place] = chance.choice(("", chance.choice(words), edited[place].upper()))
    return " ".join(edited)


def measure(count: int) -> Measured:
    """Seconds of each step on `count` ideas, of which those that differ are counted."""
    judge = judge_for(SEND_CODEBOOK, (), KEPT, None)
    assert isinstance(judge, CodebookJudge)  # noqa: S101 - for the type
    texts, vectors = ideas(judge, count)
    seconds: dict[str, float] = {}
    sample = random.Random(SEED).sample(texts, min(EMBEDDED, len(texts)))  # noqa: S311
    SentenceVectors().transform(sample[:1])
    _timed(seconds, "rate", lambda: SentenceVectors().transform(sample))
    seconds["rate"] = len(sample) / seconds["rate"]
    _timed(seconds, "copied", lambda: near_duplicates(texts))
    leaders = _timed(seconds, "alike", lambda: near_identical(vectors, texts)).tolist()
    rows = sorted(set(leaders))
    sayings = [Saying((texts[row],), vectors[row], (str(row), texts[row]), None) for row in rows]
    kept, first = vectors[rows], [texts[row] for row in rows]
    judged = _timed(seconds, "judged", lambda: judge.judge(first, kept))
    grouping = Grouping(judge, SEED).fit(taught((), judge, SentenceVectors()))
    kinds = [""] * len(sayings)
    groups, _ = _timed(seconds, "grouped", lambda: grouping.groups(sayings, judged, kinds, _silent))
    return {
        "count": count,
        "wordings": len(texts),
        "sayings": len(rows),
        "groups": len(groups),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
        **seconds,
    }


def _timed(seconds: dict[str, float], what: str, step: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    found = step()
    seconds[what] = time.perf_counter() - begun
    return found


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody asks how far it is."""


def beside_bertopic(measured: list[Measured]) -> str:
    python = os.environ.get("BERTOPIC_PYTHON")
    if python is None and importlib.util.find_spec("bertopic") is None:
        return "BERTopic is not installed here, so there is no ratio to it (`BERTOPIC_PYTHON`)."
    ours = next(found for found in measured if found["count"] == BESIDE_BERTOPIC)
    judge = judge_for(SEND_CODEBOOK, (), KEPT, None)
    assert isinstance(judge, CodebookJudge)  # noqa: S101
    texts, vectors = ideas(judge, BESIDE_BERTOPIC)
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / name) for name in ("program.py", "texts.json", "vectors.npy")]
        Path(paths[0]).write_text(BERTOPIC, encoding="utf-8")
        Path(paths[1]).write_text(json.dumps(texts), encoding="utf-8")
        np.save(paths[2], vectors)
        command = [python or sys.executable, *paths]
        ran = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    theirs: Measured = json.loads(ran.stdout.splitlines()[-1])
    mine = ours["alike"] + ours["judged"] + ours["grouped"]
    return (
        f"BERTopic, with the same {len(texts):,} wordings and vectors in the same run, took "
        f"{theirs['seconds']:.0f} s (and {theirs['first']:.0f} s on its first call in a process), "
        f"made {theirs['groups']} groups and left {theirs['alone'] / len(texts):.0%} of the ideas "
        f"out. The engine took {mine:.1f} s to find likes, suggest themes, group and name: "
        f"{mine / theirs['seconds']:.2f} of BERTopic's time."
    )


def report(measured: list[Measured], bertopic: str) -> str:
    head = [
        "ideas",
        "differing",
        "vectors",
        "copied texts",
        "like ideas",
        "themes",
        "groups",
        "in all",
        "memory",
    ]
    rows = [
        [
            f"{found['count']:,}",
            f"{found['wordings']:,}",
            f"{found['wordings'] / found['rate']:.0f} s",
            *(f"{found[step]:.1f} s" for step in ("copied", "alike", "judged", "grouped")),
            f"{_after_vectors(found):.1f} s",
            f"{found['memory']:.2f} GiB",
        ]
        for found in measured
    ]
    today = datetime.now(UTC).date()
    return (
        f"`python -m benchmarks.growth`, on {today:%-d %B %Y}: engine {VERSION}, {os.cpu_count()} "
        f"cores, {platform.machine()}, Python {platform.python_version()}.\n\n{EXPLAINED}\n\n"
        f"{table(head, rows)}\n\n{_million(measured)}\n\n{bertopic}"
    )


EXPLAINED = f"""Ideas are the codebook's examples, drawn again and again and edited. The time of
vectors is reckoned from the rate on {EMBEDDED:,} of them, for each is worked out by itself; for the
steps after it, vectors are those of the examples, moved a little. "In all" is without the vectors,
which are kept from one analysis to the next. Memory is the most at any time, programs included."""


def _after_vectors(found: Measured) -> float:
    return float(sum(found[step] for step in ("copied", "alike", "judged", "grouped")))


def _million(measured: list[Measured]) -> str:
    before, last = measured[-2:]
    times = _after_vectors(last) / _after_vectors(before)
    more = last["count"] / before["count"]
    ten = 1_000_000 / last["count"]
    hours = 1_000_000 / last["rate"] / 3600
    return (
        f"From {before['count']:,} to {last['count']:,} ideas, {more:.0f} times as many, the steps "
        f"after the vectors take {times:.1f} times as long. One million ideas by arithmetic, not "
        f"measured: {hours:.1f} hours for vectors at {last['rate']:.0f} a second (less in "
        f"proportion on more machines), and {ten * _after_vectors(last) / 60:.0f} minutes for the "
        f"rest if it grows in proportion, with {ten * last['memory']:.0f} GiB at most."
    )


if __name__ == "__main__":
    main()
