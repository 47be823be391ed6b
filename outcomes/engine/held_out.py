"""How often a codebook's themes are right, tried on examples that were kept from learning."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.codebook import Codebook, Example, plain_words
from outcomes.engine.themes import ThemeModel, TopicModel, example_vectors, learned_ahead
from outcomes.engine.vectors import SentenceVectors

# One new example in so many of each topic is kept from learning.
ONE_IN = 5


@dataclass(frozen=True)
class HeldOut:
    """Counts of examples: of the `tried`, those whose theme came first, or among the first two;
    and of those that the machine calls sure, those whose theme it got right."""

    tried: int = 0
    right: int = 0
    within_two: int = 0
    sure: int = 0
    sure_right: int = 0


def held_out(
    codebook: Codebook,
    sentences: SentenceVectors,
    progress: Callable[[int, int], None] | None = None,
) -> HeldOut:
    """Of the examples that the engine came with none is tried: the reading of sentences itself was
    learned from them. Nought of everything where no topic has two others that differ."""
    vectors = example_vectors(codebook, sentences, progress)
    seen = learned_ahead()
    held = _held([one for one in codebook.examples if one.text not in seen], codebook.examples)
    if not held.any():
        return HeldOut()
    kept = [one for one, out in zip(codebook.examples, held, strict=True) if not out]
    smaller = replace(codebook, examples=tuple(kept))
    topics = TopicModel().learned(smaller, vectors[~held])
    tried = [one for one, out in zip(codebook.examples, held, strict=True) if out]
    by_topic = topics.scores([one.text for one in tried], vectors[held])
    model = ThemeModel(topics)
    by_theme = model.theme_scores(by_topic)
    themes = [codebook.topics[one.topic].theme for one in tried]
    truth = np.array([codebook.themes.index(theme) for theme in themes])
    order = np.argsort(-by_theme, axis=1, kind="stable")
    right = order[:, 0] == truth
    sure = by_theme.max(axis=1) >= model.sure_from
    return HeldOut(
        tried=len(tried),
        right=int(right.sum()),
        within_two=int((order[:, :2] == truth[:, None]).any(axis=1).sum()),
        sure=int(sure.sum()),
        sure_right=int((sure & right).sum()),
    )


def _held(new: Sequence[Example], examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Which are kept from learning: some of the new ones, chosen by a hash of their words, so that
    the order of the file says nothing. A topic's repeats stay together, and it keeps one or more.
    """
    of_topic: dict[str, set[str]] = {}
    for one in new:
        of_topic.setdefault(one.topic, set()).add(plain_words(one.text))
    out = {
        (topic, words)
        for topic, said in of_topic.items()
        for words in sorted(said, key=_hash)[: _so_many(len(said))]
    }
    return np.array([(one.topic, plain_words(one.text)) in out for one in examples], bool)


def _so_many(examples: int) -> int:
    return 0 if examples < 2 else max(1, examples // ONE_IN)


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
