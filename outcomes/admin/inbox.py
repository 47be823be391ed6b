"""The inbox: every answer and note that staff may read, to be found and read in turn."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import Truncator

from outcomes.admin.inbox_filters import OF_OWN, OF_PASSAGES, shown_to, unread
from outcomes.admin.inbox_texts import TextsTogether
from outcomes.admin.passage import PassagePages
from outcomes.admin.passage_facts import suggestions_of
from outcomes.ledger import State, with_passage_state
from outcomes.models import Coding, Idea
from outcomes.whose import CODES, READS
from surveys.admin.pages import WrittenElsewhere, number_of
from surveys.models import Passage

FIRST_WORDS = 18
LIST_KEYS = [
    ("j", "next line"),
    ("k", "previous line"),
    ("Enter", "open it"),
    ("/", "search"),
    ("?", "show the keys"),
]


class KeysFirst(Paginator):
    """One query finds the keys of all rows: that counts them, and tells which are on a page."""

    @cached_property
    def keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True))  # type: ignore[union-attr]

    @cached_property
    def count(self) -> int:
        return len(self.keys)

    def keys_of(self, number: int) -> list[int]:
        start = (number - 1) * self.per_page
        return self.keys[start : start + self.per_page]

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        rows = self.object_list.filter(pk__in=self.keys_of(number))  # type: ignore[union-attr]
        return self._get_page(rows, number, self)


class InboxList(ChangeList):
    """Only what counts; with the ideas of the rows shown, read all at once."""

    paginator: KeysFirst

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        return super().get_queryset(request, exclude_parameters).counted()

    def get_results(self, request: HttpRequest) -> None:
        """Where they stand is asked of the rows shown alone: among all, PostgreSQL works it out
        for every passage there is."""
        super().get_results(request)
        is_all = (self.show_all and self.can_show_all) or not self.multi_page
        keys = self.paginator.keys if is_all else self.paginator.keys_of(self.page_num)
        rows = with_passage_state(Passage.objects.filter(pk__in=keys).with_place())  # type: ignore[attr-defined]
        self.result_list = with_themes(list(rows.order_by("pk")))


class Place(InboxList):
    """The same list without its rows: to find out what comes before and after one of them."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list, self.result_count = [], 0


def with_themes(passages: list[Passage]) -> list[Passage]:
    """Adds `ideas_count` and `theme_words`: the themes people gave, else what is suggested."""
    of = Q(answer__in=[one.answer_id for one in passages if one.answer_id]) | Q(
        note__in=[one.note_id for one in passages if one.note_id]
    )
    ideas = list(Idea.everything.filter(of).order_by("start").only("answer", "note"))
    coded = Coding.everything.current().filter(idea__in=ideas)
    given = {one.idea_id: one for one in coded.select_related("theme", "second", "third")}
    suggested = suggestions_of(ideas)
    by_source: dict[tuple[int | None, int | None], list[Idea]] = {}
    for idea in ideas:
        by_source.setdefault((idea.answer_id, idea.note_id), []).append(idea)
    for passage in passages:
        own = by_source.get((passage.answer_id, passage.note_id), [])
        people = [theme for idea in own if idea.pk in given for theme in given[idea.pk].themes]
        machine = [suggested[idea.pk].theme for idea in own if idea.pk in suggested]
        words = _listed(people) or _listed(one for one in machine if one)
        passage.ideas_count = len(own)  # type: ignore[attr-defined]
        passage.theme_words = words if people or not words else f"suggested: {words}"  # type: ignore[attr-defined]
    return passages


def _listed(themes: Any) -> str:
    return ", ".join(dict.fromkeys(str(theme) for theme in themes))


@admin.register(Passage)
class PassageAdmin(TextsTogether, PassagePages, WrittenElsewhere):
    index_name = "Inbox"
    about = "Every answer and note: read it, say what each idea in it is about."
    change_list_template = "admin/surveys/passage/change_list.html"
    list_display = ["first_words", "said_by", "ideas_count", "standing", "theme"]
    list_filter = OF_PASSAGES
    list_per_page = 50
    paginator = KeysFirst
    show_full_result_count = False
    sortable_by = ()
    ordering = ("pk",)
    search_fields = ["words"]
    search_help_text = "All of these words, in any form: “swim” finds “swimming” too."

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return READS.is_for_some(request.user)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return OF_PASSAGES if READS.is_for_all(request.user) else OF_OWN

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        """Of answers that were sent, and notes; the list leaves out what does not count."""
        return shown_to(request, Passage.objects.sent())  # type: ignore[attr-defined]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Place if getattr(request, "only_place", False) else InboxList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        sought = search_term.strip()
        return (queryset.said(sought) if sought else queryset), False  # type: ignore[attr-defined]

    def waits(self, request: HttpRequest) -> str:
        if not CODES.is_for_some(request.user):
            return ""
        rows = unread(self.get_queryset(request).counted())  # type: ignore[attr-defined]
        return number_of((rows.aggregate(n=Count("pk"))["n"], "unread"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(
            request, {"title": self.index_name, "keys": LIST_KEYS} | (extra_context or {})
        )

    @admin.display(description="words")
    def first_words(self, row: Passage) -> str:
        return Truncator(" ".join(row.words.split())).words(FIRST_WORDS) or "(hidden)"

    @admin.display(description="said by")
    def said_by(self, row: Passage) -> str:
        if row.note and row.note.kind == row.note.Kind.FACILITATOR:
            return "facilitator’s view"
        return f"workshop: {row.get_audience_display()}" if row.note else row.get_audience_display()

    @admin.display(description="ideas")
    def ideas_count(self, row: Passage) -> int:
        return row.ideas_count  # type: ignore[attr-defined]

    @admin.display(description="where it stands")
    def standing(self, row: Passage) -> str:
        return State(row.stands).label  # type: ignore[attr-defined]

    @admin.display(description="theme", empty_value="none yet")
    def theme(self, row: Passage) -> str | None:
        return row.theme_words or None  # type: ignore[attr-defined]
