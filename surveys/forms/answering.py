"""What a person writes on the pages of a survey."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms

from surveys.forms.words import Words
from surveys.models import Question, QuestionWording


class BareHelper(FormHelper):
    """Draws the fields only; the page brings the form's tag, token and buttons."""

    form_tag = False
    disable_csrf = True


class AnswerForm(forms.Form):
    """One question. The page was made from the answer that `seen` names, of the response `of`."""

    text = Words(
        required=False, widget=forms.Textarea(attrs={"dir": "auto", "aria-describedby": ""})
    )
    seen = Words(required=False, widget=forms.HiddenInput)
    of = Words(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: Question, wording: QuestionWording, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = wording.text
        self.fields["text"].help_text = wording.hint
        box = Field.textarea(
            "text",
            label_size=Size.LARGE,
            label_tag="h1",
            rows=8,
            max_characters=question.max_chars,
            template="surveys/_answer_box.html",
        )
        self.helper = BareHelper()
        self.helper.layout = Layout(box, "seen", "of")


class SendForm(forms.Form):
    """The last question of all: whether some of the words may be published.

    `seen` names the answers that the page showed.
    """

    may_quote = forms.TypedChoiceField(
        label="May we publish some of your words? (optional)",
        help_text="We never publish your name. If you do not choose, we do not publish them.",
        required=False,
        choices=[
            ("yes", "Yes, you may publish some of my words"),
            ("no", "No, do not publish my words"),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose yes or no, or leave both empty."},
    )
    seen = Words(required=False, widget=forms.HiddenInput)
    whole_form_target = "change-1"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(Field.radios("may_quote", legend_size=Size.MEDIUM), "seen")


class CodeForm(forms.Form):
    """The code of somebody who comes back."""

    code = Words(
        label="Your code",
        help_text="It has 12 letters and numbers, like BCDF-GH23-K4MN.",
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(
            Field.text("code", label_size=Size.MEDIUM, field_width=Fixed.TWENTY)
        )
