"""How sure the machine is of its themes: what it expects, and what people's decisions show."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from outcomes.models import AnalysisRun, Coding
from surveys.models import Consultation

# Of the normal distribution: 95 intervals of 100 hold the true share.
Z = 1.959964


@dataclass(frozen=True)
class Expected:
    """Shares of all ideas whose theme is right, by the machine's own scores, in percent."""

    now: int
    after: int
    checks: int


@dataclass(frozen=True)
class Agreed:
    """Of `decisions` by people, in how many the machine had suggested the same theme before."""

    same: int
    decisions: int

    @property
    def share(self) -> int:
        return round(100 * self.same / self.decisions) if self.decisions else 0

    @property
    def interval(self) -> tuple[int, int]:
        """In percent, rounded outwards so that it never says more than it knows."""
        low, high = wilson(self.same, self.decisions)
        return int(100 * low), -int(-100 * high // 1)


def expected(run: AnalysisRun) -> Expected | None:
    """What the run said of itself when it ended; None of one that said nothing."""
    told = run.measured
    if not isinstance(told, dict) or not {"before", "after", "checks"} <= told.keys():
        return None
    return Expected(round(100 * told["before"]), round(100 * told["after"]), int(told["checks"]))


def agreement(consultation: Consultation) -> Agreed:
    """Each idea's first decision against what was suggested for it before that.

    Only decisions about single ideas count: of many taken together nobody may have read each.
    What was suggested then is kept with the decision, so it cannot have been learned from it. The
    first theme is compared with the one suggested.
    """
    rows = _first_decisions(consultation).filter(suggested__isnull=False)
    return Agreed(
        **rows.aggregate(same=Count("pk", filter=Q(theme=F("suggested"))), decisions=Count("pk"))
    )


def _first_decisions(consultation: Consultation) -> QuerySet[Coding]:
    given = Coding.everything.filter(theme__isnull=False).order_by()
    earlier = given.filter(idea=OuterRef("idea"), pk__lt=OuterRef("pk"))
    alone = [Coding.How.ACCEPTED, Coding.How.CHOSEN]
    rows = Coding.objects.filter(theme__isnull=False, how__in=alone).filter(
        Q(idea__answer__response__survey__consultation=consultation)
        | Q(idea__note__session__consultation=consultation)
    )
    return rows.filter(~Exists(earlier)).order_by()  # type: ignore[no-any-return]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's interval of a share: honest also for few trials, and for none or all of them."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, Z * Z / trials
    middle = share + square / 2
    half = Z * sqrt(share * (1 - share) / trials + square / (4 * trials))
    low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
    return max(0.0, low), min(1.0, high)
