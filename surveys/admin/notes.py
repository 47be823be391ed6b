"""Notes of a workshop, typed live, one page for one session; and a page to correct one note."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse

from surveys import actions
from surveys.actions.noting import MOST_DOTS, AlreadyThere, NoteChanged
from surveys.admin.originals import READ_ORIGINAL, hides, reads_typed, was_read
from surveys.admin.pages import PER_PAGE, PortalAdmin, page_of_rows
from surveys.models import Note, Session
from surveys.refusals import Refusal

EMPTY = "Write something before you save the note."
PAGES = [
    ("notes", "Notes", "surveys.view_note"),
    ("paste", "Paste notes", "surveys.add_note"),
    ("file", "Notes from a file", "surveys.add_note"),
]


class NoteForm(forms.Form):
    """One note. `seen` is the newest note that the page shows, or the one that is corrected."""

    kind = forms.ChoiceField(
        choices=Note.Kind.choices, initial=Note.Kind.SAID, widget=forms.RadioSelect
    )
    dots = forms.IntegerField(
        label="How many dots or votes", required=False, min_value=0, max_value=MOST_DOTS
    )
    text = forms.CharField(
        label="Note",
        widget=AdminTextareaWidget(attrs={"rows": 3, "autofocus": True, "autocomplete": "off"}),
        error_messages={"required": EMPTY},
    )
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def note(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "kind", "dots")}

    def sentence(self) -> str:
        """The first thing that is wrong."""
        return next(iter(self.errors.values()))[0]


class NotePages(PortalAdmin):
    """The pages of a session where its notes are typed and corrected."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("<int:object_id>/notes/", self.notes, "notes"),
            self.address("<int:object_id>/notes/<int:order>/", self.note, "note"),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The ways to the notes, beside what any page of a row offers."""
        return [*super().tools(request, row), *self.ways(request, row)]

    def ways(self, request: HttpRequest, session: Session, but: str = "") -> list[dict[str, Any]]:
        return [
            {"label": label, "url": reverse(f"admin:surveys_session_{name}", args=[session.pk])}
            for name, label, permission in PAGES
            if name != but and request.user.has_perm(permission)
        ]

    def find_for(self, request: HttpRequest, object_id: int, permission: str) -> Session:
        """The session, for who may see it and has the permission."""
        session: Session = self.find(request, object_id)
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return session

    def notes(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """All notes, newest first, below a form for the next one."""
        needed = "surveys.add_note" if request.method == "POST" else "surveys.view_note"
        session = self.find_for(request, object_id, needed)
        if request.method == "POST":
            return self._take(request, session, NoteForm(request.POST))
        kind = request.GET.get("kind")
        first = {"kind": kind} if kind in Note.Kind.values else {}
        return self._page(request, session, NoteForm(initial=first))

    def _take(self, request: HttpRequest, session: Session, form: NoteForm) -> HttpResponse:
        """Save the note; answer the page's own script in kind."""
        scripted = request.headers.get("Accept") == "application/json"
        if form.is_valid():
            try:
                note = actions.add_note(
                    session=session, seen=form.cleaned_data["seen"], **form.note()
                )
            except AlreadyThere as there:
                note = there.notes[0]
                if not scripted:
                    messages.warning(request, f"{there.sentence} If it was said again, say so.")
            except Refusal as refusal:
                form.add_error("text", refusal.sentence)
            else:
                if not scripted:
                    messages.success(request, f"Note {note.order} is saved.")
        if form.errors:
            if scripted:
                return JsonResponse({"sentence": form.sentence()}, status=400)
            return self._page(request, session, form)
        return _saved(request, session, note) if scripted else redirect(_notes_of(session, note))

    def _page(self, request: HttpRequest, session: Session, form: NoteForm) -> HttpResponse:
        notes = session.notes.readable().select_related("passage").order_by("-order")
        newest = session.notes.order_by("-pk").values_list("pk", flat=True).first()
        return self.show(
            request,
            "surveys/session/notes",
            session,
            form=form,
            newest=newest or 0,
            page=page_of_rows(request, notes),
            reads_typed=reads_typed(request.user, session),
            title=f"Notes: {session}",
            tools=self.ways(request, session, but="notes"),
        )

    def note(self, request: HttpRequest, object_id: int, order: int) -> HttpResponse:
        """Correct or remove one note."""
        session = self.find_for(request, object_id, "surveys.change_note")
        note = self._to_correct(request, session, order)
        form = NoteForm(request.POST) if request.method == "POST" else _form_of(note)
        if note and request.method == "POST":
            if self._change(request, note, form):
                return redirect("admin:surveys_session_notes", session.pk)
            note = self._to_correct(request, session, order)
        if note is None:
            return self._gone(request, session, form)
        title = f"Note {note.order}: {session}"
        context = {"form": form, "note": note, "title": title, "tools": []}
        return self.show(request, "surveys/session/note", session, **context)

    def _to_correct(self, request: HttpRequest, session: Session, order: int) -> Note | None:
        """The note that the page shows as it was typed, for who may read it so."""
        note = _note_at(session, order)
        if note is None or reads_typed(request.user, session) or not hides(note):
            return note
        if not request.user.has_perm(READ_ORIGINAL):
            raise PermissionDenied
        was_read(request, note)
        return note

    def _change(self, request: HttpRequest, note: Note, form: NoteForm) -> bool:
        """Do what the page asks; False when it was refused, which the form then says."""
        removing = "remove" in request.POST
        if not form.is_valid() and not removing:
            return False
        facts: dict[str, Any] = {"note": note, "seen": form.cleaned_data.get("seen") or 0}
        try:
            if removing:
                actions.remove_note(by=request.user, **facts)  # type: ignore[arg-type]
            else:
                actions.correct_note(by=request.user, **facts, **form.note())  # type: ignore[arg-type]
        except NoteChanged as changed:
            form.errors.clear()
            form.add_error(None, changed.sentence)
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["seen"] = changed.now.pk if changed.now else ""  # type: ignore[index]
            return False
        except Refusal as refusal:
            form.add_error("text", refusal.sentence)
            return False
        done = f"Note {note.order} is {'removed' if removing else 'corrected'}."
        self.log_change(request, note.session, done)
        messages.success(request, done)
        return True

    def _gone(self, request: HttpRequest, session: Session, form: NoteForm) -> HttpResponse:
        """The words of a correction whose note was removed meanwhile go back to the live page."""
        if not form.data.get("text") or "remove" in form.data:
            raise Http404
        form.full_clean()
        form.add_error(
            "text", "Somebody removed that note meanwhile. Your words are here: save them anew."
        )
        return self._page(request, session, form)


def _note_at(session: Session, order: int) -> Note | None:
    rows = session.notes.readable().select_related("passage")
    return rows.filter(order=order).first() if order < 2**31 else None


def _form_of(note: Note | None) -> NoteForm:
    if note is None:
        return NoteForm()
    first = {"text": note.text, "kind": note.kind, "dots": note.dots, "seen": note.pk}
    return NoteForm(initial=first)


def _notes_of(session: Session, note: Note) -> str:
    return f"{reverse('admin:surveys_session_notes', args=[session.pk])}?kind={note.kind}"


def _saved(request: HttpRequest, session: Session, note: Note) -> JsonResponse:
    """What the page's script shows: the note, and those that others added since."""
    shown = request.POST.get("shown", "")
    since = int(shown) if shown.isdecimal() and len(shown) < 19 else note.pk - 1
    notes = session.notes.readable().select_related("passage")
    newer = notes.filter(pk__gt=since).order_by("-order")[:PER_PAGE]
    may_change = request.user.has_perm("surveys.change_note")
    rows = [
        render_to_string(
            "admin/surveys/session/_note.html",
            {
                "note": one,
                "session": session,
                "may_change": may_change,
                "may_raise": request.user.has_perm("surveys.raise_concern"),
                "reads_typed": reads_typed(request.user, session),
            },
            request,
        )
        for one in newer
    ]
    newest = max(note.pk, *(one.pk for one in newer)) if newer else note.pk
    return JsonResponse(
        {"number": note.order, "newest": newest, "rows": rows, "count": session.notes.count()}
    )
