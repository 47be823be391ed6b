"""What the states of the words say about a gap: would a sentence end here, and does the subject
change?

All was learned from the codebook's examples: one part puts back the ends of sentences in texts
without any marks, one tells topics apart by the mean state of their words, and one finds where
examples of different topics were joined.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.boundary_features import FAR, STOPS, Floats, Words
from outcomes.engine.texts import Span
from outcomes.engine.tokens import TokenStates

# Words to the left and right whose states are looked at one by one, and as means.
NEIGHBOURS = (-3, -2, -1, 0, 1, 2)
WIDE, WIDER = 5, 12
# A sentence likely ends, for measuring how far the subject changes.
LIKELY = -1.5

Arrays = Mapping[str, NDArray[np.generic]]


class StateReader:
    """`arrays` are those of the trained model whose names begin with "states_"."""

    def __init__(self, arrays: Arrays) -> None:
        self._of = {name: np.asarray(array, np.float32) for name, array in arrays.items()}

    def features(self, words: Words, read: TokenStates) -> Floats:
        """One row a place where the text might be cut."""
        firsts, contents = words.gaps
        near = around(self.states(words, read))
        hidden, ends = self.ends(near)
        changes = self.changes(words, read, ends)
        joints = self.joints(np.hstack([near, changes]))
        both = np.hstack([_nearby(ends), changes, _nearby(joints)])
        return np.hstack([both[contents], both[firsts], hidden[contents]])

    def states(self, words: Words, read: TokenStates) -> Floats:
        return word_states(words, read, self._of["states_components"], self._of["states_mean"])

    def ends(self, near: Floats) -> tuple[Floats, Floats]:
        """What the network of sentence ends sees in each word, and how likely one is before it."""
        of = self._of
        scaled = (near - of["states_centre"]) / of["states_scale"]
        hidden = np.maximum(scaled @ of["states_in"] + of["states_bias"], 0)
        return hidden, np.clip((hidden @ of["states_out"] + of["states_out_bias"])[:, 0], -8, 8)

    def changes(self, words: Words, read: TokenStates, ends: Floats) -> Floats:
        of = self._of
        topics = word_states(words, read, of["states_topics"], of["states_topics_mean"])
        return _changes(words, topics, ends)

    def joints(self, seen: Floats) -> Floats:
        """How likely another subject begins at each word."""
        of = self._of
        scaled = (seen - of["states_joint_centre"]) / of["states_joint_scale"]
        hidden = np.maximum(scaled @ of["states_joint_in"] + of["states_joint_bias"], 0)
        out = hidden @ of["states_joint_out"] + of["states_joint_out_bias"]
        return np.asarray(np.clip(out[:, 0], -8, 8))


def told_of_words(words: Words, read: TokenStates) -> Floats:
    """The log odds at each word's first piece: that an idea begins here, that this is of an idea;
    nought where a word has no piece."""
    told = np.zeros((len(words), 2), np.float32)
    owners, firsts = np.unique(word_owners(words.spans, read.spans), return_index=True)
    told[owners] = read.borders[firsts]
    return told


def word_states(words: Words, read: TokenStates, directions: Floats, mean: Floats) -> Floats:
    """The state of each word, the mean over its pieces, in the few directions that are kept."""
    projected = (read.states - mean) @ directions
    sums = np.zeros((len(words), directions.shape[1]), np.float32)
    counts = np.zeros(len(words), np.float32)
    owner = word_owners(words.spans, read.spans)
    np.add.at(sums, owner, projected)
    np.add.at(counts, owner, 1)
    return np.asarray(sums / np.maximum(counts, 1)[:, None])


def word_owners(words: list[Span], pieces: list[Span]) -> NDArray[np.int64]:
    """The word each piece belongs to: the last that starts no later than it."""
    starts = np.array([start for start, _ in words], np.int64)
    places = np.array([start for start, _ in pieces], np.int64)
    return np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)


def around(states: Floats) -> Floats:
    """States of the neighbours, means over wider windows on both sides, and how alike they are."""
    count, width = states.shape
    reach = max(map(abs, NEIGHBOURS))
    padded = np.zeros((count + 2 * reach, width), np.float32)
    padded[reach : reach + count] = states
    near = [padded[reach + shift : reach + shift + count] for shift in NEIGHBOURS]
    sums = _sums(states)
    row = np.arange(count)
    means, alike = [], []
    for size in (WIDE, WIDER):
        left = _mean(sums, np.maximum(row - size, 0), row)
        right = _mean(sums, row, np.minimum(row + size, count))
        means += [left, right]
        alike.append(_cosine(left, right))
    return np.hstack([*near, *means, np.stack(alike, axis=1)]).astype(np.float32)


def _nearby(ends: Floats) -> Floats:
    """How likely a sentence ends here, close by, and at best within six words on either side."""
    count = len(ends)
    padded = np.full(count + 12, -8, np.float32)
    padded[6 : 6 + count] = ends
    columns = [padded[6 + shift : 6 + shift + count] for shift in range(-6, 7)]
    best = [np.max(columns[:6], axis=0), np.max(columns[7:], axis=0)]
    return np.stack([*columns[4:9], *best], axis=1)


def _changes(words: Words, topics: Floats, ends: Floats) -> Floats:
    """Whether a mark stands before each word, and how alike in subject the clauses on both sides
    are, and the text so far and to come."""
    count = len(words)
    marked = np.array([word[-1] in STOPS + ",:" for word in words.raw[:-1]], bool)
    borders = np.flatnonzero(marked | (ends[1:] > LIKELY)) + 1
    borders = np.concatenate([[0], borders, [count]])
    row = np.arange(count)
    before = borders[np.maximum(np.searchsorted(borders, row, side="left") - 1, 0)]
    after = borders[np.searchsorted(borders, row, side="right")]
    sums = _sums(topics)
    left, right = sums[row] - sums[before], sums[after] - sums[row]
    far_left = sums[row] - sums[np.maximum(row - FAR, 0)]
    far_right = sums[np.minimum(row + FAR, count)] - sums[row]
    columns = [
        np.append(0, marked) * 1.0,
        _cosine(left, right),
        _cosine(far_left, far_right),
        _cosine(sums[row], right),
        _cosine(sums[row], sums[count] - sums[row]),
        np.linalg.norm(left - right, axis=1) / 20,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _sums(states: Floats) -> NDArray[np.float64]:
    first = np.zeros((1, states.shape[1]))
    return np.vstack([first, np.cumsum(states.astype(np.float64), axis=0)])


def _mean(sums: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]) -> Floats:
    return np.asarray((sums[end] - sums[start]) / np.maximum(end - start, 1)[:, None], np.float32)


def _cosine(left: NDArray[np.floating], right: NDArray[np.floating]) -> Floats:
    size = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / np.maximum(size, 1e-6), np.float32)
