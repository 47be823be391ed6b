"""Workshops: who was in the room, and the way to their notes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from surveys import actions
from surveys.admin.note_files import NoteSheets
from surveys.admin.originals import READ_ORIGINAL, reads_typed
from surveys.models import Consultation, Session

MOST_PEOPLE = 10_000
STAFF = "django.contrib.auth.backends.ModelBackend"
NOT_ONESELF = (
    "Ask somebody else to make you its facilitator: whoever is reads the notes as they are typed."
)
# Where a facilitator goes on with what they typed.
OWN_WAYS = [
    ("surveys_passage", "Code what was said", "surveys.code_own_session"),
    ("surveys_redaction", "Check what is hidden", "surveys.redact_own_session"),
]


class SessionForm(forms.ModelForm):
    user: Any = None

    def clean_facilitator(self) -> User | None:
        chosen: User | None = self.cleaned_data["facilitator"]
        was = self.instance.facilitator_id
        if self.instance.pk and chosen == self.user and was != self.user.pk:
            raise forms.ValidationError(NOT_ONESELF)
        return chosen


@admin.register(Session)
class SessionAdmin(NoteSheets):
    about = "Workshops, and what was noted there."
    form = SessionForm
    change_form_template = "admin/surveys/session/change.html"
    list_display = ["title", "audience", "held_on", "people", "notes_count"]
    list_filter = ["audience"]
    fields = [
        "consultation",
        "title",
        "held_on",
        "audience",
        "host",
        "people",
        "method",
        "place",
        "about",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Officers see every workshop; a facilitator, who reads no responses, only their own."""
        theirs = actions.sessions_for(request.user)  # type: ignore[arg-type]
        rows = super().get_queryset(request).filter(pk__in=theirs)
        return rows.annotate(notes_count=Count("notes"))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Officers say whose workshop it is until it has notes; a facilitator's is their own.

        Whoever facilitated reads the notes as they were typed, so only a redactor changes that.
        """
        open_to = not self._is_settled(obj) or request.user.has_perm(READ_ORIGINAL)
        own = "facilitator" if self._assigns(request) and open_to else "facilitated_by"
        fields = [*self.fields, own]  # type: ignore[misc]
        if not self._is_settled(obj):
            return fields
        return ["asked_in" if name == "consultation" else name for name in fields]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def ways(self, request: HttpRequest, session: Session, but: str = "") -> list[dict[str, Any]]:
        """Whoever facilitated it goes on to code and to hide what they typed."""
        found = super().ways(request, session, but)
        own = OWN_WAYS if reads_typed(request.user, session) else []
        query = f"?workshop={session.pk}"
        return found + [
            {"label": label, "url": reverse(f"admin:{name}_changelist") + query}
            for name, label, permission in own
            if request.user.has_perm(permission)
        ]

    def _assigns(self, request: HttpRequest) -> bool:
        return request.user.has_perms(["surveys.view_response", "surveys.add_note"])

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Whose words the notes are does not change once there are any."""
        return ["facilitated_by", *(["asked_in", "audience"] if self._is_settled(obj) else [])]

    def _is_settled(self, obj: Model | None) -> bool:
        return isinstance(obj, Session) and obj.notes.exists()

    @admin.display(description="consultation")
    def asked_in(self, session: Session) -> str:
        """A name: facilitators may not open the consultation."""
        return str(session.consultation)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "facilitator":
            may = User.objects.with_perm("surveys.add_note", backend=STAFF)
            kwargs["queryset"] = may.order_by("username")
            kwargs["initial"] = request.user.pk
        if db_field.name == "consultation":
            only = Consultation.objects.values_list("pk", flat=True)[:2]
            kwargs["initial"] = only[0] if len(only) == 1 else None
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "people":
            kwargs |= {"label": "People in the room", "help_text": ""}
            kwargs |= {"min_value": 1, "max_value": MOST_PEOPLE}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="notes", ordering="notes_count")
    def notes_count(self, session: Session) -> int:
        return session.notes_count  # type: ignore[attr-defined]

    @admin.display(description="facilitator")
    def facilitated_by(self, session: Session) -> str:
        """A name: the page of the account is not everyone's to open."""
        return str(session.facilitator or "whoever adds it")

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        """Whoever adds a workshop is its facilitator, unless they say who is."""
        if not change and obj.facilitator is None:
            obj.facilitator = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if "facilitator" in form.changed_data:
            actions.record(
                what="session: facilitator",
                about=obj,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                detail=f"now {obj.facilitator or 'nobody'}",
            )

    def response_post_save_add(self, request: HttpRequest, obj: Session) -> HttpResponse:
        """A new workshop is for typing notes."""
        return redirect("admin:surveys_session_notes", obj.pk)
