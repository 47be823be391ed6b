"""The whole pass: texts in, ideas with their themes and groups out.

Everything is worked out on distinct wordings in the order of their content, so that neither the
order of the rows nor their ids can change a theme, a group or a name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcomes.engine import VERSION
from outcomes.engine.clusters import ALONE, Clusters, near_identical
from outcomes.engine.codebook import THEMES, Codebook
from outcomes.engine.names import Member, Namer
from outcomes.engine.records import Analysis, FoundGroup, FoundIdea, Text, check, fingerprint
from outcomes.engine.texts import Span, split
from outcomes.engine.themes import THEME_LABELS, ThemeGuess, ThemeModel
from outcomes.engine.vectors import SentenceVectors
from outcomes.engine.weights import WEIGHTS_SHA256

__all__ = ["Analysis", "FoundGroup", "FoundIdea", "Pipeline", "Text"]

SEND_CODEBOOK = Path(__file__).resolve().parent.parent / "codebook" / "send"
# Texts split, or ideas given a theme, between two reports of progress.
BATCH = 250

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Saying:
    """Wordings alike enough to count as one, under the first of them, with who said them."""

    wordings: tuple[str, ...]
    vector: NDArray[np.float32]
    said_by: tuple[str, ...]


class Pipeline:
    """`analyse` learns from the codebook on its first call and keeps what it learned."""

    def __init__(
        self,
        codebook: Path = SEND_CODEBOOK,
        cache_dir: Path | None = None,
        theme_labels: dict[str, str] | None = None,
        seed: int = 0,
    ) -> None:
        self.codebook = codebook
        self.cache_dir = cache_dir
        self.theme_labels = theme_labels
        self.seed = seed

    def fit(self, progress: Progress | None = None) -> "Pipeline":
        report = progress or _silent
        self.codebook_ = Codebook.read(self.codebook)
        self.vectors_ = SentenceVectors(cache_dir=self.cache_dir)
        examples = [example.text for example in self.codebook_.examples]
        vectors = self.vectors_.transform_kept(examples, _stage(report, "Reading the codebook"))
        report("Learning the codebook", 0, 1)
        self.theme_model_ = ThemeModel(theme_labels=self.theme_labels)
        self.theme_model_.fit(vectors, self.codebook_)
        report("Learning the codebook", 1, 1)
        return self

    def analyse(self, texts: Sequence[Text], progress: Progress | None = None) -> Analysis:
        """Ideas in the order of the texts; `progress` may raise to stop the analysis."""
        report = progress or _silent
        check(texts)
        if not hasattr(self, "theme_model_"):
            self.fit(progress)
        spans = _spans(texts, report)
        sayings = self._sayings(texts, spans, report)
        guesses = self._guesses(sayings, report)
        groups, group_of = self._groups(sayings, guesses, report)
        told = {
            wording: (guess, group_of.get(saying.wordings[0]))
            for saying, guess in zip(sayings, guesses, strict=True)
            for wording in saying.wordings
        }
        settings = self._settings()
        return Analysis(
            ideas=tuple(
                _idea(text, span, *told[text.text[slice(*span)]])
                for text, found in zip(texts, spans, strict=True)
                for span in found
            ),
            groups=groups,
            version=VERSION,
            settings=settings,
            fingerprint=fingerprint(texts, VERSION, settings),
        )

    def _sayings(
        self, texts: Sequence[Text], spans: list[list[Span]], report: Progress
    ) -> list[Saying]:
        said_by: dict[str, list[str]] = {}
        for text, found in zip(texts, spans, strict=True):
            for span in found:
                said_by.setdefault(text.text[slice(*span)], []).append(text.voice or text.id)
        wordings = sorted(said_by)
        vectors = self.vectors_.transform(wordings, _stage(report, "Reading each idea"))
        alike: dict[int, list[int]] = {}
        for row, label in enumerate(near_identical(vectors, wordings).tolist()):
            alike.setdefault(label, []).append(row)
        return [
            Saying(
                wordings=tuple(wordings[row] for row in rows),
                vector=vectors[rows[0]],
                said_by=tuple(name for row in rows for name in said_by[wordings[row]]),
            )
            for rows in alike.values()
        ]

    def _guesses(self, sayings: list[Saying], report: Progress) -> list[ThemeGuess]:
        guesses: list[ThemeGuess] = []
        for start in range(0, len(sayings), BATCH):
            vectors = np.array([saying.vector for saying in sayings[start : start + BATCH]])
            guesses += self.theme_model_.predict(vectors)
            report("Suggesting themes", len(guesses), len(sayings))
        return guesses

    def _groups(
        self, sayings: list[Saying], guesses: list[ThemeGuess], report: Progress
    ) -> tuple[tuple[FoundGroup, ...], dict[str, int]]:
        """The groups, numbered by theme, size and name, and the number of each first wording."""
        namer = Namer().fit([saying.wordings[0] for saying in sayings])
        groups: list[FoundGroup] = []
        group_of: dict[str, int] = {}
        for done, theme in enumerate(THEMES):
            report("Grouping ideas", done, len(THEMES))
            rows = [row for row, guess in enumerate(guesses) if guess.theme == theme]
            for members, name in self._named_groups(sayings, guesses, rows, theme, namer):
                number = len(groups) + 1
                reason = namer.reason(members, self._topic_labels())
                groups.append(FoundGroup(number, theme, name, reason))
                group_of.update((member.text, number) for member in members)
        report("Grouping ideas", len(THEMES), len(THEMES))
        return tuple(groups), group_of

    def _named_groups(
        self,
        sayings: list[Saying],
        guesses: list[ThemeGuess],
        rows: list[int],
        theme: str,
        namer: Namer,
    ) -> list[tuple[list[Member], str]]:
        """The groups of one theme: the largest first, then by name."""
        vectors = np.array([sayings[row].vector for row in rows], np.float32)
        scores = self.theme_model_.topic_scores_within(vectors, theme)
        voices = [frozenset(sayings[row].said_by) for row in rows]
        labels = Clusters(seed=self.seed).fit(vectors, scores, voices).labels_
        grouped: dict[int, list[Member]] = {}
        for row, label in zip(rows, labels.tolist(), strict=True):
            if label != ALONE:
                member = _member(sayings[row], guesses[row])
                grouped.setdefault(label, []).append(member)
        named = namer.named(list(grouped.values()))
        return sorted(named, key=lambda pair: (-_size(pair[0]), pair[1]))

    def _topic_labels(self) -> dict[str, str]:
        return {topic.id: topic.label for topic in self.codebook_.topics.values()}

    def _settings(self) -> dict[str, Any]:
        """All that decides the result beside the texts and the engine's version."""
        labels: Mapping[str, str] = {**THEME_LABELS, **(self.theme_labels or {})}
        return {
            "codebook": self.codebook_.fingerprint,
            "sentence_model": WEIGHTS_SHA256,
            "theme_labels": dict(labels),
            "themes": _stored(ThemeModel()),
            "clusters": _stored(Clusters(seed=self.seed)),
        }


def _spans(texts: Sequence[Text], report: Progress) -> list[list[Span]]:
    spans: list[list[Span]] = []
    for done, text in enumerate(texts):
        if done % BATCH == 0:
            report("Splitting answers into ideas", done, len(texts))
        kept = text.spans
        spans.append(split(text.text) if kept is None else sorted((a, b) for a, b in kept))
    report("Splitting answers into ideas", len(texts), len(texts))
    return spans


def _idea(text: Text, span: Span, guess: ThemeGuess, group: int | None) -> FoundIdea:
    return FoundIdea(
        text_id=text.id,
        start=span[0],
        end=span[1],
        theme=guess.theme,
        scores=dict(guess.scores),
        topic=guess.topic,
        reason=guess.reason,
        group=group,
    )


def _member(saying: Saying, guess: ThemeGuess) -> Member:
    return Member(saying.wordings[0], saying.vector, guess.topic, len(saying.said_by))


def _size(members: list[Member]) -> int:
    return sum(member.count for member in members)


def _stored(estimator: object) -> dict[str, Any]:
    return {name: value for name, value in vars(estimator).items() if name != "theme_labels"}


def _stage(report: Progress, sentence: str) -> Callable[[int, int], None]:
    return lambda done, total: report(sentence, done, total)


def _silent(stage: str, done: int, total: int) -> None:
    """For callers who do not ask how far it is."""
