"""The forms of a sample: whom to ask, what an idea is about, how it is settled."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User

from outcomes import actions
from outcomes.actions.sampling import (
    MOST,
    MOST_WHY,
    PERCENT,
    agreed_and_open,
    compared,
    is_over,
    progress,
)
from outcomes.models import BlindCode, Coding, Sample
from surveys.admin.deciding import Decision, reason
from surveys.models import Theme

CODE, DRAW = "outcomes.code_idea", "outcomes.draw_sample"
NOT_SURE = "not sure"
MOST_BESIDE = 2


def coders() -> Any:
    """Who may code ideas."""
    return User.objects.with_perm(
        CODE, backend="django.contrib.auth.backends.ModelBackend"
    ).order_by("username")


class Draw(Decision):
    """`row` is the consultation."""

    path = "draw"
    label = "Draw a sample"
    permission = DRAW
    button = "Draw the sample and ask them"
    about = (
        "Ideas are drawn by chance, as many of each audience as its share. The two people you "
        "choose say what each is about, without seeing what the other, the machine or anybody "
        "else says. You see their codes once both are done."
    )
    done = "The sample is drawn. Tell the two: each finds it under “Samples coded by two”."

    first = forms.ModelChoiceField(User.objects.none(), label="First person")
    second = forms.ModelChoiceField(User.objects.none(), label="Second person")
    number = forms.IntegerField(
        label="How many ideas",
        required=False,
        help_text=f"Empty: {PERCENT} of 100. With fewer than 30 the numbers say little; "
        f"{MOST:,} at most.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = coders()  # type: ignore[attr-defined]

    def decide(self, *, by: Any, now: datetime) -> Sample:
        return actions.draw_sample(consultation=self.row, by=by, now=now, **self.cleaned_data)


class Themes(forms.Form):
    """The themes of one idea: mostly one, at most two beside it."""

    main = forms.ChoiceField(
        label="What is it mostly about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the idea is mostly about, or “not sure”."},
    )
    beside = forms.MultipleChoiceField(
        label="And also about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Two at most, or none.",
    )

    def __init__(
        self, *args: Any, area: int, given: BlindCode | Coding | None, unsure: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = list(Theme.objects.filter(area=area))
        self.themes = {theme.code: theme for theme in rows}
        choices = [(theme.code, theme.label) for theme in rows]
        main: Any = self.fields["main"]
        main.choices = [*choices, (NOT_SURE, "not sure")] if unsure else choices
        beside: Any = self.fields["beside"]
        beside.choices = [(theme.code, theme.label) for theme in rows if not theme.is_none]
        if given:
            codes = [theme.code for theme in given.themes]
            main.initial = codes[0] if codes else NOT_SURE
            beside.initial = codes[1:]

    def clean(self) -> dict[str, Any]:
        """The main one ticked once more beside itself is meant once."""
        data = super().clean() or {}
        main, several = data.get("main"), data.get("beside", [])
        beside = [code for code in several if code != main]
        if len(beside) > MOST_BESIDE:
            self.add_error("beside", "Choose two at most.")
        if main == NOT_SURE and beside:
            self.add_error("beside", "You are not sure what it is about. Take these out.")
        data["themes"] = [self.themes[code] for code in (main, *beside) if code in self.themes]
        return data


class TakeOver(Decision):
    path = "take-over"
    label = "Take over what both said"
    permission = DRAW
    done = "Ideas for which both chose the same are coded so."

    @classmethod
    def fits(cls, row: Sample) -> bool:
        return is_over(row) and bool(agreed_and_open(row))

    def warning(self) -> str:
        there = len(agreed_and_open(self.row)) if is_over(self.row) else 0
        return (
            f"{there:,} idea{'s' if there != 1 else ''} of this sample got the same themes from "
            "both and are not coded yet. They are coded as both said. What somebody coded "
            "already stays as it is."
        )

    def decide(self, *, by: Any, now: datetime) -> Sample:
        actions.take_over_agreed(sample=self.row, by=by, now=now)
        return self.row  # type: ignore[no-any-return]


class Stop(Decision):
    path = "stop"
    label = "Stop this sample"
    permission = DRAW
    about = (
        "Nobody codes it any more, and it leaves the lists of the two people. Their codes are "
        "kept. What both have coded until now is compared, and the page says that the sample was "
        "stopped. A stopped sample does not begin again: draw another."
    )
    done = "The sample is stopped. Tell the two people."

    why = reason("Why it is stopped", about=f"{MOST_WHY} characters at most. Kept for good.")

    @classmethod
    def fits(cls, row: Sample) -> bool:
        return not is_over(row)

    def warning(self) -> str:
        first, second, there = progress(self.row)
        both = compared(self.row).count()
        return (
            f"{self.row.first} has coded {first:,} of {there:,} ideas, {self.row.second} "
            f"{second:,}. Both have coded {both:,}."
        )

    def decide(self, *, by: Any, now: datetime) -> Sample:
        why = self.cleaned_data["why"]
        return actions.stop_sample(sample=self.row, why=why, by=by, now=now)
