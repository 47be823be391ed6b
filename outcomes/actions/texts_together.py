"""What becomes of several answers and notes at once: worked out first, then decided."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from outcomes.actions.curating import hold_ideas
from outcomes.models import ClusterIdea, Coding, Disposition, Idea
from surveys.actions import record_many
from surveys.models import Passage
from surveys.refusals import BadText
from surveys.texts import required, storable

What = Disposition.What
MOST_TEXTS = 500
OFFERED = (
    What.NOTHING,
    What.OFF_TOPIC,
    What.CASE,
    What.COMPLAINT,
    What.DUPLICATE,
    What.SET_ASIDE,
    What.REST,
)
NONE_CHOSEN = "None of the answers and notes that you chose is found any longer."
TOO_MANY = "Choose {:,} answers and notes at most: narrow the list by a filter first."
NOT_OFFERED = "Choose what becomes of them."
GONE = "taken back, or withheld"
CLUSTERED = "an idea in it is in a cluster: take it out there first"
NO_IDEA = "there is no idea in it: say what becomes of all of it instead"
DECIDED = "decided already: {}"
NOT_READ, IDEAS_READ = "not decided", "decided idea by idea"


@dataclass
class ForeseenTexts:
    """What will be what, and how often; what stays as it is, and why."""

    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    same: int = 0  # say so already
    left: Counter[str] = field(default_factory=Counter)
    marks: dict[int, str] = field(default_factory=dict)  # of those that change, as they stand

    @property
    def with_ideas(self) -> int:
        """In how many that change people decided about an idea before."""
        return sum(number for (was, _), number in self.changes.items() if was == IDEAS_READ)


@dataclass
class Standing:
    """What holds of a passage and of the ideas in it."""

    last: Disposition | None = None
    ideas: list[tuple[int, ...]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    is_coded: bool = False
    is_clustered: bool = False

    @property
    def mark(self) -> str:
        told = (self.last and self.last.pk, self.ideas, self.codes, self.ends)
        return sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def whole(self) -> Disposition | None:
        """What was decided of all of it."""
        of_less = (What.OPEN, What.REST)
        return self.last if self.last and self.last.what not in of_less else None

    @property
    def in_words(self) -> str:
        if self.last and self.last.what == What.REST:
            return str(self.last)
        return IDEAS_READ if self.is_coded or self.ends else NOT_READ


def foresee_texts(*, keys: Sequence[int], what: str, reason: str = "") -> ForeseenTexts:
    """What of these passages changes where that is decided, and what stays."""
    reason = _checked(len(keys), what, reason)
    passages = list(Passage.objects.filter(pk__in=keys).order_by("pk"))
    found = _foreseen(passages, what, reason)
    if gone := len(set(keys)) - len(passages):
        found.left[GONE] = gone
    return found


@transaction.atomic
def dispose_texts(
    *, seen: Mapping[int, str], what: str, by: User, now: datetime, reason: str = ""
) -> int:
    """As `dispose`, or `nothing_more`, for each; gives how many changed.

    `seen` are the marks that `foresee_texts` gave. What stands otherwise since, or is withheld,
    stays as it is.
    """
    reason = _checked(len(seen), what, reason)
    rows = Passage.objects.select_for_update(of=("self",)).filter(pk__in=sorted(seen))
    held = list(rows.order_by("pk"))
    within = Q(answer__passage__in=held) | Q(note__passage__in=held)
    hold_ideas(Idea.objects.filter(within))
    marks = _foreseen(held, what, reason).marks
    changed = [one for one in held if marks.get(one.pk) == seen[one.pk]]
    if not changed:
        return 0
    Disposition.objects.filter(passage__in=changed, is_current=True).update(is_current=False)
    Disposition.objects.bulk_create(
        Disposition(passage=one, what=what, reason=reason, by=by, at=now) for one in changed
    )
    told = f"read: {What(what).label}"[:80]
    record_many(what=told, about=[(one, "") for one in changed], by=by, now=now)
    return len(changed)


def _checked(number: int, what: str, reason: str) -> str:
    """The reason as it is kept: none of the rest, as of one passage."""
    if not number:
        raise BadText(NONE_CHOSEN)
    if number > MOST_TEXTS:
        raise BadText(TOO_MANY.format(MOST_TEXTS))
    if what not in OFFERED:
        raise BadText(NOT_OFFERED)
    reason = storable(reason).strip()
    if what == What.SET_ASIDE:
        reason = required(reason, "Say why it is set aside. People will ask.")
    return "" if what == What.REST else reason


def _foreseen(passages: Sequence[Passage], what: str, reason: str) -> ForeseenTexts:
    found, standing = ForeseenTexts(), _standing(passages)
    for passage in passages:
        now = standing[passage.pk]
        if now.last and (now.last.what, now.last.reason) == (what, reason):
            found.same += 1
        elif why := _why_not(now, what):
            found.left[why] += 1
        else:
            found.changes[(now.in_words, str(What(what).label))] += 1
            found.marks[passage.pk] = now.mark
    return found


def _why_not(now: Standing, what: str) -> str:
    if now.whole:
        return DECIDED.format(now.whole)
    if what == What.REST:
        return "" if now.ideas else NO_IDEA
    return CLUSTERED if now.is_clustered else ""


def _standing(passages: Sequence[Passage]) -> dict[int, Standing]:
    """By passage. All of their ideas count, also those that are withheld."""
    found: dict[int, Standing] = defaultdict(Standing)
    for one in Disposition.objects.filter(passage__in=passages, is_current=True):
        found[one.passage_id or 0].last = one
    sources = {(one.answer_id, one.note_id): one.pk for one in passages}
    answers = [one.answer_id for one in passages if one.answer_id]
    notes = [one.note_id for one in passages if one.note_id]
    ideas = Idea.everything.filter(Q(answer__in=answers) | Q(note__in=notes)).order_by("pk")
    home: dict[int, Standing] = {}
    for key, answer, note, *span in ideas.values_list("pk", "answer", "note", "start", "end"):
        home[key] = found[sources[answer, note]]
        home[key].ideas.append((key, *span))
    inside = ideas.order_by().values("pk")
    for key in ClusterIdea.everything.filter(idea__in=inside).values_list("idea", flat=True):
        home[key].is_clustered = True
    codes = Coding.everything.current().filter(idea__in=inside).order_by("pk")
    for key, code, theme in codes.values_list("idea", "pk", "theme"):
        home[key].codes.append(code)
        home[key].is_coded |= theme is not None
    ends = Disposition.objects.current().filter(idea__in=inside).order_by("pk")
    for key, end in ends.values_list("idea", "pk"):
        home[key].ends.append(end)
    return found
