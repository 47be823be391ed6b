"""A picture of the whole as JSON to keep: what is shown of it, and no name.

    {"consultation": 3, "counted_at": "2026-11-22T12:00:00+00:00", "ideas": 90, "decided": 41,
     "placed": 90, "hides": false,
     "analysis": {"key": 7, "name": "Analysis 7", "finished_at": "2026-11-22T09:30:00+00:00"},
     "themes": [{"code": "health", "label": "Healthy lives", "workshops": 2,
                 "people": {"parent_carer": 34, "practitioner": "fewer than 5", ...}}],
     "named": [{"kind": "cluster", "key": 5, "theme": "health", "place": [512, 88] or null,
                "people": {...}, "workshops": 1}],
     "dots": {"health": [[512, 88], ...]}}

Places are in thousandths of the map. Names are made of people's words, which may be withheld,
hidden or taken back later: they are read from where these are taken out, as they were when counted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from outcomes.models import Cluster, ClusterDecision, GroupSuggestion, KeptCount
from outcomes.picture import PLACES, Dot, Heading, Key, Line, Named, Picture, Source
from surveys.models import Audience

GRAIN = 10**PLACES
NO_LONGER_THERE = "a group that is no longer there"
WAS = "was: "  # as renaming a cluster notes it
What = ClusterDecision.What
Names = Mapping[Key, tuple[str, str]]  # what it was called, and what became of the name


def numbers_of(picture: Picture, consultation: int) -> dict[str, Any]:
    run = picture.run
    return {
        "consultation": consultation,
        "counted_at": picture.at.isoformat(),
        "analysis": {
            "key": run.key,
            "name": run.name,
            "finished_at": run.finished_at.isoformat(),
        },
        "ideas": picture.ideas,
        "decided": picture.decided,
        "placed": picture.placed,
        "hides": picture.hides,
        "themes": [_theme(line) for line in picture.lines],
        "named": [_named(one) for one in picture.named],
        "dots": {
            _code(line): [_place(dot.x, dot.y) for dot in picture.dots if dot.theme == _code(line)]
            for line in picture.lines
        },
    }


def _code(line: Line) -> str:
    return line.theme.code if line.theme else ""


def _theme(line: Line) -> dict[str, Any]:
    said = {"people": _people(line.cells), "workshops": line.workshops}
    return {"code": _code(line), "label": line.label} | said


def _named(one: Named) -> dict[str, Any]:
    kind, key = one.key
    return {
        "kind": kind,
        "key": key,
        "theme": one.theme.code,
        "place": _place(*one.place) if one.place else None,
        "people": _people(one.cells),
        "workshops": one.workshops,
    }


def _place(x: float, y: float) -> list[int]:
    return [round(x * GRAIN), round(y * GRAIN)]


def _people(cells: Sequence[str]) -> dict[str, int | str]:
    """A number where one is shown, else the words that stand in its place."""
    told = [int(cell.replace(",", "")) if cell[0].isdigit() else cell for cell in cells]
    return dict(zip(Audience.values, told, strict=True))


def picture_in(kept: KeptCount) -> Picture:
    """The same picture again. Look first whether the checksum is still that of the numbers."""
    numbers = kept.numbers
    lines = [_line(one) for one in numbers["themes"]]
    headings = {_code(line): line.theme for line in lines if line.theme}
    names = names_in(kept)
    run = numbers["analysis"]
    return Picture(
        run=Source(run["key"], run["name"], datetime.fromisoformat(run["finished_at"])),
        at=datetime.fromisoformat(numbers["counted_at"]),
        ideas=numbers["ideas"],
        decided=numbers["decided"],
        lines=lines,
        named=[_named_again(one, headings, names) for one in numbers["named"]],
        dots=sorted(
            Dot(code, x / GRAIN, y / GRAIN)
            for code, places in numbers["dots"].items()
            for x, y in places
        ),
        placed=numbers["placed"],
        hides=numbers["hides"],
    )


def _line(one: Mapping[str, Any]) -> Line:
    theme = Heading(one["code"], one["label"]) if one["code"] else None
    return Line(theme, _cells(one["people"]), one["workshops"])


def _named_again(one: Mapping[str, Any], headings: Mapping[str, Heading], names: Names) -> Named:
    key = (one["kind"], one["key"])
    name, note = names.get(key, (NO_LONGER_THERE, ""))
    place = (one["place"][0] / GRAIN, one["place"][1] / GRAIN) if one["place"] else None
    return Named(
        key=key,
        name=name,
        theme=headings[one["theme"]],
        place=place,
        cells=_cells(one["people"]),
        workshops=one["workshops"],
        note=note,
        is_there=key in names,
    )


def _cells(people: Mapping[str, int | str]) -> list[str]:
    told = [people[audience] for audience in Audience.values]
    return [f"{cell:,}" if isinstance(cell, int) else cell for cell in told]


def names_in(kept: KeptCount) -> Names:
    """What clusters and groups were called when it was counted, as far as it may still be read."""
    keys = {
        kind: [one["key"] for one in kept.numbers["named"] if one["kind"] == kind]
        for kind in ("cluster", "group")
    }
    groups = GroupSuggestion.objects.filter(pk__in=keys["group"]).values_list("pk", "name")
    clusters = Cluster.objects.filter(pk__in=keys["cluster"]).values_list("pk", "name")
    before = _names_before(keys["cluster"], kept.at)
    found: dict[Key, tuple[str, str]] = {("group", key): (name, "") for key, name in groups}
    for key, name in clusters:
        was = before.get(key, name)
        if was is None:
            found["cluster", key] = (name, "called otherwise then, by a name that is not on record")
        else:
            found["cluster", key] = (was, f"now called “{name}”" if was != name else "")
    return found


def _names_before(clusters: Sequence[int], at: datetime) -> dict[int, str | None]:
    """Of clusters that were renamed since: the first renaming says what from. None where a renaming
    was undone first, which does not say."""
    undone = Q(what=What.UNDONE, detail=What.RENAMED.label)
    rows = ClusterDecision.objects.filter(Q(what=What.RENAMED) | undone, at__gt=at)
    rows = rows.filter(cluster__in=clusters).order_by("-pk")
    return {
        row.cluster_id: row.detail.removeprefix(WAS) if row.what == What.RENAMED else None
        for row in rows.only("cluster", "what", "detail")
    }
