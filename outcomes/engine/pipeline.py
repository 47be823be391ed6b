"""The whole pass: texts in, ideas with their themes and groups out.

Everything is worked out on distinct wordings in the order of their content, so that neither the
order of the rows nor their ids can change a theme, a group or a name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcomes.engine import VERSION
from outcomes.engine.adapter import ADAPTER, sha256
from outcomes.engine.atlas import nearest, places
from outcomes.engine.checking import Gain, expected_gain, propose
from outcomes.engine.clusters import Clusters
from outcomes.engine.codebook import SEND_CODEBOOK
from outcomes.engine.executors import opened, spread
from outcomes.engine.grouping import Grouping, Saying, taught, vectors_of
from outcomes.engine.judging import DECIDED, Judge, Judgement, judge_for
from outcomes.engine.kept import KeptReadings
from outcomes.engine.kinds import KindModel
from outcomes.engine.languages import language_name
from outcomes.engine.near import near_duplicates, near_identical
from outcomes.engine.reading import Reading, read_chunk
from outcomes.engine.records import (
    Analysis,
    FoundGroup,
    FoundIdea,
    FoundText,
    Label,
    Text,
    check,
    fingerprint,
)
from outcomes.engine.themes import ThemeGuess
from outcomes.engine.vectors import SentenceVectors
from outcomes.engine.weights import WEIGHTS_SHA256

__all__ = ["SEND_CODEBOOK", "Analysis", "FoundGroup", "FoundIdea", "Label", "Pipeline", "Text"]

# Texts in one piece of work for an executor.
CHUNK = 250

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Told:
    """What is told of an idea once its wording is judged."""

    guess: ThemeGuess
    kind: tuple[str | None, float]
    group: int | None


@dataclass(frozen=True)
class Place:
    """A wording's point on the map, from 0 to 1, and the wordings most like it, nearest first."""

    x: float
    y: float
    alike: tuple[str, ...]


class Pipeline:
    """`analyse` learns from the codebook and the labels on its first call and keeps it.

    `codebook` is a folder or a file, or None for none. With `cache_dir`, what was read of each text
    is kept there under a hash of its content, so that a second analysis is quick; the words
    themselves are not kept. `executor` is an address that `executors.opened` takes.
    """

    def __init__(
        self,
        codebook: Path | None = SEND_CODEBOOK,
        cache_dir: Path | None = None,
        theme_labels: dict[str, str] | None = None,
        seed: int = 0,
        labels: Sequence[Label] = (),
        executor: str | None = None,
    ) -> None:
        self.codebook = codebook
        self.cache_dir = cache_dir
        self.theme_labels = theme_labels
        self.seed = seed
        self.labels = tuple(labels)
        self.executor = executor

    def fit(self, progress: Progress | None = None) -> "Pipeline":
        report = progress or _silent
        report("Learning the codebook", 0, 1)
        self.judge_: Judge = judge_for(
            self.codebook,
            self.labels,
            self.cache_dir,
            self.theme_labels,
            _stage(report, "Reading the codebook"),
        )
        sentences = SentenceVectors(cache_dir=self.cache_dir)
        self.taught_ = taught(self.labels, self.judge_, sentences)
        self.kinds_ = KindModel().fit(self.labels, sentences)
        report("Learning the codebook", 1, 1)
        return self

    def analyse(
        self, texts: Sequence[Text], progress: Progress | None = None, scope: str = "all"
    ) -> Analysis:
        """Ideas in the order of the texts; `progress` may raise to stop the analysis.

        `scope` names whose readings these are among those kept: they replace what that scope had.
        """
        report = progress or _silent
        check(texts)
        readings = self._readings(texts, scope, report)
        if not hasattr(self, "judge_"):
            self.fit(progress)
        sayings = self._sayings(texts, readings, report)
        told, groups = self._told(sayings, report)
        self.told_ = told
        settings = self._settings()
        return Analysis(
            ideas=tuple(
                _idea(text, span, told[text.text[slice(*span)]])
                for text, reading in zip(texts, readings, strict=True)
                for span in reading.spans
            ),
            groups=groups,
            texts=_found_texts(texts, readings),
            version=VERSION,
            settings=settings,
            fingerprint=fingerprint(texts, VERSION, settings),
        )

    def check_next(self, count: int) -> tuple[list[tuple[str, float, str]], Gain]:
        """The wordings of the last analysis that are most useful to decide on next, each with how
        useful (in ideas that are probably wrong) and why; and what deciding on them will bring."""
        sayings, judged = self.last_
        names = [name for name in self.judge_.themes if name]
        if not sayings or not names:
            return [], expected_gain(vectors_of([]), np.zeros((0, 1)), [], [])
        scores = np.array([[guess.scores[name] for name in names] for guess in judged.guesses])
        decided = [row for row, guess in enumerate(judged.guesses) if guess.reason == DECIDED]
        vectors = vectors_of(sayings)
        called = [(self.theme_labels or {}).get(name, name) for name in names]
        found = propose(vectors, scores, decided, count=count, names=called)
        gain = expected_gain(vectors, scores, decided, [one.row for one in found])
        return [(sayings[one.row].wordings[0], one.usefulness, one.reason) for one in found], gain

    def atlas(self) -> dict[str, Place]:
        """Where each wording of the last analysis lies, and the wordings most like it."""
        sayings, _judged = self.last_
        vectors = vectors_of(sayings)
        groups = [self.told_[saying.wordings[0]].group for saying in sayings]
        points, near = places(vectors, groups), nearest(vectors)
        first = [saying.wordings[0] for saying in sayings]
        return {
            wording: Place(float(x), float(y), tuple(first[row] for row in rows))
            for saying, (x, y), rows in zip(sayings, points, near, strict=True)
            for wording in saying.wordings
        }

    def _readings(self, texts: Sequence[Text], scope: str, report: Progress) -> list[Reading]:
        """One reading for each text; equal texts are read once, and those kept not at all."""
        distinct = {_content(text): text for text in texts}
        kept = KeptReadings(self.cache_dir, scope)
        known = kept.read(distinct)
        new = [distinct[content] for content in sorted(distinct.keys() - known.keys())]
        chunks = [new[start : start + CHUNK] for start in range(0, len(new), CHUNK)]
        stage = _stage(report, "Reading answers and notes")
        with opened(self.executor) as executor:
            done = spread(executor, read_chunk, chunks, stage)
        fresh = (reading for chunk in done for reading in chunk)
        known.update(zip((_content(text) for text in new), fresh, strict=True))
        if new:
            kept.write(known)
        return [known[_content(text)] for text in texts]

    def _sayings(
        self, texts: Sequence[Text], readings: list[Reading], report: Progress
    ) -> list[Saying]:
        report("Comparing ideas", 0, 1)
        said_by: dict[str, list[str]] = {}
        vectors: dict[str, NDArray[np.float32]] = {}
        languages: dict[str, set[str | None]] = {}
        for text, reading in zip(texts, readings, strict=True):
            for span, vector in zip(reading.spans, reading.vectors, strict=True):
                wording = text.text[slice(*span)]
                said_by.setdefault(wording, []).append(text.voice or text.id)
                vectors[wording] = vector
                languages.setdefault(wording, set()).add(
                    None if reading.in_english else reading.language
                )
        wordings = sorted(said_by)
        if not wordings:
            return []
        rows = np.array([vectors[wording] for wording in wordings], np.float32)
        alike: dict[int, list[int]] = {}
        for row, label in enumerate(near_identical(rows, wordings).tolist()):
            alike.setdefault(label, []).append(row)
        return [
            Saying(
                wordings=tuple(wordings[row] for row in members),
                vector=rows[members[0]],
                said_by=tuple(name for row in members for name in said_by[wordings[row]]),
                language=_only(languages[wordings[members[0]]]),
            )
            for members in alike.values()
        ]

    def _told(
        self, sayings: list[Saying], report: Progress
    ) -> tuple[dict[str, Told], tuple[FoundGroup, ...]]:
        english = [saying for saying in sayings if saying.language is None]
        judged = self._judged(english, report)
        self.last_ = english, judged
        grouping = Grouping(self.judge_, self.seed).fit(self.taught_)
        first = [saying.wordings[0] for saying in english]
        kinds = self.kinds_.guesses(first, vectors_of(english))
        names = [kind for kind, _ in kinds]
        groups, group_of = grouping.groups(english, judged, names, report)
        told: dict[str, Told] = {}
        for saying, guess, kind in zip(english, judged.guesses, kinds, strict=True):
            for wording in saying.wordings:
                told[wording] = Told(guess, kind, group_of.get(saying.wordings[0]))
        for saying in sayings:
            if saying.language is not None:
                reason = f"Written in {language_name(saying.language)}: translate it first."
                guess = ThemeGuess(None, {}, None, reason)
                told.update(
                    (wording, Told(guess, (None, 0.0), None)) for wording in saying.wordings
                )
        return told, groups

    def _judged(self, sayings: list[Saying], report: Progress) -> Judgement:
        report("Suggesting themes", 0, len(sayings))
        texts = [saying.wordings[0] for saying in sayings]
        judged = self.judge_.judge(texts, vectors_of(sayings))
        report("Suggesting themes", len(sayings), len(sayings))
        return judged

    def _settings(self) -> dict[str, Any]:
        """All that decides the result beside the texts and the engine's version."""
        return {
            "sentence_model": WEIGHTS_SHA256,
            "adapter": sha256(ADAPTER),
            "judge": self.judge_.settings(),
            "kinds_decided": sorted(self.kinds_.decided_.items()),
            "clusters": vars(Clusters(seed=self.seed)),
        }


def _content(text: Text) -> tuple[str, tuple[tuple[int, int], ...] | None]:
    return text.text, None if text.spans is None else tuple(sorted(text.spans))


def _found_texts(texts: Sequence[Text], readings: list[Reading]) -> tuple[FoundText, ...]:
    """`near_duplicate_of` is the id of the first in order of content, whatever the rows' order."""
    order = sorted(range(len(texts)), key=lambda row: (texts[row].text, texts[row].id))
    leaders = near_duplicates([texts[row].text for row in order])
    leader_of = {order[place]: order[leader] for place, leader in enumerate(leaders)}
    return tuple(
        FoundText(
            text.id,
            reading.language,
            reading.concern,
            reading.details,
            texts[leader_of[row]].id if leader_of[row] != row else None,
        )
        for row, (text, reading) in enumerate(zip(texts, readings, strict=True))
    )


def _idea(text: Text, span: tuple[int, int], told: Told) -> FoundIdea:
    return FoundIdea(
        text_id=text.id,
        start=span[0],
        end=span[1],
        theme=told.guess.theme,
        scores=dict(told.guess.scores),
        topic=told.guess.topic,
        reason=told.guess.reason,
        group=told.group,
        kind=told.kind[0],
        kind_score=told.kind[1],
        sure=told.guess.sure,
    )


def _only(languages: set[str | None]) -> str | None:
    """The language that a wording was always found in other than English, the first by name."""
    return None if None in languages else min(language for language in languages if language)


def _stage(report: Progress, sentence: str) -> Callable[[int, int], None]:
    return lambda done, total: report(sentence, done, total)


def _silent(stage: str, done: int, total: int) -> None:
    """For callers who do not ask how far it is."""
