"""How near the words of an idea are to each topic's: naive Bayes over words and parts of words.

It knows what the sentence vectors smooth over: misspelt words, names of things, turns of phrase.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.naive_bayes import ComplementNB

from outcomes.engine.adapter import TRAINED, read_arrays

# Words and pairs of words, and parts of words of three to five letters, each in so many buckets.
BUCKETS = 2**15
WORD = r"(?u)\b\w[\w'’]*\b"
LEXICAL = "lexical.npz"


class LexicalModel:
    """Complement naive Bayes (Rennie and others, 2003) with weights rounded to 8 bits."""

    def __init__(self, smoothing: float = 1.0) -> None:
        self.smoothing = smoothing

    def fit(self, texts: Sequence[str], topics: Sequence[int]) -> "LexicalModel":
        """`topics` are numbers from nought, each at least once."""
        counts = _counts(texts)
        self.rarity_ = np.array([TfidfTransformer().fit(part).idf_ for part in counts], np.float32)
        model = ComplementNB(alpha=self.smoothing).fit(self._features(counts), topics)
        weight = model.feature_log_prob_ - model.feature_log_prob_.mean(axis=0)
        self.step_ = np.float32(np.abs(weight).max() / 127)
        self.weight_ = np.round(weight / self.step_).astype(np.int8)
        return self

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Rows of topics: higher is nearer; each row depends on its own text alone."""
        features = self._features(_counts(texts))
        return np.asarray(features @ (self.weight_.T.astype(np.float32) * self.step_), np.float64)

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **self.arrays())

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"weight": self.weight_, "step": self.step_, "rarity": self.rarity_}

    @classmethod
    def load(cls, folder: Path = TRAINED) -> "LexicalModel":
        return cls.of(read_arrays(folder / LEXICAL))

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "LexicalModel":
        """As `arrays` gave it."""
        model = cls()
        model.weight_, model.step_ = arrays["weight"], np.float32(arrays["step"])
        model.rarity_ = arrays["rarity"]
        return model

    def _features(self, counts: list[csr_matrix]) -> csr_matrix:
        """Counts dampened, weighed by rarity, and each half of a row of length one."""
        parts = []
        for part, rarity in zip(counts, self.rarity_, strict=True):
            weighed = part.astype(np.float32)
            weighed.data = (np.log(weighed.data) + 1) * rarity[weighed.indices]
            sizes = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
            weighed.data /= np.repeat(np.maximum(sizes, 1e-12), np.diff(weighed.indptr))
            parts.append(weighed)
        return csr_matrix(hstack(parts, format="csr"))


def _counts(texts: Sequence[str]) -> list[csr_matrix]:
    # Half a character, which broken encoders leave behind, cannot be hashed.
    whole = [text.encode("utf-8", "replace").decode() for text in texts]
    return [
        HashingVectorizer(n_features=BUCKETS, alternate_sign=False, norm=None, **reading).transform(
            whole
        )
        for reading in (
            {"ngram_range": (1, 2), "token_pattern": WORD},
            {"ngram_range": (3, 5), "analyzer": "char_wb"},
        )
    ]
