"""Trains the finder of people, schools and small places: `python -m training.details`.

Measures first, in four parts, no name of a part being seen in training for it; then trains on
everything and writes outcomes/engine/trained/details.npz and details.json.
"""

import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.detail_features import (
    BUCKETS,
    Sheet,
    Tokens,
    feature_numbers,
    is_address_word,
    tokenise,
)
from outcomes.engine.detail_patterns import find_patterned
from outcomes.engine.details import KINDS, TAGS, TRAINED, NameChain, merged, word_states
from outcomes.engine.name_lists import folded, load_name_lists
from outcomes.engine.records import Detail
from outcomes.engine.tokens import TokenStates, read_states
from training.chain import Sequences, train_chain

DATA = Path(__file__).parent / "data" / "details.jsonl"
SEED, PARTS, STRENGTH = 20, 4, 3.0
SMALLEST = 2e-3  # weights below are left out of the file


@dataclass(frozen=True)
class Row:
    text: str
    details: list[tuple[int, int, str]]

    def names(self) -> set[str]:
        """Words of three letters and more in the names of people here, as they are looked up."""
        spoken = (self.text[a:b] for a, b, kind in self.details if kind == "person")
        words = (folded(w) for name in spoken for w in tokenise(name).texts)
        return {w for w in words if len(w) > 2 and not is_address_word(w)}


@dataclass(frozen=True)
class Example:
    """One text as the chain sees it."""

    features: NDArray[np.int64]
    states: NDArray[np.float32]
    tags: NDArray[np.int64]


def read_rows(path: Path = DATA) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Row(row["text"], [(d["start"], d["end"], d["kind"]) for d in row["details"]])
        for row in map(json.loads, lines)
    ]


def lowered(row: Row) -> Row:
    lower = row.text.lower()
    return Row(lower if len(lower) == len(row.text) else row.text, row.details)


def renamed(row: Row, chance: random.Random, pool: Sequence[str]) -> Row:
    """The same text about people called something else."""
    text, details, moved = row.text, [], 0
    for start, end, kind in sorted(row.details):
        name = row.text[start:end]
        new = _other_name(name, chance, pool) if kind == "person" else name
        text = text[: start + moved] + new + row.text[end:]
        details.append((start + moved, start + moved + len(new), kind))
        moved += len(new) - len(name)
    return Row(text, details)


def _other_name(name: str, chance: random.Random, pool: Sequence[str]) -> str:
    """Each longer word that is no title gets another from the pool, cased alike."""
    words = name.split(" ")
    for place, word in enumerate(words):
        if len(word) < 3 or not word.isalpha() or is_address_word(folded(word)):
            continue
        other = chance.choice(pool)
        words[place] = other.title() if word[0].isupper() else other
    return " ".join(words)


def tagged(row: Row, tokens: Tokens) -> tuple[NDArray[np.int64], list[list[int]]]:
    """The tag of each word, and the words of each person's name."""
    tags = np.zeros(len(tokens.texts), np.int64)
    people: list[list[int]] = []
    for start, end, kind in row.details:
        spans = enumerate(zip(tokens.starts, tokens.ends, strict=True))
        inside = [n for n, (a, b) in spans if a < end and b > start]
        if kind in KINDS:
            tags[inside] = 2 * KINDS.index(kind) + 2
            tags[inside[0]] -= 1
        if kind == "person":
            people.append(inside)
    return tags, people


def example(row: Row, read: TokenStates, chance: random.Random, share: float) -> Example:
    """With a share of the people's names taken off the lists."""
    tokens = tokenise(row.text)
    tags, people = tagged(row, tokens)
    hidden = [n for name in people if chance.random() < share for n in name]
    states, pieces = word_states(tokens, read)
    return Example(feature_numbers(Sheet(row.text, tokens, hidden), pieces), states, tags)


def variants(rows: Sequence[Row]) -> list[list[Example]]:
    """For each text: as it is, partly off the lists, in lower case, and about other people."""
    lists = load_name_lists()
    pool = sorted((lists.first_names | lists.surnames) - {w for w in lists.words if len(w) < 4})
    chance = random.Random(SEED)  # noqa: S311 -- repeatable, no secret
    others = [renamed(row, chance, pool) for row in rows]
    kept, changed = read_states([r.text for r in rows]), read_states([r.text for r in others])
    found = []
    for row, read, other, other_read in zip(rows, kept, others, changed, strict=True):
        copies = [
            example(row, read, chance, 0),
            example(row, read, chance, 0.7),
            example(lowered(row), read, chance, 0.3),
        ]
        if any(kind == "person" for _, _, kind in row.details):
            copies.append(example(lowered(row), read, chance, 0.9))
            copies.append(example(other, other_read, chance, 0.5))
        found.append(copies)
    return found


def fit(examples: Iterable[Sequence[Example]]) -> NameChain:
    flat = [(copy, 1 / len(copies)) for copies in examples for copy in copies if len(copy.tags)]
    data = Sequences(
        np.concatenate([e.features for e, _ in flat]),
        np.concatenate([e.states for e, _ in flat]),
        np.concatenate([e.tags for e, _ in flat]),
        np.array([len(e.tags) for e, _ in flat]),
        np.array([2 * weight for _, weight in flat]),
    )
    chain = train_chain(data, BUCKETS, len(TAGS), STRENGTH)
    # In the precision that is kept, so that what is measured is what ships.
    halves = (np.float16(part).astype(np.float32) for part in (chain.features, chain.states))
    return NameChain(*halves, chain.transitions.astype(np.float32))


MODES = ("as written", "lower case", "names off the lists", "lower case, names off the lists")


class Counts:
    """Found details that touch a true one, others, and true ones missed; by kind and over all."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.extras: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def add(self, row: Row, found: Sequence[Detail]) -> None:
        true = [Detail(*detail, 1.0) for detail in row.details]
        for kind in ("any", *sorted({d.kind for d in (*true, *found)})):
            some = [d for d in found if kind in ("any", d.kind)]
            same = [d for d in true if kind in ("any", d.kind)]
            good = sum(any(touch(d, t) for t in same) for d in some)
            self.hits[kind] += good
            self.extras[kind] += len(some) - good
            self.missed[kind] += sum(not any(touch(d, t) for d in some) for t in same)

    def figures(self) -> dict[str, dict[str, float]]:
        return {kind: self._of(kind) for kind in sorted(self.hits | self.extras | self.missed)}

    def _of(self, kind: str) -> dict[str, float]:
        hits, extras, missed = self.hits[kind], self.extras[kind], self.missed[kind]
        precision, recall = hits / max(1, hits + extras), hits / max(1, hits + missed)
        both = 2 * hits / max(1, 2 * hits + extras + missed)
        shares = {"f1": both, "precision": precision, "recall": recall}
        return {**{name: round(share, 3) for name, share in shares.items()}, "true": hits + missed}


def touch(one: Detail, other: Detail) -> bool:
    return one.start < other.end and other.start < one.end


def measure(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, float]]]:
    """Overlap F1 by mode and kind; nobody named in a part is named in what it was trained on."""
    examples, reads = variants(rows), read_states([row.text for row in rows])
    order = list(range(len(rows)))
    random.Random(SEED).shuffle(order)  # noqa: S311
    counts = {mode: Counts() for mode in MODES}
    for part in (order[n::PARTS] for n in range(PARTS)):
        named, held = set().union(*(rows[n].names() for n in part)), set(part)
        others = [n for n in order if n not in held and not rows[n].names() & named]
        chain = fit([examples[n] for n in others])
        print(f"trained on {len(others)} texts, testing {len(part)}", file=sys.stderr, flush=True)
        for mode in MODES:
            for n in part:
                counts[mode].add(*answered(chain, rows[n], reads[n], mode))
    return {mode: count.figures() for mode, count in counts.items()}


def answered(chain: NameChain, row: Row, read: TokenStates, mode: str) -> tuple[Row, list[Detail]]:
    row = lowered(row) if "lower" in mode else row
    _, people = tagged(row, tokenise(row.text))
    hidden = [n for name in people for n in name] if "off" in mode else []
    return row, merged(find_patterned(row.text), list(chain.spans(row.text, read, hidden)))


def write(chain: NameChain, figures: dict[str, object], folder: Path = TRAINED) -> None:
    """Only the feature numbers that carry weight are kept."""
    folder.mkdir(exist_ok=True)
    rows = np.flatnonzero(np.abs(chain.features).max(axis=1) > SMALLEST)
    np.savez_compressed(
        folder / "details.npz",
        shape=np.array(chain.features.shape),
        rows=rows.astype(np.int32),
        features=chain.features[rows].astype(np.float16),
        states=chain.states.astype(np.float16),
        transitions=chain.transitions.astype(np.float32),
    )
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    (folder / "details.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    rows = read_rows()
    measured = measure(rows)
    kinds = Counter(kind for row in rows for _, _, kind in row.details)
    write(
        fit(variants(rows)),
        {
            "command": "python -m training.details",
            "data": "training/data/details.jsonl",
            "sha256": hashlib.sha256(DATA.read_bytes()).hexdigest(),
            "texts": len(rows),
            "texts without details": sum(not row.details for row in rows),
            "details": dict(sorted(kinds.items())),
            "measured": f"overlap F1, {PARTS} parts, no name of a part seen in its training",
            "figures": measured,
        },
    )


if __name__ == "__main__":
    main()
