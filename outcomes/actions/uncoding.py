"""Taking back what was decided for many ideas at once.

Such a decision has no row of its own: its codes and ends share who decided and the moment.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from outcomes.actions.coding import (
    ANY,
    PLACES,
    ChangedMeanwhile,
    consultation_of,
    dispose_anew,
    put_away,
    standing_of,
    told_before,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.learning import learn
from outcomes.models import ClusterIdea, Coding, Disposition, Idea, Job
from surveys.actions import record_many
from surveys.models import Theme

How, What = Coding.How, Disposition.What
NOTHING_LEFT = "Nothing of this decision stands any longer: there is nothing to take back."
NOT_CODED = "not coded"
MEANWHILE = "Somebody decided about some of these meanwhile. Look at what will change back now."
UNDER_WAY = "This decision is still being carried out. Stop it first, or wait until it is done."
TAKEN_BACK = "This decision is being taken back already. Stop that first, or wait until it is done."


class StillUnderWay(AlreadyDecided):
    """The worker has not ended the decision, or is taking it back."""


@dataclass
class DecidedTogether:
    """A decision about many: what of it stands, and what each would be again."""

    total: int = 0
    codes: dict[int, Coding | None] = field(default_factory=dict)  # by idea; None: not coded
    ends: dict[int, Disposition | None] = field(default_factory=dict)  # None: to be read again
    now: dict[int, str] = field(default_factory=dict)  # by idea, in words
    then: dict[int, str] = field(default_factory=dict)

    @property
    def back(self) -> int:
        """How many would change back."""
        return len(self.codes.keys() | self.ends.keys())

    @property
    def changes(self) -> list[tuple[str, str, int]]:
        """What becomes what, and how often; most first."""
        counted = Counter((self.now[key], self.then[key]) for key in self.now)
        return [(now, then, number) for (now, then), number in counted.most_common()]

    @property
    def stay(self) -> int:
        """How many were decided otherwise since."""
        return self.total - self.back

    @property
    def seen(self) -> str:
        codes = [(key, one and one.pk) for key, one in sorted(self.codes.items())]
        ends = [(key, one and one.pk) for key, one in sorted(self.ends.items())]
        return sha256(repr((codes, ends)).encode()).hexdigest()


def ideas_decided_together(*, made_by: User, made_at: datetime) -> list[int]:
    """The keys of those ideas, of the ones that can be read."""
    codes, ends = _of(made_by, made_at)
    keys = set(codes.values_list("idea", flat=True))
    ended = Idea.objects.filter(pk__in=ends.values("idea")).order_by()
    return sorted(keys | set(ended.values_list("pk", flat=True)))


def decided_together(
    *, made_by: User, made_at: datetime, among: Sequence[int] | None = None
) -> DecidedTogether:
    """What somebody decided at that moment, as it stands now; `among` names some of the ideas.
    `total` is 0 for nothing."""
    keys = ideas_decided_together(made_by=made_by, made_at=made_at) if among is None else among
    ideas = list(Idea.objects.filter(pk__in=keys).order_by("pk"))
    found = DecidedTogether(total=len(ideas))
    free = {one.pk for one in ideas} - put_away(ideas).keys()
    codes, ends = _of(made_by, made_at)
    codes, ends = codes.filter(idea__in=keys), ends.filter(idea__in=keys)
    _find_codes(found, codes, free)
    _find_taken_up(found, codes, ends.filter(what=What.OPEN, idea__in=free))
    _find_ends(found, ends.filter(what=What.NOTHING, idea__in=free))
    return found


@transaction.atomic
def undo_several(
    *,
    made_by: User,
    made_at: datetime,
    by: User,
    now: datetime,
    seen: str | object = ANY,
) -> int:
    """Each idea goes back to what it was before, if nobody decided otherwise since.

    Gives how many changed. `seen` tells what was shown: see DecidedTogether.
    """
    refuse_under_way(made_by=made_by, made_at=made_at)
    keys = ideas_decided_together(made_by=made_by, made_at=made_at)
    held = _held(keys)
    found = decided_together(made_by=made_by, made_at=made_at, among=keys)
    if seen is not ANY and found.seen != seen:
        raise ChangedMeanwhile(MEANWHILE)
    if not found.back:
        raise AlreadyDecided(NOTHING_LEFT)
    return _take_back(found, held, by, now)


@transaction.atomic
def undo_some(
    *, ideas: Sequence[Idea], made_by: User, made_at: datetime, by: User, now: datetime
) -> int:
    """The same for some of its ideas, as the worker takes it back part by part."""
    keys = [one.pk for one in ideas]
    held = _held(keys)
    found = decided_together(made_by=made_by, made_at=made_at, among=keys)
    return _take_back(found, held, by, now) if found.back else 0


def refuse_under_way(*, made_by: User, made_at: datetime) -> None:
    """What the worker still carries out would go on after it was taken back."""
    at = made_at.astimezone(UTC).isoformat()
    jobs = Job.objects.under_way().filter(kind=Job.Kind.CODES)
    if jobs.filter(asked_by=made_by, asked__at=at).exists():
        raise StillUnderWay(UNDER_WAY)
    back = jobs.filter(asked__what="undo", asked__confirmed=True)
    if back.filter(asked__made__by=made_by.pk, asked__made__at=at).exists():
        raise StillUnderWay(TAKEN_BACK)


def _take_back(found: DecidedTogether, held: Sequence[Idea], by: User, now: datetime) -> int:
    ideas = {one.pk: one for one in held}
    coded = [ideas[key] for key in found.codes]
    told = told_before(coded)
    Coding.objects.current().filter(idea__in=coded).update(is_current=False)
    made = Coding.objects.bulk_create(
        (
            Coding(
                **_themes_of(found.codes[idea.pk]),
                idea=idea,
                how=How.UNDONE,
                by=by,
                at=now,
                suggested=told.get(idea.pk),
            )
            for idea in coded
        ),
        batch_size=500,
    )
    dispose_anew([_again(ideas[key], one, by, now) for key, one in found.ends.items()])
    about = [(ideas[key], "") for key in sorted(found.codes.keys() | found.ends.keys())]
    for consultation in {consultation_of(one.idea) for one in made}:
        learn(consultation=consultation, by=by, now=now)
    record_many(what="decided together: taken back", about=about, by=by, now=now)
    return found.back


def _of(made_by: User, made_at: datetime) -> tuple[QuerySet[Coding], QuerySet[Disposition]]:
    codes = Coding.objects.filter(by=made_by, at=made_at, how=How.TOGETHER).order_by()
    ends = Disposition.objects.filter(by=made_by, at=made_at, idea__isnull=False).order_by()
    return codes, ends.filter(what__in=[What.NOTHING, What.OPEN])


def _held(keys: Sequence[int]) -> list[Idea]:
    rows = Idea.objects.select_for_update(of=("self",)).select_related(*PLACES)
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _find_codes(found: DecidedTogether, codes: QuerySet[Coding], free: set[int]) -> None:
    """Those that stand, also where a later one was taken back; not beside a later end."""
    ours = set(codes.values_list("pk", flat=True))
    ended = Disposition.objects.current().filter(idea__in=codes.values("idea"))
    free = free - set(ended.values_list("idea", flat=True))
    history: dict[int, list[Coding]] = defaultdict(list)
    rows = Coding.objects.filter(idea__in=codes.values("idea")).order_by("pk")
    for one in rows.select_related("theme", "second", "third"):
        history[one.idea_id].append(one)
    for key in free & history.keys():
        standing = standing_of(history[key])
        if standing and standing[-1].pk in ours:
            found.codes[key] = standing[-2] if len(standing) > 1 else None
            found.now[key], found.then[key] = str(standing[-1]), str(found.codes[key] or NOT_CODED)


def _find_taken_up(
    found: DecidedTogether, codes: QuerySet[Coding], opened: QuerySet[Disposition]
) -> None:
    """Having nothing to code was taken back by the codes, and holds again without them."""
    decided_since = set(codes.values_list("idea", flat=True)) - found.codes.keys()
    keys = set(opened.filter(is_current=True).values_list("idea", flat=True)) - decided_since
    homes = ClusterIdea.everything.filter(idea__in=keys).values_list("idea", flat=True)
    past = Disposition.objects.filter(idea__in=keys - set(homes), is_current=False)
    said = _current_codes(keys)
    for one in past.exclude(what=What.OPEN).order_by("pk"):
        assert one.idea_id is not None  # noqa: S101 - they are looked for by their ideas
        found.now.setdefault(one.idea_id, said.get(one.idea_id, NOT_CODED))
        found.ends[one.idea_id], found.then[one.idea_id] = one, str(one)


def _find_ends(found: DecidedTogether, ends: QuerySet[Disposition]) -> None:
    keys = {key for key in ends.filter(is_current=True).values_list("idea", flat=True) if key}
    said = _current_codes(keys)
    for key in keys:
        found.ends[key] = None
        found.now[key], found.then[key] = str(What.NOTHING.label), said.get(key, NOT_CODED)


def _current_codes(keys: set[int]) -> dict[int, str]:
    """By idea, in words."""
    rows = Coding.objects.current().filter(idea__in=keys)
    return {one.idea_id: str(one) for one in rows.select_related("theme", "second", "third")}


def _themes_of(coding: Coding | None) -> dict[str, Theme | None]:
    names = ("theme", "second", "third")
    return {name: getattr(coding, name) if coding else None for name in names}


def _again(idea: Idea, end: Disposition | None, by: User, now: datetime) -> Disposition:
    what, reason = (end.what, end.reason) if end else (What.OPEN.value, "")
    return Disposition(idea=idea, what=what, reason=reason, by=by, at=now)
