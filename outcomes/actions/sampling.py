"""Having a sample of ideas coded by two people who do not see each other's codes, and settling it.

What the two say stands in BlindCode and nowhere else until it is settled: the audit log tells that
somebody coded, not what.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from outcomes.actions.coding import ANY, check_themes, code, code_only
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.learning import learn
from outcomes.models import BlindCode, Coding, Idea, Sample, SampleIdea, ThemeSuggestion
from surveys.actions import record
from surveys.models import Consultation, Theme
from surveys.refusals import BadText, NotAllowed
from surveys.texts import required

CODE = "outcomes.code_idea"
MOST = 2_000
PERCENT = 10
MOST_SEED = 2**31 - 1
MOST_WHY = 400


class NotDoneYet(AlreadyDecided):
    """Codes of a sample are shown once both people have coded all of it."""


@transaction.atomic
def draw_sample(
    *,
    consultation: Consultation,
    first: User,
    second: User,
    by: User,
    now: datetime,
    number: int | None = None,
    seed: int | None = None,
) -> Sample:
    """Draw ideas by chance, as many of each audience as its share; 10% where no number is given."""
    _check_coders(first, second)
    by_audience = _readable(consultation)
    there = sum(map(len, by_audience.values()))
    number = size_of(there, number)
    seed = secrets.randbelow(MOST_SEED) if seed is None else seed
    chosen = drawn(by_audience, number, seed)
    sample = Sample.objects.create(
        consultation=consultation, first=first, second=second, made_by=by, made_at=now, seed=seed
    )
    suggested = _suggested(chosen)
    SampleIdea.everything.bulk_create(
        SampleIdea(sample=sample, idea_id=key, suggested_id=suggested.get(key), order=order)
        for order, key in enumerate(chosen, start=1)
    )
    record(
        what="drew a sample", about=sample, by=by, now=now, detail=f"{number} ideas, seed {seed}"
    )
    return sample


def _check_coders(first: User, second: User) -> None:
    if first == second:
        raise BadText("Choose two different people. One person cannot be compared with themselves.")
    for person in (first, second):
        if not (person.is_active and person.has_perm(CODE)):
            raise BadText(f"{person} may not code ideas. Choose somebody who may.")


def size_of(there: int, number: int | None) -> int:
    """How many to draw of how many there are."""
    if not there:
        raise BadText("There are no ideas to draw from yet. An analysis finds them.")
    number = min(MOST, max(1, round(there * PERCENT / 100))) if number is None else number
    if not 1 <= number <= min(there, MOST):
        raise BadText(
            f"Choose a number from 1 to {min(there, MOST):,}. There are {there:,} ideas that "
            "may be read."
        )
    return number


def _readable(consultation: Consultation) -> dict[str, list[int]]:
    rows = Idea.objects.of(consultation).with_audience().order_by("pk")
    found: dict[str, list[int]] = {}
    for key, audience in rows.values_list("pk", "audience"):
        found.setdefault(audience, []).append(key)
    return found


def drawn(groups: Mapping[str, Sequence[int]], number: int, seed: int) -> list[int]:
    """`number` keys, of each group as its share (largest remainder), in an order by chance."""
    chance, total = Random(seed), sum(map(len, groups.values()))  # noqa: S311 - no secret
    names = sorted(groups)
    sizes = {name: number * len(groups[name]) // total for name in names}
    by_rest = sorted(names, key=lambda name: (-(number * len(groups[name]) % total), name))
    for name in by_rest[: number - sum(sizes.values())]:
        sizes[name] += 1
    chosen = [key for name in names for key in chance.sample(sorted(groups[name]), sizes[name])]
    chance.shuffle(chosen)
    return chosen


def _suggested(keys: Iterable[int]) -> dict[int, int | None]:
    """What the newest analysis that read each idea suggests."""
    rows = ThemeSuggestion.objects.filter(idea__in=list(keys), run__state="done")
    told = rows.order_by("run__asked_at", "run").values_list("idea", "theme", "repeats")
    # What repeats a person's decision would be compared with that person.
    return {idea: None if repeats else theme for idea, theme, repeats in told}


@transaction.atomic
def code_blind(*, place: SampleIdea, themes: Sequence[Theme], by: User, now: datetime) -> BlindCode:
    """One of the two says what an idea is about, and may change it until both are done.

    No theme: they are not sure.
    """
    check_themes(themes)
    sample = Sample.objects.select_for_update(of=("self",)).get(pk=place.sample_id)
    if by.pk not in (sample.first_id, sample.second_id):
        raise NotAllowed("Only the two people who were asked code this sample.")
    if not SampleIdea.objects.filter(pk=place.pk).exists():
        raise AlreadyDecided("This idea was taken back or is withheld. It left the sample.")
    if sample.stopped_at:
        raise AlreadyDecided("This sample was stopped. What you coded of it until then is kept.")
    if is_done(sample):
        raise AlreadyDecided("Both of you are done, and your codes can be compared. They stay.")
    first, second, third = [*themes, None, None, None][:3]
    given = {"theme": first, "second": second, "third": third, "at": now}
    made, is_new = BlindCode.objects.update_or_create(place=place, by=by, defaults=given)
    record(what="coded for a sample", about=place, by=by, now=now)
    if is_new and is_done(sample):
        # What is withheld now is out for good: shown later, it would not be coded blind.
        SampleIdea.everything.filter(sample=sample).exclude(pk__in=places(sample)).delete()
    return made


@transaction.atomic
def stop_sample(*, sample: Sample, why: str, by: User, now: datetime) -> Sample:
    """Nobody codes it any more. The codes are kept; of the ideas that both have coded, they are
    compared."""
    sample = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    why = required(why, "Say why it is stopped. Whoever reads its numbers will ask.")
    if len(why) > MOST_WHY:
        raise BadText(f"Say why in {MOST_WHY} characters or fewer. These are {len(why)}.")
    if sample.stopped_at:
        raise AlreadyDecided("Somebody stopped this sample already.")
    if is_done(sample):
        raise AlreadyDecided("Both have coded all of this sample. There is nothing to stop.")
    sample.stopped_at, sample.stopped_why = now, why
    sample.save(update_fields=["stopped_at", "stopped_why"])
    there, coded = places(sample).count(), compared(sample).count()
    detail = f"{coded} of {there} ideas were coded by both"
    record(what="stopped a sample", about=sample, by=by, now=now, detail=detail)
    return sample


def places(sample: Sample) -> QuerySet[Any]:
    """The ideas of the sample that may be read."""
    return SampleIdea.objects.filter(sample=sample)


def compared(sample: Sample) -> QuerySet[Any]:
    """Those that both have coded."""
    codes = BlindCode.objects.filter(place=OuterRef("pk"))
    by = (codes.filter(by=one) for one in (sample.first_id, sample.second_id))
    return places(sample).filter(*map(Exists, by))


def progress(sample: Sample) -> tuple[int, int, int]:
    """How many the first has coded, the second has, and how many there are."""
    found = places(sample).aggregate(
        first=Count("codes", filter=Q(codes__by=sample.first_id), distinct=True),
        second=Count("codes", filter=Q(codes__by=sample.second_id), distinct=True),
        all=Count("pk", distinct=True),
    )
    return found["first"], found["second"], found["all"]


def is_done(sample: Sample) -> bool:
    """Both have coded every idea of it that may be read. An empty one is never done."""
    first, second, everything = progress(sample)
    return everything > 0 and first == second == everything


def is_over(sample: Sample) -> bool:
    """Nobody codes it any more, and what both have coded may be compared."""
    return bool(sample.stopped_at) or is_done(sample)


@transaction.atomic
def settle(
    *,
    place: SampleIdea,
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    seen: int | object | None = ANY,
) -> Coding:
    """Decide an idea's themes after the two have been compared."""
    sample = _compared(place.sample)
    if not compared(sample).filter(pk=place.pk).exists():
        raise AlreadyDecided("This idea was taken back or is withheld. It left the sample.")
    if not themes:
        raise BadText("Choose what the idea is about. To leave it open, go back.")
    return code(idea=place.idea, themes=themes, by=by, now=now, how=Coding.How.SETTLED, seen=seen)


@transaction.atomic
def take_over_agreed(*, sample: Sample, by: User, now: datetime) -> int:
    """Code each idea as the two did where they chose the same and nobody coded it yet."""
    _compared(sample)
    taken, agreed = 0, agreed_and_open(sample)
    keys = [place.idea_id for place in agreed]
    list(Idea.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    for place in agreed:
        themes = place.codes.all()[0].themes
        code_only(idea=place.idea, themes=themes, by=by, now=now, how=Coding.How.SETTLED)
        taken += 1
    if taken:
        learn(consultation=sample.consultation, by=by, now=now)
    return taken


def agreed_and_open(sample: Sample) -> list[SampleIdea]:
    """Ideas to which both gave the same themes, the main one first, and that are not coded yet."""
    coded = Coding.objects.current().filter(theme__isnull=False)
    rows = compared(sample).exclude(idea__in=coded.values("idea")).select_related("idea")
    with_codes = rows.prefetch_related("codes__theme", "codes__second", "codes__third")
    return [place for place in with_codes if same_themes(place.codes.all())]


def same_themes(codes: Iterable[BlindCode]) -> bool:
    """Both gave a theme, the same main one, and the same beside it in any order."""
    given = [(one.theme_id, frozenset(theme.pk for theme in one.themes)) for one in codes]
    return len(given) == 2 and given[0] == given[1] and given[0][0] is not None


def _compared(sample: Sample) -> Sample:
    if not is_over(sample):
        raise NotDoneYet("The two are not done yet. Until they are, nobody sees their codes.")
    return sample
