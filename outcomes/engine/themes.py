"""The theme of an idea: how near it is to each topic of the codebook, summed to themes."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from outcomes.engine import VERSION
from outcomes.engine.adapter import ADAPTER, TRAINED, read_arrays, sha256
from outcomes.engine.codebook import SEND_CODEBOOK, Codebook
from outcomes.engine.errors import EngineError
from outcomes.engine.lexical import LexicalModel
from outcomes.engine.vectors import SentenceVectors

Floats = NDArray[np.float32]
Scores = NDArray[np.float64]

TOPICS = "topics.npz"
THEME_LABELS = {
    "families": "Supporting families",
    "health": "Healthy Lives",
    "education": "Great Education",
    "activities": "Positive activities",
    "none": "None of the four",
}
# Longest example quoted in a reason, in words.
QUOTED_WORDS = 24


@dataclass(frozen=True)
class ThemeGuess:
    """`theme` and `topic` are null where there is nothing to judge by."""

    theme: str | None
    scores: dict[str, float]
    topic: str | None
    reason: str
    sure: bool = False


class TopicModel:
    """How likely each topic of a codebook is, judged by vectors and by words together.

    Of the codebook that the engine came with, what was learned ahead is read; any other codebook
    is learned from its examples, by logistic regression and by naive Bayes. `inverse_penalty` and
    `word_weight`, how much words count beside vectors, were chosen on examples of hands that were
    held out of training.
    """

    def __init__(
        self, inverse_penalty: float = 3.0, word_weight: float = 10.0, folder: Path = TRAINED
    ) -> None:
        self.inverse_penalty = inverse_penalty
        self.word_weight = word_weight
        self.folder = folder

    def fit(
        self,
        codebook: Codebook,
        sentences: SentenceVectors,
        progress: Callable[[int, int], None] | None = None,
    ) -> "TopicModel":
        self.codebook_ = codebook
        trained = read_arrays(self.folder / TOPICS)
        if str(trained["lesson"]) == codebook.lesson:
            self.weight_, self.bias_ = trained["weight"], trained["bias"]
            self.examples_ = trained["examples"].astype(np.float32) / np.float32(127)
            self.words_ = LexicalModel.load(self.folder)
        else:
            self._learn(sentences, progress)
        return self._describe(codebook)

    def learned(self, codebook: Codebook, vectors: Floats) -> "TopicModel":
        """As `fit`, from what the examples' vectors are, and nothing learned ahead."""
        self.codebook_, self.examples_ = codebook, vectors
        self._learn_from(vectors)
        return self._describe(codebook)

    def _describe(self, codebook: Codebook) -> "TopicModel":
        rows = np.array([example.topic for example in codebook.examples])
        self.topics_ = list(codebook.topics.values())
        self.rows_ = {topic.id: np.flatnonzero(rows == topic.id) for topic in self.topics_}
        self.themes_ = codebook.themes
        self.membership_ = np.array(
            [[topic.theme == theme for theme in self.themes_] for topic in self.topics_], np.float64
        )
        return self

    def _learn(
        self, sentences: SentenceVectors, progress: Callable[[int, int], None] | None
    ) -> None:
        """What was learned is kept beside the vectors, so that a second analysis is quick."""
        self.examples_ = example_vectors(self.codebook_, sentences, progress)
        kept = sentences.cache_dir and sentences.cache_dir / f"topics-{self.codebook_.lesson}.npz"
        if kept and self._recall(kept):
            return
        self._learn_from(self.examples_)
        if kept:
            self._keep(kept)

    def _learn_from(self, vectors: Floats) -> None:
        """`vectors` are the examples', in their order."""
        examples = self.codebook_.examples
        numbers = {topic: number for number, topic in enumerate(self.codebook_.topics)}
        topics = [numbers[example.topic] for example in examples]
        self.words_ = LexicalModel().fit([example.text for example in examples], topics)
        regression = LogisticRegression(C=self.inverse_penalty, max_iter=500)
        # On one core: faster than two cores that wait for each other, and the same on any machine.
        with threadpool_limits(1):
            regression.fit(np.asarray(vectors, np.float64), topics)
        weight, bias = regression.coef_, regression.intercept_
        if len(weight) == 1:
            weight, bias = np.vstack([-weight, weight]) / 2, np.hstack([-bias, bias]) / 2
        self.weight_, self.bias_ = weight, bias

    def _keep(self, path: Path) -> None:
        """Written beside and moved into place, so that two workers never read half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as file:
            arrays = {"near": self.weight_, "bias": self.bias_, "learned": self._learned_by()}
            np.savez(file, allow_pickle=False, **arrays, **self.words_.arrays())
        partial.replace(path)

    def _recall(self, path: Path) -> bool:
        """False where nothing is kept, or it is damaged, or was learned in another way."""
        try:
            arrays = read_arrays(path)
            if str(arrays["learned"]) != str(self._learned_by()):
                return False
            self.words_ = LexicalModel.of(arrays)
            self.weight_, self.bias_ = arrays["near"], arrays["bias"]
        except (EngineError, KeyError):
            return False
        return True

    def _learned_by(self) -> NDArray[np.str_]:
        return np.array(f"{VERSION} {sha256(ADAPTER)} {self.inverse_penalty}")

    def scores(self, texts: Sequence[str], vectors: Floats) -> Scores:
        """Rows of topics in the codebook's order; rounded, so that no row depends on another."""
        if not len(texts):
            return np.zeros((0, len(self.topics_)))
        near = np.asarray(vectors, np.float64) @ self.weight_.astype(np.float64).T + self.bias_
        raw = near + self.word_weight * self.words_.scores(texts)
        raw = np.exp(raw - raw.max(axis=1, keepdims=True))
        return np.asarray(np.round(raw / raw.sum(axis=1, keepdims=True), 6))

    def nearest_example(self, vector: Floats, topic: str) -> str:
        rows = self.rows_[topic]
        nearness = np.round(np.einsum("ew,w->e", self.examples_[rows], vector), 5)
        return str(self.codebook_.examples[rows[int(nearness.argmax())]].text)


def example_vectors(
    codebook: Codebook,
    sentences: SentenceVectors,
    progress: Callable[[int, int], None] | None = None,
) -> Floats:
    """One row for each example. Of those that the engine came with the vectors are known: a copy
    of its codebook in which little is changed is read in seconds, not minutes."""
    known = learned_ahead()
    texts = [example.text for example in codebook.examples]
    new = sorted({text for text in texts if text not in known})
    if new:
        known = known | dict(zip(new, sentences.transform_kept(new, progress), strict=True))
    return np.array([known[text] for text in texts], np.float32)


def learned_ahead() -> dict[str, Floats]:
    """The vectors, rounded, of the examples that the engine came with, by their text; none where
    that codebook was changed in its place since."""
    send, trained = Codebook.read(SEND_CODEBOOK), read_arrays(TRAINED / TOPICS)
    if str(trained["lesson"]) != send.lesson:
        return {}
    vectors = trained["examples"].astype(np.float32) / np.float32(127)
    return {one.text: vector for one, vector in zip(send.examples, vectors, strict=True)}


class ThemeModel:
    """Themes out of topics.

    `sharpness` is the power to which scores are raised, so that a score of 0.6 is right six times
    in ten, and `sure_from` the score below which the guess is not sure: both chosen on examples of
    hands that were held out of training.
    """

    def __init__(
        self,
        topics: TopicModel,
        sharpness: float = 0.8,
        sure_from: float = 0.6,
        theme_labels: Mapping[str, str] | None = None,
    ) -> None:
        self.topics = topics
        self.sharpness = sharpness
        self.sure_from = sure_from
        self.theme_labels = {**THEME_LABELS, **(theme_labels or {})}

    def theme_scores(self, by_topic: Scores) -> Scores:
        sharp = (by_topic @ self.topics.membership_) ** self.sharpness
        return np.asarray(np.round(sharp / sharp.sum(axis=1, keepdims=True), 4))

    def guesses(self, vectors: Floats, by_topic: Scores, by_theme: Scores) -> list[ThemeGuess]:
        return [
            self._guess(vector, topics, themes)
            for vector, topics, themes in zip(vectors, by_topic, by_theme, strict=True)
        ]

    def _guess(self, vector: Floats, topics: Scores, themes: Scores) -> ThemeGuess:
        order = np.argsort(-themes, kind="stable")
        within = topics * self.topics.membership_[:, order[0]]
        topic = self.topics.topics_[int(within.argmax())]
        names = self.topics.themes_
        sure = bool(themes[order[0]] >= self.sure_from)
        example = shortened(self.topics.nearest_example(vector, topic.id), QUOTED_WORDS).rstrip(".")
        close = f"lose to the topic “{topic.label}”, like our own example “{example}”."
        return ThemeGuess(
            theme=names[order[0]],
            scores={name: float(score) for name, score in zip(names, themes, strict=True)},
            topic=topic.id,
            reason=f"C{close}" if sure else f"{self._torn(names, order)} Somewhat c{close}",
            sure=sure,
        )

    def _torn(self, names: Sequence[str], order: NDArray[np.int64]) -> str:
        best, *others = (self.theme_labels.get(names[row], names[row]) for row in order[:2])
        return f"Not sure: between {best} and {others[0]}." if others else "Not sure."


def shortened(text: str, words: int) -> str:
    """The first so many words on one line, with an ellipsis where words are left out."""
    parts: Sequence[str] = text.split()
    if len(parts) <= words:
        return " ".join(parts)
    return " ".join(parts[:words]).rstrip(",;:.-") + "…"
