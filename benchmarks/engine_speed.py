"""How long the engine takes over 1,000 answers: at first, and again after corrections.

python -m benchmarks.engine_speed
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import engine_data as data
from benchmarks.document import ROOT, table
from outcomes.engine.pipeline import Pipeline
from outcomes.engine.records import Label, Text

ANSWERS, CORRECTIONS, SEED = 1_000, 100, 0


@dataclass(frozen=True)
class Timed:
    what: str
    seconds: float


def draw_answers(count: int, seed: int = SEED) -> list[str]:
    """Answers that all differ: drawn from those at hand, and two in one where these run out."""
    sets = (data.TRAINING_ANSWERS, data.DATA / "answers_a.jsonl")
    pool = sorted({row["text"] for path in sets for row in data.read(path) if row["text"].strip()})
    chance = random.Random(seed)  # noqa: S311 - no secret
    drawn = chance.sample(pool, min(count, len(pool)))
    seen = set(drawn)
    while len(drawn) < count:
        joined = "\n".join(chance.sample(pool, 2))
        if joined not in seen:
            seen.add(joined)
            drawn.append(joined)
    return drawn


def speed() -> str:
    """Measured in a process of its own, that nothing measured before weighs on."""
    command = [sys.executable, "-m", "benchmarks.engine_speed"]
    ran = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return ran.stdout


def measured() -> str:
    answers = draw_answers(ANSWERS)
    with tempfile.TemporaryDirectory() as folder:
        timed = [*_command(answers, Path(folder)), *_process(answers, Path(folder) / "kept")]
    words = sum(len(answer.split()) for answer in answers) / len(answers)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    rows = [[one.what, f"{one.seconds:.1f} s"] for one in timed]
    return (
        f"{ANSWERS:,} different answers of {words:.0f} words in the mean, end to end.\n\n"
        f"{table(['what', 'time'], rows)}\n\nThe command took {most:.1f} GiB of memory at most."
    )


def _command(answers: list[str], folder: Path) -> list[Timed]:
    """As anybody runs it, start-up included; then again with decisions about what it found."""
    given, found, labels = (folder / f"{name}.jsonl" for name in ("given", "found", "labels"))
    _write(given, [{"id": f"a{row}", "text": text} for row, text in enumerate(answers)])
    arguments = [str(given), str(found), "--cache", str(folder / "cache")]
    first = _run(arguments)
    again = _run(arguments)
    _write(labels, corrections(answers, [row["ideas"] for row in data.read(found)]))
    corrected = _run([*arguments, "--labels", str(labels)])
    return [
        Timed("the command, nothing kept from before", first),
        Timed("the command again", again),
        Timed(f"the command again with {CORRECTIONS} decisions of officers", corrected),
    ]


def corrections(answers: list[str], ideas: list[list[data.Row]]) -> list[data.Row]:
    """Ideas by chance, each moved to the theme that came second."""
    found = [(text, idea) for text, rows in zip(answers, ideas, strict=True) for idea in rows]
    found = [(text, idea) for text, idea in found if idea["theme"]]
    chance = random.Random(SEED)  # noqa: S311
    return [
        {"text": text[idea["start"] : idea["end"]], "theme": _second(idea["theme_scores"])}
        for text, idea in chance.sample(found, min(CORRECTIONS, len(found)))
    ]


def _second(scores: dict[str, float]) -> str:
    return sorted(scores, key=lambda theme: (-scores[theme], theme))[1]


def _process(answers: list[str], kept: Path) -> list[Timed]:
    """In a process that has the engine loaded, as the background worker has."""
    texts = [Text(f"a{row}", answer) for row, answer in enumerate(answers)]
    found = Pipeline(cache_dir=kept).analyse(texts)
    by_text: list[list[data.Row]] = [[] for _ in texts]
    places = {text.id: row for row, text in enumerate(texts)}
    for idea in found.ideas:
        of = vars(idea) | {"theme_scores": idea.scores}
        by_text[places[idea.text_id]].append(of)
    labels = [Label(**row) for row in corrections(answers, by_text)]
    begun = time.perf_counter()
    Pipeline(cache_dir=kept, labels=labels).analyse(texts)
    seconds = time.perf_counter() - begun
    return [Timed(f"a worker that is running, again with {CORRECTIONS} decisions", seconds)]


def _run(arguments: list[str]) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "outcomes.engine", *arguments]
    subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True)  # noqa: S603
    return time.perf_counter() - begun


def _write(path: Path, rows: list[data.Row]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    print(measured())
