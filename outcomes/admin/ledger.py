"""The ledger: where everything that was said stands, and what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.admin.inbox_filters import ConsultationFilter, RestFilter, StandingFilter
from outcomes.ledger import (
    VOICES,
    Line,
    State,
    lines_of_ideas,
    lines_of_passages,
    numbers,
    passages_of,
)
from outcomes.models import AnalysisRun, Disposition
from outcomes.unfinished import to_hand_on_of
from surveys.admin.pages import PortalAdmin, page_of_rows
from surveys.models import Consultation, Passage
from surveys.refusals import Refusal

CODE = "outcomes.code_idea"
INBOX, IDEAS = "admin:surveys_passage_changelist", "admin:outcomes_idea_changelist"


# What people write into a box that they have nothing to say to; ticked in advance.
EMPTY = {
    *("n/a", "na", "no", "none", "nope", "nothing", "nil", "blank", "ditto", "same", "dk", "idk"),
    *("no comment", "no answer", "not applicable", "not sure", "don't know", "dont know"),
    *("do not know", "as above", "see above", "same as above"),
}


@dataclass(frozen=True)
class Step:
    """Something that is left to do: how many, what, and where."""

    number: int
    what: str
    link: str
    url: str


def rows_url(which: str, state: State, row: Consultation) -> str:
    """The list of exactly these rows; none for what nobody may read."""
    if state == State.WITHHELD:
        return ""
    asked = {ConsultationFilter.parameter_name: row.pk, StandingFilter.parameter_name: state.value}
    return f"{reverse(which)}?{urlencode(asked)}"


class LedgerPages(PortalAdmin):
    """A consultation's ledger, and the page on which nothing found is confirmed."""

    def get_urls(self) -> list[URLPattern]:
        key = "<int:consultation_id>/"
        return [
            self.address(f"ledger/{key}", self.ledger, "ledger"),
            self.address(f"nothing-found/{key}", self.nothing_found, "nothing-found"),
            *super().get_urls(),
        ]

    def leads_on(self, request: HttpRequest) -> list[tuple[str, str]]:
        """For the index: the ledger of the newest consultation."""
        newest = Consultation.objects.order_by("-pk").first()
        if newest is None or not self.has_view_permission(request):
            return []
        return [("Ledger", reverse("admin:outcomes_disposition_ledger", args=[newest.pk]))]

    def _consultation(self, request: HttpRequest, key: int) -> Consultation:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Consultation, pk=key)

    def ledger(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        row = self._consultation(request, consultation_id)
        passages, ideas = lines_of_passages(row), lines_of_ideas(row)
        runs = AnalysisRun.objects.filter(consultation=row).done()
        waits = to_hand_on_of(row)
        return self.show(
            request,
            "outcomes/ledger/page",
            consultation=row,
            title=f"Ledger: {row}",
            voices=[label for _, label in VOICES],
            tables=[
                _table(row, "Answers and notes", passages, INBOX, State.left_of_passages()),
                _table(row, "Ideas", ideas, IDEAS, State.left()),
            ],
            steps=_steps(row, numbers(passages), numbers(ideas), waits),
            words_left=_words_left(row, passages),
            is_analysed=runs.exists(),
            withheld=numbers(passages)[State.WITHHELD],
        )

    def nothing_found(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """What the machine found nothing in, to be looked through and confirmed together."""
        row = self._consultation(request, consultation_id)
        if not request.user.has_perm(CODE):
            raise PermissionDenied
        address = reverse("admin:outcomes_disposition_nothing-found", args=[row.pk])
        if request.method == "POST":
            self._confirm(request, row)
            return redirect(address)
        page = page_of_rows(request, _nothing_found(row).with_place().order_by("pk"))  # type: ignore[attr-defined]
        for passage in page:
            passage.is_empty = says_nothing(passage.words)
        return self.show(
            request,
            "outcomes/ledger/nothing_found",
            consultation=row,
            title="The machine found nothing in these",
            rows=page,
        )

    def _confirm(self, request: HttpRequest, row: Consultation) -> None:
        sent = [key for key in request.POST.getlist("passage") if key.isascii() and key.isdecimal()]
        keys = [int(key) for key in sent if len(key) < 12]
        done = 0
        for passage in _nothing_found(row).filter(pk__in=keys).order_by("pk"):
            try:
                actions.dispose(
                    of=passage,
                    what=Disposition.What.NOTHING,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                )
            except Refusal:
                continue  # taken back or withheld since the page was shown
            done += 1
        if not sent:
            messages.error(request, "Tick what has nothing to code in it. Nothing was changed.")
        else:
            messages.success(request, f"{done} confirmed: nothing to code.")
        if done < len(sent):
            messages.warning(
                request, f"{len(sent) - done} left as they are: somebody decided meanwhile."
            )


def says_nothing(words: str) -> bool:
    """No letter, or one of the ways to say so."""
    plain = words.replace("’", "'").strip(" .!-\n").lower()
    return plain in EMPTY or not any(letter.isalpha() for letter in plain)


def _nothing_found(row: Consultation) -> QuerySet[Passage]:
    return passages_of(row).filter(stands=State.NOTHING_FOUND)


def _words_left(row: Consultation, passages: Sequence[Line]) -> dict[str, Any]:
    """Those that are read, and have words in no idea."""
    url, number = rows_url(INBOX, State.CODED, row), sum(line.words_left for line in passages)
    return {"number": number, "url": f"{url}&{RestFilter.parameter_name}=some"}


def _table(
    row: Consultation, name: str, found: Sequence[Line], which: str, left: Sequence[State]
) -> dict[str, Any]:
    of_passages = which == INBOX
    rows = [
        {
            "line": line,
            "label": line.state.of_passage if of_passages else line.state.label,
            "url": rows_url(which, line.state, row) if line.number else "",
            "is_left": line.state in left,
        }
        for line in found
    ]
    total = sum(line.number for line in found)
    by_voice = [sum(column) for column in zip(*(line.by_voice for line in found), strict=True)]
    done = sum(line.percent for line in found if line.state not in (*left, State.WITHHELD))
    return {"name": name, "rows": rows, "total": total, "by_voice": by_voice, "done": done}


def _steps(
    row: Consultation, passages: dict[str, int], ideas: dict[str, int], waits: int
) -> list[Step]:
    """In the order in which they are best done."""
    confirm = reverse("admin:outcomes_disposition_nothing-found", args=[row.pk])
    hand_on = reverse("admin:outcomes_disposition_changelist")
    clusters = reverse("admin:outcomes_cluster_changelist")
    runs = reverse("admin:outcomes_analysisrun_changelist")
    steps = [
        Step(
            passages[State.TO_READ],
            "answers and notes with something that nobody has decided about.",
            "Read them in the inbox",
            rows_url(INBOX, State.TO_READ, row),
        ),
        Step(
            passages[State.NOTHING_FOUND],
            "answers and notes in which the machine found no idea.",
            "Look through them and confirm",
            confirm,
        ),
        Step(
            ideas[State.TO_READ],
            "ideas that have no theme yet.",
            "Say what they are about",
            rows_url(IDEAS, State.TO_READ, row),
        ),
        Step(
            ideas[State.CODED],
            "ideas that have a theme and are in no cluster.",
            "Adopt groups that the machine suggests",
            runs,
        ),
        Step(
            ideas[State.CLUSTER],
            "ideas in clusters that no outcome draws on.",
            "Draft outcomes from the clusters, or set them aside",
            clusters,
        ),
        Step(waits, "cases and complaints to hand on.", "Hand them on", hand_on),
    ]
    return [step for step in steps if step.number]
