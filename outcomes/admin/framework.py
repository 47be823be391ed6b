"""Publishing a version of the framework, and reading those that are published."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.actions.publishing import LONGEST_DESPITE, PUBLISHED_DESPITE
from outcomes.admin.ledger import IDEAS, INBOX, Step, rows_url
from outcomes.models import FrameworkVersion
from outcomes.unfinished import OF_IDEAS, OF_PASSAGES, Left, in_words, left_to_do
from surveys.admin.deciding import Decision, words
from surveys.admin.pages import WrittenElsewhere, carry_out
from surveys.models import AuditEvent, Consultation, Survey
from surveys.refusals import Refusal

PUBLISH = "outcomes.publish_frameworkversion"


class Publish(Decision):
    """A version of the framework of a consultation, which is its `row`."""

    path = "publish"
    label = "Publish a version"
    permission = PUBLISH
    button = "Publish"
    about = (
        "What you see below is copied word for word, numbered and shown to everyone. It cannot be "
        "changed afterwards. Whoever wrote or put forward words in it cannot publish it."
    )
    done = "{} is published."

    change_summary = words("What is new in it", about="Shown on the public page.")
    minor = forms.TypedChoiceField(
        label="What kind of version",
        choices=[("", "a new version: 1.0, 2.0"), ("minor", "a small correction: 1.1")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )

    despite = words(
        "Why you publish although something is left to do",
        required=False,  # the action asks for it
        about=f"In {LONGEST_DESPITE} characters or fewer. Kept in the audit log with your name, "
        "not in the public version. Write nothing that somebody said.",
        rows=2,
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    left_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot = actions.preview(consultation=self.row)
        self.left = left_to_do(self.row)
        self.fields["seen"].initial = actions.snapshot_hash(self.snapshot)
        self.fields["left_seen"].initial = in_words(self.left)
        if not self.left:
            del self.fields["despite"]

    def refused(self, refusal: Refusal) -> None:
        """The page shows what would be published now: the next sending is about that."""
        super().refused(refusal)
        self.data = self.data.copy()
        self.data["seen"] = actions.snapshot_hash(self.snapshot)
        self.data["left_seen"] = in_words(self.left)

    def warning(self) -> str:
        now = timezone.now()
        still = Survey.objects.open(at=now).filter(consultation=self.row)
        if not still:
            return ""
        names = " and ".join(f"“{survey}”" for survey in still)
        return f"People are still answering {names}. What they say is not yet in these words."

    def decide(self, *, by: Any, now: datetime) -> FrameworkVersion:
        return actions.publish_framework(consultation=self.row, by=by, now=now, **self.cleaned_data)


@admin.register(FrameworkVersion)
class FrameworkVersionAdmin(WrittenElsewhere):
    about = "The agreed outcomes as published: numbered, frozen, open to everyone."
    page = "outcomes/frameworkversion/page"
    change_list_template = "admin/outcomes/frameworkversion/list.html"
    list_display = ["__str__", "consultation", "published_at", "published_by", "change_summary"]
    list_select_related = ["consultation", "published_by"]

    def get_urls(self) -> list[URLPattern]:
        route = "publish/<int:consultation_id>/"
        return [self.address(route, self.publish, "publish"), *super().get_urls()]

    def publish(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """Shows what would be published, and publishes it."""
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied(
                "Only a publisher can publish a version, and never one who prepared its words."
            )
        consultation = get_object_or_404(Consultation, pk=consultation_id)
        data = request.POST if request.method == "POST" else None
        form = Publish(data, row=consultation, user=request.user)
        return carry_out(request, form) or self.show(
            request,
            "outcomes/frameworkversion/publish",
            form=form,
            title=form.title,
            snapshot=form.snapshot,
            consultation=consultation,
            steps=_steps(request, consultation, form.left),
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm(PUBLISH)
        publishes = Consultation.objects.all() if may else Consultation.objects.none()
        extra = {"publishes": publishes} | (extra_context or {})
        return super().changelist_view(request, extra)

    def facts(self, request: HttpRequest, row: FrameworkVersion) -> dict[str, Any]:
        whole = actions.snapshot_hash(row.snapshot) == row.sha256
        return {"snapshot": row.snapshot, "whole": whole, "despite": _despite(request, row)}


def _despite(request: HttpRequest, row: FrameworkVersion) -> str:
    """What was left to do, and why it was published all the same, for who may read such things."""
    if not (request.user.has_perm("surveys.view_auditevent") or request.user.has_perm(PUBLISH)):
        return ""
    about = f"{row._meta.label_lower} {row.pk}"
    event = AuditEvent.objects.filter(about=about, what=PUBLISHED_DESPITE).first()
    return event.detail if event else ""


def _steps(request: HttpRequest, row: Consultation, left: dict[Left, int]) -> list[Step]:
    """What is left to do, each with its list for who may open it."""
    concerns = reverse("admin:surveys_concern_changelist")
    dispositions = reverse("admin:outcomes_disposition_changelist")
    steps = []
    for one, number in left.items():
        may, words, url = "outcomes.view_idea", "See these ideas", ""
        if one in OF_IDEAS:
            url = rows_url(IDEAS, OF_IDEAS[one], row)
        elif one == Left.WITHHELD:
            may, words, url = "surveys.work_concern", "See the concerns", concerns
        elif one == Left.TO_HAND_ON:
            may, words, url = "outcomes.view_disposition", "See what to hand on", dispositions
        else:
            may, words = "surveys.view_passage", "See them in the inbox"
            url = rows_url(INBOX, OF_PASSAGES[one], row)
        steps.append(Step(number, str(one.label), words, url if request.user.has_perm(may) else ""))
    return steps
