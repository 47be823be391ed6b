"""Words that carry no idea: how people begin, sigh, grumble, wander off and sign off."""

import json
from typing import Any

from outcomes.demo.dice import Dice
from outcomes.demo.ideas import HERE, about, fits_child


class Fragments:
    """Each stack is dealt to its end before anything in it comes again."""

    def __init__(self, dice: Dice) -> None:
        text = (HERE / "fragments.json").read_text(encoding="utf-8")
        self.all: dict[str, Any] = json.loads(text)
        self._dice = dice
        self._stacks: dict[tuple[str, str], list[str]] = {}

    def deal(self, audience: str, stack: str, child: str = "") -> str:
        left = self._stacks.setdefault((audience, stack), [])
        fit = [words for words in left if fits_child(words, child)]
        if not fit:
            left += self._dice.shuffled(self.all[audience][stack])
            fit = [words for words in left if fits_child(words, child)]
        left.remove(fit[0])
        return about(child, fit[0])

    def joiners(self, audience: str) -> list[str]:
        words: list[str] = self.all[audience]["joiners"]
        return words

    def empty(self) -> str:
        words: list[str] = self.all["empty"]
        return self._dice.pick(words)
