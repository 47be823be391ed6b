"""Fields that leave a person's words exactly as they came, and choices that are pictures."""

from typing import Any

from django import forms

from surveys.worded import Worded


class Words(forms.Field):
    """Text that no form rule strips or refuses: the action alone judges it."""

    def to_python(self, value: Any) -> str:
        return "" if value is None else str(value)


class Pictured(Worded):
    """The words of a choice, and the address of the picture beside them; "" for none."""

    source: str = ""

    @classmethod
    def of(cls, words: Any, source: str) -> "Pictured":
        made = cls(str(words), words.language) if isinstance(words, Worded) else cls(str(words))
        made.source = source
        return made
