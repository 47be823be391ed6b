"""Somebody who needs the survey or a document in another way."""

from typing import Any

from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.forms.answering import BareHelper
from surveys.models import FormatRequest

MOST = 2_000
TOO_LONG = _("Use 2,000 characters or fewer here.")
NAMES = {
    FormatRequest.Format.EASY_READ: _("Easy read: short words and pictures"),
    FormatRequest.Format.LARGE_PRINT: _("Large print"),
    FormatRequest.Format.PAPER: _("On paper"),
    FormatRequest.Format.PHONE: _("By phone: someone reads it to you"),
    FormatRequest.Format.BSL: _("British Sign Language"),
    FormatRequest.Format.BRAILLE: _("Braille"),
    FormatRequest.Format.AUDIO: _("Something to listen to"),
    FormatRequest.Format.LANGUAGE: _("Another language"),
    FormatRequest.Format.OTHER: _("Something else"),
}


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        label=_("What would work for you?"),
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what would work for you."),
            "invalid_choice": _("Choose from what is on the list."),
        },
    )
    details = forms.CharField(
        label=_("Tell us more (optional)"),
        help_text=_("For example: which survey or page, and which language."),
        required=False,
        max_length=MOST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"dir": "auto"}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("Write your name, and a phone number, an email address or a postal address."),
        max_length=MOST,
        error_messages={
            "required": _("Tell us how we can reach you."),
            "max_length": TOO_LONG,
        },
        widget=forms.Textarea(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = BareHelper()
        self.helper.layout = Layout(
            Field.radios("format", legend_size=Size.MEDIUM),
            Field.textarea("details", label_size=Size.MEDIUM, rows=3),
            Field.textarea("contact", label_size=Size.MEDIUM, rows=3),
        )
