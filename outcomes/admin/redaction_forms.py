"""What a redactor sends about one passage, and what follows from it."""

from datetime import datetime
from typing import Any

from django import forms

from outcomes import actions
from outcomes.actions.redacting import LONGEST_REASON
from outcomes.hiding import Mark, Span, occurrences, word_spans
from outcomes.models import Idea
from outcomes.quoting import Answer
from surveys.admin.deciding import line
from surveys.models import Concern, Detail, Passage
from surveys.refusals import BadText, Refusal

MOST = 2**31 - 1
MOST_WORDS = 600  # to choose from; in longer texts the words to hide are typed
AROUND = 30  # characters shown on both sides of an occurrence
NOT_THERE = "These words are not in the text. Write them as they were typed."
LATER_FIRST = "The first word comes after the last one. Choose them the other way round."


class Sent(forms.Form):
    """One form of the page. `seen` is the newest decision that the page showed."""

    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, passage: Passage, concern: Concern | None = None, **kwargs: Any
    ) -> None:
        self.passage, self.text, self.concern = passage, passage.source.text, concern
        super().__init__(*args, **kwargs)

    def carry_out(self, *, by: Any, now: datetime) -> str:
        """Take the decision; return what to say of it."""
        raise NotImplementedError

    def is_about(self, mark: Mark) -> bool:
        """Whether it was sent from beside this detail."""
        sent = (self.data.get("start"), self.data.get("end"))
        return sent == (str(mark.start), str(mark.end))

    def facts(self, by: Any, now: datetime) -> dict[str, Any]:
        seen = self.cleaned_data["seen"]
        about = {"passage": self.passage, "concern": self.concern}
        return about | {"by": by, "now": now, "seen": seen}


def _kind(*, required: bool = True, initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What it is",
        choices=Detail.Kind.choices,
        required=required,
        initial=initial,
        error_messages={"required": "Choose what kind of detail it is."},
    )


def _why() -> forms.CharField:
    about = "Kept with your name. Do not repeat the words that are hidden."
    return line("Why", most=LONGEST_REASON, required=False, about=about)


class KeepForm(Sent):
    """All that the screen suggests stays hidden."""

    def carry_out(self, *, by: Any, now: datetime) -> str:
        actions.confirm_all(**self.facts(by, now))
        return "All that the screen suggests here stays hidden."


class SpanForm(Sent):
    """A detail that the page lists."""

    start = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, max_value=MOST, widget=forms.HiddenInput)
    reason = _why()

    def facts(self, by: Any, now: datetime) -> dict[str, Any]:
        names = ("start", "end", "reason")
        return super().facts(by, now) | {name: self.cleaned_data[name] for name in names}


class ShowForm(SpanForm):
    def carry_out(self, *, by: Any, now: datetime) -> str:
        actions.show(**self.facts(by, now))
        return "Everybody who reads answers reads these words now."


class HideForm(SpanForm):
    kind = _kind()

    def carry_out(self, *, by: Any, now: datetime) -> str:
        actions.hide(kind=self.cleaned_data["kind"], **self.facts(by, now))
        return "Hidden everywhere."


class RangeForm(Sent):
    """From one word of the text to another."""

    first = forms.TypedChoiceField(label="From the word", coerce=int)
    last = forms.TypedChoiceField(label="To the word", coerce=int)
    kind = _kind(initial=Detail.Kind.RARE)
    reason = _why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spans = word_spans(self.text)
        if self.fits:
            words = [(n, f"{n + 1} {self.text[a:b]}") for n, (a, b) in enumerate(self.spans)]
            for name in ("first", "last"):
                self.fields[name].choices = words  # type: ignore[attr-defined]

    @property
    def fits(self) -> bool:
        return len(self.spans) <= MOST_WORDS

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "first" in found and "last" in found and found["first"] > found["last"]:
            self.add_error("last", LATER_FIRST)
        return found

    def carry_out(self, *, by: Any, now: datetime) -> str:
        said = self.cleaned_data
        start, end = self.spans[said["first"]][0], self.spans[said["last"]][1]
        kept = {"kind": said["kind"], "reason": said["reason"]}
        actions.hide(start=start, end=end, **kept, **self.facts(by, now))
        return "Hidden everywhere."


class FindForm(Sent):
    """Words to hide: every place where they stand is offered, and those that are ticked hidden."""

    words = line("Hide these words", most=500, about="As they were typed; capitals do not matter.")
    kind = _kind(initial=Detail.Kind.PERSON)
    reason = _why()
    places = forms.MultipleChoiceField(
        label="Where they stand", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.data.get("words", "") if self.is_bound else ""
        self.found = occurrences(self.text, words[:500])
        self.fields["places"].choices = [  # type: ignore[attr-defined]
            (f"{start}-{end}", self._around(start, end)) for start, end in self.found
        ]

    def _around(self, start: int, end: int) -> str:
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return " ".join(f"…{before}“{self.text[start:end]}”{after}…".split())

    def clean_words(self) -> str:
        if not self.found:
            raise forms.ValidationError(NOT_THERE)
        return str(self.cleaned_data["words"])

    def carry_out(self, *, by: Any, now: datetime) -> str:
        said = self.cleaned_data
        if not said["places"]:
            raise BadText("Tick the places where they are to be hidden.")
        spans = [_span(place) for place in said["places"]]
        kept = {"kind": said["kind"], "reason": said["reason"]}
        actions.hide_several(spans=spans, **kept, **self.facts(by, now))
        return f"Hidden in {len(spans)} place{'s' if len(spans) > 1 else ''}, everywhere at once."


class QuoteForm(Sent):
    """Could this idea identify a child? Here `seen` is the answer that the page showed."""

    idea = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="Could these words identify a child?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer."},
    )

    def carry_out(self, *, by: Any, now: datetime) -> str:
        said, passage = self.cleaned_data, self.passage
        about = {"answer_id": passage.answer_id, "note_id": passage.note_id}
        idea = Idea.objects.filter(pk=said["idea"], **about).first()
        if idea is None:
            raise BadText("These words were cut otherwise meanwhile. Look at them again.")
        actions.check_quote(idea=idea, answer=said["answer"], by=by, now=now, seen=said["seen"])
        return "Your answer is kept."


class LookForm(FindForm):
    """Only shows where the words stand."""

    def carry_out(self, *, by: Any, now: datetime) -> str:
        return ""


def _span(place: str) -> Span:
    start, end = place.split("-")
    return int(start), int(end)


FORMS: dict[str, type[Sent]] = {
    "keep": KeepForm,
    "show": ShowForm,
    "hide": HideForm,
    "range": RangeForm,
    "find": LookForm,
    "several": FindForm,
    "quote": QuoteForm,
}


def take(form: Sent, *, by: Any, now: datetime) -> str:
    """Carry out what was sent; "" where it was not right or was refused, which the form says."""
    if not form.is_valid():
        return ""
    try:
        return form.carry_out(by=by, now=now)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return ""
