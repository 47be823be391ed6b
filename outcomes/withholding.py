"""Withholding words about which there is a worry: from the moment it is raised, by whomever."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from outcomes.models import (
    NAME_WITHHELD,
    Cluster,
    ClusterDecision,
    Comment,
    GroupSuggestion,
    Job,
    SampleIdea,
    ThemeSuggestion,
)
from surveys.models import Answer, AuditEvent, Concern, Note

SHARED_WORDS = re.compile(r"share the words: ([^.;]*)")  # as the engine writes it
NAMES_WENT = "While the file was made, a name or a reason in it was hidden. Ask for it again."
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
    # Held, so that two people who worry at once raise one.
    type(source).objects.select_for_update().get(pk=source.pk)
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
        if suggestion.idea.says(group.name):
            _withhold_name(group)


def _withhold_name(group: GroupSuggestion) -> None:
    """Wherever it was taken over from the machine."""
    name, consultation = group.name, group.run.consultation_id
    clusters = Cluster.objects.filter(consultation=consultation)
    clusters.filter(name__iexact=name).update(name=NAME_WITHHELD)
    GroupSuggestion.objects.filter(pk=group.pk).update(name=NAME_WITHHELD)
    for row in GroupSuggestion.objects.filter(run=group.run_id, reason__contains=name):
        row.reason = row.reason.replace(name, NAME_WITHHELD)
        row.save()
    for one in ClusterDecision.objects.filter(cluster__in=clusters, detail__icontains=name):
        one.detail = _without(name, one.detail)[:400]
        one.save()
    for said in Comment.objects.filter(cluster__in=clusters):
        said.about_words, said.text, said.answer = (
            _without(name, text) for text in (said.about_words, said.text, said.answer)
        )
        said.save()
    drop_files(consultation)


def drop_files(consultation: int) -> None:
    """A name or a reason was taken back: files that were written with it go, and those that are
    being written stop."""
    files = Job.objects.filter(consultation=consultation, kind=Job.Kind.FILE)
    files.update(made=None)
    files.under_way().update(state=Job.State.FAILED, trouble=NAMES_WENT, finished_at=timezone.now())


def _without(name: str, text: str) -> str:
    return re.sub(re.escape(name), NAME_WITHHELD, text, flags=re.IGNORECASE)


def tells_more(reason: str, texts: Iterable[str]) -> bool:
    """Whether a group's reason names a shared word that is in none of its texts any longer."""
    heard = {word for text in texts for word in _words(text)}
    return any(_words(shared) - heard for shared in SHARED_WORDS.findall(reason))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
