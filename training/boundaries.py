"""Trains what splits answers into ideas: `python -m training.boundaries`, after `training.borders`.

From answers marked by hand (training/data/answers.jsonl) the places where an idea begins are
learned. What the states of words say about them is learned before, from the codebook's examples:
where their sentences end once all marks are taken away, and which topic they belong to. How sure
is sure enough is chosen on a fifth of the answers, by networks and an adapted model that never saw
them (`training.borders --hold-out`); the figures are of the same fifth.
"""

import hashlib
import json
import sys
import warnings
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from outcomes.engine.boundaries import spans_between
from outcomes.engine.boundary_choice import CONTEXTS, chosen, contexts, levelled
from outcomes.engine.boundary_features import Words, read_words
from outcomes.engine.boundary_model import (
    NAME,
    TRAINED,
    BoundaryModel,
    agreed,
    of_ideas,
    place_features,
)
from outcomes.engine.boundary_states import StateReader
from outcomes.engine.texts import Span, split_by_rules
from outcomes.engine.tokens import TokenStates, read_states
from training.answers import ANSWERS, HELD, held_rows, marked_rows, unmarked
from training.boundary_states import (
    SEED,
    Arrays,
    Row,
    codebook_examples,
    codebook_fingerprint,
    learn_states,
    with_states,
)

COMMAND = "python -m training.boundaries"
NETWORKS = 6
NEAR = 3
Limits = NDArray[np.float64]


def main() -> None:
    warnings.simplefilter("ignore", ConvergenceWarning)
    if not HELD.exists():
        sys.exit("First: python -m training.borders --hold-out, and python -m training.borders")
    rows = marked_rows()
    held = held_rows(rows)
    states = learn_states(codebook_examples())
    reader = StateReader(states)
    answers = {number: seen_twice(row, reader) for number, row in enumerate(rows)}
    kept = [one for number, both in answers.items() if number not in held for one in both]
    tried = [rows[number] for number in held]
    told = read_states([row["text"] for row in tried], HELD)
    own = [answers[number][0] for number in held]
    chances = held_chances(BoundaryModel(states | fit(kept)), own, told)
    limits = best_limits(tried, own, chances)
    arrays = states | fit([one for both in answers.values() for one in both]) | {"limits": limits}
    write(arrays, report(tried, own, told, chances, limits), rows)


# Learning from answers -----------------------------------------------------------------------


class Seen:
    """One answer as the model sees it; labels are 1 a cut, 0 none, -1 not to be learned from."""

    def __init__(self, row: Row, words: Words, features: NDArray[np.float32]) -> None:
        self.row = row
        self.words = words
        self.features = features
        self.labels = _labels(words, row["spans"])


def seen_twice(row: Row, reader: StateReader) -> list[Seen | None]:
    """The answer as it stands, and as somebody types it who never stops."""
    variants = [row, *unmarked([row])]
    return [seen(one, read, reader) for one, read in with_states(variants)]


def seen(row: Row, read: TokenStates, reader: StateReader) -> Seen | None:
    words = read_words(row["text"])
    if not len(words):
        return None
    rules = {start for start, _ in split_by_rules(row["text"])}
    return Seen(row, words, place_features(words, read, rules, reader))


def _labels(words: Words, spans: list[list[int]]) -> NDArray[np.int64]:
    """A cut is where the content words on both sides are not of the same idea. Where an answer
    is led into without a stop ("I would like a bike, …") nothing is learned."""
    owner = [
        next((number for number, (start, end) in enumerate(spans) if start <= place < end), -1)
        for place, _ in words.spans
    ]
    firsts, contents = (places.tolist() for places in words.gaps)
    at = contexts(words).tolist()
    labels = [-1]
    for place in range(1, len(firsts)):
        before, here = owner[contents[place - 1]], owner[contents[place]]
        leads_in = before == -1 and max(owner[: contents[place]]) == -1 and at[place] > 1
        labels.append(-1 if before != here and leads_in else int(before != here))
    return np.array(labels)


def fit(answers: list[Seen | None]) -> Arrays:
    used = [answer for answer in answers if answer is not None]
    labels = np.concatenate([answer.labels for answer in used])
    features = np.vstack([answer.features for answer in used])[labels >= 0]
    labels = labels[labels >= 0]
    centre, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 0.3)
    models = [
        MLPClassifier((64,), alpha=1.0, max_iter=20, random_state=SEED + number).fit(
            (features - centre) / scale, labels
        )
        for number in range(NETWORKS)
    ]
    return {
        "net_centre": centre.astype(np.float32),
        "net_scale": scale.astype(np.float32),
        "net_in": np.array([_without_traces(model.coefs_[0]) for model in models], np.float32),
        "net_bias": np.array([model.intercepts_[0] for model in models], np.float32),
        "net_out": np.array([model.coefs_[1][:, 0] for model in models], np.float32),
        "net_out_bias": np.array([model.intercepts_[1][0] for model in models], np.float32),
    }


def _without_traces(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers too small to matter as nought: processors are slow with them."""
    return np.where(np.abs(weights) < 1e-12, 0, weights)


# Measuring -----------------------------------------------------------------------------------


def held_chances(
    model: BoundaryModel, own: list[Seen | None], told: list[TokenStates]
) -> list[NDArray[np.float64]]:
    """The chances of a cut in each answer by what saw neither it nor its bare copy."""
    return [
        agreed(model.chances(answer.features), answer.words, read) if answer else np.zeros(0)
        for answer, read in zip(own, told, strict=True)
    ]


def best_limits(
    rows: list[Row], own: list[Seen | None], chances: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """For each context the limit with the best F1 of borders, one after the other, twice."""
    used = [
        (row["spans"], answer.words, here, levelled(of, answer.words, here))
        for row, answer, of in zip(rows, own, chances, strict=True)
        if answer is not None
        for here in [contexts(answer.words)]
    ]
    counts = [np.zeros(3, np.int64)] * len(used)
    limits = np.full(len(CONTEXTS), 0.4)

    def borders(context: int) -> float:
        for place, (spans, words, here, drawn) in enumerate(used):
            if context < 0 or context in here[1:]:
                cuts = drawn > limits[here]
                cuts[:1] = True
                counts[place] = count(spans, spans_between(words, cuts))[:3]
        return f1(*np.sum(counts, axis=0))

    borders(-1)
    for context in (0, 6, 3, 2, 1, 5, 4) * 2:
        tried = []
        for limit in np.arange(0.12, 0.7, 0.04):
            limits[context] = limit
            tried.append((borders(context), float(limit)))
        limits[context] = max(tried)[1]
        borders(context)
    return limits


def found_spans(
    answer: Seen | None, read: TokenStates, chances: NDArray[np.float64], limits: Limits
) -> list[Span]:
    if answer is None:
        return []
    found = spans_between(answer.words, chosen(chances, answer.words, limits))
    return of_ideas(found, answer.words, read)


def count(gold: list[list[int]], found: list[Span]) -> NDArray[np.int64]:
    """Borders matched, found and marked, then ideas matched exactly, found and marked."""
    marked = [(before[1], after[0]) for before, after in pairwise(gold)]
    placed = [(before[1], after[0]) for before, after in pairwise(found)]
    free = list(placed)
    for end, start in marked:
        hit = next((cut for cut in free if cut[0] - NEAR <= start and end - NEAR <= cut[1]), None)
        if hit is not None:
            free.remove(hit)
    exact = len({(start, end) for start, end in gold} & set(found))
    matched = len(placed) - len(free)
    return np.array([matched, len(placed), len(marked), exact, len(found), len(gold)])


def f1(matched: int, found: int, marked: int) -> float:
    return round(2 * int(matched) / max(int(found + marked), 1), 4)


def report(
    rows: list[Row],
    own: list[Seen | None],
    told: list[TokenStates],
    chances: list[NDArray[np.float64]],
    limits: Limits,
) -> Row:
    model: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for row, answer, read, chance in zip(rows, own, told, chances, strict=True):
        by_model = count(row["spans"], found_spans(answer, read, chance, limits))
        by_rules = count(row["spans"], split_by_rules(row["text"]))
        for kind in (row["kind"], "all"):
            model[kind] = model.get(kind, 0) + by_model
            rules[kind] = rules.get(kind, 0) + by_rules
    return {
        kind: {
            "answers": Counter(row["kind"] for row in rows).get(kind, len(rows)),
            "borders": int(model[kind][2]),
            "border_f1": f1(*model[kind][:3]),
            "border_f1_rules": f1(*rules[kind][:3]),
            "span_f1": f1(*model[kind][3:]),
            "span_f1_rules": f1(*rules[kind][3:]),
        }
        for kind in sorted(model)
    }


def write(arrays: Arrays, figures: Row, rows: list[Row]) -> None:
    TRAINED.mkdir(exist_ok=True)
    np.savez_compressed(TRAINED / NAME, **arrays)
    about = {
        "command": COMMAND,
        "seed": SEED,
        "data": {
            "file": "training/data/answers.jsonl",
            "rows": len(rows),
            "sha256": hashlib.sha256(ANSWERS.read_bytes()).hexdigest(),
        },
        "codebook": codebook_fingerprint(),
        "measured": "on a fifth of the answers, kept back; limits chosen on the same fifth",
        "limits": {
            name: round(float(limit), 2)
            for name, limit in zip(CONTEXTS, arrays["limits"], strict=True)
        },
        "figures": figures,
    }
    path = (TRAINED / NAME).with_suffix(".json")
    path.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    for kind, of in figures.items():
        print(kind, of)


if __name__ == "__main__":
    main()
