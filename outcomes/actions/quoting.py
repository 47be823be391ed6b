"""Answering "could this identify a child?" before an idea's words are offered as a quote."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import ChangedMeanwhile
from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Idea
from outcomes.quoting import ASKED, UNDECIDED, Answer, Quote, place_of, quotes, with_details
from surveys.actions import record
from surveys.models import Passage
from surveys.refusals import BadText


@transaction.atomic
def check_quote(
    *, idea: Idea, answer: str, by: User, now: datetime, seen: int | None = None
) -> Quote:
    """Keep what somebody answers about an idea's words as they are now.

    `seen` is the number of the answer that the person saw, 0 for none; given, a newer one by
    somebody else is not overwritten unseen.
    """
    if answer not in Answer.values:
        raise BadText("Choose an answer.")
    quote = quotes([_held(idea)])[0]
    number = quote.check.number if quote.check else 0
    if seen is not None and number != seen:
        raise ChangedMeanwhile(_meanwhile(quote))
    if quote.check and quote.check.answer == answer:
        return quote
    if UNDECIDED in quote.against:
        raise BadText("Decide first on the details that the screen suggests in these words.")
    detail = f"{answer}: {place_of(quote.idea)}"
    record(what=ASKED, about=quote.idea, by=by, now=now, detail=detail)
    return quotes([quote.idea])[0]


def _held(idea: Idea) -> Idea:
    """The idea as it is, with its passage held until the answer is kept."""
    found = with_details(Idea.objects.filter(pk=idea.pk)).first()
    if found is None or (found.start, found.end) != (idea.start, idea.end):
        raise AlreadyDecided("These words were cut otherwise or taken back, or are withheld.")
    about = {"answer": found.answer_id} if found.answer_id else {"note": found.note_id}
    list(Passage.objects.select_for_update(of=("self",)).filter(**about))
    return found


def _meanwhile(quote: Quote) -> str:
    if quote.check is None:
        return "These words changed meanwhile, so the question is open again. Look at them again."
    return f"{quote.check.by} answered meanwhile. Look at the answer below."
