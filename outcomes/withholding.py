"""Withholding words about which there is a worry: from the moment it is raised, by whomever."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from outcomes.models import (
    NAME_WITHHELD,
    Cluster,
    ClusterIdea,
    GroupSuggestion,
    Job,
    SampleIdea,
    ThemeSuggestion,
)
from outcomes.models.analysis import unmasked
from outcomes.repeating import TAKEN_OUT, Change, Copies, logged, rewrite, written
from surveys.models import Answer, AuditEvent, Concern, Consultation, Note, Passage, Redaction

SHARED_WORDS = re.compile(r"share the words: ([^.;]*)")  # as the engine writes it
NAMES_WENT = "While the file was made, a name or a reason in it was hidden. Ask for it again."
# Fields of what people wrote that hold the names of clusters.
NAMES = ("name", "detail", "about_words")
REASON_WITHHELD = "Why they stand together is withheld with the words of one of them."


@transaction.atomic
def withhold(
    *,
    source: Answer | Note,
    category: str,
    score: float,
    reason: str,
    by: User | None,
    now: datetime,
) -> tuple[Concern, bool]:
    """The concern about a text, and whether it was raised just now; `by` is None for the screen.

    What stands open stays as it is. What was cleared is raised again by a person, never by the
    screen: the words of an answer or a note do not change.
    """
    # Held, so that two people who worry at once raise one; and without its key, so that who cuts
    # ideas in it, which refer to it, does not wait at the end with the audit log in hand.
    type(source).objects.select_for_update(no_key=True).get(pk=source.pk)
    about = {"answer" if isinstance(source, Answer) else "note": source}
    concern = Concern.objects.select_for_update().filter(**about).first()
    if concern and (concern.is_open or by is None):
        return concern, False
    concern = concern or Concern(**about)
    concern.category, concern.score, concern.reason = category, score, reason
    concern.raised_by, concern.raised_at = by, now
    concern.state = Concern.State.NEW
    concern.save()
    detail = f"{concern.category}, of {source._meta.label_lower} {source.pk}"
    _withhold_names(source)
    _withhold_copies(source)
    # For good: shown to the two again later, it would not be coded blind.
    path = "idea__answer" if isinstance(source, Answer) else "idea__note"
    SampleIdea.everything.filter(**{path: source}).delete()
    AuditEvent.objects.record(what="raised a concern", about=concern, by=by, now=now, detail=detail)
    return concern, True


def _withhold_names(source: Answer | Note) -> None:
    """A suggested group is named in the words of one of its ideas, others quote that name, and its
    reason tells words that its ideas share."""
    about = {"idea__answer" if isinstance(source, Answer) else "idea__note": source}
    told = ThemeSuggestion.everything.filter(**about, group__isnull=False)
    for suggestion in told.select_related("group", "idea__answer__passage", "idea__note__passage"):
        group = suggestion.group
        if group is None:
            continue
        others = group.members.select_related("idea__answer__passage", "idea__note__passage")
        if tells_more(group.reason, [one.idea.masked for one in others]):
            GroupSuggestion.objects.filter(pk=group.pk).update(reason=REASON_WITHHELD)
        if suggestion.idea.says(group.name) or _says(source, group.name):
            _withhold_group(group)


def _says(source: Answer | Note, name: str) -> bool:
    """Also where people cut the idea otherwise since it was named. One word is no name of it."""
    text = source.passage.masked if hasattr(source, "passage") else source.text
    short = name.rstrip("…")
    return len(short.split()) > 1 and short.lower() in unmasked(" ".join(text.split())).lower()


def _withhold_group(group: GroupSuggestion) -> None:
    name = group.name
    GroupSuggestion.objects.filter(pk=group.pk).update(name=NAME_WITHHELD)
    for row in GroupSuggestion.objects.filter(run=group.run_id, reason__contains=name):
        row.reason = row.reason.replace(name, NAME_WITHHELD)
        row.save()
    _withhold_name(name, group.run.consultation)


def _withhold_name(name: str, consultation: Consultation) -> None:
    """Wherever it was taken over, carried over or quoted. One word alone is quoted by chance."""
    if not re.search(r"\w", name):
        return
    clusters = Cluster.objects.filter(consultation__area=consultation.area_id, name__iexact=name)
    elsewhere = set(clusters.values_list("consultation", flat=True)) - {consultation.pk}
    clusters.update(name=NAME_WITHHELD)
    groups = GroupSuggestion.objects.filter(run__consultation=consultation.pk)
    groups.filter(name__iexact=name).update(name=NAME_WITHHELD)
    pattern = re.compile(rf"(?<!\w){re.escape(name.rstrip('…'))}…?(?!\w)", re.IGNORECASE)
    is_long = len(name.split()) > 1

    def change(field: str, text: str) -> str:
        return pattern.sub(NAME_WITHHELD, text) if is_long or field in NAMES else text

    for key in (consultation.pk, *elsewhere):
        for place in written(key):
            rewrite(place, change)
        drop_files(key)
    rewrite(logged(name.rstrip("…")), change)


def _withhold_copies(source: Answer | Note) -> None:
    """What others copied of the words into their own; but for what somebody else says too."""
    about = {"answer" if isinstance(source, Answer) else "note": source}
    texts = [source.text]
    if isinstance(source, Answer):
        texts.append(source.response.helper_words)
        consultation = source.response.survey.consultation
    else:
        consultation = source.session.consultation
    copies = Copies(texts)
    others = Passage.objects.filter(consultation=consultation).exclude(**about)

    @cache
    def is_said(words: str) -> bool:
        return others.filter(words__icontains=words).exists()

    def change(field: str, text: str) -> str:
        instead = NAME_WITHHELD if field in NAMES else TAKEN_OUT
        return copies.without(text, instead, but=is_said)

    _withhold_names_of_people(source, consultation, change, is_said)
    # Who may read what is hidden writes why; what is withheld is not for them either.
    decided = Redaction.objects.filter(passage__consultation=consultation)
    places = [*written(consultation.pk), (decided, ("reason",))]
    if sum(rewrite(place, change) for place in places):
        drop_files(consultation.pk)
    clean_cells(lambda text: change("", text))


def _withhold_names_of_people(
    source: Answer | Note,
    consultation: Consultation,
    change: Change,
    is_said: Callable[[str], bool],
) -> None:
    """Of clusters called by what was copied; few words are enough for one that its ideas are in."""
    about = {"idea__answer" if isinstance(source, Answer) else "idea__note": source}
    homes = set(ClusterIdea.everything.filter(**about).values_list("cluster", flat=True))
    clusters = Cluster.objects.filter(consultation=consultation)
    for key, name in list(clusters.values_list("pk", "name")):
        is_its_own = key in homes and _says(source, name) and not is_said(name)
        if is_its_own or change("name", name) != name:
            _withhold_name(name, consultation)


def clean_cells(change: Callable[[str], str]) -> None:
    """What was wrong in a sheet quotes its cells, to who sent it, for an hour."""
    sheets = Job.objects.filter(asked__has_key="problems")
    for job in sheets.defer("made"):
        told = [[*where, change(sentence)] for *where, sentence in job.asked["problems"]]
        if told != job.asked["problems"]:
            Job.objects.filter(pk=job.pk).update(asked=job.asked | {"problems": told})


def drop_files(consultation: int) -> None:
    """A name or a reason was taken back: files that were written with it go, and those that are
    being written stop."""
    files = Job.objects.filter(consultation=consultation, kind=Job.Kind.FILE)
    files.update(made=None)
    files.under_way().update(state=Job.State.FAILED, trouble=NAMES_WENT, finished_at=timezone.now())


def tells_more(reason: str, texts: Iterable[str]) -> bool:
    """Whether a group's reason names a shared word that is in none of its texts any longer."""
    heard = {word for text in texts for word in _words(text)}
    return any(_words(shared) - heard for shared in SHARED_WORDS.findall(reason))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
