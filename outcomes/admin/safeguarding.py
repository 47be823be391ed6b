"""The safeguarding lead's queue, and the page on which anybody who reads raises a worry."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin.safeguarding_hiding import HidingFirst, was_read
from outcomes.admin.worrying import RAISE, WORK, Close, Telling
from surveys.actions import sessions_for
from surveys.admin.deciding import Decision, line, reason
from surveys.admin.pages import number_of
from surveys.models import Answer, Concern, Note, Response
from surveys.refusals import Refusal
from surveys.screening import overdue

# Words up to so many characters are read in the list itself.
READ_IN_LIST = 600
TOLD = "for somebody told you of them (open each)"
GONE, DONE = "for the words were taken back", "for somebody cleared them before"
LONG = "for they are too long to be read here (open each)"
READ_HERE = "Read in the queue: nothing in these words tells of harm."
TYPES_IN = "surveys.enter_response"
# Who reads all passages may raise a worry about any; so may who reads answers, or notes.
READS_SOURCE = {
    "answer": ("surveys.view_answer", "surveys.view_passage"),
    "note": ("surveys.view_note", "surveys.view_passage"),
}


class Seen(Decision):
    path = "seen"
    label = "I have read it"
    permission = WORK
    at_once = True
    done = "{}: you have read it. It stays withheld until you clear it."

    @classmethod
    def fits(cls, row: Concern) -> bool:
        return row.state == Concern.State.NEW

    def decide(self, *, by: Any, now: datetime) -> Concern:
        return actions.see_concern(concern=self.row, by=by, now=now)


class Refer(Decision):
    path = "refer"
    label = "Pass it on"
    permission = WORK
    button = "Keep this record"
    about = (
        "Nothing is sent from here. Tell them as your area’s procedure says, then keep the record "
        "of it. The words stay withheld."
    )
    done = "{}: kept who was told. It stays withheld."

    told = line("Who was told", most=200, about="By role, such as the duty social worker.")
    reason = reason("Why, and what was done")

    @classmethod
    def fits(cls, row: Concern) -> bool:
        return row.is_open

    def decide(self, *, by: Any, now: datetime) -> Concern:
        return actions.refer_concern(concern=self.row, by=by, now=now, **self.cleaned_data)


class Clear(Decision):
    path = "clear"
    label = "Clear it"
    permission = WORK
    button = "Clear it: others may read the words"
    about = (
        "Officers read the words from then on, and the next analysis takes them in. If they name "
        "somebody, hide that first."
    )
    done = "{}: cleared. Others may read the words."

    reason = reason("Why others may read it")

    @classmethod
    def fits(cls, row: Concern) -> bool:
        return row.is_open and not row.was_told

    def decide(self, *, by: Any, now: datetime) -> Concern:
        return actions.clear_concern(concern=self.row, by=by, now=now, **self.cleaned_data)


class Worry(forms.Form):
    """What anybody who reads can say; the words themselves are with the concern already."""

    category = forms.ChoiceField(
        label="What it may be about",
        choices=[("", "Choose one"), *Concern.Category.choices],
        help_text="Where none fits, or you are not sure, choose “something else”.",
    )
    reason = reason(
        "What worries you",
        about="Only the safeguarding lead reads this. It is kept for good with your name.",
    )


class RaisedBy(admin.SimpleListFilter):
    title = "raised by"
    parameter_name = "raised"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("screen", "the screen"), ("person", "a person")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Concern]) -> QuerySet[Concern]:
        if self.value() is None:
            return queryset
        return queryset.filter(raised_by__isnull=self.value() == "screen")


@admin.register(Concern)
class ConcernAdmin(HidingFirst, Telling):
    about = "Words that may tell of harm. Only you read them until you clear them."
    page = "outcomes/concern/page"
    decisions = (Seen, Refer, Clear, Close)
    list_display = ["__str__", "stands", "words", "grave", "raised_at", "raised", "said_in"]
    actions = ("clear_read",)
    list_per_page = 50
    sortable_by = ()  # the gravest come first, whoever looks
    list_filter = ["state", "category", RaisedBy]
    list_select_related = [
        "raised_by",
        "answer__response__survey",
        "note__session",
    ]
    search_fields = ["answer__response__reference"]
    search_help_text = "The reference of the response, such as R7X2MK4PQT."

    def get_urls(self) -> list[URLPattern]:
        raising = [
            self.address(f"raise/{kind}/<int:key>/", self.raise_about, f"raise-{kind}", kind=kind)
            for kind in READS_SOURCE
        ]
        return [*raising, *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(WORK)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(WORK)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concern]:
        """Django would order the rows before they have the column to be ordered by."""
        return Concern.objects.gravest_first()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """That of gravest_first: without one the list would take that of the model."""
        return ("-waits", "-score", "raised_at", "pk")

    def waits(self, request: HttpRequest) -> str:
        unseen = Concern.objects.unseen().count()
        seen = Concern.objects.filter(state=Concern.State.SEEN).count()
        return number_of((unseen, "that nobody has read"), (seen, "read, and not decided yet"))

    @admin.action(
        permissions=["work"], description="Clear: I have read these, and nothing tells of harm"
    )
    def clear_read(self, request: HttpRequest, rows: QuerySet[Concern]) -> None:
        """For what the screen flagged without need; what is too long for the list is opened."""
        left: dict[str, list[int]] = {GONE: [], TOLD: [], LONG: [], DONE: []}
        cleared = 0
        for row in rows:
            if not row.source:
                left[TOLD if row.was_told else GONE].append(row.pk)
            elif len(row.source.text) > READ_IN_LIST:
                left[LONG].append(row.pk)
            elif self._clear(row, request):
                cleared += 1
            else:
                left[DONE].append(row.pk)
        if cleared:
            messages.success(request, f"{cleared} cleared: others may read them.")
        for why, keys in left.items():
            if keys:
                numbers = ", ".join(map(str, sorted(keys)))
                messages.warning(request, f"Concerns left as they were, {why}: {numbers}.")

    def _clear(self, row: Concern, request: HttpRequest) -> bool:
        """Not when somebody else did it meanwhile."""
        try:
            actions.clear_concern(
                concern=row,
                reason=READ_HERE,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refusal:
            return False
        return True

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(WORK)

    @admin.display(description="state", ordering="state")
    def stands(self, row: Concern) -> str:
        return row.state_in_words

    @admin.display(description="words")
    def words(self, row: Concern) -> str:
        text = row.source.text if row.source else row.reason if row.was_told else ""
        return text if len(text) <= READ_IN_LIST else f"{text[:READ_IN_LIST]}… (open to read on)"

    @admin.display(description="raised by", empty_value="the screen")
    def raised(self, row: Concern) -> Any:
        return row.raised_by

    @admin.display(description="how sure the screen is")
    def grave(self, row: Concern) -> str:
        return "" if row.raised_by_id else f"{round(100 * row.score)} of 100"

    @admin.display(description="said in")
    def said_in(self, row: Concern) -> str:
        if row.answer:
            return f"response {row.answer.response}, {row.answer.response.survey}"
        if row.note:
            return f"workshop {row.note.session}"
        return "told by staff, about no answer" if row.was_told else "words taken back"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """What the list shows of the words is read, and so it is an event."""
        extra = {"overdue": overdue(now=timezone.now())} | (extra_context or {})
        page = super().changelist_view(request, extra)
        shown = (getattr(page, "context_data", None) or {}).get("cl")
        rows = shown.result_list if shown else []
        keys = [str(row.pk) for row in rows if row.source or row.was_told]
        if keys:
            was_read(request, Concern(), f"in the queue: {', '.join(keys)}")
        return page

    def facts(self, request: HttpRequest, row: Concern) -> dict[str, Any]:
        if row.source or row.was_told:
            was_read(request, row)
        return {
            "source": row.source,
            "others": _others(row),
            "helper": row.answer.response.helper_words if row.answer else "",
            "asked": _asked(row.answer) if row.answer else "",
            "said_in": self.said_in(row),
            "steps": row.steps.select_related("by"),
        }

    def raise_about(self, request: HttpRequest, kind: str, key: int) -> HttpResponse:
        """The words are shown once more, so that nobody raises a worry about the wrong ones."""
        source = _readable(request, kind, key)
        form = Worry(request.POST or None)
        if form.is_bound and form.is_valid():
            try:
                actions.raise_concern(
                    source=source,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(
                    request,
                    "Thank you. The safeguarding lead has it, and nobody else can read it now. If "
                    "somebody is in danger at this moment, call 999.",
                )
                return redirect("admin:index")
        title = f"Worried about harm: {source}"
        return self.show(
            request, "outcomes/concern/raise", title=title, form=form, source=source, tools=[]
        )


def _readable(request: HttpRequest, kind: str, key: int) -> Answer | Note:
    """What this person may read now; what is withheld is not there for them."""
    user = request.user
    if not user.has_perm(RAISE):
        raise PermissionDenied
    reads = any(map(user.has_perm, READS_SOURCE[kind]))
    found: Answer | Note | None
    if kind == "answer":
        sent = Answer.objects.readable().filter(response__in=Response.objects.sent())
        if not reads:
            typed = sent.filter(response__entered_by=user)  # type: ignore[misc]
            sent = typed if user.has_perm(TYPES_IN) else sent.none()
        found = sent.select_related("response", "question", "passage").filter(pk=key).first()
    else:
        if not reads:
            raise PermissionDenied
        notes = Note.objects.readable().select_related("session", "passage")
        if not user.has_perm("surveys.view_passage"):
            notes = notes.filter(session__in=sessions_for(user))  # type: ignore[arg-type]
        found = notes.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _others(concern: Concern) -> list[dict[str, str]]:
    """What else the same response says, without what is hidden; what is withheld for a concern of
    its own stands on the page of that one."""
    if concern.answer is None:
        return []
    beside = concern.answer.response.answers.exclude(pk=concern.answer_id).exclude(text="")
    rows = beside.select_related("response", "question", "passage", "concern")
    rows = rows.prefetch_related("question__wordings")
    return [
        {"asked": _asked(one), "words": "" if one.is_withheld else one.words}
        for one in rows.order_by("question__order")
    ]


def _asked(answer: Answer) -> str:
    response = answer.response
    return answer.question.wording(response.wording_form, response.language).text


def raise_address(source: Answer | Note) -> str:
    kind = "answer" if isinstance(source, Answer) else "note"
    return reverse(f"admin:surveys_concern_raise-{kind}", args=[source.pk])
