"""Counts that are kept: frozen, suppressed, and without anybody's words."""

import json
from datetime import timedelta

import pytest

from outcomes.actions import (
    adopt,
    dispose,
    hide,
    is_as_kept,
    keep_count,
    raise_concern,
    rename,
    undo,
)
from outcomes.actions.keeping import NothingToKeep
from outcomes.frozen import NO_LONGER_THERE, names_in, numbers_of, picture_in
from outcomes.models import NAME_WITHHELD, GroupSuggestion, KeptCount, ThemeSuggestion
from outcomes.picture import picture_of
from surveys.actions import withdraw_response
from surveys.models import Answer, AuditEvent, Response
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
FEW = "fewer than 5"


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def group(run, survey):
    """Seven parents and two young people, each with an idea on the map."""
    young = world.survey(survey.consultation, "young_person", "young", NOW)
    said = [world.response(survey, f"Zebras, {one}", NOW) for one in range(7)]
    said += [world.response(young, f"Zebras too, {one}", NOW) for one in range(2)]
    made = world.group(run, "health", list(Answer.objects.filter(response__in=said)))
    for number, one in enumerate(made.members.order_by("pk")):
        ThemeSuggestion.objects.filter(pk=one.pk).update(x=number / 9, y=0.123456789)
    return made


@pytest.fixture
def cluster(group, asha):
    return adopt(suggestion=group, name="Sleeping well", by=asha, now=NOW)


def keep(consultation, by, note="", now=NOW):
    return keep_count(consultation=consultation, note=note, by=by, now=now)


def fresh(kept):
    return KeptCount.objects.get(pk=kept.pk)


def everything_in(value):
    """Every key and value of the JSON, however deep."""
    if isinstance(value, dict):
        return [*value, *(one for inner in value.values() for one in everything_in(inner))]
    if isinstance(value, list):
        return [one for inner in value for one in everything_in(inner)]
    return [value]


def name_in(kept):
    return next(iter(names_in(fresh(kept)).values()))[0]


def test_what_is_kept_is_the_picture_as_it_is_shown(cluster, consultation, asha):
    kept = fresh(keep(consultation, asha, " For  the board "))
    assert picture_in(kept) == picture_of(consultation, NOW)
    assert (kept.note, kept.by, kept.at, kept.run) == (
        "For the board",
        asha,
        NOW,
        cluster.adopted_from.run,
    )
    assert is_as_kept(kept)


def test_it_is_in_the_audit_log_with_its_checksum(cluster, consultation, asha):
    kept = keep(consultation, asha)
    event = AuditEvent.objects.first()
    assert (event.what, event.by, event.detail) == ("kept a count", asha, kept.sha256)
    assert event.about == f"outcomes.keptcount {kept.pk}"


def test_nothing_in_it_is_small_or_hidden_or_said_by_anybody(cluster, consultation, asha):
    numbers = fresh(keep(consultation, asha)).numbers
    people = [
        cell for row in numbers["themes"] + numbers["named"] for cell in row["people"].values()
    ]
    assert set(people) == {0, 7, FEW}
    text = json.dumps(numbers)
    assert "Sleeping" not in text
    assert "ebras" not in text
    for response in Response.objects.all():
        assert response.reference not in text


def test_a_dot_is_a_place_and_a_theme_and_no_idea(group, consultation, asha):
    dots = keep(consultation, asha).numbers["dots"]
    assert dots["health"][:2] == [[0, 123], [111, 123]]
    assert {code for code, places in dots.items() if places} == {"health"}
    ThemeSuggestion.objects.update(theme=consultation.area.themes.get(code="education"))
    ThemeSuggestion.objects.filter(pk__gt=group.members.order_by("pk")[3].pk).delete()
    assert not any(keep(consultation, asha).numbers["dots"].values())  # four people's


def test_a_count_hidden_for_another_is_hidden_in_it_too(run, survey, consultation, asha):
    """Six and three, and nine were heard."""
    for theme, number in (("health", 6), ("families", 3)):
        said = [world.response(survey, f"{theme} {one}", NOW) for one in range(number)]
        world.group(run, theme, list(Answer.objects.filter(response__in=said)))
    numbers = keep(consultation, asha).numbers
    shown = {one["code"]: one["people"]["parent_carer"] for one in numbers["themes"]}
    assert (shown["health"], shown["families"]) == ("not shown", FEW)
    assert {6, 3}.isdisjoint(one for one in everything_in(numbers["themes"]) if one != 0)


def test_it_stays_when_an_answer_is_taken_back(cluster, consultation, asha):
    kept = keep(consultation, asha)
    withdraw_response(response=Response.objects.first(), now=LATER)
    assert picture_in(fresh(kept)).lines[1].cells == ["7", "0", FEW]
    assert is_as_kept(fresh(kept))
    assert picture_of(consultation, LATER).lines[1].cells == ["6", "0", FEW]


def test_numbers_that_were_changed_afterwards_are_told(cluster, consultation, asha):
    kept = keep(consultation, asha)
    KeptCount.objects.update(numbers=kept.numbers | {"ideas": 99})
    assert not is_as_kept(fresh(kept))


def test_two_who_keep_the_same_count_keep_it_once(group, consultation, asha, ben):
    keep(consultation, asha)
    with pytest.raises(NothingToKeep, match="since asha kept the count of 22 November 2026, 12:00"):
        keep(consultation, ben, now=LATER)
    assert KeptCount.objects.count() == 1
    dispose(of=Answer.objects.first().passage, what="off topic", by=asha, now=LATER)
    keep(consultation, ben, now=LATER)
    assert [one.by for one in KeptCount.objects.all()] == [ben, asha]


def test_without_an_analysis_there_is_nothing_to_keep(consultation, asha):
    with pytest.raises(NothingToKeep, match="No analysis is done yet"):
        keep(consultation, asha)


def test_a_note_may_be_empty_and_may_not_be_long(cluster, consultation, asha):
    with pytest.raises(BadText, match="This note has 201"):
        keep(consultation, asha, "x" * 201)
    assert keep(consultation, asha, "\x00").note == ""


def test_a_cluster_that_is_renamed_keeps_its_old_name_in_it(cluster, consultation, asha):
    kept = keep(consultation, asha)
    for name in ("Resting", "Night"):
        rename(cluster=cluster, name=name, by=asha, now=LATER)
    (one,) = names_in(fresh(kept)).values()
    assert one == ("Sleeping well", "now called “Night”")
    assert is_as_kept(fresh(kept))


def test_a_name_that_was_undone_since_is_said_to_be_lost(cluster, consultation, asha):
    rename(cluster=cluster, name="Resting", by=asha, now=NOW - timedelta(hours=1))
    kept = keep(consultation, asha)
    undo(cluster=cluster, by=asha, now=LATER)
    (one,) = names_in(fresh(kept)).values()
    assert one == ("Sleeping well", "called otherwise then, by a name that is not on record")


@pytest.mark.parametrize("renamed", [False, True])
def test_a_name_in_words_that_are_withheld_since_is_not_shown(group, consultation, asha, renamed):
    words = group.members.first().idea.text
    GroupSuggestion.objects.update(name=words)
    cluster = adopt(suggestion=GroupSuggestion.objects.get(), name=words, by=asha, now=NOW)
    kept = keep(consultation, asha)
    assert name_in(kept) == words
    if renamed:
        rename(cluster=cluster, name="Night", by=asha, now=LATER)
    answer = Answer.objects.get(text=words)
    raise_concern(source=answer, category="other", reason="I worry.", by=asha, now=LATER)
    assert name_in(kept) == NAME_WITHHELD
    assert is_as_kept(fresh(kept))


@pytest.mark.parametrize("renamed", [False, True])
def test_a_name_in_words_that_are_hidden_since_loses_them(cluster, consultation, asha, renamed):
    rename(cluster=cluster, name="Zebras sleep", by=asha, now=NOW - timedelta(hours=1))
    kept = keep(consultation, asha)
    if renamed:
        rename(cluster=cluster, name="Night", by=asha, now=LATER)
    passage = Answer.objects.first().passage
    hide(passage=passage, start=0, end=6, kind="person", by=asha, now=LATER)
    assert name_in(kept) == "[…] sleep"


def test_a_group_that_is_gone_since_keeps_its_numbers(group, consultation, asha):
    kept = keep(consultation, asha)
    ThemeSuggestion.objects.update(group=None)
    GroupSuggestion.objects.all().delete()
    (one,) = picture_in(fresh(kept)).named
    assert (one.name, one.is_there, one.cells) == (NO_LONGER_THERE, False, ["7", "0", FEW])


def test_ideas_without_a_theme_come_back_too(group, consultation, asha):
    ThemeSuggestion.objects.update(theme=None, group=None)
    picture = picture_of(consultation, NOW)
    assert picture.lines[-1].theme is None
    kept = KeptCount(numbers=numbers_of(picture, consultation.pk), at=NOW)
    assert picture_in(kept) == picture


def test_another_consultations_count_is_its_own(cluster, consultation, area, asha):
    other = world.consultation(area, by=asha, now=NOW, slug="other")
    world.run(other, asha, NOW)
    keep(consultation, asha)
    assert keep(other, asha).numbers["ideas"] == 0


def test_looking_one_up_asks_no_more_for_more_clusters(
    run, survey, consultation, asha, django_assert_num_queries
):
    for number in range(3):
        said = [world.response(survey, f"Word {number}", NOW)]
        made = world.group(run, "health", list(Answer.objects.filter(response__in=said)))
        adopt(suggestion=made, name=f"Cluster {number}", by=asha, now=NOW)
        kept = fresh(keep(consultation, asha))
        with django_assert_num_queries(2):
            picture_in(kept)
