"""Many notes at once: pasted or from a file, looked through in a preview, then added together.

What was read waits in the preview's own form, not here: no file is kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern

from surveys import actions
from surveys.actions.noting import AlreadyThere, NewNote
from surveys.admin.notes import NotePages
from surveys.admin.originals import reads_typed
from surveys.models import Note, Session
from surveys.note_files import MAX_SIZE, TOO_LARGE, Found, read
from surveys.note_lines import MOST_NOTES, Line, Unreadable, checked, compared, lines_of
from surveys.refusals import BadText
from surveys.texts import storable

DIVIDE = [("line", "Each line is a note"), ("paragraph", "Each paragraph is a note")]
NOT_A_PREVIEW = "This preview cannot be read any more. Paste the notes again, or choose the file."
NONE_TAKEN = "Tick at least one line to add."


class DivideForm(forms.Form):
    divide = forms.ChoiceField(
        label="How notes are told apart",
        choices=DIVIDE,
        initial="line",
        widget=forms.RadioSelect,
        help_text="An empty line ends a paragraph. Empty lines never become notes.",
    )

    @property
    def by_paragraph(self) -> bool:
        return self.cleaned_data["divide"] == "paragraph"


class PasteForm(DivideForm):
    text = forms.CharField(
        label="Notes",
        widget=AdminTextareaWidget(attrs={"rows": 20, "autofocus": True}),
        help_text=(
            "Bullets and numbers at the start of a line are taken off. A line may begin with "
            "“exact:”, “view:” or “dots 7:” to say what kind of note it is."
        ),
        error_messages={"required": "Paste or write something first."},
    )
    field_order = ["text", "divide"]

    def found(self) -> Found:
        text = storable(self.cleaned_data["text"])
        return Found(lines_of(text, by_paragraph=self.by_paragraph))


class FileForm(DivideForm):
    file = forms.FileField(
        label="File",
        help_text="XLSX, CSV, Word (.docx) or plain text (.txt), of at most 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.docx,.txt"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "There is nothing in this file.",
        },
    )
    field_order = ["file", "divide"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["divide"].help_text = (
            "For plain text alone. " + DivideForm.base_fields["divide"].help_text
        )

    def found(self) -> Found:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_SIZE:
            raise Unreadable(TOO_LARGE)
        return read(file.name or "", file.read(), by_paragraph=self.by_paragraph)


@dataclass(frozen=True)
class Row:
    """One line of the preview, and what is wrong with it."""

    line: Line
    number: str  # of dots, as typed
    error: str = ""


@dataclass(frozen=True)
class Preview:
    """What will be added. `seen` is the newest note there when the lines were compared."""

    rows: list[Row]
    seen: int
    notice: str = ""
    pasted: str = ""
    error: str = ""

    @classmethod
    def of(
        cls, session: Session, found: Found, pasted: str = "", *, typed: bool = False
    ) -> "Preview":
        # To say that a line is like a withheld note would tell of its words; and like one in
        # which something is hidden, of that, unless the reader may read it.
        words = F("text") if typed else Coalesce("passage__words", "text")
        there = session.notes.readable().order_by("order").values_list("order", words)
        newest = session.notes.order_by("-pk").values_list("pk", flat=True).first()
        lines = compared(checked(found.lines), list(there))
        rows = [Row(one, "" if one.dots is None else str(one.dots)) for one in lines]
        return cls(rows, newest or 0, found.notice, pasted)

    @classmethod
    def sent(cls, data: QueryDict) -> "Preview":
        """The preview as the person sends it back."""
        try:
            carried = json.loads(data.get("lines", ""))
            lines = [
                Line(str(where), str(text), warnings=tuple(map(str, warnings)))
                for where, text, warnings in carried[: MOST_NOTES + 1]
            ]
            seen = int(data.get("seen", ""))
            taken = {int(number) for number in data.getlist("take")}
        except (ValueError, TypeError, RecursionError) as error:
            raise Unreadable(NOT_A_PREVIEW) from error
        if not lines or not 0 <= seen < 2**63:
            raise Unreadable(NOT_A_PREVIEW)
        rows = [_row(data, n, replace(line, take=n in taken)) for n, line in enumerate(lines)]
        return cls(rows, seen, data.get("notice", ""), data.get("pasted", ""))

    def carried(self) -> str:
        """What the form takes along, beside what is ticked and chosen."""
        lines = [(row.line.where, row.line.text, row.line.warnings) for row in self.rows]
        return json.dumps(lines, ensure_ascii=False)

    def judged(self) -> "Preview":
        """With what is wrong beside each line that is ticked."""
        rows = [replace(row, error=_wrong(row)) if row.line.take else row for row in self.rows]
        error = "" if any(row.line.take for row in rows) else NONE_TAKEN
        wrong = sum(bool(row.error) for row in rows)
        if wrong:
            marked = "line that is" if wrong == 1 else f"{wrong} lines that are"
            error = f"Nothing was added yet. Please correct the {marked} marked below."
        return replace(self, rows=rows, error=error)

    def notes(self) -> list[NewNote]:
        return [_note(row) for row in self.rows if row.line.take]


def _row(data: Mapping[str, Any], number: int, line: Line) -> Row:
    return Row(replace(line, kind=data.get(f"kind-{number}", "")), data.get(f"dots-{number}", ""))


def _note(row: Row) -> NewNote:
    typed = row.number.strip()
    if not typed:
        return NewNote(row.line.text, row.line.kind)
    if not (typed.isdecimal() and len(typed) < 9):
        raise BadText("Give the number of dots in figures, such as 7.")
    return NewNote(row.line.text, row.line.kind, int(typed))


def _wrong(row: Row) -> str:
    try:
        _note(row).checked()
    except BadText as refusal:
        return refusal.sentence
    return ""


class NoteSheets(NotePages):
    """The pages of a session where many notes come at once."""

    def get_urls(self) -> list[URLPattern]:
        where = "<int:object_id>/notes"
        return [
            self.address(f"{where}/paste/", self.bring, "paste", kind=PasteForm),
            self.address(f"{where}/file/", self.bring, "file", kind=FileForm),
            self.address(f"{where}/preview/", self.confirm, "preview"),
            *super().get_urls(),
        ]

    def bring(
        self, request: HttpRequest, object_id: int, kind: type[PasteForm | FileForm]
    ) -> HttpResponse:
        """Paste notes or choose a file; what is found is shown before it is added."""
        session = self.find_for(request, object_id, "surveys.add_note")
        back = request.method == "POST" and "back" in request.POST
        if back or request.method != "POST":
            form = kind(initial={"text": request.POST.get("pasted", "")})
            return self._bring_page(request, session, form)
        form = kind(request.POST, request.FILES)
        if form.is_valid():
            try:
                pasted = form.cleaned_data.get("text", "")
                typed = reads_typed(request.user, session)
                preview = Preview.of(session, form.found(), pasted, typed=typed)
            except Unreadable as refusal:
                form.add_error("text" if kind is PasteForm else "file", refusal.sentence)
            else:
                return self._preview_page(request, session, preview)
        return self._bring_page(request, session, form)

    def confirm(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Add what is ticked in the preview, all of it or none."""
        session = self.find_for(request, object_id, "surveys.add_note")
        if request.method != "POST":
            return redirect("admin:surveys_session_notes", session.pk)
        try:
            preview = Preview.sent(request.POST).judged()
        except Unreadable as refusal:
            messages.error(request, refusal.sentence)
            return redirect("admin:surveys_session_paste", session.pk)
        if preview.error:
            return self._preview_page(request, session, preview)
        try:
            made = actions.add_notes(session=session, notes=preview.notes(), seen=preview.seen)
        except AlreadyThere as there:
            messages.warning(request, there.sentence)
        else:
            messages.success(request, _added(made))
        return redirect("admin:surveys_session_notes", session.pk)

    def _bring_page(self, request: HttpRequest, session: Session, form: DivideForm) -> HttpResponse:
        name = "paste" if isinstance(form, PasteForm) else "file"
        title = "Paste notes" if name == "paste" else "Notes from a file"
        context = {"form": form, "name": name, "here": title, "title": f"{title}: {session}"}
        tools = self.ways(request, session, but=name)
        return self.show(request, "surveys/session/bring", session, tools=tools, **context)

    def _preview_page(
        self, request: HttpRequest, session: Session, preview: Preview
    ) -> HttpResponse:
        return self.show(
            request,
            "surveys/session/preview",
            session,
            preview=preview,
            kinds=Note.Kind.choices,
            title=f"Look before adding: {session}",
            tools=[],
        )


def _added(notes: Sequence[Note]) -> str:
    if len(notes) == 1:
        return f"Note {notes[0].order} is added."
    return f"{len(notes):,} notes are added: {notes[0].order} to {notes[-1].order}."
