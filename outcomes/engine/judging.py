"""Who judges an idea's theme: a codebook, officers' decisions, both, or nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from outcomes.engine.codebook import Codebook
from outcomes.engine.errors import EngineError
from outcomes.engine.labelled import LabelledModel
from outcomes.engine.learning import Learner, reconciled
from outcomes.engine.pooled import pooled_vectors
from outcomes.engine.records import Label
from outcomes.engine.themes import Floats, Scores, ThemeGuess, ThemeModel, TopicModel
from outcomes.engine.vectors import SentenceVectors

Progress = Callable[[int, int], None]

DECIDED = "An officer decided so for the same words."
# From what officers put under a theme, a guess below this is not sure.
SURE_FROM = 0.6


@dataclass(frozen=True)
class Judgement:
    """A guess for each idea, and how likely each of the topics is for it (ideas by topics)."""

    guesses: list[ThemeGuess]
    topic_scores: Scores


class Judge(Protocol):
    """`themes` are those that a guess may have; ideas are grouped within each.

    `opposites` are, by topic, the topics of the opposite view.
    """

    themes: tuple[str | None, ...]
    topic_labels: dict[str, str]
    opposites: dict[str, tuple[str, ...]]

    def judge(self, texts: Sequence[str], vectors: Floats) -> Judgement: ...

    def settings(self) -> dict[str, Any]: ...


class NoJudge:
    """With neither codebook nor labels: ideas have no theme and are grouped all together."""

    def __init__(self) -> None:
        self.themes: tuple[str | None, ...] = (None,)
        self.topic_labels: dict[str, str] = {}
        self.opposites: dict[str, tuple[str, ...]] = {}

    def judge(self, texts: Sequence[str], vectors: Floats) -> Judgement:
        guess = ThemeGuess(None, {}, None, "No codebook was given.")
        return Judgement([guess] * len(texts), np.zeros((len(texts), 0)))

    def settings(self) -> dict[str, Any]:
        return {"codebook": None}


class LabelJudge:
    """With labels alone: the themes are whatever the labels name."""

    def __init__(self, labels: Sequence[Label]) -> None:
        themed = [(label.text, label.theme) for label in labels if label.theme]
        texts, themes = [text for text, _ in themed], [theme for _, theme in themed]
        self.themes: tuple[str | None, ...] = tuple(sorted(set(themes)))
        if len(self.themes) < 2:
            raise EngineError("The labels name fewer than two themes: there is nothing to learn.")
        self.model = LabelledModel().fit(texts, pooled_vectors(texts), themes)
        self.topic_labels: dict[str, str] = {}
        self.opposites: dict[str, tuple[str, ...]] = {}

    def judge(self, texts: Sequence[str], vectors: Floats) -> Judgement:
        scores = self.model.scores(texts, pooled_vectors(texts))
        guesses = [self._guess(np.round(row, 4)) for row in scores]
        return Judgement(guesses, np.zeros((len(texts), 0)))

    def settings(self) -> dict[str, Any]:
        return {"codebook": None, "learned_from": "labels", "themes": list(self.themes)}

    def _guess(self, row: Scores) -> ThemeGuess:
        names = [str(name) for name in self.model.classes_]
        best, second = np.argsort(-row, kind="stable")[:2]
        sure = bool(row[best] >= SURE_FROM)
        reason = f"Like what was labelled “{names[best]}”."
        return ThemeGuess(
            theme=names[best],
            scores={name: float(score) for name, score in zip(names, row, strict=True)},
            topic=None,
            reason=reason if sure else f"Not sure: “{names[best]}” or “{names[second]}”.",
            sure=sure,
        )


class CodebookJudge:
    """With a codebook, and what officers decided so far on top of it."""

    def __init__(
        self,
        codebook: Codebook,
        labels: Sequence[Label],
        sentences: SentenceVectors,
        theme_labels: dict[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.topics = TopicModel().fit(codebook, sentences, progress)
        self.model = ThemeModel(self.topics, theme_labels=theme_labels)
        self.themes: tuple[str | None, ...] = self.topics.themes_
        self.topic_labels = {topic.id: topic.label for topic in self.topics.topics_}
        self.opposites = {topic.id: topic.opposes for topic in self.topics.topics_}
        self.decided = {label.text: theme for label in labels if (theme := self._theme(label))}
        known = self.topic_labels
        self.decided_topics = {one.text: one.topic for one in labels if one.topic in known}
        self._learn(sentences)

    def judge(self, texts: Sequence[str], vectors: Floats) -> Judgement:
        if not len(texts):
            return Judgement([], np.zeros((0, len(self.topic_labels))))
        by_topic = self.topics.scores(texts, vectors)
        by_theme = self.model.theme_scores(by_topic)
        if self.decided:
            by_theme = self.theme_learner.scores(vectors, by_theme)
            by_topic = self.topic_learner.scores(vectors, by_topic)
            by_topic = reconciled(by_topic, by_theme, self.topics.membership_)
        guesses = self.model.guesses(vectors, by_topic, by_theme)
        pairs = zip(texts, guesses, strict=True)
        return Judgement([self._as_decided(text, guess) for text, guess in pairs], by_topic)

    def settings(self) -> dict[str, Any]:
        return {
            "codebook": self.topics.codebook_.fingerprint,
            "theme_labels": self.model.theme_labels,
            "sharpness": self.model.sharpness,
            "sure_from": self.model.sure_from,
            "inverse_penalty": self.topics.inverse_penalty,
            "word_weight": self.topics.word_weight,
            "decisions": sorted(self.decided.items()),
            "topics_decided": sorted(self.decided_topics.items()),
        }

    def _theme(self, label: Label) -> str | None:
        topic = self.topics.codebook_.topics.get(label.topic or "")
        return label.theme or (topic.theme if topic else None)

    def _learn(self, sentences: SentenceVectors) -> None:
        """Themes from all decisions, and which topic within a theme from those that name one."""
        texts = list(self.decided)
        vectors = sentences.transform(texts)
        by_topic = self.topics.scores(texts, vectors)
        themes = dict(enumerate(self.decided.values()))
        self.theme_learner = Learner([str(theme) for theme in self.themes])
        self.theme_learner.fit(vectors, self.model.theme_scores(by_topic), themes)
        rows = enumerate(texts)
        topics = {row: of for row, text in rows if (of := self.decided_topics.get(text))}
        self.topic_learner = Learner(list(self.topic_labels), alike=0, places=6)
        self.topic_learner.fit(vectors, by_topic, topics)

    def _as_decided(self, text: str, guess: ThemeGuess) -> ThemeGuess:
        theme = self.decided.get(text)
        if theme is None:
            return guess
        scores = {name: float(name == theme) for name in guess.scores}
        topic = self.decided_topics.get(text, guess.topic if theme == guess.theme else None)
        return replace(guess, theme=theme, scores=scores, topic=topic, reason=DECIDED, sure=True)


def judge_for(
    codebook: Path | None,
    labels: Sequence[Label],
    cache_dir: Path | None,
    theme_labels: dict[str, str] | None,
    progress: Progress | None = None,
) -> Judge:
    sentences = SentenceVectors(cache_dir=cache_dir)
    if codebook is not None:
        read = Codebook.read(codebook)
        return CodebookJudge(read, labels, sentences, theme_labels, progress)
    if any(label.theme for label in labels):
        return LabelJudge(labels)
    return NoJudge()
