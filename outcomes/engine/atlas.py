"""Where ideas lie to each other: a map in two dimensions, and the nearest of each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]

# Ideas compared with all others at a time.
BLOCK = 1_000
# From so many ideas on, likeness is reckoned in fewer dimensions.
MANY, FEWER = 5_000, 48


def places(vectors: Floats, groups: Sequence[int | None]) -> NDArray[np.float64]:
    """A point for each idea, both coordinates from 0 to 1.

    The two directions in which the centres of the groups lie farthest apart; those of the ideas
    themselves where there are fewer than three groups. So near points are alike as far as two
    dimensions can show it, and far ones may still be alike in others.
    """
    if not len(vectors):
        return np.zeros((0, 2))
    with threadpool_limits(1):
        rows = vectors.astype(np.float64)
        centres = _centres(rows, groups)
        axes = _axes(centres if len(centres) > 2 else rows, 2)
        points = (rows - rows.mean(axis=0)) @ axes.T
    low, high = points.min(axis=0), points.max(axis=0)
    width = np.where(high - low < 1e-9, 1, high - low)
    return np.asarray(np.round((points - low) / width, 4))


def nearest(vectors: Floats, count: int = 8) -> list[list[int]]:
    """For each idea the rows of those most like it, the nearest first, itself left out."""
    total = len(vectors)
    count = min(count, total - 1)
    if count < 1:
        return [[] for _ in range(total)]
    with threadpool_limits(1):
        rows = vectors
        if total > MANY:
            centred = vectors.astype(np.float64)
            rows = (centred @ _axes(centred - centred.mean(axis=0), FEWER).T).astype(np.float32)
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        found: list[list[int]] = []
        for start in range(0, total, BLOCK):
            like = np.round(rows[start : start + BLOCK] @ rows.T, 5)
            own = np.arange(len(like))
            like[own, start + own] = -2
            some = np.argpartition(-like, count - 1, axis=1)[:, : count * 2]
            for row, few in enumerate(some):
                best = sorted(few.tolist(), key=lambda one: (-like[row, one], one))
                found.append(best[:count])
    return found


def _centres(rows: NDArray[np.float64], groups: Sequence[int | None]) -> NDArray[np.float64]:
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups):
        if group is not None:
            members.setdefault(group, []).append(row)
    centres = [rows[members[group]].mean(axis=0) for group in sorted(members)]
    return np.array(centres) if centres else np.zeros((0, rows.shape[1]))


def _axes(rows: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The main directions of the rows, each pointing to where its largest part is positive."""
    centred = rows - rows.mean(axis=0)
    _values, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :count].T
    largest = np.abs(axes).argmax(axis=1)
    signs = np.sign(axes[np.arange(len(axes)), largest])
    return np.asarray(axes * np.where(signs == 0, 1, signs)[:, None])
