"""Outcomes: drafted from clusters, worded, put forward, retired."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from outcomes import actions
from outcomes.admin.agreement import OfSeenWords, RecordPosition
from outcomes.admin.asking import Asking, what_people_said
from outcomes.admin.comments import Say, what_reviewers_say
from outcomes.admin.counting import PEOPLE_HEADINGS, people
from outcomes.models import (
    Cluster,
    Endorsement,
    Outcome,
    Signatory,
    Standing,
    standing,
    standings,
)
from surveys.admin.deciding import Decision, reason, words
from surveys.admin.pages import WrittenElsewhere, number_of, page_of
from surveys.models import Theme


class Statements(Decision):
    """The words of an outcome and why they are so."""

    permission = "outcomes.draft_outcome"

    i_statement = words(
        "“I” statement", rows=2, about="What a child or young person could say, such as “I have…”."
    )
    family_statement = words(
        "Family statement", rows=2, required=False, about="What a family could say, if it helps."
    )
    reason = reason("Why these words")


class DraftOutcome(Statements):
    """On the page of the cluster it is drafted from."""

    path = "draft-outcome"
    label = "Draft an outcome from this cluster"
    button = "Draft the outcome"
    about = (
        "An outcome is a change in people’s lives, not something a service does. A draft is seen "
        "by staff who read clusters: officers, analysts, publishers and reviewers. Agencies and "
        "the public do not see it."
    )
    done = "{} is drafted. Put it forward when its words are ready for the agencies."

    theme = forms.ModelChoiceField(Theme.objects.none(), label="Theme", empty_label=None)
    others = forms.ModelMultipleChoiceField(
        Cluster.objects.none(),
        label="Also drawn from",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Other adopted clusters that say the same in other words.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = Theme.objects.filter(area=self.row.consultation.area_id)
        adopted = Cluster.objects.adopted().filter(consultation=self.row.consultation_id)
        others = adopted.exclude(pk=self.row.pk).select_related("theme")
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["theme"].initial = self.row.theme_id
        self.fields["others"].queryset = others  # type: ignore[attr-defined]

    @classmethod
    def fits(cls, row: Cluster) -> bool:
        return row.state == Cluster.State.ADOPTED

    def decide(self, *, by: Any, now: datetime) -> Outcome:
        facts = dict(self.cleaned_data)
        clusters = [self.row, *facts.pop("others")]
        return actions.draft_outcome(clusters=clusters, by=by, now=now, **facts)


class OfLive(Decision):
    @classmethod
    def fits(cls, row: Outcome) -> bool:
        return row.state != Outcome.State.RETIRED


class Reword(OfSeenWords, OfLive, Statements):
    path = "reword"
    label = "Reword"
    button = "Change the words"
    done = "The words are changed. Agencies are asked for their positions on the new words."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.row.wording
        self.fields["i_statement"].initial = now.i_statement
        self.fields["family_statement"].initial = now.family_statement

    def warning(self) -> str:
        count = self.row.wording.endorsements.live().count()
        if not count:
            return "No agency has recorded a position on the words as they are."
        noun = "position falls" if count == 1 else "positions fall"
        return (
            f"Agencies sign exact words. If you change even one, {count} recorded {noun} away, "
            "and those agencies have to read and sign again. Other outcomes are not touched."
        )

    def decide(self, *, by: Any, now: datetime) -> Outcome:
        actions.reword(outcome=self.row, by=by, now=now, **self.cleaned_data)
        return self.row


class PutForward(OfSeenWords):
    path = "put-forward"
    label = "Put forward"
    permission = "outcomes.propose_outcome"
    about = "The agencies see the outcome from now on and are asked for their positions."
    done = "{} is put forward. The agencies can record their positions."

    reason = reason()

    @classmethod
    def fits(cls, row: Outcome) -> bool:
        return row.state == Outcome.State.DRAFT

    def decide(self, *, by: Any, now: datetime) -> Outcome:
        return actions.put_forward(outcome=self.row, by=by, now=now, **self.cleaned_data)


class Retire(OfLive):
    path = "retire"
    label = "Retire"
    permission = "outcomes.draft_outcome"
    about = "It is worked on no more. Versions that were published keep it."
    done = "{} is retired."

    reason = reason()

    def decide(self, *, by: Any, now: datetime) -> Outcome:
        return actions.retire(outcome=self.row, by=by, now=now, **self.cleaned_data)


class StandingChangeList(ChangeList):
    """Gives each row its standing: a fixed number of queries for each consultation."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        consultations = {row.consultation for row in self.result_list}
        found = [one for consultation in consultations for one in standings(consultation)]
        by_outcome = {one.outcome.pk: one for one in found}
        for row in self.result_list:
            row.now = by_outcome[row.pk]


@admin.register(Outcome)
class OutcomeAdmin(Asking, WrittenElsewhere):
    about = "Changes in people’s lives, in words that agencies sign."
    page = "outcomes/outcome/page"
    decisions = (RecordPosition, Reword, PutForward, Retire, Say)
    list_display = ["code", "statement", "theme", "standing"]
    list_filter = ["theme", "state"]
    list_select_related = ["theme", "consultation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outcome]:
        """Who may not see clusters (agency leads) sees what was put forward, and no drafts."""
        rows = super().get_queryset(request).select_related("theme", "consultation")
        if request.user.has_perm("outcomes.view_cluster"):
            return rows
        return rows.filter(state=Outcome.State.PROPOSED)

    def waits(self, request: HttpRequest) -> str:
        """For a lead: what was put forward and has no position of an agency they speak for."""
        if not request.user.has_perm("outcomes.record_endorsement"):
            return ""
        own = actions.agencies_led_by(user=request.user, now=timezone.now())  # type: ignore[arg-type]
        asked = Signatory.objects.filter(agency__in=own).values("consultation").distinct()
        rows = Outcome.objects.filter(state=Outcome.State.PROPOSED, consultation__in=asked)
        keys = {agency.pk for agency in own}
        open_now = [row for row in rows.select_related("theme") if _waits_for(row, keys)]
        return number_of((len(open_now), "for your agency to sign or answer"))

    def get_urls(self) -> list[URLPattern]:
        return [self.address("code/<str:code>/", self.by_code, "by-code"), *super().get_urls()]

    def by_code(self, request: HttpRequest, code: str) -> HttpResponse:
        """From a published code, such as HL-2, to the page of its outcome."""
        prefix, _, number = code.rpartition("-")
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(theme__prefix=prefix)
        known = number.isdecimal() and len(number) <= 4
        row = rows.filter(number=int(number)).last() if known else None
        if row is None:
            raise Http404
        return redirect(page_of(row))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StandingChangeList

    def get_list_filter(self, request: HttpRequest) -> list[str]:
        return ["theme", "state"] if request.user.has_perm("outcomes.view_cluster") else ["theme"]

    @admin.display(description="code", ordering="number")
    def code(self, outcome: Outcome) -> str:
        return outcome.code

    @admin.display(description="“I” statement")
    def statement(self, outcome: Outcome) -> str:
        return outcome.now.wording.i_statement  # type: ignore[attr-defined]

    @admin.display(description="where it stands")
    def standing(self, outcome: Outcome) -> str:
        return outcome.now.words  # type: ignore[attr-defined]

    def facts(self, request: HttpRequest, row: Outcome) -> dict[str, Any]:
        """Leads see the words as put forward and how many people they came from, no more."""
        now = standing(row)
        facts = {
            "title": f"{row.code}: {now.words}",
            "standing": now,
            "earlier": _earlier(row, now),
            "shown": actions.people_behind([row])[row.pk],
        }
        facts |= what_people_said(request, row) | what_reviewers_say(request, row)
        return facts | (_behind(row) if request.user.has_perm("outcomes.view_cluster") else {})


def _waits_for(outcome: Outcome, agencies: set[int]) -> bool:
    places = standing(outcome).places
    return any(one.signatory.agency_id in agencies and not one.endorsement for one in places)


def _earlier(outcome: Outcome, now: Standing) -> QuerySet[Endorsement]:
    """Positions that no longer count: on earlier words, or replaced on these."""
    live = [place.endorsement.pk for place in now.places if place.endorsement]
    rows = Endorsement.objects.filter(wording__outcome=outcome).exclude(pk__in=live)
    return rows.select_related("agency", "wording").order_by("-at", "-pk")


def _behind(outcome: Outcome) -> dict[str, Any]:
    """The officers' side of an outcome: its clusters, its wordings, what to check."""
    clusters = Cluster.objects.with_people().select_related("theme")
    return {
        "headings": PEOPLE_HEADINGS,
        "clusters": [(one, people(one)) for one in clusters.filter(outcomes=outcome)],
        "decisions": outcome.decisions.select_related("by").order_by("-at", "-pk"),
        "wordings": outcome.wordings.select_related("by").order_by("-number"),
        "doubts": outcome.wording.doubts(),
    }
