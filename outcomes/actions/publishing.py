"""Publishing a framework version: a frozen copy of the agreed words.

The snapshot, all that the public page shows:

    {"area", "consultation", "number", "published_on": "2026-11-22", "change_summary",
     "themes": [{"label", "is_none", "outcomes": [
        {"code", "i_statement", "family_statement", "content_hash",
         "people": [{"audience": "parents and carers", "count": "34"}],
         "workshops": [{"audience": "parents and carers", "count": 2}],
         "agencies": [{"name", "is_required", "position", "role", "on_behalf_of", "signed_on"}]}]}],
     "not_taken_forward": [{"name", "theme", "reason"}]}
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.models import (
    Cluster,
    ClusterDecision,
    FrameworkVersion,
    Idea,
    OutcomeDecision,
    Place,
    Standing,
    Wording,
    standings,
)
from surveys.dates import day_of
from surveys.models import Audience, Consultation, Note
from surveys.refusals import BadText, NotAllowed, Refusal
from surveys.texts import storable

FEWEST_SHOWN = 5


class PreviewOutdated(Refusal):
    """What would be published is not what the person read."""


class NothingAgreed(Refusal):
    """No outcome is agreed, so there is nothing to publish."""


def people_shown(count: int) -> str:
    """A count of people as the public sees it: 1 to 4 are never told apart."""
    return f"fewer than {FEWEST_SHOWN}" if 0 < count < FEWEST_SHOWN else str(count)


def preview(*, consultation: Consultation) -> dict[str, Any]:
    """The themes of the snapshot as they would be published now."""
    agreed = [standing for standing in standings(consultation) if standing.is_agreed]
    themes = consultation.area.themes.all()
    return {
        "area": consultation.area.name,
        "consultation": consultation.title,
        "themes": [
            {
                "label": theme.label,
                "is_none": theme.is_none,
                "outcomes": [_outcome(one) for one in agreed if one.outcome.theme_id == theme.pk],
            }
            for theme in themes
        ],
        "not_taken_forward": _set_aside(consultation),
    }


@transaction.atomic
def publish_framework(
    *,
    consultation: Consultation,
    seen: str,
    change_summary: str,
    by: User,
    now: datetime,
    minor: bool = False,
) -> FrameworkVersion:
    """Publish every agreed outcome as the next version: 1.0, then 2.0, or 1.1 for a minor one.

    `seen` is the snapshot_hash of the preview that the person read. Whoever wrote or put forward
    words in it cannot publish them.
    """
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    agreed = [standing for standing in standings(consultation) if standing.is_agreed]
    if not agreed:
        raise NothingAgreed("No outcome is agreed yet, so there is nothing to publish.")
    if _prepared(agreed, by):
        raise NotAllowed("You prepared some of these words. Somebody else has to publish them.")
    if not change_summary.strip():
        raise BadText("Say what is new in this version. The public page shows it.")
    major, small = _next_number(consultation, minor)
    shown = preview(consultation=consultation)
    if snapshot_hash(shown) != seen:
        raise PreviewOutdated(
            "What would be published changed while you were reading. Read it again, then publish."
        )
    snapshot = shown | {
        "number": f"{major}.{small}",
        "published_on": day_of(now).isoformat(),
        "change_summary": storable(change_summary).strip(),
    }
    return FrameworkVersion.objects.create(
        consultation=consultation,
        major=major,
        minor=small,
        snapshot=snapshot,
        sha256=snapshot_hash(snapshot),
        change_summary=snapshot["change_summary"],
        published_by=by,
        published_at=now,
    )


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """sha256 of the snapshot's canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _next_number(consultation: Consultation, minor: bool) -> tuple[int, int]:
    last = FrameworkVersion.objects.filter(consultation=consultation).newest_first().first()
    if last is None and minor:
        raise BadText("The first version is 1.0. A minor version follows an earlier one.")
    if last is None:
        return 1, 0
    return (last.major, last.minor + 1) if minor else (last.major + 1, 0)


def _prepared(agreed: list[Standing], by: User) -> bool:
    outcomes = [standing.outcome for standing in agreed]
    return (
        Wording.objects.filter(outcome__in=outcomes, by=by).exists()
        or OutcomeDecision.objects.filter(
            outcome__in=outcomes, by=by, what=OutcomeDecision.What.PUT_FORWARD
        ).exists()
    )


def _outcome(standing: Standing) -> dict[str, Any]:
    ideas = Idea.objects.filter(membership__cluster__outcomes=standing.outcome)
    return {
        "code": standing.outcome.code,
        "i_statement": standing.wording.i_statement,
        "family_statement": standing.wording.family_statement,
        "content_hash": standing.wording.content_hash,
        "people": [
            {
                "audience": label,
                "count": people_shown(
                    ideas.filter(answer__response__survey__audience=audience)
                    .values("answer__response")
                    .distinct()
                    .count()
                ),
            }
            for audience, label in Audience.choices
        ],
        "workshops": _workshops(ideas),
        "agencies": [_agency(place) for place in standing.places],
    }


def _workshops(ideas: Any) -> list[dict[str, Any]]:
    """How many workshops it was said in. A facilitator's own view is nobody else's."""
    said = ideas.exclude(note__kind=Note.Kind.FACILITATOR)
    counts = {
        label: said.filter(note__session__audience=audience)
        .values("note__session")
        .distinct()
        .count()
        for audience, label in Audience.choices
    }
    return [{"audience": label, "count": count} for label, count in counts.items() if count]


def _agency(place: Place) -> dict[str, Any]:
    signed = place.endorsement
    return {
        "name": place.signatory.agency.name,
        "is_required": place.signatory.is_required,
        "position": signed.get_position_display() if signed else "No response",
        "role": signed.role if signed else "",
        "on_behalf_of": signed.on_behalf_of if signed else "",
        "signed_on": day_of(signed.at).isoformat() if signed else "",
    }


def _set_aside(consultation: Consultation) -> list[dict[str, str]]:
    """What was not taken forward, with the last reason given."""
    rows = Cluster.objects.filter(consultation=consultation, state=Cluster.State.SET_ASIDE)
    return [
        {
            "name": cluster.name,
            "theme": cluster.theme.label,
            "reason": cluster.decisions.filter(what=ClusterDecision.What.SET_ASIDE)
            .latest("at")
            .reason,
        }
        for cluster in rows.select_related("theme")
    ]
