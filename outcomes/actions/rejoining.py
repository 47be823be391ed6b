"""What ideas were before they were joined: kept with the step, given back when it is taken back.

Kept are keys, themes, moments and who decided, and no words: a reason stays in its row, which the
joined idea has meanwhile.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from outcomes.actions.coding import fields, standing_of
from outcomes.models import AnalysisRun, ClusterIdea, Coding, Disposition, Idea
from surveys.models import Theme

Kept = dict[str, Any]
THEMES = ("theme_id", "second_id", "third_id")
HOME = ("cluster_id", "came_from_id", "added_by_id", "added_at")
CODE = ("id", *THEMES, "how", "by_id", "at", "is_current")
How, What = Coding.How, Disposition.What


def as_it_is(idea: Idea) -> Kept:
    """All that people decided of an idea, to be kept as JSON."""
    home = ClusterIdea.everything.filter(idea=idea).values(*HOME).first()
    codes = Coding.everything.filter(idea=idea).order_by("pk")
    ends = Disposition.objects.filter(idea=idea).order_by("pk")
    return {
        "idea": idea.pk,
        "cut_by": idea.cut_by_id,
        "found_by": idea.found_by_id,
        "codes": [_written(one) for one in codes.values(*CODE, "suggested_id")],
        "ends": list(ends.values_list("pk", flat=True)),
        "end": ends.filter(is_current=True).values_list("pk", flat=True).first(),
        "home": _written(home) if home else None,
    }


def give_back(idea: Idea, parts: Sequence[Kept], by: User, now: datetime) -> None:
    """The idea lies where its first part does. It, and the second part that is there again, have
    what was decided of each before. What was decided of the whole since is history of the first,
    but for a cluster that it went into since, or out of: that holds for both."""
    first, second = parts
    new = Idea.everything.get(pk=second["idea"])
    keys = {one["id"] for part in parts for one in part["codes"]}
    whole = ClusterIdea.everything.filter(idea=idea).values(*HOME).first()
    _codes_of_the_second(idea, new, second)
    _codes_of_the_first(idea, first, keys, by, now)
    moved = _homes(idea, new, parts, whole)
    _ends_of_the_second(idea, new, second, is_free=not moved)
    _ends_of_the_first(idea, first, by, now, is_free=not moved)


def there_again(idea: Idea, kept: Kept, start: int, end: int) -> Idea:
    """The idea that went, under its own key, so that all that names it does so again."""
    about = {"answer_id": idea.answer_id, "note_id": idea.note_id, "start": start, "end": end}
    # A run that learned by itself is only kept while ideas were found by it.
    found = AnalysisRun.objects.filter(pk=kept["found_by"]).values_list("pk", flat=True).first()
    again = {"found_by_id": found or idea.found_by_id, "cut_by_id": kept["cut_by"]}
    new: Idea = Idea.everything.create(pk=kept["idea"], **about, **again)
    return new


def can_be_given_back(idea: Idea, parts: Sequence[Any]) -> bool:
    """Whether the step kept what the parts were, and the joined idea is the one of which it did."""
    if not all(parts) or len(parts) != 2:
        return False
    gone = not Idea.everything.filter(pk=parts[1]["idea"]).exists()
    return bool(parts[0]["idea"] == idea.pk and gone)


def _written(row: Any) -> Kept:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _read(row: Kept) -> Kept:
    return {
        name: datetime.fromisoformat(value) if name in ("at", "added_at") else value
        for name, value in row.items()
    }


def _codes_of_the_second(idea: Idea, new: Idea, kept: Kept) -> None:
    """Those that the joined idea took over go with it; the others are there again as they were,
    but for old ones that name a theme which was deleted since."""
    mine = {one["id"]: one for one in kept["codes"]}
    Coding.everything.filter(idea__in=[idea, new]).update(is_current=False)
    Coding.everything.filter(idea=idea, pk__in=mine).update(idea=new)
    there = set(Coding.everything.filter(pk__in=mine).values_list("pk", flat=True))
    lost = [_read(one) for key, one in mine.items() if key not in there]
    themes = set(Theme.objects.values_list("pk", flat=True))
    whole = [one for one in lost if {one[name] for name in THEMES} - {None} <= themes]
    for one in whole:
        one["suggested_id"] = one["suggested_id"] if one["suggested_id"] in themes else None
    Coding.everything.bulk_create(Coding(**one, idea=new) for one in whole)
    current = [key for key, one in mine.items() if one["is_current"]]
    Coding.everything.filter(idea=new, pk__in=current).update(is_current=True)


def _codes_of_the_first(idea: Idea, kept: Kept, keys: set[int], by: User, now: datetime) -> None:
    """Each later one that stands is taken back, and what was taken back is said again."""
    rows = Coding.everything.filter(idea=idea).select_related("theme", "second", "third")
    history = list(rows.order_by("pk"))
    if all(one.pk in keys for one in history):
        current = [one["id"] for one in kept["codes"] if one["is_current"]]
        Coding.everything.filter(idea=idea, pk__in=current).update(is_current=True)
        return
    own = {one["id"] for one in kept["codes"]}
    was, stands = standing_of(one for one in history if one.pk in own), standing_of(history)
    while stands != was[: len(stands)]:
        stands.pop()
        themes = stands[-1].themes if stands else []
        history.append(_said(idea, fields(themes, by, now, How.UNDONE)))
    for one in was[len(stands) :]:
        history.append(_said(idea, fields(one.themes, by, now, How.CHOSEN)))
    Coding.everything.filter(pk=history[-1].pk).update(is_current=True)


def _said(idea: Idea, given: Kept) -> Coding:
    return Coding.everything.create(**given, idea=idea, is_current=False)  # type: ignore[no-any-return]


def _homes(idea: Idea, new: Idea, parts: Iterable[Kept], whole: Any) -> bool:
    """Each its own again; or, where the whole went elsewhere since, both there: whether so."""
    before = [_read(part["home"]) if part["home"] else None for part in parts]
    common = next((one["cluster_id"] for one in before if one), None)
    if (whole["cluster_id"] if whole else None) == common:
        if not before[0]:
            ClusterIdea.everything.filter(idea=idea).delete()
        if before[1]:
            ClusterIdea.everything.create(idea=new, **before[1])
        return False
    if whole:
        ClusterIdea.everything.create(idea=new, **whole)
    return bool(whole)


def _ends_of_the_second(idea: Idea, new: Idea, kept: Kept, *, is_free: bool) -> None:
    mine = Disposition.objects.filter(idea=idea, pk__in=kept["ends"])
    mine.update(idea=new, is_current=False)
    end = Disposition.objects.filter(idea=new, pk=kept["end"])
    (end if is_free else end.filter(what=What.OPEN)).update(is_current=True)


def _ends_of_the_first(idea: Idea, kept: Kept, by: User, now: datetime, *, is_free: bool) -> None:
    """`is_free` of clusters: what is in one has no other end."""
    rows = Disposition.objects.filter(idea=idea)
    was = rows.filter(pk=kept["end"]).first() if is_free else None
    current = rows.filter(is_current=True).first()
    if was == current:
        return
    since = rows.exclude(pk__in=kept["ends"]).exists()
    rows.update(is_current=False)
    if was and not since:
        rows.filter(pk=was.pk).update(is_current=True)
    elif was:
        was.pk, was._state.adding, was.is_current = None, True, True
        was.by, was.at = by, now
        was.save()
    elif current and current.what != What.OPEN:
        Disposition.objects.create(idea=idea, what=What.OPEN, by=by, at=now)
    elif current:
        rows.filter(pk=current.pk).update(is_current=True)
