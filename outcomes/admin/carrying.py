"""Clusters of an earlier consultation, taken up again: chosen, shown once more, then adopted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.actions.curating import undecided
from outcomes.admin.counting import PEOPLE_HEADINGS, people
from outcomes.admin.sheets_likeness import likenesses
from outcomes.models import NAME_WITHHELD, AnalysisRun, Cluster, GroupSuggestion, Idea
from surveys.models import Consultation
from surveys.refusals import Refusal

CURATE = "outcomes.curate_cluster"
MOST_OFFERED = 5
MOST_READ = 20  # ideas of each group that are compared
GONE = "What you chose is not offered any longer. Choose again."


@dataclass(frozen=True)
class Offer:
    """A suggestion here that is like an earlier cluster: by how much, with how many free ideas."""

    group: GroupSuggestion
    percent: int
    ideas: int


@dataclass
class Line:
    """An earlier cluster, and what is offered for it."""

    cluster: Cluster
    people: list[tuple[str, int]]
    is_here: bool = False
    offers: list[Offer] = field(default_factory=list)
    chosen: Offer | None = None
    error: str = ""

    @property
    def name(self) -> str:
        return f"cluster-{self.cluster.pk}"

    def read(self, sent: Mapping[str, str]) -> None:
        key = sent.get(self.name, "")
        self.chosen = next((one for one in self.offers if str(one.group.pk) == key), None)
        self.error = GONE if key and not self.chosen else ""


class CarryPages:
    """For the pages of a consultation: clusters carried over into it."""

    def get_urls(self) -> list[URLPattern]:
        route = "of/<int:consultation_id>/carry-over/"
        return [self.address(route, self.carry, "carry-over"), *super().get_urls()]  # type: ignore[attr-defined, misc]

    def carry(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """Choose the earlier consultation, then suggestions; shown once more; confirmed."""
        if not (self.has_view_permission(request) and request.user.has_perm(CURATE)):  # type: ignore[attr-defined, union-attr]
            raise PermissionDenied
        rows = Consultation.objects.select_related("area")
        into = get_object_or_404(rows, pk=consultation_id)
        others = rows.filter(area=into.area_id).exclude(pk=into.pk).order_by("-pk")
        earlier = _chosen(others, request.GET.get("from", ""))
        page = {
            "title": f"Carry over clusters: {into}",
            "consultation": into,
            "others": others,
            "earlier": earlier,
            "headings": PEOPLE_HEADINGS,
        }
        if earlier:
            page["lines"] = lines_of(earlier, into)
            if request.method == "POST" and (response := self._carry(request, into, page)):
                return response
        return self.show(request, "outcomes/exchange/carry_over", **page)  # type: ignore[attr-defined, no-any-return]

    def _carry(
        self, request: HttpRequest, into: Consultation, page: dict[str, Any]
    ) -> HttpResponse | None:
        """What was chosen, shown once more or carried over; None where it is refused."""
        for line in page["lines"]:
            line.read(request.POST)
        kept = [line for line in page["lines"] if line.chosen]
        if any(line.error for line in page["lines"]):
            page["refusal"] = "Nothing was carried over. Look at what is marked below."
            return None
        if kept and "confirm" not in request.POST:
            return self.show(request, "outcomes/exchange/carry_sure", **page, kept=kept)  # type: ignore[attr-defined, no-any-return]
        try:
            made = actions.carry_over(
                into=into,
                chosen={line.cluster: line.chosen.group for line in kept},
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refusal as refusal:
            page["refusal"] = f"{refusal.sentence} Nothing was carried over."
            return None
        messages.success(request, f"Carried over: {', '.join(f'“{one}”' for one in made)}.")
        return redirect("admin:outcomes_cluster_changelist")


def lines_of(earlier: Consultation, into: Consultation) -> list[Line]:
    """Each cluster that people stand by there, with what the newest analysis here has like it."""
    rows = Cluster.objects.adopted().filter(consultation=earlier).exclude(name=NAME_WITHHELD)
    clusters = rows.with_people().select_related("theme", "consultation")
    here = Cluster.objects.adopted().filter(consultation=into).values_list("name", flat=True)
    names = {name.lower() for name in here}
    lines = [Line(one, people(one), one.name.lower() in names) for one in clusters]
    groups, free = _free_groups(into)
    alike = likenesses(
        _texts({line.cluster.pk: line.cluster.name for line in lines}, "membership__cluster"),
        _texts({key: group.name for key, group in groups.items()}, "suggestions__group"),
    )
    for line in lines:
        nearest = [] if line.is_here else alike[line.cluster.pk][:MOST_OFFERED]
        line.offers = [Offer(groups[key], percent, free[key]) for key, percent in nearest]
    return lines


def _chosen(rows: QuerySet[Consultation], key: str) -> Consultation | None:
    return rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 12 else None


def _free_groups(into: Consultation) -> tuple[dict[int, GroupSuggestion], Counter[int]]:
    """The groups of the newest analysis that can still be adopted, and how many ideas of each."""
    run = AnalysisRun.objects.filter(consultation=into).done().first()
    groups = GroupSuggestion.objects.filter(run=run.pk if run else 0, cluster__isnull=True)
    ideas = undecided(Idea.objects.filter(suggestions__group__in=groups))
    free = Counter(ideas.values_list("suggestions__group", flat=True))
    rows = groups.filter(pk__in=list(free)).select_related("theme", "run__consultation")
    return {one.pk: one for one in rows}, free


def _texts(names: Mapping[int, str], path: str) -> dict[int, list[str]]:
    """The name of each group, and what some of its ideas say, as staff may read it."""
    found = {key: [name] for key, name in names.items()}
    turn = Window(RowNumber(), partition_by=F(path), order_by="pk")
    ideas = Idea.objects.filter(**{f"{path}__in": list(names)}).with_source()
    for idea in ideas.annotate(of_group=F(path), turn=turn).filter(turn__lte=MOST_READ):
        found[idea.of_group].append(idea.text)
    return found
