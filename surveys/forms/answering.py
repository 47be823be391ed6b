"""What a person writes on the pages of a survey."""

from collections.abc import Callable
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from surveys.forms.words import Pictured, Words
from surveys.models import Picture, Question, QuestionWording
from surveys.said import VERDICTS
from surveys.worded import Worded, label_of

RATHER_NOT = ("-", _("I would rather not answer"))  # leaves the answer empty, or empties it


class BareHelper(FormHelper):
    """Draws the fields only; the page brings the form's tag, token and buttons."""

    form_tag = False
    disable_csrf = True


class AnswerForm(forms.Form):
    """One question. The page was made from the answer that `seen` names, of the response `of`.

    `topic` is out of people's sight: only programs write in it.
    """

    topic = Words(
        label=_("Leave this box empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    text = Words(
        required=False, widget=forms.Textarea(attrs={"dir": "auto", "aria-describedby": ""})
    )
    seen = Words(required=False, widget=forms.HiddenInput)
    of = Words(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        question: Question,
        heading: Worded,
        hint: Worded,
        is_first: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = heading, hint
        trap = [Field("topic", template="surveys/_trap.html")]
        if not is_first:
            del self.fields["topic"]
            trap = []
        self.helper = BareHelper()
        self.helper.layout = Layout(*trap, *self.parts(question), "seen", "of")

    def parts(self, question: Question) -> list[Field]:
        """What is shown between the heading and the buttons."""
        return [self.box(question, label_size=Size.LARGE, label_tag="h1")]

    def box(self, question: Question, **options: Any) -> Field:
        return Field.textarea(
            "text",
            rows=8,
            max_characters=question.max_chars,
            template="surveys/_answer_box.html",
            **options,
        )


class PicturesForm(AnswerForm):
    """A question with pictures to choose from, and a box for words beside them.

    `pictured` says that the pictures were shown, and which of them as chosen: none chosen is not
    the same as none shown.
    """

    ticks = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    pictured = Words(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pictures: list[tuple[int, Pictured]], **kwargs: Any):
        self.pictures = pictures
        super().__init__(*args, **kwargs)

    def parts(self, question: Question) -> list[Field]:
        box, ticks = self.fields["text"], self.fields["ticks"]
        ticks.label, ticks.help_text, ticks.choices = box.label, box.help_text, self.pictures
        box.label, box.help_text = _("You can write your own words here"), ""
        drawn = Field.checkboxes(
            "ticks", legend_size=Size.LARGE, legend_tag="h1", template="surveys/_pictures.html"
        )
        return [drawn, self.box(question, label_size=Size.MEDIUM), "pictured"]


class VerdictForm(AnswerForm):
    """Have we got this right? The page shows the draft outcome above it."""

    choice = forms.ChoiceField(
        label=_("Have we got this right?"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, easy: bool, **kwargs: Any):
        """With `easy`, each choice has a drawing of ours."""
        self.easy = easy
        super().__init__(*args, **kwargs)

    def parts(self, question: Question) -> list[Field]:
        drawings = {choice: choice.replace("_", "-") for choice in VERDICTS if self.easy}
        sources = {choice: static(f"drawings/{name}.svg") for choice, name in drawings.items()}
        self.fields["choice"].choices = [
            (choice, Pictured.of(words, sources.get(choice, "")))
            for choice, words in [*VERDICTS.items(), RATHER_NOT]
        ]
        box = self.fields["text"]
        box.label, box.help_text = _("What would you change? (optional)"), ""
        template = "surveys/_pictures.html" if self.easy else "gds/field.html"
        verdict = Field.radios("choice", legend_size=Size.MEDIUM, template=template)
        return [verdict, self.box(question, label_size=Size.MEDIUM)]


def form_for(
    question: Question,
    asked: QuestionWording,
    data: Any = None,
    *,
    easy: bool,
    source_of: Callable[[Picture], str],
    **kwargs: Any,
) -> AnswerForm:
    """The form of one question as it is put; `source_of` gives the address of a picture."""
    kwargs |= {
        "question": question,
        "heading": Worded(asked.text, asked.language),
        "hint": Worded(asked.hint, asked.language),
    }
    if question.has_verdict:
        return VerdictForm(data, easy=easy, **kwargs)
    pictures = question.pictures.all() if easy else []
    choices = [(one.pk, Pictured.of(label_of(one), source_of(one))) for one in pictures]
    if choices:
        return PicturesForm(data, pictures=choices, **kwargs)
    return AnswerForm(data, **kwargs)
