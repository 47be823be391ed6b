"""What anyone would try first, measured beside the engine in the same run."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from outcomes.engine.vectors import SentenceVectors

Vectors = NDArray[np.float32]
Span = tuple[int, int]

# The words of harm that come to mind first; nobody looked at a set for them.
KEYWORDS = re.compile(
    r"\b(abus\w*|hits? me|hurt\w*|harm\w*|suicid\w*|kill\w*|die|dying|cutting|overdos\w*|bruis\w*"
    r"|rape\w*|touch\w* me|sexual\w*|naked|nudes?|groom\w*|neglect\w*|starv\w*|scared|afraid"
    r"|frightened|violen\w*|punch\w*|kick\w*|beat\w*|strangl\w*|threat\w*|drugs?|county lines"
    r"|gang\w*|exploit\w*|bull(?:y|ied|ying)|restrain\w*|locked)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^\s.!?][^\n.!?]*[.!?]*")
NAME = r"[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?"
PATTERNS = {
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "phone": r"(?<!\d)(?:\+44 ?|0)\d(?:[ -]?\d){8,9}(?!\d)",
    "nhs_number": r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)",
    "postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    "date_of_birth": r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b",
    "address": rf"\b\d{{1,4}} (?:{NAME} )+(?:Street|Road|Lane|Avenue|Close|Drive|Way|Crescent)\b",
    "school": rf"\b(?:{NAME} )+(?:School|Academy|College|Primary|Nursery)\b",
    "person": rf"\b(?:Mr|Mrs|Ms|Miss|Dr) {NAME}|\b(?:son|daughter|brother|sister) {NAME}"
    rf"|(?<=[a-z,] ){NAME}(?: {NAME})?",
}


def packaged_vectors(texts: Sequence[str]) -> Vectors:
    """The sentence model as it is packaged, without what the codebook taught it."""
    return SentenceVectors(adapter=None).transform(texts)


def themes_by_regression(known: Vectors, labels: list[str], unknown: Vectors) -> list[str]:
    with threadpool_limits(1):
        return list(_regression().fit(known, labels).predict(unknown))


def themes_by_neighbour(known: Vectors, labels: list[str], unknown: Vectors) -> list[str]:
    return list(_neighbour().fit(known, labels).predict(unknown))


def themes_held_out(vectors: Vectors, labels: list[str]) -> dict[str, list[str]]:
    """Both ways on the labelled ideas themselves, five folds, each told by the other four."""
    with threadpool_limits(1):
        return {
            "regression": list(cross_val_predict(_regression(), vectors, labels, cv=5)),
            "neighbour": list(cross_val_predict(_neighbour(), vectors, labels, cv=5)),
        }


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10, max_iter=1_000)


def _neighbour() -> KNeighborsClassifier:
    return KNeighborsClassifier(1, metric="cosine")


def groups_by_ward(vectors: Vectors, count: int) -> list[int]:
    found: list[int] = AgglomerativeClustering(count, linkage="ward").fit_predict(vectors).tolist()
    return found


def groups_by_k_means(vectors: Vectors, count: int) -> list[int]:
    with threadpool_limits(1):
        found: list[int] = KMeans(count, random_state=0, n_init=10).fit_predict(vectors).tolist()
    return found


def sentences(text: str) -> list[Span]:
    """Each sentence or line an idea."""
    found = (match.span() for match in SENTENCE.finditer(text))
    return [(start, end) for start, end in found if any(map(str.isalnum, text[start:end]))]


def keywords(text: str) -> int:
    """How many different words of harm."""
    return len({found.lower() for found in KEYWORDS.findall(text)})


def patterned(text: str) -> list[tuple[int, int, str]]:
    """Personal details by regular expressions; what is found earlier in the list stands."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in PATTERNS.items():
        for match in re.finditer(pattern, text):
            start, end = match.span()
            if all(end <= a or start >= b for a, b, _ in found):
                found.append((start, end, kind))
    return sorted(found)
