"""Files that other programs read: ThemeFinder, and those that exchange REFI-QDA."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.text import slugify

from outcomes.admin.sheets_codebook import JSON_LINES, json_lines
from outcomes.admin.sheets_files import Watch, csv_file
from outcomes.admin.sheets_out import AT_A_TIME, ideas_of, passages_of
from outcomes.codebooks import used_by
from outcomes.exchange import Code, Segment, Source, codebook, place, project
from outcomes.models import Cluster, Idea
from surveys.models import Audience, Consultation, Passage, Question, Theme
from surveys.refusals import Refusal

LINE_END = re.compile(r"\r\n?")


class NothingThere(Refusal):
    """A file would be empty, and the format has no empty files."""


@dataclass(frozen=True)
class Elsewhere:
    """A file of another program's kind. `make` gives it, and how many rows or texts it has."""

    path: str
    label: str
    about: str
    ending: str
    kind: str
    make: Callable[[Consultation, datetime, Watch], tuple[bytes, int]]
    size: Callable[[Consultation], int] = lambda _consultation: 0  # where it can be large


def _themefinder(consultation: Consultation, now: datetime, watch: Watch) -> tuple[bytes, int]:
    """One CSV of `response_id,response` for each question, and a list of the questions."""
    out, total, asked = io.BytesIO(), 0, []
    rows = passages_of(consultation).filter(answer__isnull=False).with_place()  # type: ignore[attr-defined]
    rows = rows.defer("answer__response__code_hash").order_by("answer__question_id", "pk")
    questions = _questions(consultation)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for key, some in groupby(
            watch(rows.iterator(AT_A_TIME)), lambda one: one.answer.question_id
        ):
            question = questions[key]
            name = f"{question.survey.slug}_{question.order}_{question.construct}.csv"
            said = ((one.answer.response.reference, one.words) for one in some)
            data, count = csv_file(("response_id", "response"), said)
            packed.writestr(name, data)
            total += count
            audience = Audience(question.survey.audience).label
            asked.append((name, question.survey.title, audience, question.wording().text, count))
        columns = ("file", "survey", "audience", "question", "responses")
        packed.writestr("questions.csv", csv_file(columns, asked)[0])
    return out.getvalue(), total


def _texts_count(consultation: Consultation) -> int:
    return passages_of(consultation).count()


def _texts_and_ideas_count(consultation: Consultation) -> int:
    return _texts_count(consultation) + Idea.objects.of(consultation).count()


def _questions(consultation: Consultation) -> dict[int, Question]:
    rows = Question.objects.filter(survey__consultation=consultation).select_related("survey")
    return {one.pk: one for one in rows.prefetch_related("wordings")}


def _codes(consultation: Consultation) -> tuple[Code, ...]:
    """The themes, with the clusters under each."""
    where = _where(consultation)
    under: dict[int, list[Code]] = {}
    for one in Cluster.objects.adopted().filter(consultation=consultation):
        cluster = Code(f"{where}/cluster/{one.pk}", one.name, "A cluster that people adopted.")
        under.setdefault(one.theme_id, []).append(cluster)
    themes = Theme.objects.filter(area=consultation.area_id)
    made = tuple(
        Code(
            _theme_key(consultation, one.code),
            one.label,
            one.description,
            tuple(under.get(one.pk, ())),
        )
        for one in themes
    )
    if not made:
        raise NothingThere("The area has no themes yet, so there is no code book.")
    return made


def _where(consultation: Consultation) -> str:
    return f"{consultation.area.slug}/{consultation.slug}"


def _theme_key(consultation: Consultation, code: str) -> str:
    return f"{consultation.area.slug}/theme/{code}"


def _codebook(consultation: Consultation, now: datetime, watch: Watch) -> tuple[bytes, int]:
    codes = _codes(consultation)
    return codebook(codes), len(codes) + sum(len(one.below) for one in codes)


def _lines_of_book(consultation: Consultation, now: datetime, watch: Watch) -> tuple[bytes, int]:
    return json_lines(used_by(consultation.area))


def _project(consultation: Consultation, now: datetime, watch: Watch) -> tuple[bytes, int]:
    sources = list(_sources(consultation, watch))
    data = project(
        key=_where(consultation),
        name=consultation.title,
        codes=_codes(consultation),
        sources=sources,
        at=now,
    )
    return data, len(sources)


def _sources(consultation: Consultation, watch: Watch) -> Iterator[Source]:
    """Every text, with the ideas in it that have a code or a cluster."""
    where, coded = _where(consultation), _coded(consultation, watch)
    rows = passages_of(consultation).with_place()  # type: ignore[attr-defined]
    rows = rows.defer("answer__response__code_hash")
    for one in watch(rows.iterator(AT_A_TIME)):
        of_passage = coded.get((one.answer_id, one.note_id), ())
        segments = tuple(
            Segment(f"{where}/idea/{idea.pk}", *place(one.spans, idea.start, idea.end), codes)
            for idea, codes in of_passage
        )
        yield Source(f"{where}/passage/{one.pk}", _name(one), one.words, segments)


def _name(passage: Passage) -> str:
    """Such as R7X2MK4PQT what matters; or Evening workshop, note 3."""
    if passage.answer:
        answer = passage.answer
        return f"{answer.response.reference} {answer.question.get_construct_display()}"
    return f"{passage.source.session}, note {passage.source.order}"  # type: ignore[union-attr]


def _coded(
    consultation: Consultation, watch: Watch
) -> dict[tuple[int | None, int | None], list[tuple[Idea, tuple[str, ...]]]]:
    """The ideas that people coded or put in a cluster, with the keys of their codes, by text."""
    where, found = _where(consultation), {}  # type: ignore[var-annotated]
    rows = ideas_of(consultation).select_related("membership__cluster").order_by("start", "pk")
    rows = rows.defer("answer__response__code_hash")
    for idea in watch(rows.iterator(AT_A_TIME)):
        codes = [_theme_key(consultation, code) for code in _given(idea)]
        if cluster := _cluster(idea):
            codes.append(f"{where}/cluster/{cluster.pk}")
        if codes:
            found.setdefault((idea.answer_id, idea.note_id), []).append((idea, tuple(codes)))
    return found


def _given(idea: Idea) -> list[str]:
    names = ("coded_first", "coded_second", "coded_third")
    return [code for name in names if (code := getattr(idea, name))]


def _cluster(idea: Idea) -> Cluster | None:
    cluster = idea.membership.cluster if hasattr(idea, "membership") else None
    return cluster if cluster and cluster.state == Cluster.State.ADOPTED else None


def _segments(consultation: Consultation, now: datetime, watch: Watch) -> tuple[bytes, int]:
    """One row for each code of each idea."""
    columns = ("document", "start", "end", "code", "segment")
    return csv_file(columns, _coded_segments(consultation, watch))


def _coded_segments(consultation: Consultation, watch: Watch) -> Iterator[tuple[object, ...]]:
    names = {
        code.key: code.name for theme in _codes(consultation) for code in (theme, *theme.below)
    }
    for source in _sources(consultation, watch):
        for one in source.segments:
            for code in one.codes:
                text = source.text[one.start : one.end]
                yield source.name, one.start, one.end, names.get(code, code), text


ZIP_TYPE, XML_TYPE, CSV_TYPE = "application/zip", "text/xml; charset=utf-8", "text/csv"
FILES = (
    Elsewhere(
        "themefinder",
        "For ThemeFinder",
        "A ZIP file: for each question one CSV file of response_id and response, and a list of "
        "the questions.",
        "zip",
        ZIP_TYPE,
        _themefinder,
        _texts_count,
    ),
    Elsewhere(
        "codes-refi",
        "Codes, as REFI-QDA",
        "Themes and clusters as a code book (.qdc) for QualCoder, NVivo, ATLAS.ti, MAXQDA.",
        "qdc",
        XML_TYPE,
        _codebook,
    ),
    Elsewhere(
        "project-refi",
        "Texts and codes, as REFI-QDA",
        "A project (.qdpx) for the same programs: every text, and what in it people coded.",
        "qdpx",
        ZIP_TYPE,
        _project,
        _texts_and_ideas_count,
    ),
    Elsewhere(
        "code-book-lines",
        "Code book, as JSON lines",
        "Topics and examples as the engine’s own command reads them.",
        JSON_LINES,
        "application/jsonl",
        _lines_of_book,
    ),
    Elsewhere(
        "segments",
        "Coded segments",
        "A CSV file for whatever reads none of these: text, place, code, words.",
        "csv",
        f"{CSV_TYPE}; charset=utf-8",
        _segments,
        _texts_and_ideas_count,
    ),
)


def file_name(consultation: Consultation, path: str, ending: str, now: datetime) -> str:
    """Such as outcomes-ideas-2026-11-22.xlsx"""
    return f"{slugify(consultation.slug)}-{path}-{now:%Y-%m-%d}.{ending}"
