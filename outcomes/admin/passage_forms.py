"""The forms of a passage's page that are filled in; single buttons need none."""

from collections.abc import Sequence
from typing import Any

from django import forms

from outcomes.admin.passage_facts import Word
from outcomes.models import Disposition
from surveys.admin.deciding import words
from surveys.models import Theme

NONE = ("", "—")
CHANGED = "Somebody cut these words otherwise meanwhile. Choose again."
What = Disposition.What
WHOLE = (
    What.NOTHING,
    What.OFF_TOPIC,
    What.CASE,
    What.COMPLAINT,
    What.DUPLICATE,
    What.SET_ASIDE,
)


class Themes(forms.Form):
    """Up to three themes; one form for each idea, so its fields bear the idea's key."""

    names = ("first", "second", "third")
    first = forms.ChoiceField(label="Mostly about", required=False)
    second = forms.ChoiceField(label="Also about", required=False)
    third = forms.ChoiceField(label="And about", required=False)

    def __init__(self, *args: Any, themes: Sequence[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {str(theme.pk): theme for theme in themes}
        choices = [NONE, *((key, str(theme)) for key, theme in self.themes.items())]
        for name in self.names:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.chosen:
            self.add_error("first", "Choose a theme, or use “Not sure”.")
        return data

    @property
    def chosen(self) -> list[Theme]:
        """In order; a gap between them is none."""
        keys = [self.cleaned_data.get(name) for name in self.names]
        return [self.themes[key] for key in keys if key]


class Whole(forms.Form):
    """What becomes of a whole passage."""

    what = forms.ChoiceField(
        label="What becomes of all of it",
        choices=[(one.value, one.label) for one in WHOLE],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of it."},
    )
    reason = words("Why", required=False, about="Needed for “set aside”.", rows=2)

    def __init__(self, *args: Any, sets_aside: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sets_aside:
            what, why = self.fields["what"], self.fields["reason"]
            what.choices = [one for one in what.choices if one[0] != What.SET_ASIDE]  # type: ignore[attr-defined]
            why.help_text = ""


def numbered(some: Sequence[Word]) -> list[tuple[str, str]]:
    """For a select: its place tells a word from the same word elsewhere."""
    return [(str(one.start), f"{number}. {one.text}") for number, one in enumerate(some, start=1)]


class Stretch(forms.Form):
    """From one word to another, both within."""

    first = forms.ChoiceField(label="Begin at word")
    last = forms.ChoiceField(label="End with word")

    def __init__(self, *args: Any, words: Sequence[Word], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {str(one.start): one for one in words}
        for name in ("first", "last"):
            self.fields[name].choices = numbered(words)  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = CHANGED

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and self.span[0] >= self.span[1]:
            self.add_error("last", "The last word comes before the first.")
        return data

    @property
    def span(self) -> tuple[int, int]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return self.words[first].start, self.words[last].end


class CutAt(forms.Form):
    """The word with which the second idea begins."""

    at = forms.ChoiceField(
        label="The second idea begins with",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a word.", "invalid_choice": CHANGED},
    )

    def __init__(self, *args: Any, words: Sequence[Word], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [(str(one.start), one.text) for one in words[1:]]  # type: ignore[attr-defined]


class Joined(forms.Form):
    """Nothing to fill in: the page shows what becomes one."""


def key_of(value: str | None) -> int | None:
    """The key that a hidden field holds: None for none, -1 for what no page sends."""
    if not value:
        return None
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else -1
