"""Kept counts of the picture: kept, looked up, and taken out for a report to cite."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from outcomes import actions
from outcomes.actions.keeping import LONGEST_NOTE
from outcomes.admin.cluster_decisions import CURATE
from outcomes.admin.picture_drawing import field_of
from outcomes.admin.sheets_files import CSV_TYPE, csv_file
from outcomes.frozen import picture_in
from outcomes.models import KeptCount
from outcomes.picture import Picture
from surveys.admin.deciding import Decision, line
from surveys.models import Audience, Consultation

JSON_TYPE = "application/json"
ENDINGS = ("csv", "json")
NOW = "now"  # the value of `?count=` that asks for what was not kept
COLUMNS = (
    *("what", "theme", "name", *Audience.labels, "workshops", "field_on_map"),
    *("counted_at", "analysis", "sha256"),
)


class Keep(Decision):
    """The count of a consultation, which is its `row`."""

    path = "keep-count"
    label = "Keep this count"
    permission = CURATE
    button = "Keep this count"
    about = (
        "The numbers are frozen as they stand when you press the button; what is hidden stays "
        "hidden. They get a checksum, so that anyone can tell that a report shows just these. They "
        "cannot be changed afterwards."
    )
    done = "The count is kept."

    note = line(
        "What you keep it for",
        most=LONGEST_NOTE,
        required=False,
        about="Such as “Report to the board, March”. You may leave it out.",
    )

    def decide(self, *, by: Any, now: datetime) -> Consultation:
        note = self.cleaned_data["note"]
        actions.keep_count(consultation=self.row, note=note, by=by, now=now)
        return self.row


def counts_of(consultation: Consultation) -> QuerySet[KeptCount]:
    return KeptCount.objects.filter(consultation=consultation).select_related("by")


def chosen(counts: QuerySet[KeptCount], asked: str) -> KeptCount | None:
    """The one that `?count=` names, or the newest where it names none."""
    if not asked:
        return counts.first()
    is_key = asked.isascii() and asked.isdecimal() and len(asked) < 12
    return counts.filter(pk=int(asked)).first() if is_key else None


def file_of(kept: KeptCount, ending: str) -> tuple[bytes, str]:
    if ending == "csv":
        data, _ = csv_file(COLUMNS, _rows(picture_in(kept), kept))
        return data, CSV_TYPE
    return _json(kept), JSON_TYPE


def _rows(picture: Picture, kept: KeptCount) -> Iterator[tuple[Any, ...]]:
    cited = (picture.at, picture.run.name, kept.sha256)
    for one in picture.lines:
        yield ("theme", one.label, "", *one.cells, one.workshops, "", *cited)
    for named in picture.named:
        field = field_of(*named.place) if named.place else ""
        cells = (*named.cells, named.workshops, field)
        yield (named.key[0], named.theme.label, named.name, *cells, *cited)


def _json(kept: KeptCount) -> bytes:
    """The checksum is of the numbers alone, so that a name may go and it still holds."""
    told = {
        "consultation": kept.consultation.title,
        "kept_by": kept.by.get_username(),
        "kept_at": kept.at.isoformat(),
        "note": kept.note,
        "sha256": kept.sha256,
        "sha256_is_of": "“numbers” as JSON with sorted keys and no spaces, in UTF-8",
        "names": [
            {"kind": one.key[0], "key": one.key[1], "name": one.name}
            for one in picture_in(kept).named
        ],
        "numbers": kept.numbers,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
