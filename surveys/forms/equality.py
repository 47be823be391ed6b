"""The equality questions: whether to answer them, and the questions themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.equality import PREFER_NOT, Asked
from surveys.forms.answering import BareHelper

CHOOSE = _("Choose one of the answers, or none.")


class GateForm(forms.Form):
    """Whether somebody wants to answer them at all."""

    answer = forms.ChoiceField(
        label=_("Do you want to answer the equality questions?"),
        choices=[
            ("yes", _("Yes, answer the equality questions (takes 2 minutes)")),
            ("no", _("No, skip the equality questions")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose yes or no."),
            "invalid_choice": _("Choose yes or no."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(Field.radios("answer", legend_size=Size.MEDIUM))


class EqualityForm(forms.Form):
    """The questions that one person is asked. Every one may be left empty."""

    def __init__(self, *args: Any, questions: Iterable[Asked], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        for one in self.questions:
            self.fields[one.key] = forms.ChoiceField(
                label=one.text,
                help_text=one.hint,
                choices=[*one.choices, (PREFER_NOT, _("Prefer not to say"))],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": CHOOSE},
            )

    def asked(self) -> Iterator[tuple[Asked, forms.BoundField]]:
        """Each question with its field, for the page to draw."""
        for one in self.questions:
            yield one, self[one.key]
