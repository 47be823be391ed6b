"""Groups of ideas: those that officers made first, then new ones within each theme.

Of a large group, what people ask for and what they say happens stand apart, and are linked.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from outcomes.engine.clusters import ALONE, Clusters, space
from outcomes.engine.judging import Judge, Judgement
from outcomes.engine.names import Member, Namer
from outcomes.engine.records import FoundGroup, Label
from outcomes.engine.themes import Floats, ThemeGuess
from outcomes.engine.vectors import WIDTH, SentenceVectors

Progress = Callable[[str, int, int], None]

TAUGHT = "Ideas like those that officers put in this cluster."
# A group is parted when so many wordings ask for something and so many tell of what happens. In
# smaller ones a reader sees both at once.
PARTED_FROM = 12
TELLS = "experience"


@dataclass(frozen=True)
class Saying:
    """Wordings alike enough to count as one, under the first of them, with who said them.

    `language` is null for English.
    """

    wordings: tuple[str, ...]
    vector: NDArray[np.float32]
    said_by: tuple[str, ...]
    language: str | None


@dataclass(frozen=True)
class Part:
    """A new group: a whole one, or what of it asks for something, or tells of what happens; parts
    of one whole have the same `whole`."""

    members: list[Member]
    name: str
    whole: int
    asks: bool | None


@dataclass(frozen=True)
class Taught:
    """What officers put in clusters: the clusters' names and a row of `points` for each text."""

    decided: dict[str, str]
    clusters: list[str]
    points: Floats


def taught(labels: Sequence[Label], judge: Judge, sentences: SentenceVectors) -> Taught:
    """Points lie in the space in which ideas are grouped."""
    decided = {label.text: label.cluster for label in labels if label.cluster}
    texts = sorted(decided)
    vectors = sentences.transform(texts)
    points = space(vectors, judge.judge(texts, vectors).topic_scores)
    return Taught(decided, [decided[text] for text in texts], points)


class Grouping:
    """`joins_within` is how near (half a squared distance) an idea must be to join what officers
    made: nearer than ideas of one new group are to each other on average."""

    def __init__(self, judge: Judge, seed: int, joins_within: float = 0.35) -> None:
        self.judge = judge
        self.seed = seed
        self.joins_within = joins_within

    def fit(self, taught: Taught) -> "Grouping":
        self.taught_ = taught
        return self

    def groups(
        self, sayings: list[Saying], judged: Judgement, kinds: Sequence[str], report: Progress
    ) -> tuple[tuple[FoundGroup, ...], dict[str, int]]:
        """The groups, numbered in order, and the number of each first wording; `kinds` are those
        of the sayings."""
        joined = self._joined(sayings, judged)
        groups: list[FoundGroup] = []
        group_of: dict[str, int] = {}
        for name in sorted(set(joined.values())):
            rows = [row for row, cluster in joined.items() if cluster == name]
            themes = Counter(judged.guesses[row].theme for row in rows)
            theme = min(themes, key=lambda one: (-themes[one], one or ""))
            groups.append(FoundGroup(len(groups) + 1, theme, name, TAUGHT))
            group_of.update((sayings[row].wordings[0], len(groups)) for row in rows)
        namer = Namer().fit([saying.wordings[0] for saying in sayings])
        for done, theme in enumerate(self.judge.themes):
            report("Grouping ideas", done, len(self.judge.themes))
            parts = self._parts(sayings, judged, kinds, theme, set(joined), namer)
            reasons = [self._reason(part, parts, namer) for part in parts]
            for part, reason in zip(parts, reasons, strict=True):
                topic = _main_topic(part.members)
                groups.append(FoundGroup(len(groups) + 1, theme, part.name, reason, topic))
                group_of.update((member.text, len(groups)) for member in part.members)
        report("Grouping ideas", len(self.judge.themes), len(self.judge.themes))
        return _with_opposites(groups, self.judge.opposites), group_of

    def _joined(self, sayings: list[Saying], judged: Judgement) -> dict[int, str]:
        """The rows that belong to a cluster which officers made: decided so, or near enough."""
        if not self.taught_.clusters or not sayings:
            return {}
        decided = self.taught_.decided
        points = space(vectors_of(sayings), judged.topic_scores)
        joined = {}
        for row, saying in enumerate(sayings):
            known = [decided[one] for one in saying.wordings if one in decided]
            nearness = np.round(self.taught_.points @ points[row], 5)
            nearest = int(nearness.argmax())
            if known:
                joined[row] = known[0]
            elif 1 - nearness[nearest] <= self.joins_within:
                joined[row] = self.taught_.clusters[nearest]
        return joined

    def _parts(
        self,
        sayings: list[Saying],
        judged: Judgement,
        kinds: Sequence[str],
        theme: str | None,
        joined: set[int],
        namer: Namer,
    ) -> list[Part]:
        """The new groups of one theme: the largest first, then by name."""
        rows = [
            row
            for row, guess in enumerate(judged.guesses)
            if guess.theme == theme and row not in joined
        ]
        if not rows:
            return []
        voices = [frozenset(sayings[row].said_by) for row in rows]
        vectors = vectors_of([sayings[row] for row in rows])
        clusters = Clusters(seed=self.seed).fit(vectors, judged.topic_scores[rows], voices)
        grouped: dict[int, list[int]] = {}
        for row, label in zip(rows, clusters.labels_.tolist(), strict=True):
            if label != ALONE:
                grouped.setdefault(label, []).append(row)
        parted = [(whole, *part) for whole in grouped for part in _parted(grouped[whole], kinds)]
        member = {row: _member(sayings[row], judged.guesses[row]) for row in rows}
        named = namer.named([[member[row] for row in part] for _, part, _ in parted])
        name_of = {members[0].text: name for members, name in named}
        parts = [
            Part([member[row] for row in part], name_of[member[part[0]].text], whole, asks)
            for whole, part, asks in parted
        ]
        return sorted(parts, key=lambda part: (-_size(part.members), part.name))

    def _reason(self, part: Part, parts: list[Part], namer: Namer) -> str:
        reason = namer.reason(part.members, self.judge.topic_labels)
        other = next((one.name for one in parts if one.whole == part.whole and one != part), None)
        if other is None:
            return reason
        if part.asks:
            return f"{reason} What people ask for; what they say happens: “{other}”."
        return f"{reason} What people say happens; what they ask for: “{other}”."


def _parted(rows: list[int], kinds: Sequence[str]) -> list[tuple[list[int], bool | None]]:
    tells = [row for row in rows if kinds[row] == TELLS]
    asks = [row for row in rows if kinds[row] != TELLS]
    if min(len(tells), len(asks)) < PARTED_FROM:
        return [(rows, None)]
    return [(tells, False), (asks, True)]


def vectors_of(sayings: Sequence[Saying]) -> Floats:
    return np.array([one.vector for one in sayings], np.float32).reshape(len(sayings), WIDTH)


def _main_topic(members: list[Member]) -> str | None:
    """The topic of more than half of the ideas, if there is one."""
    counts: Counter[str] = Counter()
    for member in members:
        if member.topic:
            counts[member.topic] += member.count
    topic, count = min(counts.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return topic if count * 2 > _size(members) else None


def _with_opposites(
    groups: list[FoundGroup], opposites: dict[str, tuple[str, ...]]
) -> tuple[FoundGroup, ...]:
    linked = []
    for group in groups:
        against = opposites.get(group.topic or "", ())
        others = [other for other in groups if other.topic in against]
        names = ", ".join(f"“{other.name}”" for other in others)
        reason = f"{group.reason} The opposite view: {names}." if others else group.reason
        numbers = tuple(other.number for other in others)
        linked.append(replace(group, reason=reason, opposes=numbers))
    return tuple(linked)


def _member(saying: Saying, guess: ThemeGuess) -> Member:
    return Member(saying.wordings[0], saying.vector, guess.topic, len(saying.said_by))


def _size(members: list[Member]) -> int:
    return sum(member.count for member in members)
