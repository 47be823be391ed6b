"""Somebody who wants to hear from us."""

from typing import Any

from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.forms.answering import BareHelper

BAD_EMAIL = _("Enter an email address, like name@example.com.")


class HearForm(forms.Form):
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We only use it to write to you about what you choose here."),
        max_length=254,
        error_messages={
            "required": _("Enter your email address."),
            "invalid": BAD_EMAIL,
            "max_length": BAD_EMAIL,
        },
        # A TextInput, so that an error gives it its red border.
        widget=forms.TextInput(
            attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}
        ),
    )
    wishes = forms.MultipleChoiceField(
        label=_("What do you want to hear about?"),
        choices=[
            ("results", _("What people told us, and what we do about it")),
            ("openings", _("When another survey opens")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what you want to hear about."),
            "invalid_choice": _("Choose from what is on the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(
            Field.text("email", label_size=Size.MEDIUM),
            Field.checkboxes("wishes", legend_size=Size.MEDIUM),
        )

    def wanted(self) -> dict[str, bool]:
        """For the action: each wish by its name."""
        chosen = self.cleaned_data["wishes"]
        return {"results": "results" in chosen, "openings": "openings" in chosen}
