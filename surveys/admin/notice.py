"""The privacy notice: every version of it, and publishing another."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from surveys import actions
from surveys.admin.deciding import Decision
from surveys.admin.pages import WrittenElsewhere, carry_out
from surveys.models import Area, Consultation, PrivacyNotice
from surveys.notices import drawn, first_notice

PUBLISH = "surveys.add_privacynotice"


class Publish(Decision):
    """Its `row` is the area whose notice the form begins with."""

    path = "add"
    label = "Publish a privacy notice"
    permission = PUBLISH
    button = "Publish"
    about = (
        "A notice is never edited: what you publish here gets the next number, and everybody who "
        "answers from now on is told this. A translation gets the number of the newest English one."
    )
    done = "{} is published."

    area = forms.ModelChoiceField(Area.objects.all(), empty_label=None)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    body = forms.CharField(
        label="Text",
        max_length=actions.MOST_IN_A_NOTICE,
        widget=AdminTextareaWidget(attrs={"rows": 30}),
        help_text="In Markdown: ## before a heading, - before each line of a list.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = PrivacyNotice.objects.in_force(self.row)
        self.initial = {
            "area": self.row,
            "body": newest.body if newest else first_notice(self.row),
        }

    @property
    def title(self) -> str:
        return self.label

    def decide(self, *, by: Any, now: datetime) -> PrivacyNotice:
        return actions.publish_notice(by=by, now=now, **self.cleaned_data)


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(WrittenElsewhere):
    about = "What people are told about their information. Every version is kept."
    page = "surveys/privacynotice/page"
    list_display = ["__str__", "language", "area", "published_at", "published_by"]
    list_filter = ["area", "language"]
    list_select_related = ["area", "published_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        consultation = Consultation.objects.newest()
        area = consultation.area if consultation else Area.objects.first()
        if area is None:
            raise PermissionDenied("Add the area first: a notice is that of an area.")
        data = request.POST if request.method == "POST" else None
        form = Publish(data, row=area, user=request.user)
        return carry_out(request, form) or self.show(
            request, "decision", form=form, title=form.title
        )

    def facts(self, request: HttpRequest, row: PrivacyNotice) -> dict[str, Any]:
        return {"body": drawn(row.body)}
