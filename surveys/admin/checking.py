"""Pages of the second typing: what waits, the typing itself, and settling a difference."""

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from surveys import actions
from surveys.actions.checking import differing, entered, said_in
from surveys.admin.deciding import Decision
from surveys.admin.entering import WordsForm
from surveys.admin.originals import READ_ORIGINAL, hides_answers, was_read
from surveys.admin.pages import PortalAdmin
from surveys.models import EntryCheck, Response
from surveys.refusals import Refusal

CHECK, SETTLE = "surveys.add_entrycheck", "surveys.change_entrycheck"
SAME = "Both typed the same. Thank you."
DIFFERS = "The two differ. An officer looks at both and settles it."
TOKENS = re.compile(r"\s+|[^\s]+")

Piece = tuple[bool, str]  # whether it is only here, and the words


class CheckForm(WordsForm):
    """The answers of one paper a second time, in the wording in which they were asked."""

    def __init__(self, *args: Any, response: Response, **kwargs: Any) -> None:
        super().__init__(*args, survey=response.survey, form=response.wording_form, **kwargs)

    def typed(self) -> dict[str, str]:
        choices = {f"{key}-choice": choice for key, choice in self.choices().items()}
        return self.texts() | choices


class Settle(Decision):
    path = "settle"
    label = "Settle the two typings"
    permission = SETTLE
    button = "Keep what I chose"
    done = "Settled: {}."
    template = "surveys/response/settle"
    keep = forms.ChoiceField(
        label="Which stands",
        choices=[
            (EntryCheck.Kept.FIRST.value, "The first typing stays"),
            (EntryCheck.Kept.SECOND.value, "The second typing takes its place"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which of the two stands."},
        help_text="Look at the paper. Ideas found in words that go, go with them.",
    )

    @classmethod
    def allowed(cls, user: Any, row: Response, now: datetime) -> bool:
        may = super().allowed(user, row, now) and hasattr(row, "entry_check")
        if not may or row.is_withheld:
            return False
        return user.has_perm(READ_ORIGINAL) or not hides_answers(row)

    @classmethod
    def fits(cls, row: Response) -> bool:
        check = getattr(row, "entry_check", None)
        return bool(check and check.differs and not check.kept)

    def pairs(self) -> Iterator[dict[str, Any]]:
        """Each answer in which the typings differ: both, in pieces."""
        first, second = said_in(self.row), self.row.entry_check.texts
        labels = {}
        for number, question in enumerate(self.row.survey.questions.all(), start=1):
            key = actions.key_of(question)
            labels |= {key: f"{number}. {question}", f"{key}-choice": f"{number}. What was ticked"}
        for key in differing(first, second):
            left, right = apart(first.get(key, ""), second.get(key, ""))
            yield {"label": labels.get(key, key), "first": left, "second": right}

    def decide(self, *, by: Any, now: datetime) -> Response:
        return actions.settle_check(
            check=self.row.entry_check, keep=self.cleaned_data["keep"], by=by, now=now
        )


def apart(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts in pieces, word by word: what is in one alone, and what is in both."""
    left, right = TOKENS.findall(first), TOKENS.findall(second)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for same, start, end, other_start, other_end in SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        alone = same != "equal"
        for side, words in zip(
            pieces, (left[start:end], right[other_start:other_end]), strict=True
        ):
            if words:
                side.append((alone, "".join(words)))
    return pieces


class CheckPages(PortalAdmin):
    """The addresses of the second typing, for those who may do it."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("checks/", self.second_typings, "checks"),
            self.address("<int:object_id>/check/", self.type_again, "check"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, object_id: int, kind: type[Decision]) -> HttpResponse:
        """The page that settles two typings shows both as they were typed."""
        page = super().decide(request, object_id, kind)
        if kind is Settle and page.status_code == 200:
            row = self.find(request, object_id)
            if hides_answers(row):
                was_read(request, row)
        return page

    def second_typings(self, request: HttpRequest) -> HttpResponse:
        """What waits, how well the typings agree, and for officers what is to be settled."""
        if not request.user.has_perm(CHECK):
            raise PermissionDenied
        waiting = list(actions.waiting().select_related("survey"))
        settles = request.user.has_perm(SETTLE)
        return self.show(
            request,
            "surveys/response/checks",
            title="Second typing",
            mine=[one for one in waiting if one.entered_by_id == request.user.pk],
            others=[one for one in waiting if one.entered_by_id != request.user.pk],
            agreement=actions.agreement(),
            unsettled=_unsettled() if settles else [],
        )

    def type_again(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The empty page. Whoever types here sees nothing of what was typed before."""
        if not request.user.has_perm(CHECK):
            raise PermissionDenied
        row = get_object_or_404(actions.waiting().select_related("survey"), pk=object_id)
        if row.entered_by_id == request.user.pk:
            raise PermissionDenied
        form = CheckForm(request.POST if request.method == "POST" else None, response=row)
        if form.is_bound and form.is_valid() and self._keep(request, row, form):
            return redirect("admin:surveys_response_checks")
        return self.show(
            request, "surveys/response/check", title=f"Type again: {row}", row=row, form=form
        )

    def _keep(self, request: HttpRequest, row: Response, form: CheckForm) -> bool:
        try:
            made = actions.check_entry(
                response=row,
                texts=form.typed(),
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return False
        messages.success(request, DIFFERS if made.differs else SAME)
        return True


def _unsettled() -> QuerySet[EntryCheck]:
    rows = EntryCheck.objects.filter(differs=True, kept="", response__in=entered())
    return rows.select_related("response__survey").order_by("at")
