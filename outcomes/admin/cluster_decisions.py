"""Decisions about a cluster as a whole. Each form carries the newest decision that was seen."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Max, Model, QuerySet

from outcomes import actions
from outcomes.actions.curating import DecidedMeanwhile
from outcomes.models import Cluster, ClusterDecision
from surveys.admin.deciding import Decision, line, reason
from surveys.dates import day_of
from surveys.models import Theme
from surveys.reading import read
from surveys.refusals import Refusal

CURATE = "outcomes.curate_cluster"
NAME = "In plain words, 12 at most."


def newest(clusters: Iterable[Cluster]) -> int:
    """The key of the newest decision on them."""
    keys = [cluster.pk for cluster in clusters]
    decisions = ClusterDecision.objects.filter(cluster__in=keys)
    return decisions.aggregate(last=Max("pk"))["last"] or 0


def name_line(label: str, name: str = "") -> forms.CharField:
    """A line for a name, with the reading age of the one that stands in it."""
    field = line(label, most=120, about=name_help(name))
    field.initial = name
    return field


def name_help(name: str) -> str:
    age = read(name).age
    return f"{NAME} The name as it stands reads like age {age:g}." if age else NAME


def choose(field: forms.Field, rows: QuerySet[Any], initial: Any = None, label: Any = None) -> None:
    """Give a choice of rows what it may choose from, and what stands chosen at first."""
    field.queryset = rows  # type: ignore[attr-defined]
    field.initial = initial
    if label:
        field.label_from_instance = label  # type: ignore[attr-defined]


def with_theme(cluster: Model) -> str:
    return f"{cluster} ({cluster.theme})"  # type: ignore[attr-defined]


class OfCluster(Decision):
    """Taken on what the person saw: what somebody else decided since is shown first."""

    permission = CURATE

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = newest(self.seen_clusters())

    def seen_clusters(self) -> Iterable[Cluster]:
        return [self.row]

    def asked(self, name: str) -> str:
        """What the link to this page asked for."""
        asked = getattr(self.row, "asked", None) or {}
        return asked.get(name, "") if str(asked.get(name, "")).isdecimal() else ""

    def clean_seen(self) -> int | None:
        seen = self.cleaned_data["seen"]
        if not seen:
            return None
        return int(seen) if seen.isdecimal() and len(seen) < 19 else 0

    def refused(self, refusal: Refusal) -> None:
        """What was decided meanwhile is seen now: sent once more, it is taken."""
        super().refused(refusal)
        if isinstance(refusal, DecidedMeanwhile):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = newest(self.seen_clusters())  # type: ignore[index]


class OfAdopted(OfCluster):
    """A decision about a cluster that is neither merged nor set aside."""

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return row.state == Cluster.State.ADOPTED


class Rename(OfAdopted):
    path = "rename"
    label = "Rename"
    about = "The earlier name stays in the decisions below."
    done = "It is called “{}” now."

    name = line("Name", most=120, about=NAME)
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = self.data.get("name", "") if self.is_bound else self.row.name
        self.fields["name"] = name_line("Name", typed)

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.rename(cluster=self.row, by=by, now=now, **self.cleaned_data)


class ChangeTheme(OfAdopted):
    path = "theme"
    label = "Change theme"
    done = "“{}” is under another theme now."

    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = Theme.objects.filter(area=self.row.consultation.area_id)
        choose(self.fields["theme"], themes, self.row.theme_id)

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.change_theme(cluster=self.row, by=by, now=now, **self.cleaned_data)


class SetAside(OfAdopted):
    path = "set-aside"
    label = "Set aside"
    about = (
        "It is not taken forward. Its ideas stay in it, and its name and your reason are "
        "published with the framework under “not taken forward”. After the survey has closed, "
        "the people whose ideas these are read both beside their own words."
    )
    done = "“{}” is set aside. It can be taken up again."

    reason = reason(
        about="Published, and shown to the people whose words these are, so write it for them."
    )

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.set_aside(cluster=self.row, by=by, now=now, **self.cleaned_data)


class TakeUpAgain(Decision):
    path = "take-up"
    label = "Take up again"
    permission = CURATE
    about = "It is an adopted cluster again. Both decisions stay on record."
    done = "“{}” is taken up again."

    reason = reason(required=False)

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return row.state == Cluster.State.SET_ASIDE

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.take_up_again(cluster=self.row, by=by, now=now, **self.cleaned_data)


class MarkCampaign(OfAdopted):
    path = "campaign"
    label = "Mark as a campaign"
    about = (
        "For when many sent the same words. Each person still counts as one; the page says that "
        "it is a campaign, so that nobody takes the number for as many separate thoughts."
    )
    done = "“{}” is marked as a campaign."
    is_campaign = True

    reason = reason("How you know", required=False)

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return super().fits(row) and row.is_campaign != cls.is_campaign

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        said = self.cleaned_data | {"is_campaign": self.is_campaign}
        return actions.mark_campaign(cluster=self.row, by=by, now=now, **said)


class UnmarkCampaign(MarkCampaign):
    path = "no-campaign"
    label = "No campaign after all"
    about = ""
    done = "“{}” is not marked as a campaign any longer."
    is_campaign = False

    reason = reason(required=False)


class Contradict(OfAdopted):
    path = "contradict"
    label = "Link as contradicting"
    about = (
        "For two clusters that want opposite things. Neither is wrong: each page shows the other, "
        "so that whoever drafts an outcome reads both."
    )
    button = "Link them"
    done = "“{}” is linked. Its page and the other one show it."

    other = forms.ModelChoiceField(
        Cluster.objects.none(),
        label="It contradicts",
        error_messages={"required": "Choose the other cluster."},
    )
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Cluster.objects.adopted().filter(consultation=self.row.consultation_id)
        others = others.exclude(pk=self.row.pk).exclude(pk__in=self.row.contradicts.all())
        rows = others.select_related("theme")
        choose(self.fields["other"], rows, self.asked("with"), with_theme)

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.contradict(cluster=self.row, by=by, now=now, **self.cleaned_data)


class Unlink(OfAdopted):
    path = "unlink"
    label = "Take a link off"
    about = "They do not contradict each other after all."
    button = "Take the link off"
    done = "The link of “{}” is taken off. Both decisions stay on record."

    other = forms.ModelChoiceField(
        Cluster.objects.none(),
        label="It does not contradict",
        empty_label=None,
        error_messages={"required": "Choose the other cluster."},
    )
    reason = reason(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.row.contradicts.select_related("theme")
        choose(self.fields["other"], rows, self.asked("with"), with_theme)

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return super().fits(row) and row.contradicts.exists()

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.unlink(cluster=self.row, by=by, now=now, **self.cleaned_data)


class Undo(OfCluster):
    path = "undo"
    label = "Undo the last decision"
    about = (
        "Both stay on record. Press it again to take back the one before. Where the decision was "
        "about two clusters, both go back."
    )
    button = "Undo it"
    done = "Undone. “{}” is as it was before."

    reason = reason(required=False)

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        last = row.last_standing
        return last is not None and last.what != ClusterDecision.What.ADOPTED

    def warning(self) -> str:
        last = self.row.last_standing
        if not self.fits(self.row):
            return "Nothing was decided about it since it was made. There is nothing to undo."
        day = day_of(last.at)
        return f"To be undone: {last.in_words}. {last.by} decided it on {day:%-d %B %Y}."

    def decide(self, *, by: Any, now: datetime) -> Cluster:
        return actions.undo(cluster=self.row, by=by, now=now, **self.cleaned_data)
