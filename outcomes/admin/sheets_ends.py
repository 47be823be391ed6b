"""What becomes of ideas that go into no cluster, as a sheet that comes back."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.results import RowResult

from outcomes import actions
from outcomes.actions.curating import hold_ideas
from outcomes.admin.sheets_compared import ComparedResource, number_of, whole
from outcomes.admin.sheets_themes import AT_A_TIME, GONE, ideas_of
from outcomes.models import ClusterIdea, Disposition, Idea
from surveys.admin.sheets import shortened

What = Disposition.What
# "rest" is about what is in no idea; the empty cell takes back.
OFFERED = [what for what in What if what not in (What.REST, What.OPEN)]
NOT_OFFERED = "“{}” is none of these: {}. An empty cell: to be read again."
IN_A_CLUSTER = "This idea is in a cluster. Take it out there first."
NO_REASON = "Say why it is set aside. People will ask."


class EndsResource(ComparedResource):
    explained = {
        "idea, seen": "As they were in the sheet “What becomes of ideas in no cluster”.",
        "what": f"One of: {', '.join(what.value for what in OFFERED)}. Empty: to be read again.",
        "reason": "Why; needed for what is set aside.",
    }

    class Meta(ComparedResource.Meta):
        model = Disposition
        name = "What becomes of ideas in no cluster"

    def needed(self) -> list[str]:
        return ["idea", "what", "reason", "seen"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        keys = sorted({key for row in dataset["idea"] if (key := number_of(row))})
        self.ideas = {idea.pk: idea for idea in ideas_of(keys)}
        self.current: dict[int, Disposition] = {}
        for start in range(0, len(keys), AT_A_TIME):
            rows = Disposition.objects.filter(
                idea__in=keys[start : start + AT_A_TIME], is_current=True
            )
            self.current |= {one.idea_id: one for one in rows.select_related("by") if one.idea_id}
        self.clustered = set(ClusterIdea.objects.values_list("idea", flat=True))
        self.brought: list[tuple[Idea, str, str, int | None]] = []

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        idea = self.ideas.get(number_of(row["idea"]) or 0)
        if idea is None:
            raise ValidationError({"idea": GONE})
        self.once(idea.pk, number, "idea", "idea")
        what, reason = what_of(row), str(row["reason"]).strip()
        current, seen = self.current.get(idea.pk), whole(row, "seen")
        held = (current.what, current.reason) if current else (What.OPEN, "")
        kind = "same"
        if what != held[0] or (what != What.OPEN and reason != held[1]):
            kind = "change" if seen == (current.pk if current else None) else "meanwhile"
        if kind == "change":
            if what == What.SET_ASIDE and not reason:
                raise ValidationError({"reason": NO_REASON})
            if what != What.OPEN and idea.pk in self.clustered:
                raise ValidationError({"idea": IN_A_CLUSTER})
            self.brought.append((idea, what, reason, seen))
        now = _words(*held) + (f" ({current.by})" if kind == "meanwhile" and current else "")
        self.tell(result, kind, (number, idea, now, _words(what, reason)))

    def decide(self, by: User) -> int:
        now = timezone.now()
        # In one order, so that two sheets never wait for each other.
        hold_ideas(Idea.objects.filter(pk__in=[idea.pk for idea, *_ in self.brought]))
        for idea, what, reason, seen in self.brought:
            actions.dispose(of=idea, what=what, reason=reason, seen=seen, by=by, now=now)
        return len(self.brought)


def what_of(row: dict[str, Any]) -> str:
    word = str(row["what"]).strip().lower()
    if not word:
        return What.OPEN
    for what in OFFERED:
        if word in (what.value, str(what.label).lower()):
            return what
    offered = ", ".join(what.value for what in OFFERED)
    raise ValidationError({"what": NOT_OFFERED.format(shortened(row["what"]), offered)})


def _words(what: str, reason: str) -> str:
    label = "nothing" if what == What.OPEN else str(What(what).label)
    return f"{label}: {reason}" if reason and what != What.OPEN else label
