"""The theme of an idea: the codebook's topics by logistic regression, summed to themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from outcomes.engine.codebook import THEMES, Codebook

Floats = NDArray[np.float32]

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
    theme: str
    scores: dict[str, float]
    topic: str
    topic_score: float
    reason: str


class ThemeModel:
    """Themes by their nearness to the codebook's examples.

    Chosen by five-fold cross-validation over the codebook: `inverse_penalty`, the C of the
    regression, for accuracy; `sharpness`, the power to which scores are raised, so that a score
    of 0.6 is right six times in ten; `sure_from`, the score below which the reason says that it
    is not sure (about a third of ideas, of which a third are right).
    """

    def __init__(
        self,
        inverse_penalty: float = 3.0,
        sharpness: float = 2.0,
        sure_from: float = 0.4,
        theme_labels: Mapping[str, str] | None = None,
    ) -> None:
        self.inverse_penalty = inverse_penalty
        self.sharpness = sharpness
        self.sure_from = sure_from
        self.theme_labels = theme_labels

    def fit(self, vectors: Floats, codebook: Codebook) -> "ThemeModel":
        """`vectors` has a row for each example of the codebook, in its order."""
        topics = [example.topic for example in codebook.examples]
        regression = LogisticRegression(C=self.inverse_penalty, max_iter=500)
        # On one core: faster than two cores that wait for each other, and the same on any machine.
        with threadpool_limits(1):
            self.regression_ = regression.fit(np.asarray(vectors, np.float64), topics)
        self.topics_ = [codebook.topics[topic] for topic in regression.classes_]
        self.membership_ = np.array(
            [[topic.theme == theme for theme in THEMES] for topic in self.topics_], np.float64
        )
        self.vectors_ = vectors
        self.codebook_ = codebook
        rows = np.array(topics)
        self.rows_ = {topic.id: np.flatnonzero(rows == topic.id) for topic in self.topics_}
        return self

    def predict(self, vectors: Floats) -> list[ThemeGuess]:
        """A guess for each row; scores are rounded, so that a row's do not depend on the others."""
        by_topic = self.topic_scores(vectors)
        by_theme = self.theme_scores(by_topic)
        return [
            self._guess(vector, topics, themes)
            for vector, topics, themes in zip(vectors, by_topic, by_theme, strict=True)
        ]

    def topic_scores(self, vectors: Floats) -> NDArray[np.float64]:
        if not len(vectors):
            return np.zeros((0, len(self.topics_)))
        scores = self.regression_.predict_proba(np.asarray(vectors, np.float64))
        return np.asarray(np.round(scores, 6))

    def topic_scores_within(self, vectors: Floats, theme: str) -> NDArray[np.float64]:
        """Scores of the topics of one theme only."""
        columns = [topic.theme == theme for topic in self.topics_]
        return np.asarray(self.topic_scores(vectors)[:, columns])

    def theme_scores(self, by_topic: NDArray[np.float64]) -> NDArray[np.float64]:
        sharp = (by_topic @ self.membership_) ** self.sharpness
        return np.asarray(np.round(sharp / sharp.sum(axis=1, keepdims=True), 4))

    def _guess(
        self, vector: Floats, topics: NDArray[np.float64], themes: NDArray[np.float64]
    ) -> ThemeGuess:
        theme = THEMES[int(themes.argmax())]
        within = topics * self.membership_[:, int(themes.argmax())]
        best = int(within.argmax())
        scores = {name: float(score) for name, score in zip(THEMES, themes, strict=True)}
        return ThemeGuess(
            theme=theme,
            scores=scores,
            topic=self.topics_[best].id,
            topic_score=float(topics[best]),
            reason=self._reason(vector, self.topics_[best].id, scores),
        )

    def _reason(self, vector: Floats, topic: str, scores: dict[str, float]) -> str:
        best, second = sorted(THEMES, key=lambda theme: -scores[theme])[:2]
        example = self._nearest_example(vector, topic)
        label = self.codebook_.topics[topic].label
        close = f"lose to the topic “{label}”, like our own example “{example}”."
        if scores[best] >= self.sure_from:
            return f"C{close}"
        labels = {**THEME_LABELS, **(self.theme_labels or {})}
        return f"Not sure: between {labels[best]} and {labels[second]}. Somewhat c{close}"

    def _nearest_example(self, vector: Floats, topic: str) -> str:
        rows = self.rows_[topic]
        nearness = np.round(np.einsum("ew,w->e", self.vectors_[rows], vector), 5)
        return shortened(self.codebook_.examples[rows[int(nearness.argmax())]].text, QUOTED_WORDS)


def shortened(text: str, words: int) -> str:
    """The first so many words on one line, with an ellipsis where words are left out."""
    parts: Sequence[str] = text.split()
    if len(parts) <= words:
        return " ".join(parts)
    return " ".join(parts[:words]).rstrip(",;:.-") + "…"
