"""Publishing a framework version: a frozen copy of the agreed words.

The snapshot, all that the public page shows:

    {"area", "consultation", "follows": "1.0" or "", "number", "published_on": "2026-11-22",
     "change_summary", "themes": [{"label", "is_none", "outcomes": [
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
from django.db.models import Q

from outcomes.models import (
    Cluster,
    ClusterDecision,
    FrameworkVersion,
    Idea,
    Outcome,
    OutcomeDecision,
    Place,
    Standing,
    Wording,
    standings,
)
from outcomes.unfinished import in_words, left_to_do
from surveys.actions import record
from surveys.dates import day_of
from surveys.models import Audience, Consultation, Note
from surveys.refusals import BadText, NotAllowed, Refusal
from surveys.texts import required, storable

FEWEST_SHOWN = 5
NOT_SHOWN = "not shown, so that nobody can be told apart"
NO_SUMMARY = "Say what is new in this version. The public page shows it."
PUBLISHED_DESPITE = "published with something left to do"
LONGEST_DESPITE = 250  # fits into an event beside what is left


class PreviewOutdated(Refusal):
    """What would be published is not what the person read."""


class NothingAgreed(Refusal):
    """No outcome is agreed, so there is nothing to publish."""


def people_shown(count: int) -> str:
    """A count of people as the public sees it: 1 to 4 are never told apart."""
    return f"fewer than {FEWEST_SHOWN}" if 0 < count < FEWEST_SHOWN else str(count)


def preview(*, consultation: Consultation) -> dict[str, Any]:
    """The snapshot as it would be published now, without its number, day and summary."""
    return _snapshot(consultation, _agreed(consultation))


def _agreed(consultation: Consultation) -> list[Standing]:
    return [standing for standing in standings(consultation) if standing.is_agreed]


def _snapshot(consultation: Consultation, agreed: list[Standing]) -> dict[str, Any]:
    last = FrameworkVersion.objects.filter(consultation=consultation).newest_first().first()
    people = people_behind([standing.outcome for standing in agreed])
    return {
        "area": consultation.area.name,
        "consultation": consultation.title,
        "follows": last.number if last else "",
        "themes": [
            {
                "label": theme.label,
                "is_none": theme.is_none,
                "outcomes": [
                    _outcome(one, people[one.outcome.pk])
                    for one in agreed
                    if one.outcome.theme_id == theme.pk
                ],
            }
            for theme in consultation.area.themes.all()
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
    left_seen: str = "",
    despite: str = "",
) -> FrameworkVersion:
    """Publish every agreed outcome as the next version: 1.0, then 2.0, or 1.1 for a minor one.

    `seen` is the snapshot_hash of the preview that the person read, `left_seen` what they read is
    left to do, in words. Where there is something, `despite` says why they publish all the same:
    the audit log keeps it, the version does not. Whoever wrote or put forward words in it cannot
    publish them.
    """
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    agreed = _agreed(consultation)
    if not agreed:
        raise NothingAgreed("No outcome is agreed yet, so there is nothing to publish.")
    if _prepared(consultation, agreed, by):
        raise NotAllowed("You prepared some of what is in it. Somebody else has to publish it.")
    change_summary = required(change_summary, NO_SUMMARY)
    major, small = _next_number(consultation, minor)
    shown = _as_seen(_snapshot(consultation, agreed), seen)
    left, despite = _left(consultation, left_seen, despite)
    snapshot = shown | {
        "number": f"{major}.{small}",
        "published_on": day_of(now).isoformat(),
        "change_summary": change_summary,
    }
    version = FrameworkVersion.objects.create(
        consultation=consultation,
        major=major,
        minor=small,
        snapshot=snapshot,
        sha256=snapshot_hash(snapshot),
        change_summary=change_summary,
        published_by=by,
        published_at=now,
    )
    _record(version, left, despite)
    return version


def _record(version: FrameworkVersion, left: str, despite: str) -> None:
    by, now = version.published_by, version.published_at
    facts: dict[str, Any] = {"about": version, "by": by, "now": now}
    record(what="published", detail=version.sha256, **facts)
    if left:
        record(what=PUBLISHED_DESPITE, detail=f"{left}. Why all the same: {despite}", **facts)


def _as_seen(shown: dict[str, Any], seen: str) -> dict[str, Any]:
    """The preview that the person read, if it is still what would be published."""
    if snapshot_hash(shown) != seen:
        raise PreviewOutdated(
            "What would be published changed while you were reading. Read it again, then publish."
        )
    return shown


def _left(consultation: Consultation, seen: str, despite: str) -> tuple[str, str]:
    """What is left to do, if the person read of just that, and why they publish all the same."""
    left = in_words(left_to_do(consultation))
    if left != seen:
        raise PreviewOutdated(
            "What is left to do changed while you were reading. Look at it again, then publish."
        )
    despite = " ".join(storable(despite).split())
    if left and not despite:
        raise BadText("Something is left to do. Say why you publish all the same.")
    if len(despite) > LONGEST_DESPITE:
        raise BadText(
            f"Use {LONGEST_DESPITE} characters or fewer to say why you publish all the same. "
            f"There are {len(despite)}."
        )
    return left, despite


def canonical(snapshot: dict[str, Any]) -> bytes:
    """The snapshot as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """sha256 of the snapshot's canonical JSON."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _next_number(consultation: Consultation, minor: bool) -> tuple[int, int]:
    last = FrameworkVersion.objects.filter(consultation=consultation).newest_first().first()
    if last is None and minor:
        raise BadText("The first version is 1.0. A minor version follows an earlier one.")
    if last is None:
        return 1, 0
    return (last.major, last.minor + 1) if minor else (last.major + 1, 0)


def _prepared(consultation: Consultation, agreed: list[Standing], by: User) -> bool:
    """Whether they worded, put forward, or decided on the clusters of anything in it."""
    outcomes = [standing.outcome for standing in agreed]
    clusters = Cluster.objects.filter(consultation=consultation).filter(
        Q(outcomes__in=outcomes) | Q(merged_into__outcomes__in=outcomes) | Q(state="set aside")
    )
    return (
        Wording.objects.filter(outcome__in=outcomes, by=by).exists()
        or OutcomeDecision.objects.filter(outcome__in=outcomes, by=by).exists()
        or ClusterDecision.objects.filter(cluster__in=clusters, by=by).exists()
    )


def people_behind(outcomes: list[Outcome]) -> dict[int, list[dict[str, str]]]:
    """For each outcome's key, how many people of each audience it came from, as the public sees it.

    Where all who stand behind one outcome stand behind another too, and 1 to 4 more with them, the
    difference would tell of those few: the smaller count is not shown.
    """
    behind = {
        (outcome.pk, audience): frozenset(
            Idea.objects.filter(
                membership__cluster__outcomes=outcome,
                answer__response__survey__audience=audience,
            ).values_list("answer__response", flat=True)
        )
        for outcome in outcomes
        for audience in Audience.values
    }

    def shown(key: int, audience: str) -> str:
        people = behind[(key, audience)]
        others = [behind[(outcome.pk, audience)] for outcome in outcomes]
        telling = any(
            people < other and len(other) - len(people) < FEWEST_SHOWN for other in others
        )
        return NOT_SHOWN if people and telling else people_shown(len(people))

    return {
        outcome.pk: [
            {"audience": label, "count": shown(outcome.pk, audience)}
            for audience, label in Audience.choices
        ]
        for outcome in outcomes
    }


def _outcome(standing: Standing, people: list[dict[str, str]]) -> dict[str, Any]:
    ideas = Idea.objects.filter(membership__cluster__outcomes=standing.outcome)
    return {
        "code": standing.outcome.code,
        "i_statement": standing.wording.i_statement,
        "family_statement": standing.wording.family_statement,
        "content_hash": standing.wording.content_hash,
        "people": people,
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
