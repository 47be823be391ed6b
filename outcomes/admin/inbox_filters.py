"""By what the inbox and the list of ideas are filtered."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from outcomes.ledger import State, with_passage_state, with_words_left
from outcomes.models import AnalysisRun, Cluster, Coding, Disposition, Idea, ThemeSuggestion
from outcomes.whose import READS
from surveys.actions import sessions_for
from surveys.admin.printing import in_english
from surveys.models import Audience, Concern, Consultation, Passage, Response, Survey, Theme

LONG = 500
WORKSHOP = "workshop"
MOST_CLUSTERS = 200
Choices = list[tuple[str, str]]


def newest_runs() -> list[int]:
    """The key of the newest finished run of each consultation."""
    rows = AnalysisRun.objects.done().order_by("asked_at", "pk").values_list("consultation", "pk")
    return list(dict(rows).values())


def with_idea(passages: QuerySet[Passage], ideas: QuerySet[Any], path: str = "") -> Any:
    """The passages with one of the ideas, or of the rows whose idea is at `path`."""
    return passages.filter(_of(ideas, path))


def without_idea(passages: QuerySet[Passage], ideas: QuerySet[Any]) -> Any:
    return passages.exclude(_of(ideas))


def _of(ideas: QuerySet[Any], path: str = "") -> Q:
    answers = ideas.filter(**{f"{path}answer__isnull": False}).order_by()
    notes = ideas.filter(**{f"{path}note__isnull": False}).order_by()
    return Q(answer__in=answers.values(f"{path}answer")) | Q(note__in=notes.values(f"{path}note"))


def decided(ideas: QuerySet[Idea]) -> Q:
    """Of ideas: somebody gave them a theme, a cluster or another end."""
    coded = Coding.everything.current().filter(idea=OuterRef("pk"), theme__isnull=False)
    ended = Disposition.objects.current().filter(idea=OuterRef("pk"))
    return Q(membership__isnull=False) | Q(Exists(coded)) | Q(Exists(ended))


def undisposed(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    done = Disposition.objects.current().filter(passage__isnull=False).order_by()
    return passages.exclude(pk__in=done.values("passage"))


def unread(passages: QuerySet[Passage]) -> Any:
    """Those of which nobody decided anything yet."""
    ideas = Idea.everything.all()
    return without_idea(undisposed(passages), ideas.filter(decided(ideas)))


def unfinished(passages: QuerySet[Passage]) -> Any:
    """Those in which something is left to decide."""
    ideas = Idea.everything.all()
    return undisposed(passages).filter(_of(ideas.exclude(decided(ideas))) | ~_of(ideas))


def shown_to(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Passages or ideas that somebody reads: without cases and complaints for who may not read
    those, but in their own workshops."""
    rows = rows.filter(READS.rows(request.user))
    if request.user.has_perm("outcomes.view_disposition") or not READS.is_for_all(request.user):  # type: ignore[union-attr]
        return rows
    handed = Disposition.objects.current().filter(what__in=Disposition.HANDED_ON)
    passages = handed.filter(passage__isnull=False).values("passage")
    if rows.model is Passage:
        return rows.exclude(pk__in=passages)
    whole = Passage.everything.filter(pk__in=passages).order_by()
    ideas = handed.filter(idea__isnull=False).values("idea")
    answers = whole.filter(answer__isnull=False).values("answer")
    notes = whole.filter(note__isnull=False).values("note")
    return rows.exclude(pk__in=ideas).exclude(answer__in=answers).exclude(note__in=notes)


class Filter(admin.SimpleListFilter):
    """Closed until it is used, so that a dozen of them stay in sight."""

    template = "admin/surveys/passage/_filter.html"
    offered: Choices = []

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return self.offered

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        """A value that is not offered filters nothing."""
        known = {str(value) for value, _ in self.lookup_choices}
        return self.narrow(rows, self.value()) if self.value() in known else rows

    def narrow(self, rows: QuerySet[Any], value: Any) -> Any:
        raise NotImplementedError


def once(request: HttpRequest, read: Callable[[], Choices]) -> Choices:
    """What a filter offers, read once: the filters of a list are made again to ask for its keys."""
    kept = request.__dict__.setdefault("offered", {})
    if read not in kept:
        kept[read] = read()
    found: Choices = kept[read]
    return found


class ReadFilter(Filter):
    title = "what is left to do"
    parameter_name = "read"
    offered = [("unread", "unread"), ("left", "something left to decide")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return unread(rows) if value == "unread" else unfinished(rows)


class ConsultationFilter(Filter):
    """There only where there is more than one."""

    title = "consultation"
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return once(request, consultations)

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def narrow(self, rows: QuerySet[Any], value: str) -> Any:
        if rows.model is Passage:
            return rows.filter(consultation=int(value))
        of = Consultation.objects.get(pk=int(value))
        return rows.of(of)  # type: ignore[attr-defined]


class SurveyFilter(Filter):
    title = "survey"
    parameter_name = "survey"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return once(request, surveys)

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(answer__response__survey=int(value))


class PassageAudience(Filter):
    title = "audience"
    parameter_name = "audience"
    offered = [(str(value), str(label)) for value, label in Audience.choices]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(audience=value)


class ChannelFilter(Filter):
    title = "how it came"
    parameter_name = "channel"
    offered = [(str(a), str(b)) for a, b in Response.Channel.choices] + [(WORKSHOP, "workshop")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        if value == WORKSHOP:
            return rows.filter(note__isnull=False)
        return rows.filter(answer__response__channel=value)


class CodedFilter(Filter):
    title = "theme that people gave"
    parameter_name = "coded"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return once(request, themes)

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        given = Q(theme__code=value) | Q(second__code=value) | Q(third__code=value)
        return with_idea(rows, Coding.everything.current().filter(given), "idea__")


class SuggestedFilter(Filter):
    title = "theme that is suggested"
    parameter_name = "suggested"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*once(request, themes), ("no theme", "no theme")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        of_newest = ThemeSuggestion.everything.filter(run__in=newest_runs())
        if value == "no theme":
            return with_idea(rows, of_newest.filter(theme__isnull=True), "idea__")
        return with_idea(rows, of_newest.filter(theme__code=value), "idea__")


class NotSureFilter(Filter):
    title = "how sure the machine is"
    parameter_name = "sure"
    offered = [("no", "not sure of an idea")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        unsure = ThemeSuggestion.everything.filter(run__in=newest_runs(), sure=False)
        return with_idea(rows, unsure, "idea__")


class InClusterFilter(Filter):
    title = "cluster"
    parameter_name = "cluster"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("none", "in no cluster"), *once(request, clusters)]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        if value == "none":
            return without_idea(rows, Idea.everything.filter(membership__isnull=False))
        return with_idea(rows, Idea.everything.filter(membership__cluster=int(value)))


class StandingFilter(Filter):
    title = "where it stands"
    parameter_name = "standing"
    offered = [
        (str(state.value), str(state.label))
        for state in State
        if state not in (State.WITHHELD, State.OUTCOME, State.CLUSTER)
    ]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return with_passage_state(rows).filter(stands=value)


class RestFilter(Filter):
    title = "words in no idea"
    parameter_name = "rest"
    offered = [("some", "some left"), ("none", "nothing left")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return with_words_left(rows).filter(words_left=value == "some")


class WorryFilter(Filter):
    title = "worries"
    parameter_name = "worry"
    offered = [("cleared", "one was raised and cleared")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        done = Concern.State.CLEARED
        return rows.filter(Q(answer__concern__state=done) | Q(note__concern__state=done))


class QuoteFilter(Filter):
    title = "quoting"
    parameter_name = "quote"
    offered = [("yes", "agreed to be quoted"), ("no", "did not, or was not asked")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        may = Q(answer__response__may_quote=True)
        return rows.filter(may) if value == "yes" else rows.exclude(may)


class LengthFilter(Filter):
    title = "length"
    parameter_name = "length"
    offered = [("long", f"more than {LONG} characters"), ("short", f"{LONG} or fewer")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(length__gt=LONG) if value == "long" else rows.filter(length__lte=LONG)


class LanguageFilter(Filter):
    title = "language"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*once(request, languages), ("none", "not recognised")]

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(language="" if value == "none" else value)


class AlikeFilter(Filter):
    """A number is the key of the passage that others repeat; a passage's own page leads here."""

    title = "said nearly the same"
    parameter_name = "alike"
    offered = [("yes", "repeats another"), ("no", "the first to say it")]

    def queryset(self, request: HttpRequest, rows: QuerySet[Passage]) -> Any:
        value = self.value() or ""
        if value.isascii() and value.isdecimal() and len(value) < 12:
            return rows.filter(Q(pk=int(value)) | Q(copy_of=int(value)))
        return super().queryset(request, rows)

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(copy_of__isnull=value == "no")


def consultations() -> Choices:
    rows = Consultation.objects.order_by("-pk").values_list("pk", "title")
    return [(str(pk), title) for pk, title in rows]


def surveys() -> Choices:
    asked = Survey.objects.filter(kind=Survey.Kind.IDEAS)
    return [(str(pk), title) for pk, title in asked.values_list("pk", "title")]


def clusters() -> Choices:
    named = Cluster.objects.exclude(state=Cluster.State.MERGED).order_by("name")
    rows = named.values_list("pk", "name")[:MOST_CLUSTERS]
    return [(str(pk), name) for pk, name in rows]


def languages() -> Choices:
    found = Passage.objects.order_by("language").values_list("language", flat=True).distinct()
    return [(code, in_english(code)) for code in found if code]


def themes() -> Choices:
    return [(code, label) for code, label in Theme.objects.values_list("code", "label")]


class WorkshopFilter(Filter):
    """There only while it is used: the page of a workshop leads here."""

    title = "workshop"
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        value = self.value() or ""
        if not (value.isascii() and value.isdecimal() and len(value) < 12):
            return []
        rows = sessions_for(request.user).filter(pk=int(value))  # type: ignore[arg-type]
        return [(str(pk), title) for pk, title in rows.values_list("pk", "title")]

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    def narrow(self, rows: QuerySet[Passage], value: str) -> Any:
        return rows.filter(note__session=int(value))


OF_PASSAGES = [
    WorkshopFilter,
    ConsultationFilter,
    ReadFilter,
    SurveyFilter,
    PassageAudience,
    ChannelFilter,
    CodedFilter,
    SuggestedFilter,
    NotSureFilter,
    InClusterFilter,
    StandingFilter,
    RestFilter,
    WorryFilter,
    QuoteFilter,
    LengthFilter,
    LanguageFilter,
    AlikeFilter,
]
# For who reads only their own workshops: nothing that tells of others, or of clusters.
OF_OWN = [WorkshopFilter, ReadFilter, CodedFilter, SuggestedFilter, NotSureFilter]
OF_OWN += [RestFilter, LengthFilter]
