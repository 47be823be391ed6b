"""What a person says about themselves."""

from collections.abc import Iterable
from typing import Any

from crispy_forms_gds.layout import Div, Field, Layout, Size
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.about_you import (
    HELP,
    HELP_TEXT,
    HELPER,
    HELPER_TEXT,
    LONGEST_VIEW,
    Text,
    asked_of,
    asks_what_was_meant,
    asks_who_helped,
)
from surveys.forms.answering import RATHER_NOT, BareHelper
from surveys.forms.words import Words
from surveys.models import Response, Survey

HERE = "about-"  # begins the name of each field that holds a band


class AboutYouForm(forms.Form):
    """Radios with nothing chosen, each with a way to leave it empty again."""

    helper_words = Words(
        label=_("For the person who helped: what do you think they meant? (optional)"),
        help_text=_("We keep this apart from their own words."),
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "aria-describedby": "", "placeholder": " "}),
    )
    of = Words(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parts = [
            self._radios(HERE + question.key, question.text, question.choices)
            for question in asked_of(survey)
        ]
        if asks_who_helped(survey):
            parts += [self._radios("help", HELP_TEXT, HELP), self._about_the_helper(survey)]
        if not asks_what_was_meant(survey):
            del self.fields["helper_words"]
        self.helper = BareHelper()
        self.helper.layout = Layout(*parts, "of")

    def _about_the_helper(self, survey: Survey) -> Div:
        """The styles show it once help is chosen, and whenever there is anything in it."""
        parts = [self._radios("helper", HELPER_TEXT, HELPER)]
        if asks_what_was_meant(survey):
            parts.append(self._box())
        return Div(*parts, css_class="portal-helped")

    def _radios(self, name: str, text: Text, choices: Iterable[tuple[str, Text]]) -> Field:
        self.fields[name] = forms.ChoiceField(
            label=text, choices=[*choices, RATHER_NOT], required=False, widget=forms.RadioSelect
        )
        return Field.radios(name, legend_size=Size.MEDIUM)

    def _box(self) -> Field:
        return Field.textarea(
            "helper_words",
            label_size=Size.MEDIUM,
            rows=5,
            max_characters=LONGEST_VIEW,
            template="surveys/_answer_box.html",
        )

    @staticmethod
    def shown(response: Response) -> dict[str, str]:
        """What a response says already, as the fields have it."""
        said = {HERE + one.question: one.choice for one in response.about.all()}
        help = {"help": response.help, "helper": response.helper}
        return said | help | {"helper_words": response.helper_words}

    def described(self) -> dict[str, Any]:
        """What was typed and chosen, as `describe_respondent` takes it. The action judges it."""
        chosen = {
            name: "" if value == RATHER_NOT[0] else value
            for name, value in ((name, self.data.get(name, "")) for name in self.fields)
        }
        return {
            "about": {
                name.removeprefix(HERE): value
                for name, value in chosen.items()
                if name.startswith(HERE)
            },
            "help": chosen.get("help", ""),
            "helper": chosen.get("helper", ""),
            "helper_words": self.data.get("helper_words", ""),
        }
