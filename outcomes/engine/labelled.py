"""A classifier learned from labels alone, for any field: there is no codebook.

Kernel ridge regression on likeness in meaning, in what is said first and in words. Its answers to
each labelled text as if that text had no label (they have a closed form) choose the settings, and
teach a small logistic regression to turn them into scores.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from outcomes.engine.errors import EngineError
from outcomes.engine.softmax import Array, fit_change, softmax
from outcomes.engine.vectors import WIDTH

Floats = NDArray[np.float32]

# Shares of likeness in meaning, in what is said first, and in words; and the ridge.
MIXTURES = ((1.0, 0.0, 0.0), (0.3, 0.7, 0.0), (0.8, 0.0, 0.2), (0.25, 0.55, 0.2))
RIDGES = (0.1, 0.3)
# Distinct texts that settings are chosen on, and that are learned from at most.
CHOOSING, LARGEST = 1_500, 8_000
# Factors by which answers may be sharpened before they are scores, and how firmly the small
# regression is held to that.
SHARPNESS = tuple(np.geomspace(1, 60, 30))
FIRMNESS = 3.0
CHUNK = 2_000
# Characters of a text whose words count: all that the sentence model reads, and more.
LONGEST = 5_000

TOKENS = re.compile(r"\w+|[^\w\s]")
WORDS: dict[str, Any] = {"ngram_range": (1, 2), "sublinear_tf": True}
LETTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True}


class LabelledModel:
    """`balance` is how far rare classes count for more: 0 as they come, 1 all the same."""

    def __init__(self, balance: float = 1 / 3) -> None:
        self.balance = balance

    def fit(self, texts: Sequence[str], vectors: Floats, labels: Sequence[str]) -> "LabelledModel":
        """`vectors` as of `pooled_vectors`, or of `SentenceVectors` alone.

        Of equal texts with different labels each label has its share. Over `LARGEST` distinct
        texts, that many are learned from. The order of rows does not matter.
        """
        if not len(texts):
            raise EngineError("There are no labels to learn from.")
        self.classes_ = sorted(set(labels))
        rows, targets, counts = distinct(texts, labels, self.classes_, LARGEST)
        self.likeness_ = Likeness().fit([texts[row] for row in rows], vectors[rows])
        shares = np.average(targets, axis=0, weights=counts)
        rarity = targets @ (1 / np.maximum(shares, 1e-9)) ** self.balance
        weights = np.sqrt(counts) * rarity
        weights /= weights.mean()
        with threadpool_limits(1):
            self.mixture_, self.ridge_ = self._chosen(targets, weights)
            kernel = self.likeness_.within(self.mixture_)
            self.middle_ = np.average(targets, axis=0, weights=weights)
            self.dual_, unseen = ridge_left_out(
                kernel, targets - self.middle_, weights, self.ridge_
            )
            self._fit_scores(unseen + self.middle_, targets, counts * rarity)
        return self

    def scores(self, texts: Sequence[str], vectors: Floats) -> Array:
        """A row of shares for each text, in the order of `classes_`."""
        parts = [
            self._scores(texts[start : start + CHUNK], vectors[start : start + CHUNK])
            for start in range(0, len(texts), CHUNK)
        ]
        return np.vstack(parts) if parts else np.zeros((0, len(self.classes_)))

    def _scores(self, texts: Sequence[str], vectors: Floats) -> Array:
        with threadpool_limits(1):
            answers = self.likeness_.to(texts, vectors, self.mixture_) @ self.dual_ + self.middle_
        steady = np.asarray(np.round(answers, 4), np.float64)
        return np.asarray(np.round(self._told(steady), 4))

    def _chosen(self, targets: Array, weights: Array) -> tuple[tuple[float, ...], float]:
        """The mixture and the ridge with the least squared error on texts left out."""
        part = np.linspace(0, len(targets) - 1, min(len(targets), CHOOSING)).astype(int)
        likeness, targets, weights = self.likeness_.part(part), targets[part], weights[part]
        middle = np.average(targets, axis=0, weights=weights)
        errors = {}
        for mixture in likeness.possible():
            kernel = likeness.within(mixture)
            for ridge in RIDGES:
                _, unseen = ridge_left_out(kernel, targets - middle, weights, ridge)
                wrong = ((unseen + middle - targets) ** 2).sum(axis=1)
                errors[mixture, ridge] = float(np.average(wrong, weights=weights))
        return min(errors, key=lambda setting: (round(errors[setting], 6), setting))

    def _fit_scores(self, unseen: Array, targets: Array, weights: Array) -> None:
        weights = weights / weights.mean()
        surprise = [
            -(weights[:, None] * targets * np.log(np.maximum(softmax(power * unseen), 1e-9))).sum()
            for power in SHARPNESS
        ]
        self.sharpness_ = SHARPNESS[int(np.argmin(np.round(surprise, 6)))]
        offset = self.sharpness_ * unseen
        self.change_ = fit_change(_with_one(unseen), offset, targets, weights, FIRMNESS)

    def _told(self, answers: Array) -> Array:
        return softmax(self.sharpness_ * answers + _with_one(answers) @ self.change_)


class Likeness:
    """How alike texts are to those it was fitted on: three kernels and their mixtures."""

    def fit(self, texts: Sequence[str], vectors: Floats) -> "Likeness":
        self.centre_ = vectors.mean(axis=0)
        self.meaning_, self.first_ = self._readings(vectors)
        self.by_word_ = TfidfVectorizer(tokenizer=TOKENS.findall, token_pattern=None, **WORDS)
        self.by_letters_ = TfidfVectorizer(**LETTERS)
        self.by_word_.fit(_written(texts))
        self.by_letters_.fit(_written(texts))
        self.words_ = self._words(texts)
        return self

    def part(self, rows: NDArray[np.int64]) -> "Likeness":
        """The same among some of the texts."""
        chosen = Likeness()
        chosen.meaning_, chosen.first_ = self.meaning_[rows], self.first_[rows]
        chosen.words_ = self.words_[rows]
        return chosen

    def possible(self) -> list[tuple[float, float, float]]:
        return [mixture for mixture in MIXTURES if self.first_.shape[1] or not mixture[1]]

    def within(self, mixture: tuple[float, ...]) -> Floats:
        return self._mixed(self.meaning_, self.first_, self.words_, mixture)

    def to(self, texts: Sequence[str], vectors: Floats, mixture: tuple[float, ...]) -> Floats:
        words = self._words(texts) if mixture[2] else None
        return self._mixed(*self._readings(vectors), words, mixture)

    def _mixed(
        self, meaning: Floats, first: Floats, words: csr_matrix | None, shares: tuple[float, ...]
    ) -> Floats:
        mixed = np.zeros((len(meaning), len(self.meaning_)), np.float32)
        if shares[0]:
            mixed += np.float32(shares[0]) * _near(meaning, self.meaning_)
        if shares[1]:
            mixed += np.float32(shares[1]) * _near(first, self.first_)
        if shares[2]:
            mixed += np.float32(shares[2]) * (words @ self.words_.T).toarray()
        return mixed

    def _readings(self, vectors: Floats) -> tuple[Floats, Floats]:
        centred = (vectors - self.centre_).reshape(len(vectors), -1, WIDTH)
        readings = _unit(centred)
        first = readings[:, 1:].reshape(len(vectors), -1)
        return readings[:, 0], _unit(first) if first.shape[1] else first

    def _words(self, texts: Sequence[str]) -> csr_matrix:
        written = _written(texts)
        both = (self.by_word_.transform(written), self.by_letters_.transform(written))
        return (hstack(both) * np.sqrt(0.5)).astype(np.float32).tocsr()


def distinct(
    texts: Sequence[str], labels: Sequence[str], classes: Sequence[str], most: int
) -> tuple[list[int], Array, Array]:
    """A row for each distinct text, by content; the share of each class; how often it was given."""
    said: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        said.setdefault(" ".join(text.lower().split()), []).append(row)
    kept = sorted(said)
    if len(kept) > most:
        kept = sorted(sorted(kept, key=_hash)[:most])
    number = {name: place for place, name in enumerate(classes)}
    targets = np.zeros((len(kept), len(classes)))
    for place, words in enumerate(kept):
        for row in said[words]:
            targets[place, number[labels[row]]] += 1
    counts = targets.sum(axis=1)
    rows = [min(said[words], key=lambda row: (texts[row], row)) for words in kept]
    return rows, targets / counts[:, None], counts


def ridge_left_out(
    kernel: Floats, targets: Array, weights: Array, ridge: float
) -> tuple[Floats, Array]:
    """The dual coefficients, and the answer to each row by all rows but itself."""
    system = kernel.copy()
    system[np.diag_indices(len(system))] += (ridge / weights).astype(np.float32)
    factor, failed = lapack.spotrf(system, lower=1, overwrite_a=1)
    if failed:
        raise EngineError("The labelled texts cannot be told apart.")
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    inverse = np.tril(inverse)
    inverse += np.tril(inverse, -1).T
    dual = inverse @ targets.astype(np.float32)
    unseen = targets - dual / inverse.diagonal()[:, None]
    return dual, np.asarray(unseen, np.float64)


def _written(texts: Sequence[str]) -> list[str]:
    """Each with a full stop, so that none is without words."""
    return [f"{text[:LONGEST]} ." for text in texts]


def _near(left: Floats, right: Floats) -> Floats:
    """Of unit vectors: 1 where they are the same."""
    return np.asarray(np.exp(np.float32(2) * (left @ right.T - np.float32(1))))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _with_one(answers: Array) -> Array:
    return np.hstack([answers, np.ones((len(answers), 1))])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
