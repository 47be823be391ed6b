"""The codebook: the topics of a field, and examples of how people speak of each."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from outcomes.engine.errors import EngineError
from outcomes.engine.rows import BadRow, read_rows

# The themes of the SEND codebook; another codebook's are what its topics name.
THEMES = ("families", "health", "education", "activities", "none")
KINDS = ("outcome", "experience", "service", "measure")

SEND_CODEBOOK = Path(__file__).resolve().parent.parent / "codebook" / "send"
EXAMPLE_FIELDS = frozenset({"topic", "text", "theme", "kind", "audience", "hand"})


@dataclass(frozen=True)
class Topic:
    """`opposes` holds the topics of the opposite view; where one names another, both do."""

    id: str
    label: str
    theme: str
    definition: str = ""
    includes: str = ""
    excludes: str = ""
    opposes: tuple[str, ...] = ()
    improvement_priorities: tuple[int, ...] = ()


class LineError(EngineError):
    """A mistake in one line: its number, and the sentence without the place."""

    def __init__(self, number: int, sentence: str, whole: str) -> None:
        super().__init__(whole)
        self.number, self.sentence = number, sentence


class BadCodebook(EngineError):
    """All mistakes of a codebook, in the order in which they were met; the first is the text."""

    def __init__(self, mistakes: list[LineError]) -> None:
        more = f" And {len(mistakes) - 1} more." if len(mistakes) > 1 else ""
        super().__init__(f"{mistakes[0]}{more}")
        self.mistakes = mistakes


TOPIC_FIELDS = frozenset(name for name in Topic.__annotations__ if name != "id") | {"topic"}


@dataclass(frozen=True)
class Example:
    topic: str
    text: str
    kind: str | None = None
    audience: str | None = None
    hand: str | None = None


@dataclass(frozen=True)
class Codebook:
    """Topics by id and their examples, both in an order that does not depend on the files'.

    `warnings` are sentences on what is allowed but hardly meant, such as an example given twice.
    """

    topics: dict[str, Topic]
    examples: tuple[Example, ...]
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Codebook":
        """A .jsonl file, or all in a folder; mistakes are refused by file and line: BadCodebook.

        A line with a `label` is a topic and one with a `text` an example, in whichever file.
        """
        files = tuple(_files(Path(path)))
        return _read(files, _content(files))

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """Those that topics name: the SEND codebook's in their order, then others by name."""
        named = {topic.theme for topic in self.topics.values()}
        return tuple(name for name in THEMES if name in named) + tuple(sorted(named - {*THEMES}))

    @cached_property
    def lesson(self) -> str:
        """The same for the same examples of the same topics: all that models are trained on."""
        content: list[object] = [[topic.id, topic.theme] for topic in self.topics.values()]
        content += [[example.topic, example.text, example.kind] for example in self.examples]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same topics and examples, however they lie in files and by whom."""
        content: list[object] = [vars(topic) for topic in self.topics.values()]
        content += [[one.topic, one.text, one.kind, one.audience] for one in self.examples]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class _Line:
    """A row and where it stands: "health.jsonl, line 3"."""

    place: str
    number: int
    row: dict[str, Any]

    def error(self, sentence: str) -> LineError:
        return LineError(self.number, sentence, f"{self.place}: {sentence}")

    def text(self, name: str) -> str:
        value = self.row.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"the field “{name}” is missing or is not text.")
        return value.strip()

    def text_if_any(self, name: str) -> str:
        return "" if self.row.get(name) in (None, "") else self.text(name)

    def names(self, name: str) -> tuple[str, ...]:
        """One name, a list of them, or none."""
        value = self.row.get(name)
        given = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(one, str) and one.strip() for one in given):
            raise self.error(f"the field “{name}” is neither a topic nor a list of topics.")
        return tuple(sorted({one.strip() for one in given}))

    def numbers(self, name: str) -> tuple[int, ...]:
        value = self.row.get(name)
        given = value if isinstance(value, list) else [] if value is None else [value]
        if not all(type(one) is int and one > 0 for one in given):
            raise self.error(f"the field “{name}” is not a list of whole numbers from 1.")
        return tuple(sorted(set(given)))


class _Reader:
    """Gathers the lines of all files, for a topic may be described after its examples."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}
        self.described: dict[str, _Line] = {}
        self.examples: list[Example] = []
        self.exemplary: list[_Line] = []
        self.warnings: list[str] = []
        self.mistakes: list[LineError] = []
        self.mistaken: set[object] = set()

    def read(self, path: Path) -> None:
        number = 0
        for number, row in read_rows(path):
            place = f"{path.name}, line {number}"
            if isinstance(row, BadRow):
                self.mistakes.append(LineError(number, f"{row}.", f"{place}: {row}."))
            else:
                self._each([_Line(place, number, row)], self._sort)
        if not number:
            raise EngineError(f"{path.name}, line 1: the file is empty.")

    def codebook(self) -> Codebook:
        given, self.exemplary = self.exemplary, []
        self._each(given, self._add_example)
        if not self.mistakes:
            self._require_enough()
            self._oppose()
        if self.mistakes:
            raise BadCodebook(self.mistakes)
        self._note_repeats()
        examples = sorted(zip(self.examples, self.exemplary, strict=True), key=_order)
        return Codebook(
            dict(sorted(self.topics.items())),
            tuple(example for example, _ in examples),
            tuple(self.warnings),
        )

    def _each(self, lines: list[_Line], read: Callable[[_Line], None]) -> None:
        """A mistake in one line stops no other; a topic with one is not missed by its examples."""
        for line in lines:
            try:
                read(line)
            except LineError as mistake:
                self.mistakes.append(mistake)
                self.mistaken.add(str(line.row.get("topic", "")).strip())

    def _sort(self, line: _Line) -> None:
        if "label" in line.row and "text" in line.row:
            raise line.error("both “label”, as of a topic, and “text”, as of an example.")
        if "label" in line.row:
            self._add_topic(line)
        elif "text" in line.row:
            self.exemplary.append(line)
        else:
            raise line.error("the field “text” of an example, or “label” of a topic, is missing.")

    def _add_topic(self, line: _Line) -> None:
        topic = Topic(
            id=line.text("topic"),
            label=line.text("label"),
            theme=line.text("theme"),
            definition=line.text_if_any("definition"),
            includes=line.text_if_any("includes"),
            excludes=line.text_if_any("excludes"),
            opposes=line.names("opposes"),
            improvement_priorities=line.numbers("improvement_priorities"),
        )
        if topic.id in self.topics:
            place = self.described[topic.id].place
            raise line.error(f"the topic “{topic.id}” is already described in {place}.")
        for other in self.topics.values():
            if other.theme != topic.theme and other.theme.casefold() == topic.theme.casefold():
                raise line.error(f"the theme “{topic.theme}” is written “{other.theme}” elsewhere.")
        self._note_unknown(line, TOPIC_FIELDS)
        self.topics[topic.id] = topic
        self.described[topic.id] = line

    def _add_example(self, line: _Line) -> None:
        kind, audience = (line.text_if_any(name) or None for name in ("kind", "audience"))
        example = Example(
            line.text("topic"), line.text("text"), kind, audience, line.text_if_any("hand") or None
        )
        topic = self.topics.get(example.topic)
        if topic is None and example.topic in self.mistaken:
            return
        if topic is None:
            raise line.error(f"no topic “{example.topic}” is described in the codebook.")
        theme = line.text_if_any("theme") or topic.theme
        if theme != topic.theme:
            raise line.error(f"theme “{theme}”, but the topic “{topic.id}” is in “{topic.theme}”.")
        if kind is not None and kind not in KINDS:
            raise line.error(f"“{kind}” is not a kind; use {', '.join(KINDS)}.")
        self._note_unknown(line, EXAMPLE_FIELDS)
        self.examples.append(example)
        self.exemplary.append(line)

    def _oppose(self) -> None:
        """Where one topic opposes another, the other opposes it."""
        both: dict[str, set[str]] = {name: set() for name in self.topics}
        for name, topic in self.topics.items():
            for other in topic.opposes:
                if other not in self.topics or other == name:
                    sentence = f"opposes “{other}”, which is no other topic of the codebook."
                    self.mistakes.append(self.described[name].error(sentence))
                else:
                    both[name].add(other)
                    both[other].add(name)
        for name, others in both.items():
            self.topics[name] = replace(self.topics[name], opposes=tuple(sorted(others)))

    def _require_enough(self) -> None:
        counts = Counter(example.topic for example in self.examples)
        for name, line in self.described.items():
            if not counts[name]:
                sentence = f"the codebook has no example for the topic “{name}”."
                self.mistakes.append(line.error(sentence))
        if len(self.topics) < 2 and not self.mistakes:
            place = (*self.described.values(), *self.exemplary)[0].place
            raise EngineError(f"{place}: the codebook needs two topics or more.")

    def _note_repeats(self) -> None:
        first: dict[str, tuple[str, str]] = {}
        for example, line in zip(self.examples, self.exemplary, strict=True):
            topic, place = first.setdefault(plain_words(example.text), (example.topic, line.place))
            if place != line.place:
                where = "" if topic == example.topic else f", there under “{topic}”"
                self.warnings.append(f"{line.place}: the same example as {place}{where}.")

    def _note_unknown(self, line: _Line, known: frozenset[str]) -> None:
        for name in sorted(line.row.keys() - known):
            self.warnings.append(f"{line.place}: the field “{name}” is not known.")


@lru_cache(maxsize=4)
def _read(files: tuple[Path, ...], _content: str) -> Codebook:
    """Once for the same content: of a large codebook it takes a second."""
    reader = _Reader()
    for file in files:
        reader.read(file)
    return reader.codebook()


def _content(files: tuple[Path, ...]) -> str:
    try:
        return " ".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    except OSError as error:
        raise EngineError(f"{error.filename} could not be read: {error.strerror}.") from error


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = [file for file in sorted(path.glob("*.jsonl")) if not file.name.startswith(".")]
    if not files:
        raise EngineError(f"No codebook was found: {path} holds no .jsonl file.")
    return files


def _order(pair: tuple[Example, _Line]) -> tuple[str, ...]:
    example = pair[0]
    fields = (example.topic, example.text, example.kind, example.audience, example.hand)
    return tuple(field or "" for field in fields)


def plain_words(text: str) -> str:
    return " ".join(text.casefold().split())
