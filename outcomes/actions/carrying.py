"""Bringing in what was decided elsewhere: themes from a sheet, clusters from a consultation
before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from outcomes.actions.coding import check_themes, fields, put_away, take_up, told_before
from outcomes.actions.curating import adopt, hold_ideas
from outcomes.actions.learning import learn
from outcomes.models import Cluster, Coding, GroupSuggestion, Idea
from surveys.actions import record
from surveys.models import Consultation, Theme
from surveys.refusals import BadText

AT_A_TIME = 2_000


@dataclass(frozen=True)
class Brought:
    """The themes that a sheet gives an idea, and the key of the coding that its writer saw."""

    idea: int
    themes: tuple[Theme, ...]
    seen: int | None


def current_codings(ideas: Sequence[int]) -> dict[int, Coding]:
    """The newest coding of each of these ideas that has one, by the idea's key."""
    found: dict[int, Coding] = {}
    for start in range(0, len(ideas), AT_A_TIME):
        rows = Coding.objects.current().filter(idea__in=ideas[start : start + AT_A_TIME])
        for one in rows.select_related("theme", "second", "third", "by"):
            found[one.idea_id] = one
    return found


def says(coding: Coding | None, brought: Brought) -> str:
    """What becomes of a row: "same", "change", or "meanwhile" where somebody decided since."""
    if (coding.themes if coding else []) == list(brought.themes):
        return "same"
    return "change" if (coding.pk if coding else None) == brought.seen else "meanwhile"


@transaction.atomic
def bring_in_codes(
    *, consultation: Consultation, rows: Sequence[Brought], by: User, now: datetime
) -> int:
    """Give ideas of one consultation the themes of a sheet; how many were changed by it.

    Those that somebody decided on since the sheet was taken out stay as they are.
    """
    for row in rows:
        check_themes(row.themes)
    keys = sorted({row.idea for row in rows})
    held: set[int] = set()  # but for those of answers that were put away as a whole
    for start in range(0, len(keys), AT_A_TIME):
        some = Idea.objects.of(consultation).filter(pk__in=keys[start : start + AT_A_TIME])
        ideas = list(some.select_for_update(of=("self",)).order_by("pk"))
        held |= {one.pk for one in ideas} - put_away(ideas).keys()
    current = current_codings(keys)
    changed = [
        row for row in rows if row.idea in held and says(current.get(row.idea), row) == "change"
    ]
    _write(changed, by, now)
    if changed:
        detail = f"{len(changed)} ideas"
        record(what="coded from a sheet", about=consultation, by=by, now=now, detail=detail)
        learn(consultation=consultation, by=by, now=now)
    return len(changed)


def _write(changed: Sequence[Brought], by: User, now: datetime) -> None:
    for start in range(0, len(changed), AT_A_TIME):
        some = changed[start : start + AT_A_TIME]
        ideas = list(Idea.objects.filter(pk__in=[row.idea for row in some if row.themes]))
        take_up(ideas, by, now)
        told = told_before(ideas)
        Coding.objects.current().filter(idea__in=[row.idea for row in some]).update(
            is_current=False
        )
        how = Coding.How.IMPORTED
        Coding.everything.bulk_create(
            Coding(
                **fields(row.themes, by, now, how), idea_id=row.idea, suggested=told.get(row.idea)
            )
            for row in some
        )


@transaction.atomic
def carry_over(
    *,
    into: Consultation,
    chosen: Mapping[Cluster, GroupSuggestion],
    by: User,
    now: datetime,
) -> list[Cluster]:
    """Adopt suggestions under the names and themes of clusters of an earlier consultation.

    All of them or none. Each says in its first decision where its name comes from.
    """
    if not chosen:
        raise BadText("Choose a suggestion for at least one of the earlier clusters.")
    if len({group.pk for group in chosen.values()}) < len(chosen):
        raise BadText("You chose one suggestion for two clusters. Choose another for one of them.")
    made = []
    keys = [group.pk for group in chosen.values()]
    # All at once and in order: whoever adopts one of them meanwhile waits for nothing of ours.
    list(GroupSuggestion.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    hold_ideas(Idea.objects.filter(suggestions__group__in=keys))
    for earlier, group in chosen.items():
        _check(earlier, group, into)
        from_where = f"carried over from “{earlier.consultation}”, cluster {earlier.pk}"
        cluster = adopt(
            suggestion=group,
            name=earlier.name,
            theme=earlier.theme,
            by=by,
            now=now,
            detail=from_where[:400],
        )
        made.append(cluster)
    detail = f"{len(made)} clusters"
    record(what="carried over clusters", about=into, by=by, now=now, detail=detail)
    return made


def _check(earlier: Cluster, group: GroupSuggestion, into: Consultation) -> None:
    if earlier.consultation_id == into.pk or earlier.consultation.area_id != into.area_id:
        raise BadText("Choose clusters of another consultation of the same area.")
    if earlier.state != Cluster.State.ADOPTED:
        raise BadText(f"“{earlier}” is {earlier.get_state_display()} there.")
    if group.run.consultation_id != into.pk:
        raise BadText("Choose suggestions of this consultation.")
