"""What the page of a passage shows: its words in pieces, and each idea with what is known of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from outcomes.actions.coding import OLDEST
from outcomes.admin.inbox_undo import undo_address
from outcomes.models import Coding, Disposition, Idea, ThemeSuggestion
from surveys.models import Answer, Passage, Theme
from surveys.redacted import Hidden, redacted


@dataclass(frozen=True)
class Piece:
    """A stretch of an original: inside one idea, or between two."""

    text: str
    number: int | None = None
    start: int = 0
    end: int = 0

    @property
    def is_remainder(self) -> bool:
        """Words that are in no idea; spaces and full stops are none."""
        return self.number is None and any(letter.isalnum() for letter in self.text)


def pieces(text: str, ideas: Sequence[Idea], hidden: Iterable[Hidden] = ()) -> Iterator[Piece]:
    """The text cut where ideas begin and end, in order. Put together again it is the text."""
    hidden = list(hidden)

    def piece(start: int, end: int, number: int | None = None) -> Piece:
        return Piece(redacted(text, hidden, start, end), number, start, end)

    at = 0
    for number, idea in enumerate(ideas, start=1):
        if idea.start > at:
            yield piece(at, idea.start)
        yield piece(idea.start, idea.end, number)
        at = idea.end
    if at < len(text):
        yield piece(at, len(text))


@dataclass(frozen=True)
class Word:
    """A word as staff may read it, and which characters it is of what was typed."""

    text: str
    start: int
    end: int


def words(passage: Passage, start: int, end: int) -> list[Word]:
    """The words of a stretch, in order; what is hidden is one word."""
    text, found, at = passage.source.text, [], start
    for one in [*passage.spans, None]:
        stop = min(end, one.start) if one else end
        found += _split(text, at, stop)
        if one and one.end > start and one.start < end:
            found.append(Word(one.shown_as, max(one.start, start), min(one.end, end)))
        at = max(at, one.end) if one else end
    return found


def _split(text: str, start: int, end: int) -> Iterator[Word]:
    at = start
    for word in text[start:end].split():
        at = text.index(word, at, end)
        yield Word(word, at, at + len(word))
        at += len(word)


def suggestions_of(ideas: Sequence[Idea]) -> dict[int, ThemeSuggestion]:
    """By the idea's key: what the newest analysis that read it says of it."""
    rows = ThemeSuggestion.everything.filter(idea__in=ideas, run__state="done")
    return {one.idea_id: one for one in rows.select_related("theme", "group").order_by(*OLDEST)}


def ideas_of(passage: Passage) -> list[Idea]:
    """Its ideas in reading order."""
    about = Q(answer=passage.answer_id) if passage.answer_id else Q(note=passage.note_id)
    rows = Idea.objects.filter(about).with_source().select_related("membership__cluster", "cut_by")
    return list(rows.order_by("start"))


def rows_of(passage: Passage, ideas: Sequence[Idea]) -> list[dict[str, Any]]:
    """Each idea with what the machine suggests and all that people decided of it."""
    codings = Prefetch(
        "codings",
        Coding.objects.select_related("by", "theme", "second", "third").order_by("pk"),
        to_attr="history",
    )
    ends = Prefetch("dispositions", Disposition.objects.select_related("by"), to_attr="ends")
    found = Idea.objects.filter(pk__in=[one.pk for one in ideas])
    known = {one.pk: one for one in found.prefetch_related(codings, ends)}
    suggested = suggestions_of(ideas)
    return [
        _row(number, idea, known[idea.pk], suggested.get(idea.pk))
        for number, idea in enumerate(ideas, start=1)
        if idea.pk in known
    ]


def _row(number: int, idea: Idea, known: Any, suggestion: ThemeSuggestion | None) -> dict[str, Any]:
    theme = suggestion.theme if suggestion else None
    score = suggestion.scores.get(theme.code) if suggestion and theme else None
    code = next((one for one in known.history if one.is_current), None)
    end = next((one for one in known.ends if one.is_current and one.what != "open"), None)
    cluster = idea.membership.cluster if hasattr(idea, "membership") else None
    past = sorted([*known.history, *known.ends], key=lambda one: (one.at, one.pk), reverse=True)
    return {
        "number": number,
        "idea": idea,
        "suggestion": suggestion,
        "suggested": theme,
        "percent": None if score is None else round(100 * score),
        "code": code if code and code.themes else None,
        "not_sure": bool(code and not code.themes and code.how != Coding.How.UNDONE),
        "seen": code.pk if code else "",
        "end": end,
        "cluster": cluster,
        "end_seen": next((one.pk for one in known.ends if one.is_current), ""),
        "can_undo": bool(end or (code and (code.themes or code.how != Coding.How.UNDONE))),
        "is_open": not (end or cluster or (code and code.themes)),
        "history": [_line(one) for one in past],
    }


def _line(one: Coding | Disposition) -> dict[str, Any]:
    """One decision of the past, in words."""
    if isinstance(one, Disposition):
        return {"what": one.get_what_display(), "how": one.reason, "by": one.by, "at": one.at}
    nothing = "back to nothing" if one.how == Coding.How.UNDONE else "not sure"
    what = str(one) if one.themes else nothing
    told = {"what": what, "how": one.get_how_display(), "by": one.by, "at": one.at}
    if one.how == Coding.How.TOGETHER:
        told["undo"] = undo_address(one.by_id, one.at)
    return told


def facts_of(passage: Passage) -> dict[str, Any]:
    """Who said it where, to which question, and whether it may be quoted."""
    source = passage.source
    if isinstance(source, Answer):
        response = source.response
        wording = source.question.wording(response.wording_form, response.language)
        return {
            "title": f"Answer of response {response.reference}",
            "said_by": passage.get_audience_display(),
            "asked": wording.text,
            "response": response,
            "channel": response.get_channel_display(),
            "may_quote": response.may_quote,
        }
    view = source.kind == source.Kind.FACILITATOR
    return {
        "title": f"Note {source.order} of {source.session}",
        "said_by": "facilitator’s view" if view else f"workshop: {passage.get_audience_display()}",
        "asked": source.get_kind_display(),
        "session": source.session,
        "channel": "",
        "may_quote": None,
    }


def repeats_of(passage: Passage) -> tuple[int, int]:
    """How many others say nearly the same, and the key that the inbox finds them all by."""
    first = passage.copy_of_id or passage.pk
    alike = Passage.objects.filter(Q(pk=first) | Q(copy_of=first))
    return alike.exclude(pk=passage.pk).count(), first


def themes_for(passage: Passage) -> list[Theme]:
    return list(Theme.objects.filter(area__consultations=passage.consultation_id))
