"""Each part of the engine, the baselines and the second coder, measured on the same rows."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from benchmarks import engine_baselines as baselines
from benchmarks import engine_data as data
from benchmarks import engine_scores as scores
from benchmarks.document import table
from benchmarks.intervals import Interval
from outcomes.engine.pipeline import Pipeline
from outcomes.engine.records import Analysis, FoundIdea
from outcomes.engine.texts import split_by_rules

SETS = {
    "ideas_a": "ideas A (looked at during development)",
    "ideas_b": "ideas B (its figures were known)",
    "ideas_c": "ideas C (untouched until the end)",
    "seed": "the demonstration's 106",
}
ANSWERS = {
    "answers_a": "Answers A (looked at during development)",
    "answers_b": "Answers B (untouched until the end)",
}
ALARMS = {
    "screening": "First set (its figures were known)",
    "screening_b": "Second set (untouched up to engine 1.1; since then its figures were known)",
}
ALLOWED_ALARMS = 0.1
Row = dict[str, Any]
Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Ideas:
    """A coded set with what the engine found in it, all in one pass."""

    name: str
    rows: list[Row]
    found: tuple[FoundIdea, ...]

    def gold(self, field: str) -> list[str]:
        return [row[field] for row in self.rows]


def read_ideas(pipeline: Pipeline) -> list[Ideas]:
    sets = []
    for name in SETS:
        rows = data.ideas(name)
        sets.append(Ideas(name, rows, pipeline.analyse(data.whole(rows)).ideas))
    return sets


def shown(interval: Interval) -> str:
    if isnan(interval.value):
        return "–"
    if interval.low is None or interval.high is None:
        return f"{interval.value:.2f}"
    return f"{interval.value:.2f} ({interval.low:.2f}–{interval.high:.2f})"


# Themes and kinds


def themes(sets: Sequence[Ideas]) -> str:
    head = ["set", "who", "accuracy", "macro-F1", "within the top two", "recall of none"]
    rows = [line for one in sets for line in _theme_rows(one, sets[-1])]
    return f"{table(head, rows)}\n\n{_sureness(sets)}"


def _theme_rows(one: Ideas, seed: Ideas) -> list[list[str]]:
    gold = one.gold("theme")
    by_label = [idea.scores for idea in one.found]
    top_two = scores.with_interval(scores.share, scores.in_top_two(gold, by_label))
    ways: dict[str, Sequence[str | None]] = {
        "the engine": [idea.theme for idea in one.found],
        **_theme_baselines(one, seed),
    }
    second = data.second_coder(one.name, one.rows)
    if second:
        ways["second coder, blind"] = [row["theme"] for row in second]
    return [
        [
            SETS[one.name],
            who,
            shown(scores.with_interval(scores.accuracy, gold, found)),
            shown(scores.with_interval(scores.macro_f1, gold, found)),
            shown(top_two) if who == "the engine" else "",
            shown(scores.with_interval(_recall_of_none, gold, found)),
        ]
        for who, found in ways.items()
    ]


def _recall_of_none(gold: Sequence[str], found: Sequence[str]) -> float:
    return scores.recall_of("none", gold, found)


def _theme_baselines(one: Ideas, seed: Ideas) -> dict[str, list[str]]:
    known = baselines.packaged_vectors([row["text"] for row in seed.rows])
    labels = seed.gold("theme")
    if one.name == "seed":
        told = baselines.themes_held_out(known, labels)
        regression, neighbour = told["regression"], told["neighbour"]
    else:
        unknown = baselines.packaged_vectors([row["text"] for row in one.rows])
        regression = baselines.themes_by_regression(known, labels, unknown)
        neighbour = baselines.themes_by_neighbour(known, labels, unknown)
    return {
        "MiniLM, logistic regression on the 106": regression,
        "MiniLM, nearest of the 106": neighbour,
    }


def _sureness(sets: Sequence[Ideas]) -> str:
    head = ["set", "ideas it is sure of", "right of these", "right of the others"]
    rows = []
    for one in sets:
        gold = one.gold("theme")
        right: dict[bool, list[bool]] = {True: [], False: []}
        for label, idea in zip(gold, one.found, strict=True):
            right[idea.sure].append(label == idea.theme)
        sure = [idea.sure for idea in one.found]
        shares = [scores.share(flags) for flags in (sure, right[True], right[False])]
        rows.append(
            [SETS[one.name], *(f"{share:.0%}" if share == share else "–" for share in shares)]
        )
    return table(head, rows)


def kinds(sets: Sequence[Ideas]) -> str:
    rows = []
    for one in sets:
        gold = one.gold("kind")
        common = Counter(gold).most_common(1)[0][0]
        ways: dict[str, Sequence[str | None]] = {
            "the engine": [idea.kind for idea in one.found],
            f"always “{common}”": [common] * len(gold),
        }
        second = data.second_coder(one.name, one.rows)
        if second:
            ways["second coder, blind"] = [row["kind"] for row in second]
        for who, found in ways.items():
            measured = (
                scores.with_interval(score, gold, found)
                for score in (scores.accuracy, scores.macro_f1)
            )
            rows.append([SETS[one.name], who, *map(shown, measured)])
    return table(["set", "who", "accuracy", "macro-F1"], rows)


# Groups


def grouping(sets: Sequence[Ideas]) -> str:
    head = [
        "set",
        "who",
        "groups of two or more",
        "adjusted Rand index",
        "pairwise F1",
        "groups of one or two recovered",
    ]
    return table(head, [line for one in sets for line in _group_rows(one)])


def _group_rows(one: Ideas) -> list[list[str]]:
    gold = one.gold("cluster")
    vectors = baselines.packaged_vectors([row["text"] for row in one.rows])
    count = len(set(gold))
    ways: dict[str, list[Any]] = {
        "the engine": [idea.group for idea in one.found],
        f"MiniLM, Ward, told there are {count}": baselines.groups_by_ward(vectors, count),
        f"MiniLM, k-means, told there are {count}": baselines.groups_by_k_means(vectors, count),
    }
    second = data.second_coder(one.name, one.rows)
    if second:
        ways["second coder, blind"] = [row["cluster"] for row in second]
    return [[SETS[one.name], who, *_group_cells(gold, found)] for who, found in ways.items()]


def _group_cells(gold: Sequence[str], found: Sequence[Any]) -> list[str]:
    recovered, small = scores.small_recovered(gold, found)
    return [
        f"{_groups(found)} ({_groups(gold)} by hand)",
        f"{round(scores.rand_index(gold, found), 2) + 0.0:.2f}",
        f"{scores.pairwise_f1(gold, found):.2f}",
        f"{recovered} of {small}" if small else "–",
    ]


def _groups(labels: Sequence[Any]) -> int:
    sizes = Counter(label for label in labels if label is not None)
    return sum(size > 1 for size in sizes.values())


# Splitting


def splitting(pipeline: Pipeline) -> str:
    return "\n\n".join(f"{title}:\n\n{_split(pipeline, name)}" for name, title in ANSWERS.items())


def _split(pipeline: Pipeline, name: str) -> str:
    rows = data.read(data.DATA / f"{name}.jsonl")
    found: dict[str, Spans] = {row["id"]: [] for row in rows}
    for idea in pipeline.analyse(data.unsplit(rows)).ideas:
        found[idea.text_id].append((idea.start, idea.end))
    ways = {
        "the engine": [found[row["id"]] for row in rows],
        "rules without the trained part": [split_by_rules(row["text"]) for row in rows],
        "each sentence an idea": [baselines.sentences(row["text"]) for row in rows],
    }
    second = data.second_coder(name, rows)
    if second:
        ways["second coder, blind"] = [data.spans(row) for row in second]
    head = [
        "who",
        "cuts between two ideas, F1",
        "whole ideas, F1",
        "answers without an idea told",
    ]
    return table(head, [[who, *_split_cells(rows, spans)] for who, spans in ways.items()])


def _split_cells(rows: Sequence[Row], found: Sequence[Spans]) -> list[str]:
    empty = [not spans for row, spans in zip(rows, found, strict=True) if not row["spans"]]
    return [
        shown(scores.f1_of(_counts(scores.inner_cuts, rows, found))),
        shown(scores.f1_of(_counts(scores.exact_spans, rows, found))),
        f"{sum(empty)} of {len(empty)}",
    ]


def _counts(
    score: Callable[..., scores.Counts], rows: Sequence[Row], found: Sequence[Spans]
) -> list[scores.Counts]:
    return [
        score(row["text"], data.spans(row), spans) for row, spans in zip(rows, found, strict=True)
    ]


# Screening and personal details


def screening(pipeline: Pipeline) -> str:
    return "\n\n".join(f"{title}:\n\n{_screened(pipeline, name)}" for name, title in ALARMS.items())


def _screened(pipeline: Pipeline, name: str) -> str:
    rows = data.read(data.DATA / f"{name}.jsonl")
    concerns = [text.concern for text in pipeline.analyse(data.unsplit(rows)).texts]
    flags = [concern.flag for concern in concerns]
    words = [baselines.keywords(row["text"]) for row in rows]
    head = ["who", "recall at 10% false alarms", "recall, own alarm", "false alarms, own alarm"]
    lines = [
        ["the engine", *_alarm_cells(rows, flags, [concern.score for concern in concerns])],
        ["words of harm", *_alarm_cells(rows, [count > 0 for count in words], words)],
    ]
    second = data.second_coder(name, rows)
    if second:
        lines.append(["second coder, blind", *_alarm_cells(rows, [row["risk"] for row in second])])
    return f"{table(head, lines)}\n\n{_by_category(rows, flags)}\n\n{_hard_cases(rows, flags)}"


def _alarm_cells(
    rows: Sequence[Row], flags: Sequence[bool], levels: Sequence[float] | None = None
) -> list[str]:
    risk = [row["risk"] for row in rows]

    def at_tenth(risk: Sequence[bool], levels: Sequence[float]) -> float:
        return scores.recall_at(ALLOWED_ALARMS, risk, levels)

    return [
        shown(scores.with_interval(at_tenth, risk, levels)) if levels else "",
        shown(scores.with_interval(lambda *both: scores.alarm_rates(*both)[0], risk, flags)),
        shown(scores.with_interval(lambda *both: scores.alarm_rates(*both)[1], risk, flags)),
    ]


def _by_category(rows: Sequence[Row], flags: Sequence[bool]) -> str:
    told: dict[str, list[bool]] = {}
    for row, flag in zip(rows, flags, strict=True):
        if row["risk"]:
            told.setdefault(row["category"], []).append(flag)
    lines = [[name, f"{sum(hits)} of {len(hits)}"] for name, hits in sorted(told.items())]
    return table(["category", "flagged by the engine"], lines)


def _hard_cases(rows: Sequence[Row], flags: Sequence[bool]) -> str:
    hard = [(row, flag) for row, flag in zip(rows, flags, strict=True) if row["hard"]]
    recall, alarms = scores.alarm_rates(
        [row["risk"] for row, _ in hard], [flag for _, flag in hard]
    )
    return (
        f"Of the {len(hard)} texts written to be hard (harm told sideways, alarming words without "
        f"harm) the engine's own alarm has a recall of {recall:.2f} and {alarms:.0%} false alarms."
    )


def personal_details(pipeline: Pipeline) -> str:
    rows = data.read(data.DATA / "details.jsonl")
    found = pipeline.analyse(data.unsplit(rows))
    ways: dict[str, list[Row]] = {
        "the engine": _detail_rows(found),
        "patterns alone": [
            {"details": [{"start": a, "end": b, "kind": kind} for a, b, kind in spans]}
            for spans in (baselines.patterned(row["text"]) for row in rows)
        ],
    }
    second = data.second_coder("details", rows)
    if second:
        ways["second coder, blind"] = second
    wanted = Counter(detail["kind"] for row in rows for detail in row["details"])
    lines = [
        [name, str(count), *(_detail_cell(rows, one, kind) for one in ways.values())]
        for name, kind, count in [
            ("any kind", None, wanted.total()),
            *((kind.replace("_", " "), kind, count) for kind, count in wanted.most_common()),
        ]
    ]
    return table(["overlap F1", "to be found", *ways], lines)


def _detail_rows(found: Analysis) -> list[Row]:
    return [
        {"details": [{"start": d.start, "end": d.end, "kind": d.kind} for d in text.details]}
        for text in found.texts
    ]


def _detail_cell(rows: Sequence[Row], found: Sequence[Row], kind: str | None) -> str:
    return shown(scores.f1_of(detail_counts(rows, found, kind)))


def detail_counts(
    rows: Sequence[Row], found: Sequence[Row], kind: str | None = None
) -> list[scores.Counts]:
    return [
        scores.overlaps(data.details(row, kind), data.details(other, kind))
        for row, other in zip(rows, found, strict=True)
    ]
