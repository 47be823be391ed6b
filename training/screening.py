"""Trains the screening for risk of harm: `python -m training.screening`. Run it after the adapter.

The adapter learns from data/screening.jsonl, so its vectors know those answers already: they count
for less. How far to trust vectors and words, and where alarm begins, is learned from the answers
that the adapter never sees, in five parts; so are the figures in screening.json. Those are
data/screening_held.jsonl, written to be hard, and data/screening_everyday.jsonl, in the voice of a
consultation: tired, blunt and sad without harm, and harm told in passing. Ordinary answers are the
codebook's examples, without the topics in which telling of harm is to be expected.

The margin: hurting oneself, not wanting to live, abuse, neglect, being used, an allegation about
somebody paid to help and bullying that attacks or torments are harm. Sadness, worn-out parents, a
service that fails, a child overwhelmed, teasing once are not.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from outcomes.engine.adapter import ADAPTER, TRAINED
from outcomes.engine.boundaries import Splitter
from outcomes.engine.codebook import Codebook
from outcomes.engine.risk_signs import BUCKETS, features, width, word_lists_sha256
from outcomes.engine.screening import CATEGORIES, Passage, passages
from outcomes.engine.texts import Span, split_by_rules
from outcomes.engine.vectors import SentenceVectors

DATA = Path(__file__).parent / "data"
SEND_CODEBOOK = Path(__file__).parents[1] / "outcomes" / "codebook" / "send"
FILES = {
    "shared": DATA / "screening.jsonl",
    "held": DATA / "screening_held.jsonl",
    "everyday": DATA / "screening_everyday.jsonl",
}
UNSEEN = ("held", "everyday")
RISKY_TOPICS = {"crisis_and_self_harm", "crisis_at_home", "bullying", "online_safety"}
# One in so many of the codebook's examples is read.
ORDINARY_STEP = 3
TEXTS_AT_A_TIME = 64
COUNTS = {"shared": 0.6, "held": 1.0, "everyday": 2.0, "ordinary": 0.3}
VECTOR_STRENGTH, WORD_STRENGTH, CATEGORY_STRENGTH = 1.0, 2.0, 8.0
FALSE_ALARMS = 0.12
NOTHING_SAID = -30.0
PARTS, SEED = 5, 20
UNKNOWN = 2

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """`at` is where in a long answer the harm is told, if somebody has marked it."""

    text: str
    risk: bool
    category: str | None
    origin: str
    at: tuple[int, int] | None


@dataclass(frozen=True)
class Table:
    """The passages of all rows: of which row, whether risky (or unknown), and what they say."""

    rows: list[Row]
    of: Ints
    label: Ints
    vectors: Floats
    words: csr_matrix

    @property
    def risk(self) -> Bools:
        return np.array([row.risk for row in self.rows])

    def rows_of(self, *origins: str) -> Bools:
        return np.array([row.origin in origins for row in self.rows])

    def highest(self, scores: Floats) -> Floats:
        result = np.full(len(self.rows), -np.inf)
        np.maximum.at(result, self.of, scores)
        return result


@dataclass(frozen=True)
class Trust:
    """The shares of the judgements in the alarm, and the alarm of nothing at all."""

    shares: Floats
    start: float

    def alarms(self, judged: Floats) -> Floats:
        return np.asarray(judged @ self.shares + self.start)


def main() -> None:
    table = read_table(list(read_rows()))
    judged = crossed(table)
    both, alone = trust(table, judged), trust(table, judged[:, 1:])
    figures = {
        "vectors_and_words": measured(table, both.alarms(judged)),
        "words_alone": measured(table, alone.alarms(judged[:, 1:])),
        "category_accuracy": category_accuracy(table),
    }
    write(table, both, alone, figures)
    json.dump(figures, sys.stdout, indent=1)


def read_rows() -> Iterator[Row]:
    for origin, path in FILES.items():
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            at = tuple(row["at"]) if "at" in row else None
            yield Row(row["text"], row["risk"], row["category"], origin, at)
    for example in Codebook.read(SEND_CODEBOOK).examples:
        chosen = crc32(example.text.encode()) % ORDINARY_STEP == 0
        if chosen and example.topic not in RISKY_TOPICS:
            yield Row(example.text, False, None, "ordinary", None)


def read_table(rows: list[Row]) -> Table:
    spans = parted(rows)
    parts = [
        row.text[slice(*span)] for row, found in zip(rows, spans, strict=True) for span in found
    ]
    vectors = SentenceVectors().transform(parts)
    ends = np.cumsum([len(found) for found in spans])
    of, labels, found_passages = [], [], []
    for number, (row, found) in enumerate(zip(rows, spans, strict=True)):
        own = vectors[ends[number] - len(found) : ends[number]]
        for passage in passages(row.text, found, own):
            if passage.vector is not None:
                of.append(number)
                labels.append(label(row, passage, len(found)))
                found_passages.append(passage)
    return Table(
        rows,
        np.array(of),
        np.array(labels),
        np.array([passage.vector for passage in found_passages]),
        word_table(found_passages),
    )


def parted(rows: Sequence[Row]) -> list[list[Span]]:
    """Cut as the engine cuts answers; the codebook's examples, which it learned from, by rules."""
    spans = [split_by_rules(row.text) for row in rows]
    answers = [number for number, row in enumerate(rows) if row.origin != "ordinary"]
    splitter = Splitter()
    for start in range(0, len(answers), TEXTS_AT_A_TIME):
        some = answers[start : start + TEXTS_AT_A_TIME]
        for number, found in zip(
            some, splitter.split_all([rows[number].text for number in some]), strict=True
        ):
            spans[number] = found
    return spans


def label(row: Row, passage: Passage, parts: int) -> int:
    """A part of a risky answer that nobody marked may be harmless: unknown."""
    if not row.risk:
        return 0
    start, end = passage.words.spans[0][0], passage.words.spans[-1][1]
    if row.at:
        return int(start < row.at[1] and end > row.at[0])
    whole = read_end(row.text) <= end and start <= 8
    return 1 if parts == 1 or whole else UNKNOWN


def read_end(text: str) -> int:
    return len(text.rstrip(" .!?…\n)\"'")) - 8


def word_table(found: Sequence[Passage]) -> csr_matrix:
    rows = [features(passage.words.words) for passage in found]
    starts = np.cumsum([0] + [len(numbers) for numbers, _ in rows])
    numbers = np.concatenate([numbers for numbers, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, numbers, starts), shape=(len(rows), width()))


def fitted(table: Table, inputs: Any, strength: float, rows: Bools) -> LogisticRegression:
    """Learned from these rows; of an unmarked risky answer, from its most alarming part."""
    weights = np.array([COUNTS[row.origin] for row in table.rows])[table.of]
    taken, labels = rows[table.of], table.label.copy()
    sure = taken & (labels != UNKNOWN)
    model = LogisticRegression(C=strength, max_iter=3_000)
    model.fit(inputs[sure], labels[sure], sample_weight=weights[sure])
    for _ in range(2):
        scores = model.decision_function(inputs)
        gravest: dict[int, int] = {}
        for place in np.flatnonzero(taken & (labels == UNKNOWN)):
            best = gravest.setdefault(int(table.of[place]), int(place))
            if scores[place] > scores[best]:
                gravest[int(table.of[place])] = int(place)
        used, told = sure.copy(), labels.copy()
        used[list(gravest.values())] = True
        told[list(gravest.values())] = 1
        model.fit(inputs[used], told[used], sample_weight=weights[used])
    return model


def crossed(table: Table) -> Floats:
    """What vectors and words make of each passage, judged by what the other parts taught."""
    result = np.zeros((len(table.of), 2))
    outer = np.array([list(COUNTS).index(row.origin) for row in table.rows])
    strata = outer * 2 + table.risk
    folds = StratifiedKFold(PARTS, shuffle=True, random_state=SEED).split(strata, strata)
    for _, kept in folds:
        unseen = np.zeros(len(table.rows), bool)
        unseen[kept] = True
        here = unseen[table.of]
        for column, (inputs, strength) in enumerate(
            ((table.vectors, VECTOR_STRENGTH), (table.words, WORD_STRENGTH))
        ):
            model = fitted(table, inputs, strength, ~unseen)
            result[here, column] = model.decision_function(inputs[here])
    return result


def trust(table: Table, judged: Floats) -> Trust:
    """Learned from the unseen answers; alarm begins where few like real ones set it off."""
    sure = table.rows_of(*UNSEEN)[table.of] & (table.label != UNKNOWN)
    model = LogisticRegression(C=10.0).fit(judged[sure], table.label[sure])
    found = Trust(model.coef_[0], float(model.intercept_[0]))
    harmless = like_real_ones(table, table.highest(found.alarms(judged)))
    return Trust(found.shares, found.start - float(np.quantile(harmless, 1 - FALSE_ALARMS)))


def like_real_ones(table: Table, highest: Floats) -> Floats:
    """Harmless answers in the voice of a consultation, and as many ordinary ones."""
    everyday = highest[table.rows_of("everyday") & ~table.risk]
    return np.concatenate([everyday, some(highest[table.rows_of("ordinary")], len(everyday))])


def some(scores: Floats, count: int) -> Floats:
    return scores[:: max(1, len(scores) // count)][:count]


def measured(table: Table, alarms: Floats) -> dict[str, Any]:
    """Of unseen answers: recall at a tenth of false alarms, and what happens at the alarm."""
    highest, risk = np.maximum(table.highest(alarms), NOTHING_SAID), table.risk
    like_real, unseen = like_real_ones(table, highest), table.rows_of(*UNSEEN)
    categories = np.array([row.category or "" for row in table.rows])
    found: dict[str, Any] = {
        "false_alarms_like_real": share(like_real, 0),
        "false_alarms_ordinary": share(highest[table.rows_of("ordinary")], 0),
    }
    for origin in UNSEEN:
        of = table.rows_of(origin)
        harmful, harmless = highest[of & risk], highest[of & ~risk]
        found[origin] = {
            "recall_at_a_tenth": share(harmful, np.quantile(harmless, 0.9)),
            "recall_at_a_tenth_of_like_real": share(harmful, np.quantile(like_real, 0.9)),
            "recall_at_alarm": share(harmful, 0),
            "false_alarms": share(harmless, 0),
        }
    found["recall_at_alarm_by_category"] = {
        name: share(highest[unseen & (categories == name)], 0) for name in CATEGORIES
    }
    return found


def share(scores: Floats, limit: float) -> float:
    return round(float((scores > limit).mean()), 3)


def category_inputs(table: Table) -> Floats:
    return np.hstack([table.vectors, table.words[:, BUCKETS:].toarray()])


def category_model(table: Table, rows: Bools) -> LogisticRegression:
    used = rows[table.of] & (table.label == 1)
    told = [CATEGORIES.index(table.rows[row].category or "") for row in table.of[used]]
    model = LogisticRegression(C=CATEGORY_STRENGTH, max_iter=3_000)
    return model.fit(category_inputs(table)[used], told)


def category_accuracy(table: Table) -> float:
    """On the unseen answers, learned from the others."""
    unseen = table.rows_of(*UNSEEN)
    used = unseen[table.of] & (table.label == 1)
    told = [CATEGORIES.index(table.rows[row].category or "") for row in table.of[used]]
    guessed = category_model(table, ~unseen).predict(category_inputs(table)[used])
    return round(float((guessed == told).mean()), 3)


def write(table: Table, both: Trust, alone: Trust, figures: dict[str, Any]) -> None:
    everyone = np.ones(len(table.rows), bool)
    by_vector = fitted(table, table.vectors, VECTOR_STRENGTH, everyone)
    by_words = fitted(table, table.words, WORD_STRENGTH, everyone)
    categories = category_model(table, everyone)
    wide = table.vectors.shape[1]
    TRAINED.mkdir(exist_ok=True)
    np.savez_compressed(
        TRAINED / "screening.npz",
        vector=np.append(by_vector.coef_[0], by_vector.intercept_).astype(np.float32),
        words=np.append(by_words.coef_[0], by_words.intercept_).astype(np.float16),
        trust=np.append(both.shares, both.start).astype(np.float32),
        trust_without_vector=np.append(alone.shares, alone.start).astype(np.float32),
        category_vector=categories.coef_[:, :wide].astype(np.float16),
        category_kinds=categories.coef_[:, wide:].astype(np.float16),
        category_bias=categories.intercept_.astype(np.float32),
        word_lists=np.array(word_lists_sha256()),
    )
    said = {
        "command": "python -m training.screening",
        "rows": {origin: int(table.rows_of(origin).sum()) for origin in COUNTS},
        "risky": int(table.risk.sum()),
        "seed": SEED,
        "data_sha256": {path.name: sha256(path) for path in FILES.values()},
        "adapter_sha256": sha256(ADAPTER) if ADAPTER.exists() else None,
        "how_measured": "answers that the adapter never saw, in five parts, each judged by "
        "what the others taught",
        "figures": figures,
    }
    (TRAINED / "screening.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
