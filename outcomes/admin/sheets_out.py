"""What can be taken out of a consultation as a sheet: redacted, without what is withheld."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from outcomes.admin.sheets_codebook import COLUMNS, sheet_rows
from outcomes.codebooks import rows_of, used_by
from outcomes.ledger import State, with_state
from outcomes.models import AnalysisRun, Cluster, ClusterDecision, Coding, Disposition, Idea
from outcomes.quoting import ASKED, quotes, with_details
from surveys.counting import FEWER, NOT_SHOWN, people_shown
from surveys.models import Audience, AuditEvent, Consultation, Passage, Question, Theme

AT_A_TIME = 2_000
# Passages that the screen has read, so that what it would hide is hidden.
SCREENED = Q(answer__passage__screened_at__isnull=False) | Q(
    note__passage__screened_at__isnull=False
)

Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """A sheet: what it is called, what is in it, its columns, and how its rows are read."""

    path: str
    label: str
    about: str
    columns: tuple[str, ...]
    rows: Callable[[Consultation], Rows]
    size: Callable[[Consultation], int] = lambda _consultation: 0  # where it can be large


def passages_of(consultation: Consultation) -> QuerySet[Passage]:
    """Those that may leave: readable, of responses that count, and screened."""
    rows = Passage.objects.filter(consultation=consultation, screened_at__isnull=False)
    return rows.counted().order_by("pk")  # type: ignore[no-any-return, attr-defined]


def _answers_count(consultation: Consultation) -> int:
    return passages_of(consultation).filter(answer__isnull=False).count()


def _ideas_count(consultation: Consultation) -> int:
    return Idea.objects.of(consultation).count()


def _codings_count(consultation: Consultation) -> int:
    return Coding.objects.filter(idea__in=Idea.objects.of(consultation)).count()


def unscreened(consultation: Consultation) -> int:
    """Answers and notes that are in no file yet."""
    rows = Passage.objects.filter(consultation=consultation, screened_at__isnull=True)
    return rows.counted().count()  # type: ignore[no-any-return, attr-defined]


def ideas_of(consultation: Consultation) -> QuerySet[Idea]:
    """Those that may leave, with the code they have now as `coded_…`."""
    current = FilteredRelation("codings", condition=Q(codings__is_current=True))
    rows = Idea.objects.of(consultation).filter(SCREENED).with_source().annotate(current=current)
    return rows.annotate(  # type: ignore[no-any-return]
        seen=F("current__pk"),
        coded_first=F("current__theme__code"),
        coded_second=F("current__second__code"),
        coded_third=F("current__third__code"),
    ).order_by("pk")


def _answers(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    rows = passages_of(consultation).filter(answer__isnull=False).with_place()  # type: ignore[attr-defined]
    for one in rows.defer("answer__response__code_hash").iterator(AT_A_TIME):
        response = one.answer.response
        yield (
            response.reference,
            response.survey.title,
            Audience(one.audience).label,
            response.get_channel_display(),
            one.language,
            Question.Construct(one.answer.question.construct).label,
            one.words,
            may_quote(response.may_quote),
        )


def may_quote(said: bool | None) -> str:
    return {True: "yes", False: "no"}.get(said, "not said, so no")  # type: ignore[arg-type]


def _notes(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    rows = passages_of(consultation).filter(note__isnull=False).with_place()  # type: ignore[attr-defined]
    for one in rows.iterator(AT_A_TIME):
        note = one.note
        yield (
            note.session.title,
            note.session.held_on,
            Audience(one.audience).label,
            note.order,
            note.get_kind_display(),
            one.words,
            note.dots,
        )


def _ideas(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    run = AnalysisRun.objects.filter(consultation=consultation).done().first()
    of_run = Q(suggestions__run=run.pk if run else 0)
    rows = ideas_of(consultation).annotate(
        newest=FilteredRelation("suggestions", condition=of_run),
        suggested=F("newest__theme__code"),
        sure=F("newest__sure"),
        kind=F("newest__kind"),
    )
    rows = rows.select_related("answer__question", "membership__cluster")
    rows = with_state(rows).defer("answer__response__code_hash")
    for idea in rows.iterator(AT_A_TIME):
        yield _idea(idea)


def _idea(idea: Any) -> tuple[Any, ...]:
    response = idea.answer.response if idea.answer else None
    cluster = idea.membership.cluster if hasattr(idea, "membership") else None
    return (
        idea.pk,
        response.reference if response else "",
        idea.said_by,
        response.get_channel_display() if response else "workshop",
        Question.Construct(idea.answer.question.construct).label if idea.answer else "",
        idea.text,
        idea.kind,
        idea.suggested,
        idea.sure,
        idea.coded_first,
        idea.coded_second,
        idea.coded_third,
        cluster.pk if cluster else "",
        cluster.name if cluster else "",
        cluster.pk if cluster else "",
        State(idea.stands).label,
        may_quote(response.may_quote) if response else "",
        idea.seen,
    )


def _clusters(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    newest = ClusterDecision.objects.filter(cluster=OuterRef("pk")).order_by("-pk").values("pk")
    rows = Cluster.objects.filter(consultation=consultation).with_people()
    rows = rows.annotate(newest=Subquery(newest[:1]))
    for one in rows.select_related("theme", "merged_into"):
        people = [people_shown(getattr(one, f"people_{who}")) for who in Audience.values]
        # With the others known, the number of ideas would tell how few the few are.
        ideas = NOT_SHOWN if FEWER in people else people_shown(one.ideas_count)
        into = one.merged_into.pk if one.merged_into else ""
        shared = (one.pk, one.name, one.theme.code, one.get_state_display(), into)
        yield (*shared, one.is_campaign, *people, one.workshops, ideas, one.newest)


def _decisions(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    rows = ClusterDecision.objects.filter(cluster__consultation=consultation)
    for one in rows.select_related("cluster", "other", "by").iterator(AT_A_TIME):
        yield (
            one.at,
            one.by.get_username(),
            one.cluster_id,
            one.cluster.name,
            one.get_what_display(),
            one.detail,
            one.other.name if one.other else "",
            one.reason,
        )


def _codings(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    """The history of codes, of ideas that may leave."""
    ideas = Idea.objects.of(consultation).filter(SCREENED)
    rows = Coding.objects.filter(idea__in=ideas).select_related("theme", "second", "third", "by")
    for one in rows.iterator(AT_A_TIME):
        codes = [theme.code if theme else "" for theme in (one.theme, one.second, one.third)]
        yield (
            one.idea_id,
            one.at,
            one.by.get_username(),
            one.get_how_display(),
            *codes,
            (one.is_current),
        )


def _ends(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    """Every idea that may leave and is in no cluster, with what was decided becomes of it."""
    of_idea = FilteredRelation("dispositions", condition=Q(dispositions__is_current=True))
    rows = Idea.objects.of(consultation).filter(SCREENED, membership__isnull=True).with_source()
    rows = rows.annotate(decided=of_idea, what=F("decided__what"), why=F("decided__reason"))
    rows = rows.annotate(
        who=F("decided__by__username"), when=F("decided__at"), seen=F("decided__pk")
    )
    for one in rows.order_by("pk").defer("answer__response__code_hash").iterator(AT_A_TIME):
        what = "" if one.what == Disposition.What.OPEN else one.what
        why = one.why if what else ""
        yield one.pk, one.text, what, why, one.who, one.when, one.seen


def _quotes(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    """Ideas that may be quoted: their people agreed, nothing in them is undecided, and a person
    said of these very words that nobody could tell who it is."""
    asked = AuditEvent.objects.filter(what=ASKED, about__startswith="outcomes.idea ")
    keys = {int(about.rpartition(" ")[2]) for about in asked.values_list("about", flat=True)}
    rows = ideas_of(consultation).filter(pk__in=keys).select_related("membership__cluster__theme")
    for quote in quotes(list(with_details(rows))):
        if quote.may and quote.check:
            idea, check = quote.idea, quote.check
            cluster = idea.membership.cluster if hasattr(idea, "membership") else None
            placed = (cluster.theme.code, cluster.name) if cluster else ("", "")
            yield idea.pk, idea.said_by, idea.text, *placed, check.by.get_username(), check.at


def _themes(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    for one in Theme.objects.filter(area=consultation.area_id):
        yield one.code, one.prefix, one.label, one.source_label, one.description, one.is_none


def _topics(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    """Without their examples."""
    for one in rows_of(used_by(consultation.area)):
        if "label" in one:
            opposes = one.get("opposes") or ""
            against = opposes if isinstance(opposes, str) else ", ".join(opposes)
            words = [one.get(name) or "" for name in ("definition", "includes", "excludes")]
            yield one["theme"], one["topic"], one["label"], *words, against


def _code_book(consultation: Consultation) -> Iterator[tuple[Any, ...]]:
    return sheet_rows(used_by(consultation.area))


def _code_book_count(consultation: Consultation) -> int:
    return sum(1 for _ in rows_of(used_by(consultation.area)))


TABLES = (
    Table(
        "responses",
        "Answers",
        "One row for each answer in people’s own words. Not the second round’s.",
        (
            "reference",
            "survey",
            "audience",
            "channel",
            "language",
            "question",
            "words",
            "agreed_to_quote",
        ),
        _answers,
        _answers_count,
    ),
    Table(
        "notes",
        "Workshop notes",
        "One row for each note.",
        ("workshop", "held_on", "audience", "note", "kind", "words", "dots"),
        _notes,
    ),
    Table(
        "ideas",
        "Ideas with themes",
        "One row for each idea: what the machine suggests, what people decided, where it stands. "
        "Change the themes or the clusters in it and bring it in again.",
        (
            "idea",
            "reference",
            "said_by",
            "channel",
            "question",
            "words",
            "kind",
            "suggested",
            "sure",
            "theme",
            "second",
            "third",
            "cluster",
            "cluster_name",
            "cluster_seen",
            "standing",
            "agreed_to_quote",
            "seen",
        ),
        _ideas,
        _ideas_count,
    ),
    Table(
        "quotes",
        "Quotes",
        "Ideas that may be quoted: their people agreed, and somebody who redacts answered that "
        "nobody could tell who it is. No others.",
        ("idea", "said_by", "words", "theme", "cluster_name", "checked_by", "checked_at"),
        _quotes,
    ),
    Table(
        "clusters",
        "Clusters",
        "How many people of each audience; 1 to 4 people are “fewer than 5”. Change the names and "
        "themes in it and bring it in again.",
        (
            "cluster",
            "name",
            "theme",
            "state",
            "merged_into",
            "campaign",
            *Audience.labels,
            "workshops",
            "ideas",
            "seen",
        ),
        _clusters,
    ),
    Table(
        "decisions",
        "Decisions about clusters",
        "Who decided what, when and why.",
        ("at", "by", "cluster", "name", "what", "detail", "other", "reason"),
        _decisions,
    ),
    Table(
        "codes",
        "Decisions about themes",
        "Every theme given to an idea, with the earlier ones.",
        ("idea", "at", "by", "how", "theme", "second", "third", "is_current"),
        _codings,
        _codings_count,
    ),
    Table(
        "dispositions",
        "What becomes of ideas in no cluster",
        "Set aside, nothing to code, off topic, a case, a complaint; with the reason. Change it "
        "and bring it in again.",
        ("idea", "words", "what", "reason", "by", "at", "seen"),
        _ends,
        _ideas_count,
    ),
    Table(
        "themes",
        "Themes",
        "The headings of the plan, and “none of the four”.",
        ("code", "prefix", "label", "source_label", "description", "is_none"),
        _themes,
    ),
    Table(
        "code-book",
        "Topics of the code book",
        "The topics that the machine knows: definition, what is in, what is not.",
        ("theme", "topic", "name", "definition", "includes", "excludes", "opposes"),
        _topics,
    ),
    Table(
        "code-book-whole",
        "Code book, whole",
        "The topics that the machine knows, and under each its written examples. Change them and "
        "bring it in again.",
        COLUMNS,
        _code_book,
        _code_book_count,
    ),
)
