"""Agencies record their positions on exact words."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.drafting import must_be_as_seen
from outcomes.models import Endorsement, Outcome, Signatory
from surveys.actions import record
from surveys.dates import day_of
from surveys.models import Agency, AgencyLead
from surveys.refusals import BadText, NotAllowed
from surveys.texts import storable


@transaction.atomic
def record_position(
    *,
    outcome: Outcome,
    agency: Agency,
    seen_hash: str,
    position: str,
    by: User,
    now: datetime,
    explanation: str = "",
    on_behalf_of: str = "",
) -> Endorsement:
    """Record an agency's position on the words whose hash is `seen_hash`.

    A later position of the same agency on the same words replaces the earlier, which is kept.
    """
    outcome = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    lead = _lead(by, agency, now)
    if not Signatory.objects.filter(consultation=outcome.consultation_id, agency=agency).exists():
        raise NotAllowed(f"{agency} is not asked for its position in this consultation.")
    if outcome.state != Outcome.State.PROPOSED:
        raise BadText(f"{outcome} is not put forward, so nobody can sign it.")
    must_be_as_seen(outcome, seen_hash)
    wording = outcome.wording
    explanation, on_behalf_of = storable(explanation).strip(), storable(on_behalf_of).strip()
    if len(on_behalf_of) > 200:
        raise BadText("Use 200 characters or fewer to say which board or meeting decided.")
    if position not in Endorsement.Position.values:
        raise BadText("Choose one of the three positions.")
    if position != Endorsement.Position.ENDORSES and not explanation:
        raise BadText("Write what the conditions are, or why the agency cannot endorse.")
    wording.endorsements.live().filter(agency=agency).update(replaced_at=now)
    made: Endorsement = Endorsement.objects.create(
        wording=wording,
        content_hash=wording.content_hash,
        agency=agency,
        position=position,
        explanation=explanation,
        role=lead.role,
        on_behalf_of=on_behalf_of,
        by=by,
        at=now,
    )
    detail = f"{agency}, {position}, words {wording.content_hash}"
    record(what="recorded an agency’s position", about=wording, by=by, now=now, detail=detail)
    return made


def agencies_led_by(*, user: User, now: datetime) -> list[Agency]:
    """The agencies a person may speak for now."""
    leads = AgencyLead.objects.serving(day_of(now)).filter(user=user).select_related("agency")
    return [lead.agency for lead in leads]


def _lead(by: User, agency: Agency, now: datetime) -> AgencyLead:
    today = day_of(now)
    lead = AgencyLead.objects.serving(today).filter(user=by, agency=agency).first()
    if lead is None or not Agency.objects.current(today).filter(pk=agency.pk).exists():
        raise NotAllowed(f"You do not speak for {agency} today, so you cannot sign for it.")
    return lead
