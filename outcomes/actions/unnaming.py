"""Taking hidden words out of the names and reasons that were made of people's words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from outcomes.models import Cluster, GroupSuggestion, ThemeSuggestion
from outcomes.repeating import TAKEN_OUT, Copies, Place, logged, rewrite, written
from outcomes.withholding import clean_cells, drop_files
from surveys.models import Detail, Passage

GONE = "[…]"
# A name of fewer letters is not looked for: it would be met by chance.
SHORTEST = 3
PLACES = (Detail.Kind.PLACE, Detail.Kind.SCHOOL)
# Words sought in one question to the database.
AT_A_TIME = 40


def hide_in_names(passage: Passage) -> None:
    """Whatever is hidden in a passage, wherever names and reasons repeat it.

    In what the machine wrote, however it is written there. In what people wrote, as it was said,
    for the name Will is not the will of anybody; and there a place or a school stays: it tells
    who spoke beside their words, not as the name of what many say. Of more than a name, what
    people copied into their own words goes too: see Copies.
    """
    text = passage.source.text
    of_all = [text[one.start : one.end] for one in passage.spans]
    of_persons = [text[one.start : one.end] for one in passage.spans if one.kind not in PLACES]
    machine, people = (list(of(passage)) for of in (_of_the_machine, _of_people))
    changed = _take_out(machine, of_all, re.IGNORECASE) + _take_out(people, of_persons)
    if _take_out_copies(people, of_persons) or changed:
        drop_files(passage.consultation_id)


def _take_out(places: Iterable[Place], hidden: Iterable[str], flags: int = 0) -> int:
    """The longest first, so that no part of a name is left of it. How many rows it changed."""
    once = {" ".join(words.split()) for words in hidden if _is_long(words)}
    sought = sorted(once, key=lambda words: (-len(words), words))
    return sum(
        _rewrite(place, sought[start : start + AT_A_TIME], flags)
        for place in (places if sought else ())
        for start in range(0, len(sought), AT_A_TIME)
    )


def _take_out_copies(places: Iterable[Place], hidden: Iterable[str]) -> int:
    copies = Copies(hidden)

    def change(_name: str, text: str) -> str:
        return copies.without(text, TAKEN_OUT)

    if not copies.runs:
        return 0
    clean_cells(lambda text: change("", text))
    return sum(rewrite(place, change) for place in places)


def _of_the_machine(passage: Passage) -> Iterator[Place]:
    consultation = passage.consultation_id
    yield GroupSuggestion.objects.filter(run__consultation=consultation), ("name", "reason")
    suggested = ThemeSuggestion.everything.filter(run__consultation=consultation)
    yield suggested, ("reason", "check_reason")


def _of_people(passage: Passage) -> Iterator[Place]:
    own = Cluster.objects.filter(consultation=passage.consultation_id)
    # Also where a name was carried over into another consultation.
    same = Q(
        consultation__area=passage.consultation.area_id,
        name__in=list(own.values_list("name", flat=True)),
    )
    rows = Cluster.objects.filter(Q(consultation=passage.consultation_id) | same)
    yield rows, ("name",)
    yield from written(passage.consultation_id)
    yield logged()


def _is_long(words: str) -> bool:
    return sum(letter.isalnum() for letter in words) >= SHORTEST


def _rewrite(place: Place, sought: Sequence[str], flags: int) -> int:
    rows, names = place
    anywhere = (Q(**{f"{name}__icontains": words}) for name in names for words in sought)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sought), flags)
    return rewrite(
        (rows.filter(reduce(or_, anywhere)), names), lambda _name, text: pattern.sub(GONE, text)
    )
