"""Learning, from the codebook's examples, what the states of words say about where ideas begin."""

import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neural_network import MLPClassifier

from outcomes.engine.boundary_features import Words, read_words
from outcomes.engine.boundary_states import StateReader, around, word_states
from outcomes.engine.texts import without_blanks
from outcomes.engine.tokens import TokenStates, read_states

CODEBOOK = Path(__file__).parent.parent / "outcomes" / "codebook" / "send"
SEED = 7
DIRECTIONS, HIDDEN, TOPIC_DIRECTIONS = 48, 48, 32
# Examples of the codebook to learn from: more do not help, and take longer.
EXAMPLES = 6_600

Row = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


def codebook_examples() -> list[Row]:
    lines = (
        line
        for path in sorted(CODEBOOK.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    rows = [json.loads(line) for line in lines if line.strip()]
    return [row for row in rows if row.get("text") and row.get("topic")]


def codebook_fingerprint() -> str:
    """Of all that was there to learn from, in order."""
    read = "\n".join(f"{row['topic']}\t{row['text']}" for row in codebook_examples())
    return hashlib.sha256(read.encode()).hexdigest()


def learn_states(examples: list[Row]) -> Arrays:
    chance = random.Random(SEED)  # noqa: S311
    chance.shuffle(examples)
    examples = examples[:EXAMPLES]
    joined = [_joined(examples[place : place + 3], False) for place in range(0, EXAMPLES, 3)]
    read = read_states([row["text"] for row in joined], None)
    components, mean = directions(read)
    seen_at, ends, means, topics = [], [], [], []
    for row, found in zip(joined, read, strict=True):
        words = read_words(row["text"])
        seen_at.append(around(word_states(words, found, components, mean)))
        ends.append(_starts(words, row["spans"]))
        places = np.array([start for start, _ in found.spans])
        for start, end, topic in row["topics"]:
            means.append(found.states[(places >= start) & (places < end)].mean(axis=0))
            topics.append(topic)
    arrays = {
        **_network_of("states_", np.vstack(seen_at), np.concatenate(ends)),
        "states_components": components,
        "states_mean": mean,
        "states_topics": _topics(np.array(means), topics),
        "states_topics_mean": np.mean(means, axis=0, dtype=np.float32),
    }
    return arrays | _learn_joints(examples, list(zip(joined, read, strict=True)), arrays)


def _learn_joints(
    examples: list[Row], without: list[tuple[Row, TokenStates]], arrays: Arrays
) -> Arrays:
    """Where one example ends and another begins, in texts with marks and without."""
    reader = StateReader(arrays)
    marked = [_joined(examples[place : place + 3], True) for place in range(1, EXAMPLES - 3, 6)]
    seen_at, joints = [], []
    for row, found in [*without[::2], *with_states(marked)]:
        words = read_words(row["text"])
        near = around(reader.states(words, found))
        seen_at.append(np.hstack([near, reader.changes(words, found, reader.ends(near)[1])]))
        joints.append(_starts(words, [list(span[:2]) for span in row["topics"]]))
    return _network_of("states_joint_", np.vstack(seen_at), np.concatenate(joints))


def _starts(words: Words, spans: list[list[int]]) -> list[bool]:
    starts = {start for start, _ in spans}
    return [start in starts for start, _ in words.spans]


def _joined(examples: list[Row], with_marks: bool) -> Row:
    """Examples one after the other, with their marks or without, where their sentences began and
    where each topic is."""
    text, spans, topics = "", [], []
    for example in examples:
        sentences = [
            list(found.span())
            for found in re.finditer(r"[^.!?…;]+[.!?…;]*", example["text"])
            if any(char.isalpha() for char in found.group())
        ]
        plain = {"text": example["text"].strip(), "spans": sentences, "kind": ""}
        if not with_marks:
            plain = without_marks(plain)
        elif plain["text"][-1].isalnum():
            plain["text"] += "."
        text += " " if text else ""
        spans += [[start + len(text), end + len(text)] for start, end in plain["spans"]]
        topics.append((len(text), len(text) + len(plain["text"]), example["topic"]))
        text += plain["text"]
    return {"text": text, "spans": spans, "topics": topics}


def directions(read: list[TokenStates]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The directions in which states differ most, scaled to the same spread."""
    states = np.vstack([found.states for found in read]).astype(np.float64)
    mean = states.mean(axis=0)
    states -= mean
    spread, vectors = np.linalg.eigh(states.T @ states / len(states))
    kept = vectors[:, ::-1][:, :DIRECTIONS] / np.sqrt(spread[::-1][:DIRECTIONS])
    return kept.astype(np.float32), mean.astype(np.float32)


def _network_of(name: str, features: NDArray[np.float32], labels: NDArray[np.bool_]) -> Arrays:
    centre, scale = features.mean(axis=0), features.std(axis=0) + np.float32(0.1)
    network = MLPClassifier((HIDDEN,), alpha=0.1, max_iter=8, batch_size=256, random_state=SEED)
    network.fit((features - centre) / scale, labels)
    return {
        f"{name}centre": centre,
        f"{name}scale": scale,
        f"{name}in": network.coefs_[0].astype(np.float32),
        f"{name}bias": network.intercepts_[0].astype(np.float32),
        f"{name}out": network.coefs_[1].astype(np.float32),
        f"{name}out_bias": network.intercepts_[1].astype(np.float32),
    }


def _topics(means: NDArray[np.float32], topics: list[str]) -> NDArray[np.float32]:
    model = LinearDiscriminantAnalysis(
        solver="eigen", shrinkage=0.3, n_components=TOPIC_DIRECTIONS
    ).fit(means, topics)
    return np.asarray(model.scalings_[:, :TOPIC_DIRECTIONS], np.float32)


_MARKS = re.compile(
    r"[.,;:!?…\"“”()]+(?=\s|$)|(?<!\S)[\"“”(]+|(?<=\s)[-–—/&|]+(?=\s)"
    r"|(?m:^)[ \t]*(?:[-–•*✓✔>]+[ \t]*|\(?(?:\d{1,2}|[a-c])[.)]\s)"
)


def without_marks(row: Row) -> Row:
    """The same answer as somebody types it who never stops: lower case, no marks, one line."""
    text: str = row["text"]
    dropped = {place for found in _MARKS.finditer(text) for place in range(*found.span())}
    plain, moved = "", []
    for place, char in enumerate(text):
        moved.append(len(plain))
        kept = " " if char.isspace() else char.lower()[:1]
        if place not in dropped and not (kept == " " and plain.endswith(" ")):
            plain += kept
    moved.append(len(plain))
    spans = [without_blanks(plain, moved[start], moved[end]) for start, end in row["spans"]]
    return row | {"text": plain, "spans": [[start, end] for start, end in spans if start < end]}


def with_states(rows: list[Row]) -> list[tuple[Row, TokenStates]]:
    return list(zip(rows, read_states([row["text"] for row in rows], None), strict=True))
