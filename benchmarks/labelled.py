"""How well the engine learns a field from labels alone, without a codebook.

    python -m benchmarks.labelled

Patients' feedback in nine themes (five-fold cross-validation, stratified; equal texts never lie on
both sides of a fold) and BANKING77 (eight labels for each of its 77 classes, drawn five times; its
own test part). The data lie in ../shared/data and are no part of the project.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks.engine_scores import calibration_error
from benchmarks.serving import ROOT
from outcomes.engine.labelled import LabelledModel
from outcomes.engine.pooled import Floats, pooled_vectors

DATA = ROOT.parent / "shared" / "data"
SEED = 0
FOLDS, DRAWS, LABELS_A_CLASS = 5, 5, 8
CURVE = (50, 100, 200, 500, 1_000)
HEAD = "| measure | labels | accuracy | macro-F1 | calibration error | seconds to learn |"


@dataclass(frozen=True)
class Labelled:
    texts: list[str]
    labels: list[str]
    vectors: Floats

    def part(self, rows: Sequence[int]) -> "Labelled":
        texts, labels = [self.texts[row] for row in rows], [self.labels[row] for row in rows]
        return Labelled(texts, labels, self.vectors[list(rows)])


@dataclass(frozen=True)
class Figures:
    name: str
    labels: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    seconds: float

    def row(self) -> str:
        return (
            f"| {self.name} | {self.labels:,} | {self.accuracy:.3f} | {self.macro_f1:.3f} "
            f"| {self.calibration_error:.3f} | {self.seconds:.1f} |"
        )


def nhs(data: Labelled) -> list[Figures]:
    """The learning curve (a draw from each fold's training part), then with all labels."""
    parts = [(data.part(learn), data.part(test)) for learn, test in _folds(data)]
    curve = []
    for count in CURVE:
        drawn = [(_drawn(learn, count, fold), test) for fold, (learn, test) in enumerate(parts)]
        curve.append(_mean("NHS feedback", [_one("", *pair) for pair in drawn]))
    return [*curve, _pooled("NHS feedback, all", parts)]


def banking(train: Labelled, test: Labelled) -> Figures:
    return _mean(
        "BANKING77, 8 a class",
        [_one("", train.part(_few(train, draw)), test) for draw in range(DRAWS)],
    )


def read_nhs(folder: Path = DATA) -> Labelled:
    lines = (folder / "nhs_feedback_train.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows]
    return Labelled(texts, [row["theme"] for row in rows], pooled_vectors(texts))


def read_banking(part: str, folder: Path = DATA) -> Labelled:
    """Of the training part, only what the draws take is kept."""
    with (folder / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, labels = [row["text"] for row in rows], [row["category"] for row in rows]
    vectors = np.zeros((len(texts), 0), np.float32)
    data = Labelled(texts, labels, vectors)
    if part == "train":
        wanted = sorted({row for draw in range(DRAWS) for row in _few(data, draw)})
    else:
        wanted = list(range(len(texts)))
    read = pooled_vectors([texts[row] for row in wanted])
    filled = np.zeros((len(texts), read.shape[1]), np.float32)
    filled[wanted] = read
    return Labelled(texts, labels, filled)


def main() -> None:
    if not (DATA / "nhs_feedback_train.jsonl").is_file():
        print(f"Nothing measured: the labelled sets are not in {DATA}.")
        return
    print(HEAD)
    print("|---|---|---|---|---|---|")
    for figures in nhs(read_nhs()):
        print(figures.row(), flush=True)
    print(banking(read_banking("train"), read_banking("test")).row())


def _folds(data: Labelled) -> list[tuple[list[int], list[int]]]:
    alike = [" ".join(text.lower().split()) for text in data.texts]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    split = folds.split(data.texts, data.labels, alike)
    return [(learn.tolist(), test.tolist()) for learn, test in split]


def _drawn(data: Labelled, count: int, draw: int) -> Labelled:
    chance = np.random.default_rng(SEED + draw)
    return data.part(chance.choice(len(data.texts), count, replace=False).tolist())


def _few(data: Labelled, draw: int) -> list[int]:
    chance = np.random.default_rng(SEED + draw)
    labels = np.array(data.labels)
    return [
        int(row)
        for name in sorted(set(data.labels))
        for row in chance.choice(np.flatnonzero(labels == name), LABELS_A_CLASS, replace=False)
    ]


def _told(learn: Labelled, test: Labelled) -> tuple[list[str], np.ndarray, float]:
    start = perf_counter()
    model = LabelledModel().fit(learn.texts, learn.vectors, learn.labels)
    seconds = perf_counter() - start
    scores = model.scores(test.texts, test.vectors)
    return model.classes_, scores, seconds


def _one(name: str, learn: Labelled, test: Labelled) -> Figures:
    classes, scores, seconds = _told(learn, test)
    found = [classes[place] for place in scores.argmax(axis=1)]
    return _figures(name, len(learn.texts), test.labels, found, scores.max(axis=1), seconds)


def _pooled(name: str, parts: Sequence[tuple[Labelled, Labelled]]) -> Figures:
    """Over all folds' answers together, each given by a model that did not learn from it."""
    truth: list[str] = []
    found: list[str] = []
    best: list[float] = []
    seconds: list[float] = []
    for learn, test in parts:
        classes, scores, took = _told(learn, test)
        truth += test.labels
        found += [classes[place] for place in scores.argmax(axis=1)]
        best += scores.max(axis=1).tolist()
        seconds.append(took)
    labels = len(parts[0][0].texts)
    return _figures(name, labels, truth, found, np.array(best), float(np.mean(seconds)))


def _figures(
    name: str,
    labels: int,
    truth: Sequence[str],
    found: Sequence[str],
    best: np.ndarray,
    seconds: float,
) -> Figures:
    right = np.array(truth) == np.array(found)
    # As two columns: how likely the guess is, and how likely any other.
    error = calibration_error(np.column_stack([best, np.zeros(len(best))]), np.where(right, 0, 1))
    f1 = f1_score(truth, found, average="macro", zero_division=0)
    return Figures(name, labels, float(right.mean()), float(f1), error, seconds)


def _mean(name: str, each: Sequence[Figures]) -> Figures:
    def over(field: str) -> float:
        return float(np.mean([getattr(figures, field) for figures in each]))

    fields = ("accuracy", "macro_f1", "calibration_error", "seconds")
    return Figures(name, each[0].labels, *(over(field) for field in fields))


if __name__ == "__main__":
    main()
