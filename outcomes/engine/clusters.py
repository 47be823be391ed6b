"""Groups of ideas that say the same thing, inside each theme.

Ideas lie in a space of two parts: which topics of the codebook they are close to, and what they
say (their sentence vectors). There the groups that are nearest to each other on average are
joined, again and again, so a topic draws its ideas together where the evidence for it is strong,
and likeness of meaning decides where it is weak.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

ALONE = -1
# How much topics count beside meaning.
TOPIC_SHARE = 0.85
# Rows reckoned with at a time: a copy of all of them would take too much memory.
BLOCK = 5_000


class Clusters:
    """Labels ideas of one theme with their groups; ALONE for what only one voice says.

    Tuned on the ideas of `benchmarks/data/ideas_a.jsonl`, which no test set holds: `apart`, the
    distance on average (half a square, from 0 to 1) from which groups are not joined, unless
    there would be more than `readable_count`. Over `exact_up_to` ideas, k-means first makes a
    third as many small bundles.
    """

    def __init__(self, apart: float = 0.45, exact_up_to: int = 3_000, seed: int = 0) -> None:
        self.apart = apart
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
        labels = self._join(space(vectors, topic_scores), voices)
        self.labels_ = _without_single_voices(labels, voices)
        return self

    def _join(self, points: Floats, voices: Sequence[frozenset[str]]) -> Labels:
        several = np.array([len(names) > 1 for names in voices])
        most = readable_count(len(points))
        if len(points) == 1:
            return np.zeros(1, np.int64)
        if len(points) > self.exact_up_to:
            return self._join_many(points, most)
        tree = linkage(pdist(points, "sqeuclidean") / 2, "average")
        joined = fcluster(tree, self.apart, "distance")
        count = int(joined.max())
        while (over := _groups(joined, several) - most) > 0:
            count -= max(1, over // 4)
            joined = fcluster(tree, count, "maxclust")
        return np.asarray(joined, np.int64)

    def _join_many(self, points: Floats, most: int) -> Labels:
        """Pairs of all points would not fit in memory, so k-means makes small bundles first. These
        are joined by Ward's method: nearness on average would put nearly all into one group, and
        the few far bundles into the others."""
        with threadpool_limits(1):
            # Begun at random: with so many bundles as good as k-means++, in a sixth of the time.
            means = MiniBatchKMeans(
                self.exact_up_to // 3,
                init="random",
                random_state=self.seed,
                n_init=1,
                batch_size=4_096,
            ).fit(points)
        joined = fcluster(linkage(means.cluster_centers_, "ward"), most, "maxclust")
        return np.asarray(joined[means.labels_], np.int64)


def space(vectors: Floats, topic_scores: NDArray[np.float64]) -> Floats:
    """Points of length one, so that nearness is a product: what is meant, and the topics."""
    if not topic_scores.shape[1]:
        return np.asarray(vectors, np.float32)
    width = vectors.shape[1]
    points = np.empty((len(vectors), width + topic_scores.shape[1]), np.float32)
    for start in range(0, len(points), BLOCK):
        rows = slice(start, start + BLOCK)
        scores = topic_scores[rows]
        shares = scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-12)
        points[rows, :width] = vectors[rows] * (1 - TOPIC_SHARE) ** 0.5
        points[rows, width:] = (shares * TOPIC_SHARE) ** 0.5
    return points


def readable_count(ideas: int) -> int:
    """The most groups in a theme of so many ideas: 13 for 20, 20 for 200, 29 for 4,000."""
    return round(4 + 7 * float(np.log10(max(ideas, 1))))


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
