"""Where ideas lie to each other: a map in two dimensions, and the nearest of each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]

# Likenesses held at a time.
HELD = 20_000_000
# From so many ideas on, so many are picked in fewer dimensions, and the nearest of these in all.
MANY, FEWER, PICKED = 5_000, 96, 32


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
    count, picked = min(count, total - 1), min(max(count, PICKED), total - 1)
    if count < 1:
        return [[] for _ in range(total)]
    found: list[list[int]] = []
    with threadpool_limits(1):
        rows = _in_fewer(vectors) if total > MANY else vectors
        block = max(1, HELD // total)
        for start in range(0, total, block):
            own = np.arange(start, min(start + block, total))
            unlike = -(rows[own] @ rows.T)
            unlike[own - start, own] = 2
            few = np.argpartition(unlike, picked - 1, axis=1)[:, :picked]
            like = np.round(np.einsum("id,ijd->ij", vectors[own], vectors[few]), 5)
            best = np.lexsort((few, -like))[:, :count]
            found += np.take_along_axis(few, best, axis=1).tolist()
    return found


def _in_fewer(vectors: Floats) -> Floats:
    rows = vectors.astype(np.float64)
    rows = rows @ _axes(rows - rows.mean(axis=0), FEWER).T
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows.astype(np.float32)


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
