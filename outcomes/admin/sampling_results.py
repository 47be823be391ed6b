"""What came of a sample that two people coded: how well they agree, and where they do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from outcomes.actions.sampling import compared, same_themes
from outcomes.coder_agreement import Agreement, agreement, agreement_by_code
from outcomes.models import SOURCES, BlindCode, Coding, Idea, Sample, SampleIdea
from surveys.models import Theme


@dataclass(frozen=True)
class Place:
    """An idea of the sample with what each of the two, and the machine, say of it."""

    row: SampleIdea
    first: BlindCode
    second: BlindCode
    coding: Coding | None

    @property
    def idea(self) -> Idea:
        return self.row.idea

    @property
    def is_coded(self) -> bool:
        """Both gave it a theme; who is not sure gives none."""
        return bool(self.first.theme_id and self.second.theme_id)

    @property
    def is_disputed(self) -> bool:
        return not same_themes([self.first, self.second])

    @property
    def is_settled(self) -> bool:
        return self.coding is not None and self.coding.at >= self.row.sample.made_at


@dataclass(frozen=True)
class OfTheme:
    theme: Theme
    first: int
    second: int
    agreement: Agreement


@dataclass(frozen=True)
class Results:
    """Told only once both are done, or the sample was stopped: of what both have coded."""

    places: list[Place]
    people: Agreement
    themes: list[OfTheme]
    machine: list[tuple[str, Agreement]]
    disputed: list[Place]

    @property
    def unsure(self) -> int:
        return sum(not place.is_coded for place in self.places)

    @property
    def to_settle(self) -> int:
        return sum(not place.is_settled for place in self.disputed)


def results_of(sample: Sample) -> Results:
    found = _places(sample)
    coded = [place for place in found if place.is_coded]
    disputed = [place for place in found if place.is_disputed]
    # What nobody settled yet comes first.
    disputed.sort(key=lambda place: (place.is_settled, place.row.order))
    first, second = _codes([p.first for p in coded]), _codes([p.second for p in coded])
    return Results(
        found, agreement(first, second), _by_theme(sample, coded), _machine(sample, coded), disputed
    )


def _places(sample: Sample) -> list[Place]:
    rows = compared(sample).select_related(
        "sample", "suggested", *(f"idea__{path}" for path in SOURCES)
    )
    rows = list(rows.prefetch_related("codes__theme", "codes__second", "codes__third"))
    held = Coding.objects.current().filter(idea__in=[row.idea_id for row in rows])
    held = held.filter(theme__isnull=False).select_related("theme", "second", "third", "by")
    by_idea = {coding.idea_id: coding for coding in held}
    found = []
    for row in rows:
        said = {one.by_id: one for one in row.codes.all()}
        first, second = said[sample.first_id], said[sample.second_id]
        found.append(Place(row, first, second, by_idea.get(row.idea_id)))
    return found


def _codes(said: Sequence[BlindCode]) -> list[list[str]]:
    return [[theme.code for theme in one.themes] for one in said]


def _by_theme(sample: Sample, coded: Sequence[Place]) -> list[OfTheme]:
    """Each theme that one of the two gave as the main one."""
    first, second = _codes([p.first for p in coded]), _codes([p.second for p in coded])
    used = {codes[0] for codes in (*first, *second)}
    themes = Theme.objects.filter(area=sample.consultation.area_id, code__in=used)
    found = agreement_by_code(first, second, used)
    return [
        OfTheme(
            theme,
            sum(codes[0] == theme.code for codes in first),
            sum(codes[0] == theme.code for codes in second),
            found[theme.code],
        )
        for theme in themes
    ]


def _machine(sample: Sample, coded: Sequence[Place]) -> list[tuple[str, Agreement]]:
    """The two with each other and the machine with each, on the same ideas: those for which it
    suggested a theme before they began."""
    read = [place for place in coded if place.row.suggested]
    if not read:
        return []
    first, second = _codes([p.first for p in read]), _codes([p.second for p in read])
    machine = [[place.row.suggested.code] for place in read]
    return [
        (f"{sample.first} and {sample.second}", agreement(first, second)),
        (f"The machine and {sample.first}", agreement(first, machine)),
        (f"The machine and {sample.second}", agreement(second, machine)),
    ]
