"""Decisions by which ideas go from cluster to cluster: take out, split off, bring in, merge."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from outcomes import actions
from outcomes.admin.cluster_decisions import (
    CURATE,
    NAME,
    OfAdopted,
    OfCluster,
    choose,
    name_help,
    with_theme,
)
from outcomes.admin.cluster_facts import folds, in_cluster
from outcomes.models import Cluster, Idea, Outcome
from surveys.admin.deciding import Decision, line, reason
from surveys.models import Theme

MOST_LISTED = 300


def keys_of(values: Iterable[str]) -> list[int]:
    """The keys among what a form or an address sent."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 12]


class OfIdeas(OfAdopted):
    """About some of a cluster's ideas: those ticked on its page, else any of them."""

    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(),
        label="Ideas",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose the ideas.",
            "invalid_choice": "One of the ideas is in this cluster no longer. Look again.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows, field = in_cluster(self.row), self.fields["ideas"]
        ticked = self._ticked()
        choose(field, rows, ticked)
        shown = list(rows.filter(pk__in=ticked) if ticked else rows[:MOST_LISTED])
        field.widget.choices = [(idea.pk, idea.text) for idea in shown]  # type: ignore[attr-defined]
        if not ticked and len(shown) == MOST_LISTED:
            field.help_text = (
                f"These are the first {MOST_LISTED}. For others, tick them on the cluster’s page."
            )

    def _ticked(self) -> list[int]:
        """On the cluster's page, with the copies folded under them where that was asked for.

        A form that was sent shows all that could be ticked again.
        """
        asked = getattr(self.row, "asked", None)
        keys = set(keys_of(asked.getlist("ideas"))) if asked else set()
        if keys and asked and asked.get("copies"):
            keys |= {key for one in folds(self.row) if one.first in keys for key in one.copies}
        return sorted(keys)


class MoveIdeas(OfIdeas):
    path = "move-ideas"
    label = "Take ideas out"
    about = (
        "For ideas that do not belong here. They go to another cluster, or to none, where a later "
        "analysis can suggest them again. What is published counts only the ideas that stay."
    )
    done = "The ideas are taken out of “{}”."

    into = forms.ModelChoiceField(
        Cluster.objects.none(), label="Move them to", required=False, empty_label="no cluster"
    )
    reason = reason("Why they do not belong here")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adopted = Cluster.objects.adopted().filter(consultation=self.row.consultation_id)
        rows = adopted.exclude(pk=self.row.pk).select_related("theme")
        choose(self.fields["into"], rows, self.asked("into"), with_theme)

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.move_ideas(out_of=self.row, by=by, now=now, **self.cleaned_data)


class Split(OfIdeas):
    path = "split"
    label = "Split off"
    about = (
        "For a cluster that says two things. The ideas you choose go into a new cluster under a "
        "name of its own. Both say in their decisions that they were one."
    )
    done = "“{}” is a cluster of its own now."

    name = line("Name of the new cluster", most=120, about=NAME)
    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)
    reason = reason(required=False)
    field_order = ("name", "theme", "ideas", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = Theme.objects.filter(area=self.row.consultation.area_id)
        choose(self.fields["theme"], themes, self.row.theme_id)
        self.fields["name"].help_text = name_help(self.data.get("name", ""))

    def warning(self) -> str:
        drawn = self.row.outcomes.exclude(state=Outcome.State.RETIRED).select_related("theme")
        codes = " and ".join(outcome.code for outcome in drawn)
        if not codes:
            return ""
        return (
            f"{codes} draws on this cluster, and stays with it. Where the ideas you split off "
            "carry it too, draft an outcome from the new cluster, or word it anew."
        )

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.split(cluster=self.row, by=by, now=now, **self.cleaned_data)


class BringIn(Decision):
    """One press beside an idea of no cluster; the form lies on the page of the cluster."""

    path = "bring-in"
    label = "Bring in"
    permission = CURATE
    done = "Brought into “{}”. It can be undone."
    at_once = True

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return False  # a button of its own beside each idea

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        keys = keys_of(self.data.getlist("ideas"))  # type: ignore[attr-defined]
        ideas = list(Idea.objects.filter(pk__in=keys))
        return actions.bring_in(cluster=self.row, ideas=ideas, by=by, now=now)


class TakeIn(OfAdopted):
    """Merging, from the page of the one to keep."""

    path = "take-in"
    label = "Merge others into it"
    about = (
        "All ideas of the others, and the outcomes drawn from them, come here. The others stay on "
        "record as merged into this one."
    )
    button = "Merge"
    done = "Merged into “{}”."

    others = forms.ModelMultipleChoiceField(
        Cluster.objects.none(),
        label="Merge into it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose one or more to merge into it.",
            "invalid_choice": "One of them was merged or set aside meanwhile. Look again.",
        },
    )
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["others"], self._others(), label=with_theme)

    def _others(self) -> QuerySet[Cluster]:
        adopted = Cluster.objects.adopted().filter(consultation=self.row.consultation_id)
        return adopted.exclude(pk=self.row.pk).select_related("theme")

    def seen_clusters(self) -> Iterable[Cluster]:
        return [self.row, *self._others()]

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.merge(keep=self.row, by=by, now=now, **self.cleaned_data)


class Merge(OfCluster):
    """Several clusters into one of them; `row` is the list of them."""

    path = "merge"
    label = "Merge into one"
    about = (
        "All ideas, and the outcomes drawn from them, go to the one you keep. The others stay "
        "on record as merged into it."
    )
    button = "Merge"
    done = "Merged into “{}”."

    keep = forms.ModelChoiceField(
        Cluster.objects.none(),
        label="Keep the name and theme of",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the one to keep."},
    )
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["keep"], self.row, label=with_theme)

    def seen_clusters(self) -> Iterable[Cluster]:
        return self.row

    @property
    def title(self) -> str:
        return f"Merge {len(self.row)} clusters into one"

    def warning(self) -> str:
        named = [f"“{cluster}”" for cluster in self.row if cluster.is_campaign]
        if not named:
            return ""
        return (
            f"{' and '.join(named)} is marked as a campaign. The mark does not come along: "
            "mark the one you keep, if it is one then."
        )

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        others = [cluster for cluster in self.row if cluster != self.cleaned_data["keep"]]
        return actions.merge(others=others, by=by, now=now, **self.cleaned_data)
