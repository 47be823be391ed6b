"""A field that leaves a person's words exactly as they came."""

from typing import Any

from django import forms


class Words(forms.Field):
    """Text that no form rule strips or refuses: the action alone judges it."""

    def to_python(self, value: Any) -> str:
        return "" if value is None else str(value)
