"""Officers' decisions, read from JSON lines: what the engine learns from."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from outcomes.engine.codebook import KINDS, Codebook
from outcomes.engine.records import Label
from outcomes.engine.rows import BadRow, Row, field, quoted, read_rows

Numbered = tuple[int, Label]


def read_labels(path: Path, codebook: Codebook | None) -> tuple[list[Numbered], list[str]]:
    """The decisions that are sound, by row, and a sentence for each that is not.

    Without a codebook the themes and topics are whatever the decisions name.
    """
    read: list[Numbered] = []
    troubles: list[str] = []
    for number, row in read_rows(path):
        try:
            read.append((number, _label(row, codebook)))
        except BadRow as trouble:
            troubles.append(f"Row {number}: {trouble}.")
    return read, troubles


def settled(labels: Sequence[Numbered]) -> tuple[list[Label], list[str]]:
    """One decision for each text: what most say, or else the last; and where they differ."""
    by_text: dict[str, list[Numbered]] = {}
    for number, label in labels:
        by_text.setdefault(label.text, []).append((number, label))
    notices: list[str] = []
    return [_settle(text, given, notices) for text, given in by_text.items()], notices


def _label(row: Row | BadRow, codebook: Codebook | None) -> Label:
    if isinstance(row, BadRow):
        raise row
    text = field(row, "text")
    if not text or not text.strip():
        raise BadRow("the field “text” is missing")
    theme, topic, cluster = field(row, "theme"), field(row, "topic"), _cluster(row)
    kind = _kind(row)
    if not (theme or topic or cluster or kind):
        raise BadRow("it decides nothing: there is no theme, topic, cluster or kind")
    if codebook is not None:
        theme = _known(theme or None, topic or None, codebook)
    return Label(text, theme or None, topic or None, cluster or None, kind)


def _kind(row: Row) -> str | None:
    kind = field(row, "kind") or None
    if kind is not None and kind not in KINDS:
        raise BadRow(f"{quoted(kind)} is not a kind; use {', '.join(KINDS)}")
    return kind


def _cluster(row: Row) -> str | None:
    """A cluster may be named by a number, as the command does."""
    value = row.get("cluster")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return field(row, "cluster")


def _known(theme: str | None, topic: str | None, codebook: Codebook) -> str | None:
    """The theme, which a topic of the codebook brings with it."""
    if theme is not None and theme not in codebook.themes:
        raise BadRow(f"{quoted(theme)} is not a theme; use {', '.join(codebook.themes)}")
    if topic is None:
        return theme
    if topic not in codebook.topics:
        raise BadRow(f"the codebook has no topic {quoted(topic)}")
    home = codebook.topics[topic].theme
    if theme not in (None, home):
        raise BadRow(f"the theme is “{theme}”, but the topic {quoted(topic)} is in “{home}”")
    return home


def _settle(text: str, given: list[Numbered], notices: list[str]) -> Label:
    theme = _most([label.theme for _, label in given])
    # A topic chosen together with another theme is no topic of this one.
    agreeing = [label for _, label in given if label.theme in (None, theme)]
    topic = _most([label.topic for label in agreeing])
    cluster = _most([label.cluster for _, label in given])
    chosen = Label(text, theme, topic, cluster, _most([label.kind for _, label in given]))
    for name in ("theme", "topic", "cluster", "kind"):
        said = {getattr(label, name) for _, label in given} - {None}
        if len(said) > 1:
            notices.append(_notice(name, [number for number, _ in given], text, chosen))
    return chosen


def _most(values: Sequence[str | None]) -> str | None:
    said = [value for value in values if value is not None]
    counts = Counter(said)
    last = {value: place for place, value in enumerate(said)}
    return max(counts, key=lambda value: (counts[value], last[value]), default=None)


def _notice(name: str, rows: list[int], text: str, chosen: Label) -> str:
    numbers = f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"
    value = quoted(getattr(chosen, name))
    return f"Rows {numbers} give different {name}s to {quoted(text)}; {value} counts."
