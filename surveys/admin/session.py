"""Workshops and the notes taken there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest

from surveys import actions
from surveys.admin.pages import FIELDS, PortalAdmin
from surveys.models import Note, Session


class NoteInline(admin.TabularInline):
    """Notes are added at the end and stay as written: ideas are spans of their characters."""

    model = Note
    fields = ["kind", "text"]
    extra = 3
    can_delete = False
    formfield_overrides = FIELDS

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(PortalAdmin):
    about = "Workshops, and what was noted there."
    list_display = ["title", "audience", "held_on", "people", "notes_count"]
    list_filter = ["audience"]
    exclude = ["facilitator"]
    inlines = [NoteInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Officers see every workshop; a facilitator, who reads no responses, only their own."""
        sessions = super().get_queryset(request).annotate(notes_count=Count("notes"))
        if request.user.has_perm("surveys.view_response"):
            return sessions
        return sessions.filter(facilitator=request.user)  # type: ignore[misc]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Whose words the notes are does not change once there are any."""
        settled = isinstance(obj, Session) and obj.notes.exists()
        return ["facilitated_by", *(["consultation", "audience"] if settled else [])]

    @admin.display(description="notes", ordering="notes_count")
    def notes_count(self, session: Session) -> int:
        return session.notes_count  # type: ignore[attr-defined]

    @admin.display(description="facilitator")
    def facilitated_by(self, session: Session) -> str:
        """A name: the page of the account is not everyone's to open."""
        return str(session.facilitator or "whoever adds it")

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        """Whoever adds a workshop is its facilitator."""
        if not change:
            obj.facilitator = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        formset.save(commit=False)
        formset.new_objects = [
            actions.add_note(session=form.instance, text=note.text, kind=note.kind)
            for note in formset.new_objects
        ]
