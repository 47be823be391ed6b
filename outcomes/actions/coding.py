"""Saying what ideas are about, one by one or many at once; taking it back; what becomes of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from outcomes.actions.curating import AlreadyDecided, hold_ideas, theme_of_area
from outcomes.actions.learning import learn
from outcomes.models import ClusterIdea, Coding, Disposition, Idea, ThemeSuggestion
from surveys.actions import record, record_many
from surveys.models import Answer, Consultation, Passage, Theme
from surveys.refusals import BadText
from surveys.texts import required, storable

How = Coding.How
What = Disposition.What
MOST_THEMES = 3
# What a theme takes back by itself; a complaint, say, is taken back by who knows of it.
LIGHT = (What.NOTHING, What.OFF_TOPIC, What.DUPLICATE)
ANY = object()
PLACES = ("answer__response__survey__consultation", "note__session__consultation")


class ChangedMeanwhile(AlreadyDecided):
    """Somebody else decided since the page was shown."""


def code(
    *,
    idea: Idea,
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    how: str = How.CHOSEN,
    seen: int | object | None = ANY,
) -> Coding:
    """As `code_only`; and the machine learns from it once there is enough."""
    made = code_only(idea=idea, themes=themes, by=by, now=now, how=how, seen=seen)
    learn(consultation=consultation_of(idea), by=by, now=now)
    return made


@transaction.atomic
def code_only(
    *,
    idea: Idea,
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    how: str = How.CHOSEN,
    seen: int | object | None = ANY,
) -> Coding:
    """Say what an idea is about: mostly the first of its themes. None: not sure, or taken back.

    `seen` is the key of the coding that the person saw, None for none; given, a newer one by
    somebody else is not overwritten unseen. An idea with themes is no longer nothing to code.
    """
    check_themes(themes)
    idea = _held(idea)
    for theme in themes:
        theme_of_area(theme, consultation_of(idea))
    now_current: Coding | None = (
        Coding.objects.current().filter(idea=idea).select_related("theme", "by").first()
    )
    if seen is not ANY and (now_current.pk if now_current else None) != seen:
        raise ChangedMeanwhile(_meanwhile(now_current))
    if themes and (whole := put_away([idea])):
        raise BadText(f"It was decided: {whole[idea.pk]}. Take that back first.")
    if themes:
        take_up([idea], by, now)
    if now_current and _same(now_current, themes) and How.UNDONE not in (how, now_current.how):
        return now_current
    Coding.objects.current().filter(idea=idea).update(is_current=False)
    told = suggestion_for(idea)
    suggested = told.theme if told and not told.repeats else None
    given = fields(themes, by, now, how)
    made: Coding = Coding.objects.create(**given, idea=idea, suggested=suggested)
    record(what=f"coded: {made.get_how_display()}", about=idea, by=by, now=now, detail=_codes(made))
    return made


def check_themes(themes: Sequence[Theme]) -> None:
    """At most three, none twice; none of the plan's themes stands alone."""
    if len(themes) > MOST_THEMES:
        raise BadText(f"Choose {MOST_THEMES} themes at most. You chose {len(themes)}.")
    if len({theme.pk for theme in themes}) < len(themes):
        raise BadText("Choose each theme once.")
    if len(themes) > 1 and any(theme.is_none for theme in themes):
        raise BadText("An idea about none of the themes cannot be about one of them too.")


def accept(
    *,
    idea: Idea,
    by: User,
    now: datetime,
    seen: int | object | None = ANY,
    suggested: int | object | None = ANY,
) -> Coding:
    """Take the theme that the newest analysis suggests; `suggested` is the key that was shown."""
    newest = suggestion_for(idea)
    if newest is None or newest.theme is None:
        raise BadText("The machine suggests no theme for this idea. Choose one yourself.")
    if suggested is not ANY and newest.theme_id != suggested:
        raise ChangedMeanwhile(
            f"A newer analysis suggests “{newest.theme}” for this idea. Nothing was saved."
        )
    return code(idea=idea, themes=[newest.theme], by=by, now=now, how=How.ACCEPTED, seen=seen)


def suggestion_for(idea: Idea) -> ThemeSuggestion | None:
    """What the newest analysis that read the idea says of it."""
    rows = ThemeSuggestion.objects.filter(idea=idea, run__state="done").select_related("theme")
    found: ThemeSuggestion | None = rows.order_by("-run__asked_at", "-run").first()
    return found


@transaction.atomic
def undo_coding(*, idea: Idea, by: User, now: datetime, seen: int | object | None = ANY) -> Coding:
    """Go back to what it was before the newest decision that stands; undone again, one more back.

    All of them stay in the history.
    """
    idea = _held(idea)
    standing = standing_of(Coding.objects.filter(idea=idea).order_by("pk"))
    if not standing:
        raise AlreadyDecided("There is no decision about this idea to take back.")
    themes = standing[-2].themes if len(standing) > 1 else []
    return code(idea=idea, themes=themes, by=by, now=now, how=How.UNDONE, seen=seen)


def standing_of(history: Iterable[Coding]) -> list[Coding]:
    """Of an idea's codings, oldest first, those that were not taken back."""
    standing: list[Coding] = []
    for one in history:
        if one.how != How.UNDONE:
            standing.append(one)
        elif standing:
            standing.pop()
    return standing


@transaction.atomic
def code_several(*, ideas: Sequence[Idea], themes: Sequence[Theme], by: User, now: datetime) -> int:
    """The same themes for many ideas, in one go; gives how many of them that changed."""
    check_themes(themes)
    return _code_many({idea.pk: list(themes) for idea in ideas}, by, now)


@transaction.atomic
def accept_several(*, ideas: Sequence[Idea], by: User, now: datetime) -> int:
    """What the newest analysis suggests for each of them; those without a theme stay as they are.

    Gives how many changed. Kept as decided together: nobody may have looked at each.
    """
    return _code_many({key: [theme] for key, theme in suggested_themes(ideas).items()}, by, now)


def suggested_themes(ideas: Sequence[Idea]) -> dict[int, Theme]:
    """By the idea's key: the theme that the newest analysis which read it suggests, if any."""
    return {key: one.theme for key, one in _newest(ideas).items() if one.theme}


def _newest(ideas: Sequence[Idea]) -> dict[int, ThemeSuggestion]:
    rows = ThemeSuggestion.objects.filter(idea__in=[idea.pk for idea in ideas], run__state="done")
    return {one.idea_id: one for one in rows.select_related("theme").order_by(*OLDEST)}


def told_before(ideas: Sequence[Idea]) -> dict[int, Theme]:
    """What is suggested for each and does not only repeat a decision about the same words."""
    newest = _newest(ideas).items()
    return {key: one.theme for key, one in newest if one.theme and not one.repeats}


OLDEST = ("run__asked_at", "run")


def _code_many(wanted: Mapping[int, list[Theme]], by: User, now: datetime) -> int:
    rows = Idea.objects.select_for_update(of=("self",)).select_related(*PLACES)
    held = list(rows.filter(pk__in=sorted(wanted)).order_by("pk"))
    whole = put_away(held)
    held = [idea for idea in held if idea.pk not in whole]
    for idea in held:
        for theme in wanted[idea.pk]:
            theme_of_area(theme, consultation_of(idea))
    current = Coding.objects.current().filter(idea__in=held)
    had = {one.idea_id: one for one in current.select_related("theme", "second", "third")}
    changed = [
        idea for idea in held if idea.pk not in had or not _same(had[idea.pk], wanted[idea.pk])
    ]
    Coding.objects.current().filter(idea__in=changed).update(is_current=False)
    told = told_before(changed)
    made = Coding.objects.bulk_create(
        Coding(
            **fields(wanted[idea.pk], by, now, How.TOGETHER),
            idea=idea,
            suggested=told.get(idea.pk),
        )
        for idea in changed
    )
    take_up([idea for idea in held if wanted[idea.pk]], by, now)
    what = f"coded: {How.TOGETHER.label}"
    record_many(what=what, about=[(one.idea, _codes(one)) for one in made], by=by, now=now)
    for consultation in {consultation_of(idea) for idea in held}:
        learn(consultation=consultation, by=by, now=now)
    return len(changed)


@transaction.atomic
def dispose(
    *,
    of: Passage | Idea,
    what: str,
    by: User,
    now: datetime,
    reason: str = "",
    seen: int | object | None = ANY,
) -> Disposition:
    """Say what becomes of a passage or an idea that goes into no cluster; OPEN takes it back.

    `seen` is the key of the current one that the person saw, None for none, as for codes.
    """
    about = {"passage" if isinstance(of, Passage) else "idea": of}
    if not type(of).objects.select_for_update(of=("self",)).filter(pk=of.pk).first():
        raise AlreadyDecided("These words were taken back, or are withheld.")
    if isinstance(of, Passage):
        hold_ideas(ideas_in(of))
    reason = storable(reason).strip()
    if what == What.SET_ASIDE:
        reason = required(reason, "Say why it is set aside. People will ask.")
    if what != What.OPEN:
        _refuse_clustered(of)
    last = Disposition.objects.filter(**about, is_current=True).select_related("by").first()
    if seen is not ANY and (last.pk if last else None) != seen:
        raise ChangedMeanwhile(_disposed_meanwhile(last))
    if what == What.OPEN and (last is None or last.what == What.OPEN):
        raise AlreadyDecided("There is no decision about this to take back.")
    if last and last.what == what and last.reason == reason:
        return last
    Disposition.objects.filter(**about, is_current=True).update(is_current=False)
    made = Disposition.objects.create(
        **about, what=what, reason=reason, by=by, at=now, **_handed(last, what)
    )
    record(what=f"read: {made.get_what_display()}"[:80], about=of, by=by, now=now)
    return made


def _handed(last: Disposition | None, what: str) -> dict[str, Any]:
    """To whom it was given stays true where only the reason is another."""
    if last is None or last.what != what:
        return {}
    return {name: getattr(last, name) for name in ("handed_to", "handed_by", "handed_at")}


@transaction.atomic
def dispose_several(*, ideas: Sequence[Idea], by: User, now: datetime) -> int:
    """Nothing to code in any of them; gives how many changed. Those in a cluster stay there, and
    what was decided of others stands."""
    chosen = Idea.objects.filter(pk__in=[idea.pk for idea in ideas])
    hold_ideas(chosen)
    done = Disposition.objects.current().filter(idea__isnull=False)
    rows = chosen.in_no_cluster().exclude(pk__in=done.values("idea"))
    left = list(rows.order_by("pk"))
    dispose_anew([Disposition(idea=idea, what=What.NOTHING, by=by, at=now) for idea in left])
    what = f"read: {What.NOTHING.label}"
    record_many(what=what, about=[(idea, "") for idea in left], by=by, now=now)
    return len(left)


@transaction.atomic
def hand_on(*, disposition: Disposition, to: str, by: User, now: datetime) -> Disposition:
    """An individual case or a complaint was given to the team that deals with it."""
    rows = Disposition.objects.select_for_update(of=("self",))
    disposition = rows.get(pk=disposition.pk)
    if not disposition.is_current or disposition.handed_at:
        raise AlreadyDecided("Somebody handed this on, or took it back, meanwhile.")
    disposition.handed_to = required(to, "Say which team it was given to.")[:200]
    disposition.handed_by, disposition.handed_at = by, now
    disposition.save()
    record(what="handed on", about=disposition, by=by, now=now, detail=disposition.handed_to)
    return disposition


def consultation_of(idea: Idea) -> Consultation:
    source = idea.source
    if isinstance(source, Answer):
        return source.response.survey.consultation
    return source.session.consultation


def ideas_in(passage: Passage) -> QuerySet[Idea]:
    """All ideas of a passage, withheld ones too."""
    return Idea.everything.filter(answer=passage.answer_id, note=passage.note_id)


def _refuse_clustered(of: Passage | Idea) -> None:
    """What becomes of words that are in a cluster is decided there, and may be published."""
    if isinstance(of, Idea):
        if hasattr(of, "membership"):
            raise BadText("This idea is in a cluster. Take it out there first.")
    elif ClusterIdea.everything.filter(idea__in=ideas_in(of)).exists():
        raise BadText("An idea of this is in a cluster. Take it out there first.")


def put_away(ideas: Sequence[Idea]) -> dict[int, Disposition]:
    """By idea: what was decided of it, or of all of its answer or note, and stands until somebody
    takes it back. None of them is coded beside that."""
    answers, notes = ([getattr(one, name) for one in ideas] for name in ("answer_id", "note_id"))
    of = Q(passage__answer__in=filter(None, answers)) | Q(passage__note__in=filter(None, notes))
    rows = Disposition.objects.current().filter(of).select_related("passage")
    whole = {(one.passage.answer_id, one.passage.note_id): one for one in rows if one.passage}
    sources = {one.pk: (one.answer_id, one.note_id) for one in ideas}
    found = {key: whole[source] for key, source in sources.items() if source in whole}
    own = Disposition.objects.current().filter(idea__in=ideas).exclude(what__in=LIGHT)
    return found | {one.idea_id: one for one in own if one.idea_id}


def _held(idea: Idea) -> Idea:
    rows = Idea.objects.select_for_update(of=("self",)).select_related(*PLACES)
    found = rows.filter(pk=idea.pk).first()
    if found is None:
        raise AlreadyDecided("This idea was taken back, cut anew or is withheld.")
    return found  # type: ignore[no-any-return]


def take_up(ideas: Sequence[Idea], by: User, now: datetime) -> None:
    """What has a theme is no longer nothing to code."""
    ended = Disposition.objects.current().filter(idea__in=ideas)
    found = set(ended.values_list("idea", flat=True))
    taken = [idea for idea in ideas if idea.pk in found]
    if not taken:
        return
    dispose_anew([Disposition(idea=idea, what=What.OPEN, by=by, at=now) for idea in taken])
    what = f"read: {What.OPEN.label}"
    record_many(what=what, about=[(idea, "") for idea in taken], by=by, now=now)


def dispose_anew(made: Sequence[Disposition]) -> None:
    """These hold of their ideas from now on; what held before is history."""
    ideas = [one.idea_id for one in made]
    Disposition.objects.filter(idea__in=ideas, is_current=True).update(is_current=False)
    Disposition.objects.bulk_create(made, batch_size=500)


def fields(themes: Sequence[Theme], by: User, now: datetime, how: str) -> dict[str, object]:
    """Of a Coding, all but its idea and what was suggested for it."""
    first, second, third = [*themes, None, None, None][:MOST_THEMES]
    return {
        "theme": first,
        "second": second,
        "third": third,
        "how": how,
        "by": by,
        "at": now,
    }


def _same(coding: Coding, themes: Sequence[Theme]) -> bool:
    return coding.themes == list(themes)


def _meanwhile(current: Coding | None) -> str:
    if current is None:
        return "Somebody took the code of this idea back meanwhile."
    return f"{current.by} coded this idea meanwhile: {current}. Nothing of yours was saved."


def _disposed_meanwhile(current: Disposition | None) -> str:
    if current is None:
        return "Somebody took the decision back meanwhile. Nothing of yours was saved."
    return f"{current.by} decided meanwhile: {current}. Nothing of yours was saved."


def _codes(coding: Coding) -> str:
    return ", ".join(theme.code for theme in coding.themes) or "none"
