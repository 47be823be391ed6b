"""Making outcomes: draft, reword, put forward."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from outcomes.actions.curating import AlreadyDecided
from outcomes.models import Cluster, Outcome, OutcomeDecision, Wording, words_hash
from surveys.models import Theme
from surveys.refusals import BadText
from surveys.texts import storable

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
    theme = theme or rows[0].theme
    consultation = rows[0].consultation
    Theme.objects.select_for_update().get(pk=theme.pk)
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
    i_statement: str,
    reason: str,
    by: User,
    now: datetime,
    family_statement: str = "",
) -> Wording:
    """Change the words. Endorsements belong to the exact words, so this outcome's fall away."""
    outcome = _live(outcome)
    wording = _add_wording(outcome, i_statement, family_statement, reason, by, now)
    _note(outcome, What.REWORDED, reason, by, now)
    return wording


@transaction.atomic
def put_forward(*, outcome: Outcome, reason: str, by: User, now: datetime) -> Outcome:
    """Ask the agencies for their positions on the words as they are."""
    outcome = _live(outcome)
    if outcome.state != Outcome.State.DRAFT:
        raise AlreadyDecided(f"{outcome} was put forward already.")
    if not outcome.clusters.filter(state=Cluster.State.ADOPTED).exists():
        raise BadText("An outcome needs an adopted cluster behind it before it is put forward.")
    outcome.state = Outcome.State.PROPOSED
    outcome.save()
    _note(outcome, What.PUT_FORWARD, reason or "Ready for the agencies.", by, now)
    return outcome


@transaction.atomic
def retire(*, outcome: Outcome, reason: str, by: User, now: datetime) -> Outcome:
    """Take an outcome out of what is drafted or put forward. Published versions keep it."""
    outcome = _live(outcome)
    if not reason.strip():
        raise BadText("Say why the outcome is retired.")
    outcome.state = Outcome.State.RETIRED
    outcome.save()
    _note(outcome, What.RETIRED, reason, by, now)
    return outcome


def _live(outcome: Outcome) -> Outcome:
    outcome = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    if outcome.state == Outcome.State.RETIRED:
        raise AlreadyDecided(f"{outcome} is retired.")
    return outcome


def _add_wording(
    outcome: Outcome,
    i_statement: str,
    family_statement: str,
    reason: str,
    by: User,
    now: datetime,
) -> Wording:
    i_statement, family_statement = (
        storable(i_statement).strip(),
        storable(family_statement).strip(),
    )
    if not i_statement:
        raise BadText("Write the “I” statement: what a child or young person could say.")
    if len(i_statement) > 300 or len(family_statement) > 300:
        raise BadText("Use 300 characters or fewer for each statement.")
    if not reason.strip():
        raise BadText("Say why these words. The reason is kept with them.")
    content_hash = words_hash(i_statement, family_statement)
    last = outcome.wordings.order_by("-number").first()
    if last and last.content_hash == content_hash:
        raise BadText("These are the same words as before. Nothing was changed.")
    return Wording.objects.create(
        outcome=outcome,
        number=last.number + 1 if last else 1,
        i_statement=i_statement,
        family_statement=family_statement,
        reason=storable(reason).strip(),
        content_hash=content_hash,
        by=by,
        at=now,
    )


def _note(outcome: Outcome, what: str, reason: str, by: User, now: datetime) -> None:
    OutcomeDecision.objects.create(
        outcome=outcome, what=what, reason=storable(reason).strip(), by=by, at=now
    )
