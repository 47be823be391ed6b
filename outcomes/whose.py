"""Whose words somebody may read, code or redact: all that staff read, or their own workshops'."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from outcomes.models import ClusterIdea, Disposition
from surveys.models import Passage
from surveys.refusals import BadText

CODE_OWN, REDACT_OWN = "surveys.code_own_session", "surveys.redact_own_session"


@dataclass(frozen=True)
class Right:
    """Held by a role for all words, or by a facilitator for the notes of their own workshops.

    What is withheld is nobody's: the managers leave it out, whatever this says.
    """

    of_all: tuple[str, ...]
    of_own: str

    def is_for_all(self, user: Any) -> bool:
        return bool(user.has_perms(self.of_all))

    def is_for_some(self, user: Any) -> bool:
        return self.is_for_all(user) or bool(user.has_perm(self.of_own))

    def rows(self, user: Any, path: str = "") -> Q:
        """Of passages or ideas, or of rows that have one at `path`."""
        if self.is_for_all(user):
            return Q()
        return self.own(user, path)

    def own(self, user: Any, path: str = "") -> Q:
        """The same of their own workshops alone, whatever else a role gives them."""
        if not user.has_perm(self.of_own):
            return Q(pk__in=[])
        return Q(**{f"{path}note__session__facilitator": user.pk})

    def covers(self, user: Any, passage: Passage) -> bool:
        """The same of one passage at hand."""
        if self.is_for_all(user):
            return True
        note = passage.note
        own = note is not None and note.session.facilitator_id == user.pk
        return own and bool(user.has_perm(self.of_own))


IN_A_CLUSTER = (
    "An idea in these words is in a cluster, which would change with it. Ask an officer to cut it."
)

READS = Right(("surveys.view_passage",), CODE_OWN)
CODES = Right(("outcomes.code_idea",), CODE_OWN)
REDACTS = Right(("surveys.redact_passage", "surveys.read_original"), REDACT_OWN)


def may_end(user: Any, end: Disposition | None) -> bool:
    """Whether they may decide anew what becomes of something.

    What is set aside is for those who code all words: the reason is told to people. So is what
    somebody else handed on.
    """
    if end is None or CODES.is_for_all(user):
        return True
    others = end.what in Disposition.HANDED_ON and end.by_id != user.pk
    return end.what != Disposition.What.SET_ASIDE and not others


def spare_clusters(user: Any, passage: Passage) -> None:
    """Refuse to cut words that clusters draw on to whoever codes their own workshops alone."""
    here = ClusterIdea.everything.filter(
        Q(idea__answer=passage.answer_id, idea__answer__isnull=False)
        | Q(idea__note=passage.note_id, idea__note__isnull=False)
    )
    if not CODES.is_for_all(user) and here.exists():
        raise BadText(IN_A_CLUSTER)
