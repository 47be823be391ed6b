"""The ideas that the demonstration is composed from: the seed, and many more ways to say them."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outcomes.demo.dice import Dice

HERE = Path(__file__).parent

AUDIENCES = {
    "parent carer": "parent_carer",
    "practitioner": "practitioner",
    "young person": "young_person",
}
THEMES = {
    "SF": "families",
    "HL": "health",
    "GE": "education",
    "PA": "activities",
    "NO": "none",
}

# A parent's answers are about one child. Where only the pronouns say that it is a son, the same
# words serve for a daughter; the other way round is not certain ("her" may be "his" or "him").
HIS_TO_HER = {"he": "she", "him": "her", "his": "her", "himself": "herself"}
A_SON = re.compile(r"\b(he|him|his|himself|sons?|boy)\b", re.I)
A_DAUGHTER = re.compile(r"\b(she|her|hers|herself|daughters?)\b", re.I)
ONLY_A_SON = re.compile(r"\b(she|her|sons?|boys?|brothers?|sisters?|shaves|stepdad)\b", re.I)
USUAL = 0.1  # a kind of idea with less weight than this is a rare answer to the question
THEME_SHARES = {
    "families": 0.21,
    "health": 0.19,
    "education": 0.24,
    "activities": 0.15,
    "none": 0.21,
}


@dataclass(frozen=True)
class Idea:
    id: str
    text: str
    audience: str
    theme: str
    cluster: str
    kind: str
    from_seed: bool


def read_jsonl(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def load_ideas() -> list[Idea]:
    """Seed ideas first, each as the words of one audience about one thing."""
    rows = [(row, True) for row in read_jsonl("corpus_seed.jsonl")]
    rows += [(row, False) for row in read_jsonl("variants.jsonl")]
    return [
        Idea(
            id=row["id"],
            text=row["text"],
            audience=AUDIENCES[row["audience"]],
            theme=THEMES[row["theme_code"]],
            cluster=row["cluster"],
            kind=row["kind"],
            from_seed=from_seed,
        )
        for row, from_seed in rows
    ]


def fits_child(text: str, child: str) -> bool:
    """Whether a parent of this child ("son", "daughter" or "" for any) could write this."""
    about_son = bool(A_SON.search(text))
    if child == "son":
        return about_son or not A_DAUGHTER.search(text)
    if child == "daughter":
        return not about_son or not ONLY_A_SON.search(text)
    return True


def about(child: str, text: str) -> str:
    """The words as written, or about a daughter."""
    if child != "daughter":
        return text

    def swap(match: re.Match[str]) -> str:
        word = match.group()
        other = HIS_TO_HER[word.lower()]
        if word.isupper():
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    return re.sub(r"\b(he|him|his|himself)\b", swap, text, flags=re.I)


class Larder:
    """Offers ideas, the least used first, so that the whole seed is used and little repeats."""

    def __init__(self, ideas: Collection[Idea], dice: Dice) -> None:
        self._ideas = ideas
        self._dice = dice
        self._uses = dict.fromkeys((idea.id for idea in ideas), 0)

    def offer(
        self,
        audience: str,
        theme: str,
        kinds: Mapping[str, float],
        not_again: Collection[str] = (),
        child: str = "",
    ) -> Idea | None:
        """An idea of a theme, its kind drawn by weight; none of the ids or clusters named."""
        fit = [
            idea
            for idea in self._ideas
            if idea.audience == audience
            and idea.theme == theme
            and idea.kind in kinds
            and not {idea.id, idea.cluster} & set(not_again)
            and fits_child(idea.text, child)
        ]
        fit = self._seed_first(fit, kinds)
        if not fit:
            return None
        on_offer = sorted({idea.kind for idea in fit})
        kind = self._dice.weighted((kind, kinds[kind]) for kind in on_offer)
        same_kind = self._dice.shuffled(idea for idea in fit if idea.kind == kind)
        return min(same_kind, key=lambda one: self._uses[one.id])

    def used(self, idea: Idea) -> None:
        self._uses[idea.id] += 1

    def _seed_first(self, fit: list[Idea], kinds: Mapping[str, float]) -> list[Idea]:
        """The seed's own ideas as long as one is unused and in its usual place."""
        unused = [
            idea
            for idea in fit
            if idea.from_seed and not self._uses[idea.id] and kinds[idea.kind] >= USUAL
        ]
        return unused or fit


class Themes:
    """Draws themes so that the shares come out as asked: what is behind is drawn more often."""

    def __init__(self, dice: Dice, already: Iterable[str]) -> None:
        self._dice = dice
        self._drawn = Counter(already)

    def draw(self, but: str = "") -> str:
        total = self._drawn.total()
        weights = [
            (theme, max(0.02, share + (share * total - self._drawn[theme]) / 40))
            for theme, share in THEME_SHARES.items()
            if theme != but
        ]
        return self._dice.weighted(weights)

    def used(self, theme: str) -> None:
        self._drawn[theme] += 1
