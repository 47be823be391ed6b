"""One count of a consultation, from which all its pictures are drawn: who spoke of what.

People are counted as distinct responses; a facilitator's own views are nobody's, and workshops
stand apart. What is shown to others is hidden where it is small, and where others give it away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q

from outcomes.models import AnalysisRun, Cluster, Disposition, GroupSuggestion, ThemeSuggestion
from surveys.counting import FEWEST_SHOWN, NOT_SHOWN, people_shown
from surveys.models import Audience, Consultation, Note, Response

MOST_DOTS = 1500
PLACES = 3  # decimals of a place on the map, which is 1 wide and 1 high
NO_THEME = "no theme yet"

Key = tuple[str, int]  # ("cluster" or "group", its key)
People = Mapping[str, set[int]]  # the responses of each audience
Cells = Mapping[tuple[int | None, str], str]  # of a theme and an audience, as shown


class Said(NamedTuple):
    """One idea: where it lies on the map, what it is about and who said it."""

    idea: int
    x: float | None
    y: float | None
    theme: int | None
    named: Key | None
    audience: str
    response: int | None
    session: int | None
    decided: bool


class Heading(NamedTuple):
    """A theme, as the picture names it."""

    code: str
    label: str


class Dot(NamedTuple):
    """Where an idea is drawn, and under which theme; nothing tells which idea it is."""

    theme: str  # its code; "" while it has none
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A theme, with its people as they may be shown, by audience."""

    theme: Heading | None
    cells: list[str]
    workshops: int

    @property
    def label(self) -> str:
        return self.theme.label if self.theme else NO_THEME

    @property
    def numbers(self) -> list[int | None]:
        """None where it is hidden."""
        return [number_in(cell) for cell in self.cells]


@dataclass(frozen=True)
class Named:
    """A cluster, or a group that nobody adopted yet, and the middle of its ideas on the map."""

    key: Key
    name: str
    theme: Heading
    place: tuple[float, float] | None
    cells: list[str]
    workshops: int
    note: str = ""  # what became of its name since
    is_there: bool = True

    @property
    def is_adopted(self) -> bool:
        return self.key[0] == "cluster"

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers as a reader knows them: what is hidden orders nothing."""
        return (*(number_in(cell) or 0 for cell in self.cells), self.workshops)


@dataclass(frozen=True)
class Source:
    """The analysis that a picture is drawn from."""

    key: int
    name: str
    finished_at: datetime

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Picture:
    """All of it may be shown."""

    run: Source
    at: datetime
    ideas: int
    decided: int  # of these, ideas whose theme people decided
    lines: list[Line]
    named: list[Named]
    dots: list[Dot]
    placed: int  # ideas with a place, of which `dots` are drawn
    hides: bool  # whether more is hidden than what is small


def number_in(cell: str) -> int | None:
    """What a cell tells; None where it is hidden."""
    return int(cell.replace(",", "")) if cell[0].isdigit() else None


def picture_of(consultation: Consultation, at: datetime) -> Picture | None:
    """Counted now, from the newest analysis and what people decided; None while there is none."""
    run = AnalysisRun.objects.filter(consultation=consultation).done().first()
    if run is None:
        return None
    said = _said(run)
    rows = consultation.area.themes.all()
    themes = {theme.pk: Heading(theme.code, theme.label) for theme in rows}
    about = _people((one.theme, one) for one in said)
    keys: list[int | None] = [*themes]
    keys += [None] if any(one.theme is None for one in said) else []
    cells = _cells_of_themes(keys, about)
    drawn, placed = _drawn(said, about)
    return Picture(
        run=Source(run.pk, str(run), run.finished_at or at),
        at=at,
        ideas=len(said),
        decided=sum(one.decided for one in said),
        lines=[
            Line(
                theme=themes.get(key or 0),
                cells=[cells[key, audience] for audience in Audience.values],
                workshops=len(about[key]["workshops"]),
            )
            for key in keys
        ],
        named=_named(run, said, themes, about, cells),
        dots=_dots(drawn, themes),
        placed=placed,
        hides=NOT_SHOWN in cells.values(),
    )


def _said(run: AnalysisRun) -> list[Said]:
    """What counts. The theme is what people decided, else their cluster's, else the machine's."""
    handled = Disposition.objects.current().exclude(what=Disposition.What.SET_ASIDE)
    ideas, passages = set(), set()
    for idea, passage in handled.values_list("idea", "passage"):
        ideas.add(idea)
        passages.add(passage)
    found = []
    for row in _rows(run):
        idea, x, y, suggested, group, cluster, state, of_cluster, coded, *source = row
        answered, noted, audience, held_with, response, session = source
        if idea in ideas or (answered or noted or 0) in passages:
            continue
        kept = cluster if state == Cluster.State.ADOPTED else None
        named = ("cluster", kept) if kept else None
        if group and not cluster:
            named = ("group", group)
        theme = coded or of_cluster or suggested
        decided = bool(coded or of_cluster)
        said_by = audience or held_with
        found.append(Said(idea, x, y, theme, named, said_by, response, session, decided))
    return found


def _rows(run: AnalysisRun) -> Iterable[tuple[Any, ...]]:
    counted = Q(idea__answer__response__state=Response.State.SENT) & ~Q(
        idea__answer__response__late=Response.Late.NOT_COUNTED
    )
    own_view = Q(idea__note__kind=Note.Kind.FACILITATOR)
    current = FilteredRelation("idea__codings", condition=Q(idea__codings__is_current=True))
    rows = ThemeSuggestion.objects.filter(run=run).annotate(coding=current)
    rows = rows.filter(Q(idea__note__isnull=False) | counted).exclude(own_view)
    in_cluster = "idea__membership__cluster"
    found: Iterable[tuple[Any, ...]] = rows.order_by("idea").values_list(
        "idea",
        "x",
        "y",
        "theme",
        "group",
        in_cluster,
        f"{in_cluster}__state",
        f"{in_cluster}__theme",
        F("coding__theme"),
        "idea__answer__passage",
        "idea__note__passage",
        "idea__answer__response__survey__audience",
        "idea__note__session__audience",
        "idea__answer__response",
        "idea__note__session",
    )
    return found


def _people(said: Iterable[tuple[Any, Said]]) -> dict[Any, dict[str, set[int]]]:
    """The responses of each audience and, as "workshops", the sessions, of each key."""
    found: dict[Any, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for key, one in said:
        if one.response:
            found[key][one.audience].add(one.response)
        elif one.session:
            found[key]["workshops"].add(one.session)
    return found


def _cells_of_themes(keys: Sequence[int | None], about: Mapping[Any, People]) -> Cells:
    """No sums are shown, for people may speak of several themes, so that a small count is not what
    the others leave of a total. But all who were heard spoke of some theme: where the counts shown
    do not reach that number, they would tell how many the hidden ones are at least, and one more
    is hidden."""
    cells: dict[tuple[int | None, str], str] = {}
    for audience in Audience.values:
        numbers = {key: len(about[key][audience]) for key in keys}
        heard = set[int]().union(*(about[key][audience] for key in keys))
        large = {key: number for key, number in numbers.items() if number >= FEWEST_SHOWN}
        small = any(0 < number < FEWEST_SHOWN for number in numbers.values())
        cells |= {(key, audience): people_shown(number) for key, number in numbers.items()}
        if small and large and sum(large.values()) < len(heard):
            cells[min(large, key=lambda key: large[key]), audience] = NOT_SHOWN
    return cells


def _named(
    run: AnalysisRun,
    said: Sequence[Said],
    themes: Mapping[int, Heading],
    about: Mapping[Any, People],
    shown: Cells,
) -> list[Named]:
    """The adopted clusters and the groups that nobody adopted, with an idea that counts."""
    groups = GroupSuggestion.objects.filter(run=run, cluster__isnull=True)
    clusters = Cluster.objects.adopted().filter(consultation=run.consultation_id)
    rows = {
        (kind, key): (name, theme)
        for kind, found in (("cluster", clusters), ("group", groups))
        for key, name, theme in found.values_list("pk", "name", "theme")
    }
    people = _people((one.named, one) for one in said if one.named in rows)
    places = _middles(said)
    cells = _cells(people, about, shown)
    return [
        Named(
            key=key,
            name=rows[key][0],
            theme=themes[rows[key][1]],
            place=places.get(key),
            cells=cells[key],
            workshops=len(people[key]["workshops"]),
        )
        for key in rows
        if key in people
    ]


def _middles(said: Iterable[Said]) -> dict[Key, tuple[float, float]]:
    found: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    for one in said:
        if one.named and one.x is not None and one.y is not None:
            found[one.named].append((one.x, one.y))
    return {
        key: (
            _on_map(sum(x for x, _ in spots) / len(spots)),
            _on_map(sum(y for _, y in spots) / len(spots)),
        )
        for key, spots in found.items()
    }


def _on_map(place: float) -> float:
    """As exact as a drawing is, and no more."""
    return round(place, PLACES)


def _cells(
    named: Mapping[Key, People], about: Mapping[Any, People], shown: Cells
) -> dict[Key, list[str]]:
    """Each stands alone, and is not shown where the little that another has more would tell."""
    cells: dict[Key, list[str]] = {key: [] for key in named}
    for audience in Audience.values:
        hidden = [
            about[theme][audience]
            for (theme, whose), cell in shown.items()
            if whose == audience and cell == NOT_SHOWN
        ]
        every: dict[int, list[set[int]]] = defaultdict(list)  # by how many they are
        for people in (*about.values(), *named.values()):
            every[len(people[audience])].append(people[audience])
        for key, people in named.items():
            own = people[audience]
            telling = _tells(own, every) or _nearly(own, hidden)
            cells[key].append(NOT_SHOWN if telling else people_shown(len(own)))
    return cells


def _tells(own: set[int], every: Mapping[int, list[set[int]]]) -> bool:
    """Whether another has all of these people and 1 to 4 more."""
    return len(own) >= FEWEST_SHOWN and any(
        own < other for more in range(1, FEWEST_SHOWN) for other in every.get(len(own) + more, ())
    )


def _nearly(own: set[int], hidden: Iterable[set[int]]) -> bool:
    """Whether it is all but the whole of a count that is hidden."""
    return len(own) >= FEWEST_SHOWN and any(
        len(other) - len(own) < FEWEST_SHOWN and own <= other for other in hidden
    )


def _drawn(said: Sequence[Said], about: Mapping[Any, People]) -> tuple[list[Said], int]:
    """The dots, and of how many they are a draw, by chance and always the same.

    None of a theme that fewer people spoke of than may be told: the dots could be counted.
    """
    told = {
        key
        for key, people in about.items()
        if sum(len(found) for found in people.values()) >= FEWEST_SHOWN
    }
    placed = [one for one in said if one.x is not None and one.theme in told]
    if len(placed) > MOST_DOTS:
        drawn = sorted(placed, key=lambda one: sha256(str(one.idea).encode()).digest())
        return sorted(drawn[:MOST_DOTS]), len(placed)
    return placed, len(placed)


def _dots(drawn: Iterable[Said], themes: Mapping[int, Heading]) -> list[Dot]:
    """In the order of their places, which tells nothing of the order in which they were said."""
    return sorted(
        Dot(themes[one.theme].code if one.theme else "", _on_map(one.x or 0), _on_map(one.y or 0))
        for one in drawn
    )
