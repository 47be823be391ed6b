"""How many people of each audience: the columns that lists and pages share."""

from typing import Any

from django.contrib import admin

from surveys.models import Audience


def people(row: Any) -> list[tuple[str, int]]:
    """(audience, how many) of a row with the columns, then the workshops."""
    counts = [(label, getattr(row, f"people_{audience}")) for audience, label in Audience.choices]
    return [*counts, ("workshops", row.workshops)]


PEOPLE_HEADINGS = [*Audience.labels, "workshops"]


class PeopleColumns:
    """Columns of a ModelAdmin whose rows have the counts."""

    people_display = [*(f"people_{audience}" for audience in Audience.values), "workshops"]

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
