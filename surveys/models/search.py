"""Full-text search of passages: one interface over PostgreSQL's own and SQLite's FTS5."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 20
# PostgreSQL leaves out what is much longer, and would search for the rest alone.
LONGEST = 200


def matching(rows: QuerySet[Any], words: str) -> Any:
    """The rows whose `words` have all of the words sought."""
    sought = WORD.findall(words)[:MOST_WORDS]
    if not sought or max(map(len, sought)) > LONGEST:
        return rows.none()
    if connections[rows.db].vendor == "postgresql":
        query = SearchQuery(" ".join(sought), config="english", search_type="plain")
        found = rows.annotate(sought=SearchVector("words", config="english"))
        return found.filter(sought=query)
    phrase = " ".join(f'"{word}"' for word in sought)
    fits = RawSQL("SELECT rowid FROM surveys_passage_words WHERE words MATCH %s", [phrase])
    return rows.filter(pk__in=fits)
