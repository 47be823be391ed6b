"""The page of one passage whose details are decided on, for whoever may: its facts and forms."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from outcomes.admin.redaction_forms import FORMS, FindForm, RangeForm, Sent, take
from outcomes.hiding import drawn, marks, with_undecided
from surveys.models import Concern, Detail, Passage

TEMPLATE = "surveys/redaction/page"
QUOTE = "quote"


def form_sent(
    request: HttpRequest, passage: Passage, *, concern: Concern | None = None, quotes: bool = False
) -> Sent | None:
    """The form that was sent, not looked at yet; None for none that the page has."""
    do = request.POST.get("do", "")
    kind = FORMS.get(do) if quotes or do != QUOTE else None
    return kind(request.POST, passage=passage, concern=concern) if kind else None


def carried_out(request: HttpRequest, form: Sent) -> str:
    return take(form, by=request.user, now=timezone.now())


def with_decisions(rows: QuerySet[Passage]) -> Any:
    """Passages with all that the page shows of each."""
    rows = with_undecided(rows).with_place()  # type: ignore[attr-defined]
    return rows.prefetch_related("redactions__by", "detailsuggestions")


def details_of(passage: Passage, form: Sent | None) -> dict[str, Any]:
    found = marks(passage)
    decisions = list(passage.redactions.all())
    where = said_in(passage)
    return {
        "title": f"Details in {where}",
        "said_in": where,
        "passage": passage,
        "marks": found,
        "waiting": sum(one.is_undecided for one in found),
        "pieces": list(drawn(passage.source.text, found)),
        "kinds": Detail.Kind.choices,
        "decisions": [(one, passage.source.text[one.start : one.end]) for one in decisions],
        "seen": max((one.pk for one in decisions), default=0),
        "form": form,
        "again": next((one.number for one in found if form and form.is_about(one)), 0),
        "find": form if isinstance(form, FindForm) else FindForm(passage=passage),
        "range": form if isinstance(form, RangeForm) else RangeForm(passage=passage),
    }


def said_in(passage: Passage) -> str:
    if passage.answer:
        return f"response {passage.answer.response.reference}, {passage.answer.response.survey}"
    assert passage.note is not None  # noqa: S101 - passage_has_one_source
    return f"note {passage.note.order} of {passage.note.session}"
