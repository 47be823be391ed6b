"""A linear-chain conditional random field, trained with L-BFGS in numpy and scipy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """Weights of the feature numbers, of the states, and of each tag after each other."""

    features: Floats
    states: Floats
    transitions: Floats


@dataclass(frozen=True)
class Sequences:
    """All rows of all texts, one text after another; `lengths` says where each ends."""

    features: Ints
    states: NDArray[np.float32]
    tags: Ints
    lengths: Ints
    weights: Floats


def train_chain(
    data: Sequences, buckets: int, tags: int, strength: float, steps: int = 60
) -> Chain:
    """The chain that makes the given tags likely; a larger `strength` keeps weights small."""
    sparse = _one_hot(data.features, buckets)
    problem = _Problem(data, sparse, tags, strength)
    sizes = (buckets * tags, data.states.shape[1] * tags, tags * tags)
    found = minimize(
        problem.loss, np.zeros(sum(sizes)), jac=True, method="L-BFGS-B",
        options={"maxiter": steps, "maxcor": 8},
    )  # fmt: skip
    return problem.unpack(found.x)


def _one_hot(features: Ints, buckets: int) -> csr_matrix:
    rows, width = features.shape
    pointers = np.arange(rows + 1) * width
    ones = np.ones(rows * width)
    return csr_matrix((ones, features.ravel(), pointers), shape=(rows, buckets))


class _Problem:
    def __init__(self, data: Sequences, sparse: csr_matrix, tags: int, strength: float) -> None:
        self.sparse, self.turned = sparse, sparse.T.tocsr()
        self.states, self.tags, self.strength = data.states.astype(np.float64), tags, strength
        self.gold = np.eye(tags)[data.tags]
        self.row_weights = np.repeat(data.weights, data.lengths)[:, None]
        self.weights = data.weights
        self.order = np.argsort(-data.lengths, kind="stable")
        starts = np.concatenate([[0], np.cumsum(data.lengths)[:-1]])
        longest = int(data.lengths.max())
        # steps[t]: the rows of the texts (longest first) that have a word number t.
        lengths = data.lengths[self.order]
        self.steps = [starts[self.order][lengths > t] + t for t in range(longest)]
        firsts = np.zeros(len(data.tags), bool)
        firsts[starts] = True
        after = np.flatnonzero(~firsts)
        pairs = np.zeros((tags, tags))
        np.add.at(pairs, (data.tags[after - 1], data.tags[after]), self.row_weights[after, 0])
        self.gold_pairs = pairs

    def unpack(self, flat: Floats) -> Chain:
        tags, buckets, width = self.tags, self.sparse.shape[1], self.states.shape[1]
        first, second = buckets * tags, (buckets + width) * tags
        return Chain(
            flat[:first].reshape(buckets, tags),
            flat[first:second].reshape(width, tags),
            flat[second:].reshape(tags, tags),
        )

    def loss(self, flat: Floats) -> tuple[float, Floats]:
        chain = self.unpack(flat)
        scores = self.sparse @ chain.features + self.states @ chain.states
        total, likely, pairs = self._expected(scores, chain.transitions)
        gold = (self.gold * scores * self.row_weights).sum()
        gold += (self.gold_pairs * chain.transitions).sum()
        wrong = (likely - self.gold) * self.row_weights
        slope = np.concatenate([
            (self.turned @ wrong).ravel(),
            (self.states.T @ wrong).ravel(),
            (pairs - self.gold_pairs).ravel(),
        ])  # fmt: skip
        return float(total - gold + self.strength / 2 * flat @ flat), slope + self.strength * flat

    def _expected(self, scores: Floats, moves: Floats) -> tuple[float, Floats, Floats]:
        """Forward and backward over all texts at once, word number by word number."""
        forward, backward = np.empty_like(scores), np.zeros_like(scores)
        forward[self.steps[0]] = scores[self.steps[0]]
        for before, now in zip(self.steps, self.steps[1:], strict=False):
            came = forward[before[: len(now)], :, None] + moves
            forward[now] = scores[now] + logsumexp(came, axis=1)
        for now, after in zip(self.steps[-2::-1], self.steps[:0:-1], strict=True):
            rest = scores[after] + backward[after]
            backward[now[: len(after)]] = logsumexp(moves + rest[:, None, :], axis=2)
        norms = logsumexp(forward[self.steps[0]] + backward[self.steps[0]], axis=1)
        weights = self.weights[self.order]
        likely = np.empty_like(scores)
        pairs = np.zeros_like(moves)
        for t, now in enumerate(self.steps):
            norm = norms[: len(now), None]
            likely[now] = np.exp(forward[now] + backward[now] - norm)
            if t:
                before = self.steps[t - 1][: len(now)]
                both = forward[before, :, None] + moves + (scores[now] + backward[now])[:, None, :]
                odds = np.exp(both - norm[:, :, None])
                pairs += (odds * weights[: len(now), None, None]).sum(axis=0)
        return float((norms * weights).sum()), likely, pairs


def logsumexp(values: Floats, axis: int) -> Floats:
    """As scipy's, without its checks, which take most of the time here."""
    top = values.max(axis=axis)
    summed: Floats = np.log(np.exp(values - np.expand_dims(top, axis)).sum(axis=axis))
    return summed + top
