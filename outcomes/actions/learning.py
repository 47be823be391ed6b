"""Having the machine learn from what people decided, as soon as there is enough to learn."""

from datetime import datetime

from django.contrib.auth.models import User

from outcomes.actions.analysing import AnalysisUnderWay, NothingToAnalyse, ask_for_analysis
from outcomes.models import AnalysisRun, ClusterDecision, Coding, Idea
from surveys.models import Consultation

# Decisions after which it begins again; fewer wait for the next, or for somebody who asks.
ENOUGH = 5


def learn(*, consultation: Consultation, by: User, now: datetime) -> AnalysisRun | None:
    """Begin an analysis by itself when enough was decided since the last one began.

    None where it was not, where none was ever asked for, or where one is under way: the next
    decision asks again.
    """
    runs = AnalysisRun.objects.filter(consultation=consultation)
    last = runs.exclude(state=AnalysisRun.State.CANCELLED).first()
    if last is None or (last.is_under_way and not last.is_silent(now)):
        return None
    if decided_since(last) < ENOUGH:
        return None
    try:
        return ask_for_analysis(consultation=consultation, by=by, now=now, by_itself=True)
    except (AnalysisUnderWay, NothingToAnalyse):
        return None


def decided_since(run: AnalysisRun) -> int:
    """Decisions that it has not learned from."""
    of_run = {"at__gt": run.asked_at}
    ideas = Idea.objects.of(run.consultation).order_by()
    codings = Coding.objects.filter(**of_run).filter(idea__in=ideas.values("pk"))
    taught = [ClusterDecision.What.ADOPTED, ClusterDecision.What.THEME]
    clusters = ClusterDecision.objects.filter(
        cluster__consultation=run.consultation, what__in=taught, **of_run
    )
    return codings.count() + clusters.count()
