"""Whose words somebody may read, code or redact: all that staff read, or their own workshops'."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from surveys.models import Passage

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


READS = Right(("surveys.view_passage",), CODE_OWN)
CODES = Right(("outcomes.code_idea",), CODE_OWN)
REDACTS = Right(("surveys.redact_passage", "surveys.read_original"), REDACT_OWN)
