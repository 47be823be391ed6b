"""The pages that officers work on, each by its name and with addresses that differ."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from outcomes.models import AnalysisRun, Cluster, GroupSuggestion, Sample
from outcomes.unfinished import to_hand_on
from surveys.models import Consultation, Passage

WORDS = ["school", "friends", "sleep", "bus", "swimming", "short breaks", "listen", "told twice"]
AUDIENCES = ["parent_carer", "practitioner", "young_person"]
THEMES = ["families", "health", "education", "activities", "none"]
FIRST_PAGES = 20


@dataclass(frozen=True)
class Page:
    """`about` gives rows to open it of, one after the other; `asked` what follows the address.

    `aimed` are those that the issue names.
    """

    title: str
    name: str
    about: Callable[[Consultation], list[Any]] | None = None
    asked: Callable[[random.Random], dict[str, Any]] = lambda _chance: {}
    aimed: bool = False

    def addresses(self, consultation: Consultation, number: int) -> Iterator[str]:
        """NoReverseMatch where there is no such page."""
        chance = random.Random(0)  # noqa: S311
        rows = self.about(consultation) if self.about else [None]
        if not rows:
            raise NoReverseMatch(f"{self.name}: there is no row to open")
        for turn in range(number):
            row = rows[turn % len(rows)]
            address = reverse(f"admin:{self.name}", args=[] if row is None else [row])
            query = urlencode(self.asked(chance))
            yield f"{address}?{query}" if query else address


def asked_by(client: Client, page: Page, consultation: Consultation, number: int) -> list[str]:
    """What it asks the database on that of its first addresses on which it asks most: a filter
    that finds nothing asks less. The first page of each list, for of few ideas there is no other.
    """
    asked: list[str] = []
    for address in page.addresses(consultation, number):
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address.split("?p=")[0]).status_code
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")
        asked = max(asked, [one["sql"] for one in queries.captured_queries], key=len)
    return asked


def _three_fields(chance: random.Random) -> dict[str, Any]:
    some = {
        "audience": chance.choice(AUDIENCES),
        "suggested": chance.choice(THEMES),
        "quote": chance.choice(["yes", "no"]),
        "length": "short",
        "channel": "online",
        "read": "unread",
        "sure": "no",
    }
    return {key: some[key] for key in sorted(chance.sample(sorted(some), 3))}


def _keys(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:50])


def _newest(consultation: Consultation) -> AnalysisRun | None:
    return AnalysisRun.objects.filter(consultation=consultation).done().first()


def _of(model: Any) -> Callable[[Consultation], list[int]]:
    return lambda consultation: _keys(model.objects.filter(consultation=consultation))


def _itself(consultation: Consultation) -> list[int]:
    return [consultation.pk]


def _groups(consultation: Consultation) -> list[int]:
    run = _newest(consultation)
    return _keys(GroupSuggestion.objects.filter(run=run, cluster__isnull=True))


def _clusters(consultation: Consultation) -> list[int]:
    return _keys(Cluster.objects.adopted().filter(consultation=consultation))


def _run(consultation: Consultation) -> list[int]:
    run = _newest(consultation)
    return [run.pk] if run else []


def _cases(consultation: Consultation) -> list[int]:
    return _keys(to_hand_on().filter(passage__consultation=consultation))


def _hidden(consultation: Consultation) -> list[int]:
    rows = Passage.objects.filter(consultation=consultation, detailsuggestions__isnull=False)
    return _keys(rows.distinct())


def _page(chance: random.Random) -> dict[str, Any]:
    return {"p": chance.randrange(1, FIRST_PAGES)}


def _search(chance: random.Random) -> dict[str, Any]:
    return {"q": chance.choice(WORDS)}


def _theme(chance: random.Random) -> dict[str, Any]:
    return {"theme": chance.choice(THEMES)}


# What an officer opens.
PAGES = [
    Page("inbox", "surveys_passage_changelist", asked=_page, aimed=True),
    Page("inbox by three fields", "surveys_passage_changelist", asked=_three_fields, aimed=True),
    Page("search", "surveys_passage_changelist", asked=_search, aimed=True),
    Page("one answer", "surveys_passage_change", _of(Passage)),
    Page("ideas", "outcomes_idea_changelist"),
    Page("ideas to check next", "outcomes_idea_check"),
    Page("board", "outcomes_cluster_board", _itself, _theme, aimed=True),
    Page("clusters", "outcomes_cluster_changelist"),
    Page("cluster", "outcomes_cluster_change", _clusters, aimed=True),
    Page("analysis", "outcomes_analysisrun_change", _run),
    Page("suggested groups", "outcomes_groupsuggestion_changelist"),
    Page("suggested group", "outcomes_groupsuggestion_change", _groups),
    Page("ledger", "outcomes_disposition_ledger", _itself, aimed=True),
    Page("picture of the whole", "outcomes_cluster_picture", _itself),
    Page("to hand over", "outcomes_disposition_changelist"),
    Page("one to hand over", "outcomes_disposition_hand-on", _cases),
    Page("samples", "outcomes_sample_changelist"),
    Page("sample", "outcomes_sample_change", _of(Sample)),
    Page("codes", "outcomes_coding_of", _itself),
    Page("index", "index"),
]
# What a redactor opens.
REDACTORS = [
    Page("details to decide on", "surveys_redaction_changelist"),
    Page("one answer’s details", "surveys_redaction_passage", _hidden),
]
