"""Where everything that was said stands: each idea and each passage in exactly one state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from outcomes.models import (
    AnalysisRun,
    Cluster,
    Coding,
    Disposition,
    Idea,
    Outcome,
    withheld,
)
from surveys.models import Audience, Consultation, Note, Passage

What = Disposition.What


class State(models.TextChoices):
    """In the order in which the first that fits holds."""

    WITHHELD = "withheld", "withheld, until the safeguarding lead has looked into it"
    SET_ASIDE = "set aside", "set aside, with the reason"
    OUTCOME = "outcome", "in an outcome"
    CLUSTER = "cluster", "in a cluster that no outcome draws on yet"
    HANDED_ON = "handed on", "about one child or family, or a complaint: for another team"
    NOTHING = "nothing", "nothing to code"
    CODED = "coded", "coded, and in no cluster yet"
    NOTHING_FOUND = "nothing found", "the machine found nothing: confirm that there is nothing"
    TO_READ = "to read", "nobody has decided yet"

    @classmethod
    def of_ideas(cls) -> tuple["State", ...]:
        return tuple(state for state in cls if state != cls.NOTHING_FOUND)

    @classmethod
    def of_passages(cls) -> tuple["State", ...]:
        return tuple(state for state in cls if state not in (cls.OUTCOME, cls.CLUSTER))

    @classmethod
    def left(cls) -> tuple["State", ...]:
        """What is still to be done with ideas before a report."""
        return cls.CLUSTER, cls.CODED, cls.TO_READ

    @classmethod
    def left_of_passages(cls) -> tuple["State", ...]:
        """An answer is done with once everything in it is coded or decided."""
        return cls.NOTHING_FOUND, cls.TO_READ

    @property
    def of_passage(self) -> str:
        """What it is called of an answer or a note."""
        if self == State.CODED:
            return "read: every idea in it is coded or decided"
        return str(self.label)


# Words in no idea are left to be looked at where they are more than this many characters and more
# than one in so many of all.
LITTLE, PART = 40, 5
NOTHING_TO_CODE = (What.NOTHING, What.OFF_TOPIC, What.DUPLICATE)
DISPOSED = (
    (State.SET_ASIDE, (What.SET_ASIDE,)),
    (State.HANDED_ON, Disposition.HANDED_ON),
    (State.NOTHING, NOTHING_TO_CODE),
)
# Who said it: each audience in its answers, rooms together, and what a facilitator thinks, apart.
WORKSHOP, FACILITATOR = "workshop", "facilitator"
VOICES: tuple[tuple[str, str], ...] = (
    *((str(value), str(label)) for value, label in Audience.choices),
    (WORKSHOP, "in workshops"),
    (FACILITATOR, "facilitators’ own views"),
)


def with_state(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Adds `stands`: one of State. Give it Idea.everything, or nothing will be withheld."""
    drawn_on = Outcome.objects.exclude(state=Outcome.State.RETIRED).filter(clusters__isnull=False)
    own = [When(_of_idea(whats), then=Value(state)) for state, whats in DISPOSED]
    whole = [When(_of_passage_of(whats), then=Value(state)) for state, whats in DISPOSED]
    return ideas.annotate(
        stands=Case(
            When(withheld(), then=Value(State.WITHHELD)),
            When(membership__cluster__state=Cluster.State.SET_ASIDE, then=Value(State.SET_ASIDE)),
            When(membership__cluster__in=drawn_on.values("clusters"), then=Value(State.OUTCOME)),
            When(membership__isnull=False, then=Value(State.CLUSTER)),
            *own,
            *whole,
            When(Exists(_coded()), then=Value(State.CODED)),
            default=Value(State.TO_READ),
            output_field=models.CharField(),
        )
    )


def _decided(whats: Iterable[str]) -> QuerySet[Disposition]:
    return Disposition.objects.filter(is_current=True, what__in=list(whats)).order_by()


def _of_idea(whats: Iterable[str]) -> Q:
    """Sets that the database works out once, not a search for each idea."""
    return Q(pk__in=_decided(whats).filter(idea__isnull=False).values("idea"))


def _of_passage_of(whats: Iterable[str]) -> Q:
    decided = _decided(whats)
    answers = decided.filter(passage__answer__isnull=False).values("passage__answer")
    notes = decided.filter(passage__note__isnull=False).values("passage__note")
    return Q(answer__in=answers) | Q(note__in=notes)


def _coded() -> QuerySet[Coding]:
    return Coding.everything.current().filter(idea=OuterRef("pk"), theme__isnull=False)


def with_passage_state(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Adds `stands` to passages: by what was decided of the whole, else by their ideas.

    Give it Passage.everything, or nothing will be withheld.
    """
    own = {
        state: _decided(whats).filter(passage__isnull=False).values("passage")
        for state, whats in DISPOSED
    }
    open_ideas = _undecided(Idea.everything.order_by())
    return passages.annotate(
        stands=Case(
            When(withheld(), then=Value(State.WITHHELD)),
            *(When(pk__in=keys, then=Value(state)) for state, keys in own.items()),
            When(_some(open_ideas), then=Value(State.TO_READ)),
            When(_some(Idea.everything.order_by()), then=Value(State.CODED)),
            When(_was_read(), then=Value(State.NOTHING_FOUND)),
            default=Value(State.TO_READ),
            output_field=models.CharField(),
        )
    )


def _undecided(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """In no cluster, and nobody said what becomes of them or what they are about."""
    whats = [what for _, some in DISPOSED for what in some]
    decided = _decided(whats).filter(idea=OuterRef("pk"))
    return ideas.in_no_cluster().filter(~Exists(_coded()), ~Exists(decided))  # type: ignore[attr-defined, no-any-return]


def _some(ideas: QuerySet[Idea]) -> Q:
    """One question for each column, so that each is answered from its index. Of all passages at
    once each is worked out as a set, and without the other column's ideas in it."""
    answers, notes = ideas.filter(answer__isnull=False), ideas.filter(note__isnull=False)
    return Q(Exists(answers.filter(answer=OuterRef("answer")))) | Q(
        Exists(notes.filter(note=OuterRef("note")))
    )


def _was_read() -> Q:
    """An analysis came after the words, and they were never withheld from it."""
    runs = AnalysisRun.objects.done().filter(
        consultation=OuterRef("consultation"), asked_at__gt=OuterRef("screened_at")
    )
    return Q(Exists(runs), answer__concern__isnull=True, note__concern__isnull=True)


def with_words_left(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Adds `words_left`: whether much of the text is in no idea, nothing was decided of all of it,
    and nobody said that there is nothing more to code."""
    inside = Idea.everything.order_by().annotate(long=F("end") - F("start"))
    of_answer, of_note = (
        inside.filter(**{f"{source}__isnull": False, source: OuterRef(source)})
        .values(source)
        .annotate(sum=Sum("long"))
        .values("sum")
        for source in ("answer", "note")
    )
    said = Disposition.objects.filter(passage__isnull=False, is_current=True)
    done = said.exclude(what=What.OPEN).order_by().values("passage")
    many = Q(length__gt=F("in_ideas") + LITTLE) & Q(
        GreaterThan(F("length") * (PART - 1), F("in_ideas") * PART)
    )
    found = passages.annotate(in_ideas=Coalesce(Subquery(of_answer), Subquery(of_note), 0))
    return found.annotate(words_left=Case(When(many & ~Q(pk__in=done), then=True), default=False))


def waiting(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Those that stand at CODED or TO_READ, of ideas that are not withheld: looked up, for to work
    out where each idea stands takes long."""
    ended = _decided(what for _, whats in DISPOSED for what in whats)
    answers = ended.filter(passage__answer__isnull=False, passage__answer=OuterRef("answer"))
    notes = ended.filter(passage__note__isnull=False, passage__note=OuterRef("note"))
    return ideas.in_no_cluster().filter(  # type: ignore[attr-defined, no-any-return]
        ~Exists(ended.filter(idea=OuterRef("pk"))), ~Exists(answers), ~Exists(notes)
    )


def read_with_words_left(consultation: Consultation) -> int:
    """How many passages that stand at CODED have words left. What each condition takes out is
    looked up, and the letters are counted of the few that remain."""
    whole = _decided(what for _, whats in DISPOSED for what in whats).filter(passage=OuterRef("pk"))
    rows: Any = Passage.objects.filter(consultation=consultation)
    read = rows.counted().filter(~Exists(whole), ~_some(_undecided(Idea.everything.order_by())))
    some = read.filter(_some(Idea.everything.order_by()))
    return int(with_words_left(some).filter(words_left=True).order_by().count())


def passages_of(consultation: Consultation) -> QuerySet[Passage]:
    """All that counts, with where it stands; also what is withheld."""
    rows = Passage.everything.filter(consultation=consultation).counted()
    return with_passage_state(rows).order_by()


def ideas_of(consultation: Consultation) -> QuerySet[Idea]:
    return with_state(Idea.everything.of(consultation).with_audience()).order_by()


def ledger_of_ideas(consultation: Consultation) -> dict[str, int]:
    """How many ideas stand in each state; every state is named, and the numbers add up to all."""
    return numbers(lines(ideas_of(consultation), State.of_ideas()))


def ledger_of_passages(consultation: Consultation) -> dict[str, int]:
    """The same of the answers and notes that count; CODED: every idea in them is decided."""
    return numbers(lines(passages_of(consultation), State.of_passages()))


@dataclass(frozen=True)
class Line:
    """How many stand in one state, and whose they are, in the order of VOICES."""

    state: State
    by_voice: tuple[int, ...]
    percent: int = 0

    @property
    def number(self) -> int:
        return sum(self.by_voice)


def numbers(rows: Iterable[Line]) -> dict[str, int]:
    return {row.state.value: row.number for row in rows}


def lines(rows: QuerySet[Any], states: Sequence[State]) -> list[Line]:
    """A line for each state, of ideas or passages with `stands` and `audience`. One query."""
    voice = Case(
        When(note__kind=Note.Kind.FACILITATOR, then=Value(FACILITATOR)),
        When(note__isnull=False, then=Value(WORKSHOP)),
        default=F("audience"),
        output_field=models.CharField(),
    )
    counted = rows.annotate(voice=voice).values("stands", "voice").annotate(number=Count("pk"))
    found = {(row["stands"], row["voice"]): row["number"] for row in counted}
    made = [
        Line(state, tuple(found.get((state.value, key), 0) for key, _ in VOICES))
        for state in states
    ]
    percents = shares([line.number for line in made])
    return [
        Line(line.state, line.by_voice, percent)
        for line, percent in zip(made, percents, strict=True)
    ]


def shares(counts: Sequence[int]) -> list[int]:
    """Whole percents that add up to 100: those rounded down most are rounded up (largest
    remainder). All 0 where there is nothing."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    whole = [100 * count // total for count in counts]
    order = sorted(range(len(counts)), key=lambda at: (-(100 * counts[at] % total), at))
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    return whole
