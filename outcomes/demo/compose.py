"""Composes the demonstration's answers and workshop notes, the same ones every time.

    python -m outcomes.demo.compose

writes responses.jsonl and notes.jsonl, which are committed; a test composes them again and
compares. The gold labels (where each idea starts and ends, its theme, group and kind) lie beside
each text, so that splitting, theming and grouping can be measured against them.

Times are minutes before the moment the demonstration is loaded, because its surveys are open on
that day. The moment of loading is taken for the end of an evening: a rush of answers comes in the
last five hours and three in the last hour. An answer sent in the minutes of grace after closing
cannot exist while the survey is open; special_cases.jsonl holds one (S20), for tests.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from outcomes.demo import answers as paper
from outcomes.demo.answers import Piece
from outcomes.demo.dice import Dice
from outcomes.demo.fragments import Fragments
from outcomes.demo.ideas import HERE, Idea, Larder, Themes, about, load_ideas, read_jsonl
from outcomes.demo.ways import add_ways

SEED = 20210673  # one of many under which every seed idea is said by somebody
RESPONSES = {"parent_carer": 120, "practitioner": 60, "young_person": 40}
SURVEYS = {
    "parent_carer": "parents",
    "practitioner": "practitioners",
    "young_person": "young-people",
}
QUESTIONS = ("what_matters", "difference", "how_know")
ANSWERED = {  # how many people answer each question at all
    "parent_carer": (0.97, 0.78, 0.62),
    "practitioner": (0.97, 0.85, 0.8),
    "young_person": (0.97, 0.65, 0.4),
}
IDEAS_PER_ANSWER = {
    "parent_carer": {1: 0.24, 2: 0.25, 3: 0.21, 4: 0.13, 5: 0.1, 6: 0.05, 7: 0.02},
    "practitioner": {1: 0.05, 2: 0.55, 3: 0.4},
    "young_person": {1: 0.6, 2: 0.34, 3: 0.06},
}
WORDS = {  # of one person's answers together
    "parent_carer": (40, 250),
    "practitioner": (30, 150),
    "young_person": (5, 20),
}
KINDS = {  # what people say in reply to what
    "what_matters": {"outcome": 0.5, "experience": 0.35, "service": 0.15},
    "difference": {"outcome": 0.55, "experience": 0.2, "service": 0.1, "measure": 0.15},
    "how_know": {"measure": 0.94, "outcome": 0.06},
}
WORK_KINDS = KINDS | {  # practitioners count only when they are asked to
    "difference": {"outcome": 0.6, "experience": 0.3, "service": 0.1},
}
OPENERS = {"parent_carer": 0.35, "practitioner": 0.25, "young_person": 0.1}
CLOSERS = {"parent_carer": 0.2, "practitioner": 0.15, "young_person": 0.1}
TWO_THEMES = 0.42  # of the answers with two ideas or more; a third of all
NOISE = {"typos": 0.05, "grammar": 0.08, "capitals": 0.02}
ASIDES = {"heated": 0.15, "sarcasm": 0.03, "off_topic": 0.05}
EMPTY = 0.055  # of second and third answers; 3% of all
OPEN_MINUTES = 19 * 24 * 60  # the surveys opened twenty days before
RUSH_MINUTES = 300
VOTED = ("Said more than once: ", "Flip chart: ")  # notes that begin so were voted on with dots
NOTES = {"parents-morning": 18, "parents-evening": 16, "practitioners": 16}

Row = dict[str, Any]
Answer = tuple[str, list[Row], list[str]]  # text, gold, noise


@dataclass(frozen=True)
class Who:
    """Somebody who answers; a parent or carer writes about one child."""

    audience: str
    child: str = ""


def words_in(ideas: Iterable[Idea]) -> int:
    return sum(len(idea.text.split()) for idea in ideas)


class Composer:
    def __init__(self, seed: int = SEED) -> None:
        self.dice = Dice(seed)
        self.larder = Larder(load_ideas(), self.dice)
        self.fragments = Fragments(self.dice)
        self.special = read_jsonl("special_cases.jsonl")
        mixed = [gold["theme"] for case in self.special if case["mix"] for gold in case["gold"]]
        self.themes = Themes(self.dice, mixed)

    # What somebody says.

    def choose(self, who: Who, question: str, said: list[Idea]) -> list[Idea]:
        """The ideas of one answer: of one theme, or of two; no more words than people write."""
        count = self.dice.weighted(IDEAS_PER_ANSWER[who.audience].items())
        first = self.themes.draw()
        mixed = count > 4 or (count > 1 and self.dice.chance(TWO_THEMES))
        second = self.themes.draw(but=first) if mixed else first
        themes = [first, second, *(self.dice.pick([first, second]) for _ in range(count - 2))]
        most = WORDS[who.audience][1] * 0.8  # the rest is for what stands around ideas
        kinds = KINDS[question] if who.audience != "practitioner" else WORK_KINDS[question]
        chosen: list[Idea] = []
        for theme in themes[:count]:
            not_again = {one.id for one in said} | {one.cluster for one in chosen}
            idea = self.larder.offer(who.audience, theme, kinds, not_again, who.child)
            before = words_in([*said, *chosen])
            if idea and (not before or before + words_in([idea]) <= most):
                chosen.append(idea)
                self.keep(idea)
        return self.dice.shuffled(chosen)

    def keep(self, idea: Idea) -> None:
        self.larder.used(idea)
        self.themes.used(idea.theme)

    def answer_plan(self, who: Who) -> dict[str, list[Idea]]:
        """Which questions get which ideas; none at all stands for "n/a" and the like."""
        said: list[Idea] = []
        plan: dict[str, list[Idea]] = {}
        for question, share in zip(QUESTIONS, ANSWERED[who.audience], strict=True):
            if not self.dice.chance(share):
                continue
            empty = bool(plan) and self.dice.chance(EMPTY)
            ideas = [] if empty else self.choose(who, question, said)
            if ideas or empty:
                plan[question] = ideas
                said += ideas
        return plan or self.answer_plan(who)

    # How it is written down.

    def fillers_needed(self, audience: str, plan: dict[str, list[Idea]]) -> int:
        words = sum(words_in(ideas) for ideas in plan.values())
        short = math.ceil((WORDS[audience][0] - words) / 6)
        spare = audience != "young_person" and words < WORDS[audience][1] / 2
        return min(max(short, 0) + self.dice.below(3) * spare, 4)

    def pieces(self, who: Who, ideas: list[Idea], fillers: int) -> list[Piece]:
        out: list[Piece] = []
        for idea in ideas:
            wish = idea.kind == "outcome" and idea.text.startswith(("To ", "That ", "For "))
            if who.audience == "parent_carer" and wish and self.dice.chance(0.3):
                out.append(self.aside(who, "leads"))
            out.append(Piece(about(who.child, idea.text), idea))
            if fillers and self.dice.chance(0.6):
                out.append(self.aside(who, "fillers"))
                fillers -= 1
        return out + [self.aside(who, "fillers") for _ in range(fillers)]

    def aside(self, who: Who, stack: str) -> Piece:
        return Piece(self.fragments.deal(who.audience, stack, who.child))

    def asides(self, who: Who, pieces: list[Piece]) -> tuple[list[Piece], list[str]]:
        noise = []
        for aside, rate in ASIDES.items():
            if self.dice.chance(rate):
                after = [n for n, piece in enumerate(pieces, start=1) if piece.idea]
                at = self.dice.pick(after)
                pieces = [*pieces[:at], self.aside(who, aside), *pieces[at:]]
                noise.append(aside)
        return pieces, noise

    def write(self, who: Who, pieces: list[Piece]) -> Answer:
        """Text, spans and what wear it shows. Only a slip that changed something is named."""
        pieces, noise = self.asides(who, pieces)
        several = sum(1 for piece in pieces if piece.idea) > 1
        ways = [way for way in paper.WAYS[who.audience] if several or way[0] not in paper.LISTS]
        laid = self.dice.weighted(ways)(pieces, self.dice, self.fragments.joiners(who.audience))
        for slip, rate in NOISE.items():
            if self.dice.chance(rate):
                worn = paper.wear(laid, [slip], self.dice)
                noise += [slip] if worn != laid else []
                laid = worn
        text, spans = paper.finished(laid)
        return text, paper.gold(spans), noise

    def answer(self, who: Who, ideas: list[Idea], fillers: int, first: bool, last: bool) -> Answer:
        pieces = self.pieces(who, ideas, fillers)
        if first and self.dice.chance(OPENERS[who.audience]):
            pieces.insert(0, self.aside(who, "openers"))
        if last and self.dice.chance(CLOSERS[who.audience]):
            pieces.append(self.aside(who, "closers"))
        return self.write(who, pieces)

    def response(self, audience: str) -> Row:
        child = self.dice.weighted([("son", 0.55), ("daughter", 0.45)])
        who = Who(audience, child if audience == "parent_carer" else "")
        plan = self.answer_plan(who)
        fillers = self.fillers_needed(audience, plan)
        texts: dict[str, str] = {}
        gold: list[Row] = []
        noise: dict[str, list[str]] = {}
        for number, (question, ideas) in enumerate(plan.items(), start=1):
            if not ideas:
                texts[question], noise[question] = self.fragments.empty(), ["empty"]
                continue
            here = math.ceil(fillers / (len(plan) - number + 1))
            fillers -= here
            answer = self.answer(who, ideas, here, number == 1, number == len(plan))
            texts[question], spans, noise[question] = answer
            gold += [{"question": question, **span} for span in spans]
        return self.row(audience, texts, gold, self.dice.chance(0.55)) | {"noise": noise}

    def row(self, audience: str, texts: dict[str, str], gold: list[Row], quote: bool) -> Row:
        return {
            "id": "",
            "audience": audience,
            "survey": SURVEYS[audience],
            "minutes_before_load": 0,
            "answers": texts,
            "may_quote": quote,
            "special": "",
            "noise": {},
            "gold": gold,
        }

    # When it comes in.

    def minutes(self, special: Row | None) -> int:
        """Some on the first days, some in between, a rush on the last evening; few at night."""
        if special and "minutes_within" in special["extra"]:
            return self.dice.between(61, special["extra"]["minutes_within"])
        stretch = self.dice.weighted([("rush", 0.2), ("start", 0.3), ("between", 0.5)])
        if stretch == "rush":
            return self.dice.between(61, RUSH_MINUTES)
        early = OPEN_MINUTES - 4 * 24 * 60 if stretch == "start" else RUSH_MINUTES + 1
        while True:
            minutes = self.dice.between(early, OPEN_MINUTES)
            by_night = minutes % 1440 > 1020
            if not by_night or self.dice.chance(0.12):
                return minutes

    def responses(self) -> list[Row]:
        """All of them, oldest first, the special cases among the rest."""
        rows = []
        for case in self.special:
            if case["mix"]:
                row = self.row(case["audience"], case["answers"], case["gold"], case["may_quote"])
                row["special"] = case["id"]
                row["way"] = case["extra"].get("way", {})
                row["minutes_before_load"] = self.minutes(case)
                rows.append(row)
        left = Counter(RESPONSES) - Counter(row["audience"] for row in rows)
        last_hour = [52, 27, 6]
        for audience in self.dice.shuffled(left.elements()):
            row = self.response(audience)
            row["minutes_before_load"] = last_hour.pop() if last_hour else self.minutes(None)
            rows.append(row)
        rows.sort(key=lambda row: -row["minutes_before_load"])
        rows.append(self.pictures_only())
        return add_ways([row | {"id": f"R{n:03d}"} for n, row in enumerate(rows, start=1)])

    def pictures_only(self) -> Row:
        """One more, who chose pictures and wrote nothing: no idea of theirs is ever counted."""
        [case] = [case for case in self.special if case["case"] == "S15"]
        row = self.row(case["audience"], case["answers"], [], case["may_quote"])
        return row | {"special": case["id"], "minutes_before_load": 3000, **case["extra"]}

    # Workshops.

    def note(self, audience: str) -> Row:
        lead, people = self.dice.pick(self.fragments.all["notes"][audience])
        ideas: list[Idea] = []
        for _ in range(self.dice.weighted([(1, 0.7), (2, 0.3)])):
            theme = self.themes.draw()
            kinds = {"outcome": 0.55, "experience": 0.25, "service": 0.15, "measure": 0.05}
            idea = self.larder.offer(audience, theme, kinds, {idea.cluster for idea in ideas})
            if idea:
                self.keep(idea)
                ideas.append(idea)
        opening, closing = ("", "") if lead else ("“", "”")
        pieces = [Piece(f"{lead} " if lead else opening)]
        for idea in ideas:
            gap = [Piece(" ")] if len(pieces) > 1 else []
            pieces += [*gap, Piece(paper.ended(idea.text), idea)]
        text, spans = paper.finished([*pieces, Piece(closing)])
        kind = "said" if lead else "exact"
        return {"text": text, "kind": kind, "people": people, "gold": paper.gold(spans)}

    def notes(self) -> list[Row]:
        views = self.fragments.all["notes"]["facilitator"]
        rows: list[Row] = []
        for session, count in NOTES.items():
            audience = "practitioner" if session == "practitioners" else "parent_carer"
            view = views[audience][session == "parents-evening"]
            here = [self.note(audience) for _ in range(count - 1)]
            here.append({"text": view, "kind": "facilitator", "people": 0, "gold": []})
            for order, note in enumerate(here, start=1):
                number = f"N{len(rows) + 1:03d}"
                rows.append({"id": number, "session": session, "order": order, **note})
        return [self.voted(row) for row in rows]

    def voted(self, row: Row) -> Row:
        """What got dots: the bare words, and how many. Dots are not people."""
        begins = next((words for words in VOTED if row["text"].startswith(words)), "")
        if not begins:
            return row | {"dots": None}
        spans = [
            span | {"start": span["start"] - len(begins), "end": span["end"] - len(begins)}
            for span in row["gold"]
        ]
        text, dots = row["text"].removeprefix(begins), self.dice.between(3, 14)
        return row | {"text": text, "kind": "dots", "people": 0, "gold": spans, "dots": dots}


def compose() -> dict[str, str]:
    """The two files by name, each as its whole text."""
    composer = Composer()
    files = {"responses.jsonl": composer.responses(), "notes.jsonl": composer.notes()}
    return {
        name: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        for name, rows in files.items()
    }


if __name__ == "__main__":
    for name, text in compose().items():
        (HERE / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(10))} rows")
