"""Decisions: forms that call one action for a named person, with a page of their own."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Model
from django.urls import reverse

from surveys.refusals import Refusal


class Decision(forms.Form):
    """What somebody may decide about a row. Subclasses name it and call its action."""

    path: ClassVar[str]  # the end of its address, and of the address's name
    label: ClassVar[str]  # on the button that leads to it
    permission: ClassVar[str]
    about: ClassVar[str] = ""  # what follows from it
    button: ClassVar[str] = ""  # on the button that takes it
    done: ClassVar[str] = ""  # the message once it is taken; {} is what the action returned
    at_once: ClassVar[bool] = False  # nothing to fill in: taken by a button on the row's page
    template: ClassVar[str] = ""  # a page of its own instead of the common one

    def __init__(self, *args: Any, row: Any, user: Any, **kwargs: Any) -> None:
        self.row, self.user = row, user
        super().__init__(*args, **kwargs)

    @classmethod
    def allowed(cls, user: Any, row: Any, now: datetime) -> bool:
        """Whether this person may open the page; the action has the last word."""
        return user.has_perm(cls.permission)

    @classmethod
    def fits(cls, row: Any) -> bool:
        """Whether the button is shown for this row."""
        return True

    @classmethod
    def address(cls, row: Model) -> str:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{cls.path}"
        return reverse(name, args=[row.pk])

    @property
    def title(self) -> str:
        return f"{self.label}: {self.row}"

    def warning(self) -> str:
        """What the person should know before deciding, from the row as it is now."""
        return ""

    def refused(self, refusal: Refusal) -> None:
        self.add_error(None, refusal.sentence)

    def decide(self, *, by: Any, now: datetime) -> Model:
        """Call the action; return the row whose page comes next."""
        raise NotImplementedError


def line(label: str, *, most: int, required: bool = True, about: str = "") -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=about,
        widget=AdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


def words(label: str, *, required: bool = True, about: str = "", rows: int = 3) -> forms.CharField:
    """Some lines of words."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=about,
        max_length=5_000,
        widget=AdminTextareaWidget(attrs={"rows": rows}),
    )


def reason(label: str = "Why", *, required: bool = True, about: str = "") -> forms.CharField:
    return words(label, required=required, about=about or "Kept for good with your name.")
