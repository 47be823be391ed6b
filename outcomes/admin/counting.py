"""How many people of each audience: the columns that lists and pages share."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet

from outcomes.models import ClusterIdea
from surveys.models import Audience, Note


def people(row: Any) -> list[tuple[str, int]]:
    """(audience, how many) of a row with the columns, then the workshops."""
    counts = [getattr(row, column) for column in PEOPLE_COLUMNS]
    return list(zip(PEOPLE_HEADINGS, counts, strict=True))


PEOPLE_COLUMNS = [*(f"people_{audience}" for audience in Audience.values), "workshops"]
PEOPLE_HEADINGS = [*Audience.labels, "workshops"]


@dataclass
class Counted:
    """What people_columns counts, of all groups or clusters at once."""

    ideas: int = 0
    taken: int = 0  # ideas that are in a cluster
    workshops: int = 0
    people_parent_carer: int = 0
    people_practitioner: int = 0
    people_young_person: int = 0


def counted(members: QuerySet[Any], of: str) -> dict[int, Counted]:
    """By the key that members have at `of`. One row for each audience of each: much quicker than
    a count with a condition for each column. Give it rows whose ideas may be read."""
    said = Q(idea__note__isnull=False) & ~Q(idea__note__kind=Note.Kind.FACILITATOR)
    rows = (
        members.order_by()
        .values_list(of, "idea__answer__response__survey__audience")
        .annotate(
            Count("pk"),
            taken=Count("pk" if members.model is ClusterIdea else "idea__membership"),
            people=Count("idea__answer__response", distinct=True),
            workshops=Count("idea__note__session", distinct=True, filter=said),
        )
    )
    found: dict[int, Counted] = defaultdict(Counted)
    for key, audience, ideas, taken, people, workshops in rows:
        one = found[key]
        one.ideas, one.taken = one.ideas + ideas, one.taken + taken
        one.workshops += workshops
        if audience:
            setattr(one, f"people_{audience}", people)
    return found


class PeopleColumns:
    """Columns of a ModelAdmin whose rows have the counts."""

    people_display = PEOPLE_COLUMNS

    @admin.display(description="parents and carers", ordering="people_parent_carer")
    def people_parent_carer(self, row: Any) -> int:
        return row.people_parent_carer

    @admin.display(description="practitioners", ordering="people_practitioner")
    def people_practitioner(self, row: Any) -> int:
        return row.people_practitioner

    @admin.display(description="children and young people", ordering="people_young_person")
    def people_young_person(self, row: Any) -> int:
        return row.people_young_person

    @admin.display(description="workshops", ordering="workshops")
    def workshops(self, row: Any) -> int:
        return row.workshops
