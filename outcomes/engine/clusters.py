"""Groups of ideas that say the same thing, inside each theme.

Ideas lie in a space of two parts: which topics of the codebook they are close to, and what they
say (their sentence vectors). Ward's method joins the nearest there, so a topic draws its ideas
together where the evidence for it is strong, and likeness of words decides where it is weak.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

ALONE = -1
WORD = re.compile(r"\w+")
# Earlier texts that a text is compared with word by word, at most.
ASKED = 8
# Rows compared with all others at a time: 500 by 20,000 numbers are 40 MB.
BLOCK = 500


class Clusters:
    """Labels ideas of one theme with their groups; ALONE for what only one voice says.

    Tuned on examples of the codebook that the topics had not been learned from:
    `topic_share`, how much topics count beside words; `softness`, the power that evens out topic
    scores; `apart`, the distance over which groups are not joined, unless there would be more
    than `readable_count`; `outlier`, the distance from the middle of its group over which an idea
    is left alone. Over `exact_up_to` ideas, k-means first makes that many small bundles.
    """

    def __init__(
        self,
        topic_share: float = 0.8,
        softness: float = 0.7,
        apart: float = 0.75,
        outlier: float = 0.54,
        exact_up_to: int = 3_000,
        seed: int = 0,
    ) -> None:
        self.topic_share = topic_share
        self.softness = softness
        self.apart = apart
        self.outlier = outlier
        self.exact_up_to = exact_up_to
        self.seed = seed

    def fit(
        self, vectors: Floats, topic_scores: NDArray[np.float64], voices: Sequence[frozenset[str]]
    ) -> "Clusters":
        """`voices` says for each row who says it: one voice alone makes no group, however often
        it repeats itself. Rows must come in an order of their content, not of arrival."""
        if not len(vectors):
            self.labels_: Labels = np.zeros(0, np.int64)
            return self
        space = self._space(vectors, topic_scores)
        labels = self._join(space, voices)
        labels = self._without_outliers(space, labels, voices)
        self.labels_ = _without_single_voices(labels, voices)
        return self

    def _space(self, vectors: Floats, topic_scores: NDArray[np.float64]) -> Floats:
        even = topic_scores**self.softness
        even /= np.maximum(even.sum(axis=1, keepdims=True), 1e-12)
        parts = [vectors * (1 - self.topic_share) ** 0.5, (even * self.topic_share) ** 0.5]
        return np.asarray(np.hstack(parts), np.float32)

    def _join(self, space: Floats, voices: Sequence[frozenset[str]]) -> Labels:
        several = np.array([len(names) > 1 for names in voices])
        most = readable_count(len(space))
        bundles, middles = self._bundles(space)
        if len(middles) == 1:
            return np.zeros(len(space), np.int64)
        tree = linkage(middles, "ward")
        joined = fcluster(tree, self.apart, "distance")
        count = int(joined.max())
        while (over := _groups(joined[bundles], several) - most) > 0:
            count -= max(1, over // 4)
            joined = fcluster(tree, count, "maxclust")
        return np.asarray(joined[bundles], np.int64)

    def _bundles(self, space: Floats) -> tuple[Labels, Floats]:
        """Each row its own bundle, or, where pairs of rows would not fit in memory, k-means."""
        if len(space) <= self.exact_up_to:
            return np.arange(len(space)), space
        with threadpool_limits(1):
            means = MiniBatchKMeans(
                self.exact_up_to // 3, random_state=self.seed, n_init=1, batch_size=4_096
            ).fit(space)
        return np.asarray(means.labels_, np.int64), np.asarray(means.cluster_centers_)

    def _without_outliers(
        self, space: Floats, labels: Labels, voices: Sequence[frozenset[str]]
    ) -> Labels:
        kept = labels.copy()
        for rows in _rows_by_label(labels):
            away = np.linalg.norm(space[rows] - space[rows].mean(axis=0), axis=1)
            for row in rows[away > self.outlier]:
                # What several people wrote alike is never alone, however far from the others.
                if len(voices[row]) < 2:
                    kept[row] = ALONE
        return kept


def readable_count(ideas: int) -> int:
    """The most groups in a theme of so many ideas: 8 for 20, 12 for 200, 17 for 4,000."""
    return round(4 + 3.5 * float(np.log10(max(ideas, 1))))


def near_identical(vectors: Floats, texts: Sequence[str], alike_from: float = 0.92) -> Labels:
    """Labels shared by texts that are nearly the same: alike in meaning and in most words.

    A text joins the first of the few earlier ones that it is alike to. Words are asked too
    because the model reads scripts it does not know all as one unknown word.
    """
    labels = np.arange(len(vectors))
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        alike = block @ vectors[: start + len(block)].T >= alike_from
        for place in np.flatnonzero(alike.sum(axis=1) > 1):
            row = start + int(place)
            for earlier in np.flatnonzero(alike[place, :row])[:ASKED].tolist():
                if _share_words(texts[row], texts[earlier]):
                    labels[row] = labels[earlier]
                    break
    return labels


def _share_words(one: str, other: str) -> bool:
    words, others = (set(WORD.findall(text.lower())) for text in (one, other))
    return len(words & others) * 2 > len(words | others)


def _rows_by_label(labels: Labels) -> Iterator[NDArray[np.int64]]:
    for label in np.unique(labels[labels != ALONE]):
        yield np.flatnonzero(labels == label)


def _groups(labels: Labels, several: NDArray[np.bool_]) -> int:
    """How many labels are of more than one row, or of a row that several people wrote alike."""
    many = {label for label, count in Counter(labels.tolist()).items() if count > 1}
    return len(many | set(labels[several].tolist()))


def _without_single_voices(labels: Labels, voices: Sequence[frozenset[str]]) -> Labels:
    kept = labels.copy()
    for rows in _rows_by_label(labels):
        if len(frozenset().union(*(voices[row] for row in rows))) < 2:
            kept[rows] = ALONE
    return kept
