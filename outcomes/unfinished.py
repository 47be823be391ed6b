"""What is left to do before a report, as numbers: whoever publishes all the same says why."""

from django.db import models
from django.db.models import Q, QuerySet

from outcomes.ledger import State, ledger_of_ideas, ledger_of_passages
from outcomes.models import Disposition, withheld
from surveys.models import Consultation


class Left(models.TextChoices):
    """In the order in which it is best done."""

    TO_READ = "to read", "answers and notes with something that nobody has decided about"
    NOTHING_FOUND = "nothing found", "answers and notes in which the machine found no idea"
    WITHHELD = "withheld", "answers and notes that are withheld"
    NO_THEME = "no theme", "ideas that have no theme yet"
    NO_CLUSTER = "no cluster", "ideas that have a theme and are in no cluster"
    NO_OUTCOME = "no outcome", "ideas in clusters that no outcome draws on"
    TO_HAND_ON = "to hand on", "cases and complaints that nobody handed on yet"


OF_PASSAGES = {
    Left.TO_READ: State.TO_READ,
    Left.NOTHING_FOUND: State.NOTHING_FOUND,
    Left.WITHHELD: State.WITHHELD,
}
OF_IDEAS = {
    Left.NO_THEME: State.TO_READ,
    Left.NO_CLUSTER: State.CODED,
    Left.NO_OUTCOME: State.CLUSTER,
}


def left_to_do(consultation: Consultation) -> dict[Left, int]:
    """What there is nothing of is not in it."""
    passages, ideas = ledger_of_passages(consultation), ledger_of_ideas(consultation)
    found = {left: passages[state] for left, state in OF_PASSAGES.items()}
    found |= {left: ideas[state] for left, state in OF_IDEAS.items()}
    found[Left.TO_HAND_ON] = to_hand_on_of(consultation)
    return {left: number for left, number in found.items() if number}


def in_words(left: dict[Left, int]) -> str:
    """Such as "to read 3, no cluster 1"; "" where nothing is left."""
    return ", ".join(f"{one.value} {number}" for one, number in left.items())


def to_hand_on() -> QuerySet[Disposition]:
    """Cases and complaints to hand on, of words that may be read."""
    return readable(Disposition.objects.to_hand_on())


def to_hand_on_of(consultation: Consultation) -> int:
    of_idea = Q(idea__answer__passage__consultation=consultation)
    of_idea |= Q(idea__note__passage__consultation=consultation)
    return to_hand_on().filter(Q(passage__consultation=consultation) | of_idea).count()


def readable(rows: QuerySet[Disposition]) -> QuerySet[Disposition]:
    """Without what is withheld, be it an idea of a text or the whole."""
    for path in ("idea__", "passage__"):
        rows = rows.exclude(withheld(path))
    return rows
