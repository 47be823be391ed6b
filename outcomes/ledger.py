"""Where everything that was said stands: each idea and each passage in exactly one state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import LessThan

from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterIdea,
    Coding,
    Disposition,
    Idea,
    Outcome,
    withheld,
)
from surveys.models import Audience, Concern, Consultation, Note, Passage

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
ENDS = [what for _, whats in DISPOSED for what in whats]
# Who said it: each audience in its answers, rooms together, and what a facilitator thinks, apart.
WORKSHOP, FACILITATOR = "workshop", "facilitator"
VOICES: tuple[tuple[str, str], ...] = (
    *((str(value), str(label)) for value, label in Audience.choices),
    (WORKSHOP, "in workshops"),
    (FACILITATOR, "facilitators’ own views"),
)

# The first that fits holds; or, of those that fit, what is found further.
Found = Sequence[tuple[Q, "str | Further"]]
# A state, or a part of those that are read; what a database counts them by.
WORDS_LEFT = "read, with words left"
PLACES: tuple[str, ...] = (*State, WORDS_LEFT)


@dataclass(frozen=True)
class Further:
    found: Found
    rest: State


def with_state(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Adds `stands`: one of State. Give it Idea.everything, or nothing will be withheld."""
    return ideas.annotate(stands=_named(_of_ideas()))


def _of_ideas() -> Found:
    """What holds of most is asked first, and what parts it only of those."""
    drawn_on = Outcome.objects.exclude(state=Outcome.State.RETIRED).filter(clusters__isnull=False)
    placed = ClusterIdea.everything.order_by()
    in_clusters = [
        (_in(placed.filter(cluster__state=Cluster.State.SET_ASIDE)), State.SET_ASIDE),
        (_in(placed.filter(cluster__in=drawn_on.values("clusters"))), State.OUTCOME),
    ]
    ended = [
        *((_of_idea(whats), state) for state, whats in DISPOSED),
        *((_of_passage_of(whats), state) for state, whats in DISPOSED),
    ]
    return [
        (withheld(), State.WITHHELD),
        (_in(placed), Further(in_clusters, State.CLUSTER)),
        (_of_idea(ENDS) | _of_passage_of(ENDS), Further(ended, State.TO_READ)),
        (Q(Exists(_coded())), State.CODED),
    ]


def _named(found: Found) -> Case:
    """The value of the first state that holds."""
    return _case(found, lambda place: Value(str(place)), models.CharField())


def _numbered(found: Found) -> Case:
    """The same as its place in PLACES: the database puts numbers together quicker than words."""
    return _case(found, lambda place: Value(PLACES.index(place)), models.IntegerField())


def _case(
    found: Found, told: Callable[[str], Value], of: models.Field, rest: State = State.TO_READ
) -> Case:
    whens = []
    for fits, place in found:
        if isinstance(place, Further):
            whens.append(When(fits, then=_case(place.found, told, of, place.rest)))
        else:
            whens.append(When(fits, then=told(place)))
    return Case(*whens, default=told(rest), output_field=of)


def _decided(whats: Iterable[str]) -> QuerySet[Disposition]:
    return Disposition.objects.filter(is_current=True, what__in=list(whats)).order_by()


def _in(rows: QuerySet[Any]) -> Q:
    """Of ideas: a set that the database works out once, not a search for each, nor a join."""
    return Q(pk__in=rows.values("idea"))


def _of_idea(whats: Iterable[str]) -> Q:
    return _in(_decided(whats).filter(idea__isnull=False))


def _of_passage(whats: Iterable[str]) -> Q:
    return Q(pk__in=_decided(whats).filter(passage__isnull=False).values("passage"))


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
    return passages.annotate(stands=_named(_of_passages()))


def _of_passages() -> Found:
    read = (_some(Idea.everything.order_by()), State.CODED)
    return [*_decided_or_open(), read, (_was_read(), State.NOTHING_FOUND)]


def _decided_or_open() -> Found:
    ended = [(_of_passage(whats), state) for state, whats in DISPOSED]
    return [
        (withheld(), State.WITHHELD),
        (_of_passage(ENDS), Further(ended, State.TO_READ)),
        (_some(_undecided(Idea.everything.order_by())), State.TO_READ),
    ]


def _undecided(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """In no cluster, and nobody said what becomes of them or what they are about."""
    decided = _decided(ENDS).filter(idea=OuterRef("pk"))
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
    about = Concern.objects.order_by()
    worried = Q(answer__in=about.exclude(answer=None).values("answer"))
    worried |= Q(note__in=about.exclude(note=None).values("note"))
    return Q(Exists(runs)) & ~worried


def with_words_left(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Adds `words_left`: whether much of the text is in no idea, nothing was decided of all of it,
    and nobody said that there is nothing more to code."""
    found = passages.annotate(in_ideas=Coalesce(*_letters_in_ideas(), 0))
    return found.annotate(words_left=Case(When(_words_left(), then=True), default=False))


def _letters_in_ideas() -> list[Subquery]:
    """Of a passage with an idea, one of the two; of any other, none."""
    inside = Idea.everything.order_by().annotate(long=F("end") - F("start"))
    return [
        Subquery(
            inside.filter(**{f"{source}__isnull": False, source: OuterRef(source)})
            .values(source)
            .annotate(sum=Sum("long"))
            .values("sum")
        )
        for source in ("answer", "note")
    ]


def _words_left() -> Q:
    """Of passages with `in_ideas`."""
    said = Disposition.objects.filter(passage__isnull=False, is_current=True)
    done = said.exclude(what=What.OPEN).order_by().values("passage")
    # Told as one comparison, so that the letters are added up once.
    all_but_few = Least((F("length") - LITTLE) * PART, F("length") * (PART - 1))
    return Q(LessThan(F("in_ideas") * PART, all_but_few)) & ~Q(pk__in=done)


def not_withheld(rows: QuerySet[Any], idea: str = "idea") -> QuerySet[Any]:
    """Of some of all rows that have the key of an idea at `idea`: those that are not withheld.

    What is withheld is looked up by that key. Asked of each idea, as managers ask, PostgreSQL reads
    all ideas there are before it takes the few that are wanted.
    """
    about = Concern.objects.open()
    for source in ("answer", "note"):
        words = about.exclude(**{source: None}).values(source)
        held = Idea.everything.filter(pk=OuterRef(idea), **{f"{source}__in": words}).order_by()
        rows = rows.filter(~Exists(held))
    return rows


def waiting(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Those that stand at CODED or TO_READ, of ideas that are not withheld: looked up, for to work
    out where each idea stands takes long."""
    ended = _decided(ENDS)
    answers = ended.filter(passage__answer__isnull=False, passage__answer=OuterRef("answer"))
    notes = ended.filter(passage__note__isnull=False, passage__note=OuterRef("note"))
    return ideas.in_no_cluster().filter(  # type: ignore[attr-defined, no-any-return]
        ~Exists(ended.filter(idea=OuterRef("pk"))), ~Exists(answers), ~Exists(notes)
    )


def passages_of(consultation: Consultation) -> QuerySet[Passage]:
    """All that counts, with where it stands; also what is withheld."""
    return with_passage_state(_passages(consultation)).order_by()


def ideas_of(consultation: Consultation) -> QuerySet[Idea]:
    return with_state(_ideas(consultation)).order_by()


def _ideas(consultation: Consultation) -> QuerySet[Idea]:
    return Idea.everything.of(consultation).with_audience()


def _passages(consultation: Consultation) -> QuerySet[Passage]:
    rows: Any = Passage.everything.filter(consultation=consultation)
    return rows.counted()  # type: ignore[no-any-return]


def ledger_of_ideas(consultation: Consultation) -> dict[str, int]:
    """How many ideas stand in each state; every state is named, and the numbers add up to all."""
    return numbers(lines_of_ideas(consultation))


def ledger_of_passages(consultation: Consultation) -> dict[str, int]:
    """The same of the answers and notes that count; CODED: every idea in them is decided."""
    return numbers(lines_of_passages(consultation))


@dataclass(frozen=True)
class Line:
    """How many stand in one state, and whose they are, in the order of VOICES."""

    state: State
    by_voice: tuple[int, ...]
    percent: int = 0
    words_left: int = 0  # of those that are read, how many have words left

    @property
    def number(self) -> int:
        return sum(self.by_voice)


def numbers(rows: Iterable[Line]) -> dict[str, int]:
    return {row.state.value: row.number for row in rows}


def lines_of_ideas(consultation: Consultation) -> list[Line]:
    """A line for each state. One query."""
    return _lines(_ideas(consultation), _of_ideas(), State.of_ideas())


def lines_of_passages(consultation: Consultation) -> list[Line]:
    """The same of the answers and notes that count, and how many of those read have words left."""
    rows = _passages(consultation).annotate(in_ideas=Coalesce(*_letters_in_ideas()))
    found = [
        *_decided_or_open(),
        (_words_left(), WORDS_LEFT),
        (Q(in_ideas__isnull=False), State.CODED),
        (_was_read(), State.NOTHING_FOUND),
    ]
    return _lines(rows, found, State.of_passages())


def _lines(rows: QuerySet[Any], found: Found, states: Sequence[State]) -> list[Line]:
    """Of rows with `audience`. Counted by one number of where a row stands and whose it is."""
    voices = [key for key, _ in VOICES]
    voice = Case(
        When(note__kind=Note.Kind.FACILITATOR, then=Value(voices.index(FACILITATOR))),
        When(note__isnull=False, then=Value(voices.index(WORKSHOP))),
        *(When(audience=key, then=Value(voices.index(key))) for key in Audience.values),
        output_field=models.IntegerField(),
    )
    both = rows.annotate(both=_numbered(found) * len(voices) + voice).order_by()
    counted = dict(both.values_list("both").annotate(Count("pk")))

    def of(place: str) -> tuple[int, ...]:
        first = PLACES.index(place) * len(voices)
        return tuple(counted.get(first + at, 0) for at in range(len(voices)))

    left = {State.CODED: of(WORDS_LEFT)}
    nobody = (0,) * len(voices)
    made = [
        Line(
            state,
            tuple(map(sum, zip(of(state), left.get(state, nobody), strict=True))),
            words_left=sum(left.get(state, nobody)),
        )
        for state in states
    ]
    percents = shares([line.number for line in made])
    return [replace(line, percent=one) for line, one in zip(made, percents, strict=True)]


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
