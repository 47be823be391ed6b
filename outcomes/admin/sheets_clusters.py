"""Sheets about clusters that come back: their names, themes and campaigns; and which ideas are in
which."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from import_export.results import RowResult

from outcomes import actions
from outcomes.actions.coding import consultation_of
from outcomes.actions.curating import good_name, held, hold_ideas, hold_names
from outcomes.admin.sheets_compared import (
    ComparedResource,
    no_theme,
    number_of,
    themes_by_area,
    whole,
)
from outcomes.admin.sheets_themes import GONE, ideas_of
from outcomes.models import Cluster, ClusterIdea, Idea
from outcomes.proposals import undecided
from surveys.admin.sheets import YesNoWidget
from surveys.models import Theme
from surveys.refusals import Refusal

WHY = "Brought in from a sheet."
NO_CLUSTER = "No cluster has this number. Write the number of one that was adopted."
OTHER_ONES = "Cluster {} is of another consultation than this idea."
LAST = (
    "These are all the ideas of “{}”. Leave one in it; or set it aside, or merge it, on its page."
)
PUT_AWAY = "It was decided that this idea belongs in no cluster. Take that back first."


def cluster_of(clusters: dict[int, Cluster], value: Any, column: str = "cluster") -> Cluster:
    cluster = clusters.get(number_of(value) or 0)
    if cluster is None:
        raise ValidationError({column: NO_CLUSTER})
    return cluster


def refuse_ended(cluster: Cluster) -> None:
    if cluster.state != Cluster.State.ADOPTED:
        sentence = f"“{cluster}” is {cluster.get_state_display()}: it does not change."
        raise ValidationError({"cluster": sentence})


class ClustersResource(ComparedResource):
    explained = {
        "cluster, seen": "As they were in the sheet “Clusters”. They say which cluster it is, and "
        "which decision about it you saw.",
        "name": "In plain words, 12 at most. No two clusters have the same.",
        "theme": "The code of a theme, or its name.",
        "campaign": "yes or no: whether many sent the same words.",
    }

    class Meta(ComparedResource.Meta):
        model = Cluster
        name = "Clusters: their names and themes"

    def needed(self) -> list[str]:
        return ["cluster", "name", "theme", "campaign", "seen"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        rows = Cluster.objects.select_related("theme", "consultation")
        rows = rows.annotate(newest=Max("decisions__pk")).order_by("pk")
        self.clusters = {one.pk: one for one in rows}
        self.taken = {
            (one.consultation_id, one.name.lower()): one
            for one in rows
            if one.state == Cluster.State.ADOPTED
        }
        self.themes, self.named = themes_by_area(), {}
        self.brought: list[tuple[Cluster, str, Theme, bool]] = []

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        cluster = cluster_of(self.clusters, row["cluster"])
        self.once(cluster.pk, number, "cluster", "cluster")
        name, theme, campaign = self._said(row, cluster)
        now = (cluster.name, cluster.theme, cluster.is_campaign)
        kind = "same"
        if (name, theme, campaign) != now:
            refuse_ended(cluster)
            kind = "change" if whole(row, "seen") == cluster.newest else "meanwhile"  # type: ignore[attr-defined]
        if kind == "change":
            self._free(name, cluster, number)
            self.brought.append((cluster, name, theme, campaign))
        self.tell(result, kind, (number, cluster, _words(*now), _words(name, theme, campaign)))

    def _said(self, row: dict[str, Any], cluster: Cluster) -> tuple[str, Theme, bool]:
        known = self.themes.get(cluster.consultation.area_id, {})
        word, wrong = str(row["theme"]).strip(), {}
        theme = known.get(word.lower())
        if theme is None:
            wrong["theme"] = no_theme(word, known)
        try:
            name = good_name(str(row["name"]))
        except Refusal as refusal:
            wrong["name"] = refusal.sentence
        try:
            campaign = YesNoWidget().clean(row["campaign"]) or False
        except ValueError as error:
            wrong["campaign"] = str(error)
        if wrong:
            raise ValidationError(wrong)
        return name, theme, campaign  # type: ignore[return-value]

    def _free(self, name: str, cluster: Cluster, number: int) -> None:
        key = (cluster.consultation_id, name.lower())
        earlier = self.named.setdefault(key, number)
        if earlier != number:
            raise ValidationError({"name": f"Row {earlier} gives another cluster this name."})
        if self.taken.get(key, cluster) != cluster:
            raise ValidationError({"name": f"Another cluster is called “{name}”."})

    def decide(self, by: User) -> int:
        """Each by the actions that its page has, so that each can be undone there."""
        how: dict[str, Any] = {"by": by, "now": timezone.now(), "reason": WHY}
        _hold([cluster for cluster, *_ in self.brought])
        for cluster, name, theme, campaign in self.brought:
            seen = {"seen": cluster.newest}  # type: ignore[attr-defined]
            if name != cluster.name:
                actions.rename(cluster=cluster, name=name, **how, **seen)
                seen = {}
            if theme != cluster.theme:
                actions.change_theme(cluster=cluster, theme=theme, **how, **seen)
                seen = {}
            if campaign != cluster.is_campaign:
                actions.mark_campaign(cluster=cluster, is_campaign=campaign, **how, **seen)
        return len(self.brought)


def _hold(clusters: Sequence[Cluster]) -> None:
    """All at once and in order: who decides on one of them meanwhile waits for nothing of ours."""
    held(clusters)
    hold_names(*{cluster.consultation for cluster in clusters})


def _words(name: str, theme: Theme, campaign: bool) -> str:
    return f"{name} ({theme}{', a campaign' if campaign else ''})"


class MembersResource(ComparedResource):
    explained = {
        "idea, cluster_seen": "As they were in the sheet “Ideas with themes”: which idea it is, "
        "and the cluster that it was in.",
        "cluster": "The number of the cluster that it belongs in, as the sheet “Clusters” has it. "
        "Empty: in none. A new cluster is not made here: adopt a suggestion, or split one, for "
        "a cluster is made of ideas.",
    }

    class Meta(ComparedResource.Meta):
        model = ClusterIdea
        name = "Ideas into clusters"

    def needed(self) -> list[str]:
        return ["idea", "cluster", "cluster_seen"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        keys = sorted({key for row in dataset["idea"] if (key := number_of(row))})
        self.ideas = {idea.pk: idea for idea in ideas_of(keys)}
        self.clusters = Cluster.objects.select_related("consultation").in_bulk()
        self.current = dict(ClusterIdea.objects.values_list("idea", "cluster"))
        self.free = set(undecided(Idea.objects.all()).values_list("pk", flat=True))
        self.left = Counter(self.current.values())
        self.filled: set[int] = set()
        self.moves: dict[tuple[int | None, int | None], list[Idea]] = {}
        for row in dataset.dict:
            self._count_off(row)

    def _count_off(self, row: dict[str, Any]) -> None:
        """How many ideas the sheet leaves in each cluster, with those that it brings there."""
        idea = number_of(row["idea"]) or 0
        now, to = self.current.get(idea), number_of(row["cluster"])
        if idea not in self.ideas or number_of(row["cluster_seen"]) != now or to == now:
            return
        if now:
            self.left[now] -= 1
        if to:
            self.left[to] += 1
            self.filled.add(to)

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        idea = self.ideas.get(number_of(row["idea"]) or 0)
        if idea is None:
            raise ValidationError({"idea": GONE})
        self.once(idea.pk, number, "idea", "idea")
        empty = str(row["cluster"]).strip() == ""
        to = None if empty else cluster_of(self.clusters, row["cluster"])
        now = self.clusters.get(self.current.get(idea.pk) or 0)
        kind = "same"
        if to != now:
            seen = whole(row, "cluster_seen")
            kind = "change" if seen == (now.pk if now else None) else "meanwhile"
        if kind == "change":
            self._check(idea, now, to)
            route = (now.pk if now else None, to.pk if to else None)
            self.moves.setdefault(route, []).append(idea)
        self.tell(result, kind, (number, idea, str(now or "in none"), str(to or "in none")))

    def _check(self, idea: Idea, now: Cluster | None, to: Cluster | None) -> None:
        for cluster in filter(None, (now, to)):
            refuse_ended(cluster)
        if to and to.consultation_id != consultation_of(idea).pk:
            raise ValidationError({"cluster": OTHER_ONES.format(to.pk)})
        if now and self.left[now.pk] < 1:
            raise ValidationError({"cluster": LAST.format(now)})
        if now is None and idea.pk not in self.free:
            raise ValidationError({"idea": PUT_AWAY})

    def decide(self, by: User) -> int:
        how: dict[str, Any] = {"by": by, "now": timezone.now(), "reason": WHY}
        keys = [idea.pk for ideas in self.moves.values() for idea in ideas]
        hold_ideas(Idea.objects.filter(pk__in=keys))
        _hold([self.clusters[key] for key in {key for route in self.moves for key in route if key}])
        for (start, end), ideas in sorted(self.moves.items(), key=lambda one: str(one[0])):
            into = self.clusters[end] if end else None
            if start:
                out_of = self.clusters[start]
                # Judged with all rows at hand: some idea is left, or comes.
                come = {"others_come": start in self.filled}
                actions.move_ideas(ideas=ideas, out_of=out_of, into=into, **come, **how)
            elif into:
                actions.bring_in(cluster=into, ideas=ideas, **how)
        return sum(len(ideas) for ideas in self.moves.values())
