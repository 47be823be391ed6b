"""What a person writes after the questions: may we publish, send, and the code to come back."""

from typing import Any

from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.forms.answering import BareHelper
from surveys.forms.words import Words


class SendForm(forms.Form):
    """The last question of all: whether some of the words may be published.

    `seen` names the answers that the page showed.
    """

    may_quote = forms.TypedChoiceField(
        label=_("May we publish some of your words? (optional)"),
        help_text=_("We never publish your name. If you do not choose, we do not publish them."),
        required=False,
        choices=[
            ("yes", _("Yes, you may publish some of my words")),
            ("no", _("No, do not publish my words")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose yes or no, or leave both empty.")},
    )
    seen = Words(required=False, widget=forms.HiddenInput)
    whole_form_target = "change-1"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(Field.radios("may_quote", legend_size=Size.MEDIUM), "seen")

    @staticmethod
    def said(may_quote: bool | None) -> str:
        """What was chosen before, as the field holds it."""
        return {True: "yes", False: "no"}.get(may_quote, "")  # type: ignore[arg-type]


class CodeForm(forms.Form):
    """The code of somebody who comes back."""

    code = Words(
        label=_("Your code"),
        help_text=_("It has 12 letters and numbers, like BCDF-GH23-K4MN."),
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
