"""What one decision about many ideas would change, worked out before anything does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from outcomes.actions.carrying import current_codings
from outcomes.actions.coding import put_away, suggested_themes
from outcomes.actions.uncoding import NOT_CODED, decided_together
from outcomes.models import ClusterIdea, Coding, Disposition, Idea
from surveys.models import Theme
from surveys.refusals import BadText

What = Disposition.What
OF_TWO_AREAS = (
    "Some of these ideas are of another area, which has other themes. Filter by one consultation."
)
# An idea's key, and those of its current code, its disposition and the theme suggested for it.
Row = list[int | None]


def parts_of(what: str) -> int:
    """Of a row, those that matter: what is suggested does to who accepts it alone."""
    return 4 if what == "accept" else 3


@dataclass
class Foreseen:
    """What will be what, and how often; and what stays as it is."""

    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    otherwise: int = 0  # of those that change: had another code before
    same: int = 0  # say so already
    left: int = 0  # cannot be so: no suggestion, in a cluster, decided otherwise since
    gone: int = 0  # no longer to be read
    rows: list[Row] = field(default_factory=list)  # of those that change, as they stand
    others: list[Row] = field(default_factory=list)  # of the rest

    def add(self, other: "Foreseen") -> None:
        self.changes += other.changes
        self.otherwise += other.otherwise
        self.same += other.same
        self.left += other.left
        self.gone += other.gone
        self.rows += other.rows
        self.others += other.others

    @property
    def changed(self) -> int:
        return sum(self.changes.values())

    def told(self) -> dict[str, Any]:
        """As a page shows it, and as a job keeps it: counts, and nothing that somebody said."""
        changes = [[before, after, n] for (before, after), n in self.changes.most_common()]
        names = ("changed", "otherwise", "same", "left", "gone")
        return {"changes": changes} | {name: getattr(self, name) for name in names}

    def seen(self, what: str, themes: Sequence[Theme]) -> str:
        """A mark of all that it was worked out from."""
        least = parts_of(what)
        rows = sorted(row[:least] for row in (*self.rows, *self.others))
        changing = [row[0] for row in self.rows]
        told = (rows, changing, what, [one.pk for one in themes])
        return sha256(repr(told).encode()).hexdigest()


@dataclass
class Standing:
    """What holds of some ideas now."""

    codes: dict[int, Coding]
    ends: dict[int, Disposition]
    suggested: dict[int, Theme]

    @classmethod
    def of(cls, ideas: Sequence[Idea]) -> "Standing":
        ended = Disposition.objects.current().filter(idea__in=ideas)
        return cls(
            codes=current_codings([idea.pk for idea in ideas]),
            ends={one.idea_id: one for one in ended if one.idea_id},
            suggested=suggested_themes(ideas),
        )

    def row(self, key: int) -> Row:
        held = (self.codes.get(key), self.ends.get(key), self.suggested.get(key))
        return [key, *(one.pk if one else None for one in held)]

    def in_words(self, key: int) -> str:
        if (end := self.ends.get(key)) and end.what == What.NOTHING:
            return str(What.NOTHING.label)
        return str(self.codes.get(key) or NOT_CODED)


def as_they_stand(keys: Sequence[int]) -> list[Row]:
    """Those of these ideas that can be read; as many keys as one query takes."""
    ideas = list(Idea.objects.filter(pk__in=keys).order_by("pk"))
    now = Standing.of(ideas)
    return [now.row(idea.pk) for idea in ideas]


def foresee(*, keys: Sequence[int], what: str, themes: Sequence[Theme]) -> Foreseen:
    """`what` is accept, themes or nothing; as many keys as one query takes."""
    ideas = list(Idea.objects.filter(pk__in=keys).order_by("pk"))
    now, found = Standing.of(ideas), Foreseen(gone=len(keys) - len(ideas))
    away = _away(ideas, what, now)
    for key in (idea.pk for idea in ideas):
        before, after = now.in_words(key), None
        if key not in away:
            after = _after(key, what, themes, now)
        found.left += after is None
        found.same += after == before
        if after is None or after == before:
            found.others.append(now.row(key))
            continue
        found.changes[(before, after)] += 1
        found.otherwise += before != NOT_CODED
        found.rows.append(now.row(key))
    if what == "themes":
        _check_area([row[0] for row in found.rows], themes)
    return found


def _away(ideas: Sequence[Idea], what: str, now: Standing) -> set[int]:
    """Those that stay as they are: decided otherwise, and not to be taken back unseen; or, where
    there is to be nothing to code, in a cluster."""
    if what != "nothing":
        return set(put_away(ideas))
    clustered = ClusterIdea.everything.filter(idea__in=ideas).values_list("idea", flat=True)
    return set(clustered) | set(now.ends)


def _after(key: int, what: str, themes: Sequence[Theme], now: Standing) -> str | None:
    """What it will be; None for what stays as it is because it cannot be so."""
    if what == "accept":
        return str(now.suggested[key]) if key in now.suggested else None
    if what == "themes":
        return " and ".join(str(theme) for theme in themes)
    return str(What.NOTHING.label)


def _check_area(keys: Sequence[int | None], themes: Sequence[Theme]) -> None:
    """Else it would stop in the middle."""
    areas = (
        "answer__response__survey__consultation__area",
        "note__session__consultation__area",
    )
    rows = Idea.objects.filter(pk__in=keys).order_by().values_list(*areas).distinct()
    of_ideas = {area for row in rows for area in row if area}
    if of_ideas - {theme.area_id for theme in themes}:
        raise BadText(OF_TWO_AREAS)


def foresee_undo(*, keys: Sequence[int], made_by: User, made_at: datetime) -> Foreseen:
    """What of these ideas changes back where that decision is taken back."""
    found = decided_together(made_by=made_by, made_at=made_at, among=keys)
    return Foreseen(
        changes=Counter((found.now[key], found.then[key]) for key in found.now),
        left=found.stay,
        gone=len(keys) - found.total,
        rows=as_they_stand(sorted(found.now)),
    )
