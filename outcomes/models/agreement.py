"""Who has to agree, and what each agency said of which exact words."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from outcomes.models.wording import Outcome, Wording
from surveys.models import Agency, Consultation


class Signatory(models.Model):
    """An agency that is asked for its position; without a required one nothing is agreed."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    is_required = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "signatories"
        ordering = ["-is_required", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "agency"], name="signatory_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} ({'required' if self.is_required else 'invited'})"


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def live(self) -> Self:
        """Not replaced by a later position of the same agency on the same words."""
        return self.filter(replaced_at__isnull=True)


class Endorsement(models.Model):
    """One agency's recorded position on one exact wording."""

    class Position(models.TextChoices):
        ENDORSES = "endorses", "We endorse these words"
        CONDITIONS = "conditions", "We endorse these words with conditions"
        CANNOT = "cannot", "We cannot endorse these words"

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="endorsements")
    content_hash = models.CharField(max_length=64, help_text="Of the words, when they signed.")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=12, choices=Position)
    explanation = models.TextField(blank=True, help_text="The conditions, or why it cannot.")
    role = models.CharField(max_length=120, help_text="The post of whoever signed.")
    on_behalf_of = models.CharField(
        max_length=200, blank=True, help_text="The board or meeting that decided, and its date."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        permissions = [("record_endorsement", "Can record their agency's position")]
        constraints = [
            models.UniqueConstraint(
                fields=["wording", "agency"],
                condition=Q(replaced_at__isnull=True),
                name="one_live_position_of_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(position="endorses") | ~Q(explanation=""),
                name="conditions_and_objections_are_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_position_display()}"


@dataclass(frozen=True)
class Place:
    """One signatory's place in the standing of an outcome; no position yet is None."""

    signatory: Signatory
    endorsement: Endorsement | None

    @property
    def endorses(self) -> bool:
        return (
            self.endorsement is not None
            and self.endorsement.position == Endorsement.Position.ENDORSES
        )


@dataclass(frozen=True)
class Standing:
    """Where the exact words of an outcome stand with each signatory. Silence is not consent."""

    outcome: Outcome
    wording: Wording
    places: tuple[Place, ...]

    @property
    def is_agreed(self) -> bool:
        """Put forward, every required agency endorses, and nobody has conditions or objects."""
        required = [place for place in self.places if place.signatory.is_required]
        return (
            self.outcome.state == Outcome.State.PROPOSED
            and bool(required)
            and all(place.endorses for place in required)
            and all(place.endorses for place in self.places if place.endorsement)
        )

    @property
    def words(self) -> str:
        """draft; retired; agreed; or put forward: 1 of 2 required endorse, 1 with conditions"""
        if self.is_agreed:
            return "agreed"
        if self.outcome.state != Outcome.State.PROPOSED:
            return self.outcome.get_state_display()
        required = [place for place in self.places if place.signatory.is_required]
        endorsing = sum(place.endorses for place in required)
        words = [f"put forward: {endorsing} of {len(required)} required endorse"]
        positions = [place.endorsement.position for place in self.places if place.endorsement]
        for position, label in (("conditions", "with conditions"), ("cannot", "cannot endorse")):
            if count := positions.count(position):
                words.append(f"{count} {label}")
        return ", ".join(words)


def standings(consultation: Consultation) -> list[Standing]:
    """Every outcome's standing, in the order of themes and codes. Constant in queries."""
    signatories = list(Signatory.objects.filter(consultation=consultation).select_related("agency"))
    outcomes = (
        Outcome.objects.filter(consultation=consultation)
        .select_related("theme")
        .prefetch_related(
            models.Prefetch(
                "wordings__endorsements",
                queryset=Endorsement.objects.live().select_related("agency"),
                to_attr="live_endorsements",
            )
        )
    )
    return [_standing(outcome, signatories) for outcome in outcomes]


def standing(outcome: Outcome) -> Standing:
    """Where one outcome stands now."""
    wording = outcome.wording
    wording.live_endorsements = list(wording.endorsements.live().select_related("agency"))  # type: ignore[attr-defined]
    signatories = list(
        Signatory.objects.filter(consultation=outcome.consultation).select_related("agency")
    )
    return _standing(outcome, signatories, wording)


def _standing(
    outcome: Outcome, signatories: list[Signatory], wording: Wording | None = None
) -> Standing:
    wording = wording or outcome.wording
    by_agency = {
        endorsement.agency_id: endorsement
        for endorsement in wording.live_endorsements  # type: ignore[attr-defined]
        if endorsement.content_hash == wording.content_hash
    }
    places = [Place(one, by_agency.pop(one.agency_id, None)) for one in signatories]
    for endorsement in by_agency.values():  # of an agency that is not asked any more
        asked = Signatory(agency=endorsement.agency, is_required=False)
        places.append(Place(asked, endorsement))
    return Standing(outcome, wording, tuple(places))
