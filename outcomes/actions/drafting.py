"""Making outcomes: draft, reword, put forward."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from outcomes.actions.curating import AlreadyDecided, theme_of_area
from outcomes.models import Cluster, Outcome, OutcomeDecision, Wording, words_hash
from surveys.actions import record
from surveys.models import Consultation, Theme
from surveys.refusals import BadText, Refusal
from surveys.texts import required, storable

What = OutcomeDecision.What


@transaction.atomic
def draft_outcome(
    *,
    clusters: Sequence[Cluster],
    i_statement: str,
    reason: str,
    by: User,
    now: datetime,
    family_statement: str = "",
    theme: Theme | None = None,
) -> Outcome:
    """Draft an outcome from adopted clusters. Its code is the next free number of its theme."""
    keys = [cluster.pk for cluster in clusters]
    rows = list(Cluster.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if not rows or any(row.state != Cluster.State.ADOPTED for row in rows):
        raise BadText("An outcome is drafted from one or more adopted clusters.")
    consultation = rows[0].consultation
    if any(row.consultation_id != consultation.pk for row in rows):
        raise BadText("Choose clusters of one consultation.")
    theme = theme_of_area(theme or rows[0].theme, consultation)
    Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)
    _must_be_new(consultation, i_statement)
    same = Outcome.objects.filter(consultation=consultation, theme=theme)
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    outcome = Outcome.objects.create(consultation=consultation, theme=theme, number=number)
    outcome.clusters.set(rows)
    _add_wording(outcome, i_statement, family_statement, reason, by, now)
    _note(outcome, What.DRAFTED, reason, by, now)
    return outcome


@transaction.atomic
def reword(
    *,
    outcome: Outcome,
    seen_hash: str,
    i_statement: str,
    reason: str,
    by: User,
    now: datetime,
    family_statement: str = "",
) -> Wording:
    """Change the words whose hash is `seen_hash`. This outcome's endorsements fall away with them,
    because they belong to the exact words."""
    outcome = _live(outcome, seen_hash)
    wording = _add_wording(outcome, i_statement, family_statement, reason, by, now)
    _note(outcome, What.REWORDED, reason, by, now)
    return wording


@transaction.atomic
def put_forward(
    *, outcome: Outcome, seen_hash: str, reason: str, by: User, now: datetime
) -> Outcome:
    """Ask the agencies for their positions on the words whose hash is `seen_hash`."""
    outcome = _live(outcome, seen_hash)
    if outcome.state != Outcome.State.DRAFT:
        raise AlreadyDecided(f"{outcome} was put forward already.")
    if not outcome.clusters.filter(state=Cluster.State.ADOPTED).exists():
        raise BadText("An outcome needs an adopted cluster behind it before it is put forward.")
    reason = required(reason, "Say why it is ready to be put forward.")
    outcome.state = Outcome.State.PROPOSED
    outcome.save()
    _note(outcome, What.PUT_FORWARD, reason, by, now)
    return outcome


@transaction.atomic
def retire(*, outcome: Outcome, reason: str, by: User, now: datetime) -> Outcome:
    """Take an outcome out of what is drafted or put forward. Published versions keep it."""
    outcome = _live(outcome)
    reason = required(reason, "Say why the outcome is retired.")
    outcome.state = Outcome.State.RETIRED
    outcome.save()
    _note(outcome, What.RETIRED, reason, by, now)
    return outcome


class WordsChanged(Refusal):
    """The words are not those the person read."""


def must_be_as_seen(outcome: Outcome, seen_hash: str) -> None:
    """Nobody decides on words they have not read."""
    if outcome.wording.content_hash != seen_hash:
        raise WordsChanged("The words changed while you were reading. Read them again first.")


def _must_be_new(consultation: Consultation, i_statement: str) -> None:
    """The same words sent twice are one outcome."""
    words = storable(i_statement).strip()
    live = Outcome.objects.filter(consultation=consultation).exclude(state=Outcome.State.RETIRED)
    for outcome in live.prefetch_related("wordings").select_related("theme"):
        if outcome.wording.i_statement == words:
            raise AlreadyDecided(f"{outcome} has these words already.")


def _live(outcome: Outcome, seen_hash: str | None = None) -> Outcome:
    outcome = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    if outcome.state == Outcome.State.RETIRED:
        raise AlreadyDecided(f"{outcome} is retired.")
    if seen_hash is not None:
        must_be_as_seen(outcome, seen_hash)
    return outcome


def _add_wording(
    outcome: Outcome,
    i_statement: str,
    family_statement: str,
    reason: str,
    by: User,
    now: datetime,
) -> Wording:
    i_statement = required(
        i_statement, "Write the “I” statement: what a child or young person could say."
    )
    family_statement = storable(family_statement).strip()
    if len(i_statement) > 300 or len(family_statement) > 300:
        raise BadText("Use 300 characters or fewer for each statement.")
    reason = required(reason, "Say why these words. The reason is kept with them.")
    content_hash = words_hash(i_statement, family_statement)
    last = outcome.wordings.order_by("-number").first()
    if last and last.content_hash == content_hash:
        raise BadText("These are the same words as before. Nothing was changed.")
    record(what="outcome: new words", about=outcome, by=by, now=now, detail=content_hash)
    return Wording.objects.create(
        outcome=outcome,
        number=last.number + 1 if last else 1,
        i_statement=i_statement,
        family_statement=family_statement,
        reason=reason,
        content_hash=content_hash,
        by=by,
        at=now,
    )


def _note(outcome: Outcome, what: str, reason: str, by: User, now: datetime) -> None:
    record(what=f"outcome: {OutcomeDecision.What(what).label}", about=outcome, by=by, now=now)
    OutcomeDecision.objects.create(
        outcome=outcome, what=what, reason=storable(reason).strip(), by=by, at=now
    )
