"""What reviewers say of clusters and drafts, and what they are answered."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.drafting import WordsChanged
from outcomes.models import Cluster, Comment, Outcome, words_hash
from surveys.actions import record
from surveys.refusals import BadText
from surveys.texts import required

MOST_IN_A_COMMENT = 2_000


def words_about(thing: Cluster | Outcome) -> str:
    """What a comment on it is about: the name of a cluster, the words of an outcome."""
    if isinstance(thing, Cluster):
        return thing.name
    now = thing.wording
    return "\n".join(filter(None, [now.i_statement, now.family_statement]))


def as_read(words: str) -> str:
    """What a form carries of the words that its page showed."""
    return words_hash(words, "")


def takes_comments(thing: Cluster | Outcome) -> bool:
    if isinstance(thing, Cluster):
        return thing.state == Cluster.State.ADOPTED
    return thing.state != Outcome.State.RETIRED


@transaction.atomic
def comment(
    *, about: Cluster | Outcome, text: str, seen: str, by: User, now: datetime
) -> Cluster | Outcome:
    """Say something of the words that were read; gives what it is about, as it is now."""
    about = type(about).objects.select_for_update(of=("self",)).get(pk=about.pk)
    if not takes_comments(about):
        raise AlreadyDecided("People work on this no more, so it takes no more comments.")
    words = words_about(about)
    if as_read(words) != seen:
        raise WordsChanged("The words changed while you were writing. Read them again first.")
    text = _short(required(text, "Write your comment first."))
    place = {"cluster" if isinstance(about, Cluster) else "outcome": about}
    if Comment.objects.filter(by=by, text=text, about_words=words, **place).exists():
        raise AlreadyDecided("You said exactly this already. It is kept.")
    made = Comment.objects.create(text=text, about_words=words, by=by, at=now, **place)
    detail = f"on {about._meta.label_lower} {about.pk}"
    record(what="comment: made", about=made, by=by, now=now, detail=detail)
    return about


@transaction.atomic
def answer_comment(*, comment: Comment, answer: str, seen: str, by: User, now: datetime) -> Comment:
    """Answer it, or put another answer in the place of the one that was read."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if as_read(row.answer) != seen:
        raise WordsChanged("Somebody answered it meanwhile. Read their answer first.")
    answer = _short(required(answer, "Write the answer first."))
    if answer == row.answer:
        raise BadText("This is what the answer says already. Nothing was changed.")
    what = "comment: answer corrected" if row.answer else "comment: answered"
    row.answer, row.answered_by, row.answered_at = answer, by, now
    row.save()
    record(what=what, about=row, by=by, now=now)
    return row


def _short(text: str) -> str:
    if len(text) > MOST_IN_A_COMMENT:
        raise BadText(
            f"Use {MOST_IN_A_COMMENT:,} characters or fewer. It has {len(text):,}; nothing of it "
            "is lost."
        )
    return text
