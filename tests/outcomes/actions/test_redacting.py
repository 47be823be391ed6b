"""Hiding details in what people said, and showing what was hidden wrongly."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import (
    ChangedMeanwhile,
    confirm_all,
    hide,
    hide_several,
    raise_concern,
    show,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.hiding import occurrences, suggest, to_decide, undecided
from outcomes.models import ClusterDecision, GroupSuggestion, Idea, ThemeSuggestion
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage, Redaction
from surveys.refusals import BadText
from tests import world

WORDS = "Zebedee Quill goes to Hill School. 🎈 Zebedee likes it."
NAME, SCHOOL, AGAIN = (0, 13), (22, 33), (37, 44)


@pytest.fixture
def rosa(groups):
    return world.person("rosa", "Officer", "Redactor")


@pytest.fixture
def passage(survey, now):
    return world.response(survey, WORDS, now).answers.get().passage


@pytest.fixture
def suggested(passage):
    suggest(passage, [(*NAME, "person", 0.9), (*SCHOOL, "school", 0.7)])
    return passage


def stored(passage) -> Passage:
    return Passage.everything.get(pk=passage.pk)


def test_what_the_screen_suggests_is_hidden_until_somebody_decides(suggested):
    assert stored(suggested).words == "[name] goes to [school]. 🎈 Zebedee likes it."
    assert suggested.answer.text == WORDS


def test_told_twice_a_detail_is_suggested_once(suggested):
    suggest(suggested, [(*NAME, "person", 0.8)])
    assert [one.span for one in undecided(stored(suggested))] == [NAME, SCHOOL]


def test_a_span_that_tells_nobody_is_shown(suggested, rosa, now):
    show(passage=suggested, start=22, end=33, by=rosa, now=now, reason="Everybody goes there.")
    assert stored(suggested).words.startswith("[name] goes to Hill School.")
    decision = Redaction.objects.get()
    assert (decision.hides, decision.by, decision.at, decision.kind) == (False, rosa, now, "school")
    assert decision.reason == "Everybody goes there."


def test_what_is_shown_can_be_hidden_again_and_the_newest_decision_holds(suggested, rosa, now):
    show(passage=suggested, start=0, end=13, by=rosa, now=now)
    hide(passage=suggested, start=0, end=13, kind="person", by=rosa, now=now)
    assert "Quill" not in stored(suggested).words
    assert Redaction.objects.count() == 2


def test_more_is_hidden_than_the_screen_found(passage, rosa, now):
    hide(passage=passage, start=37, end=54, kind="rare", by=rosa, now=now)
    assert stored(passage).words == "Zebedee Quill goes to Hill School. 🎈 [hidden]"


def test_a_detail_is_called_by_another_kind(suggested, rosa, now):
    hide(passage=suggested, start=0, end=13, kind="place", by=rosa, now=now)
    assert stored(suggested).words.startswith("[place] goes")
    assert [one.span for one in undecided(stored(suggested))] == [SCHOOL]


def test_all_that_is_suggested_is_kept_hidden_at_once(suggested, rosa, now):
    words = stored(suggested).words
    confirm_all(passage=suggested, by=rosa, now=now)
    assert stored(suggested).words == words
    assert undecided(stored(suggested)) == []
    with pytest.raises(AlreadyDecided, match="every detail of this already"):
        confirm_all(passage=suggested, by=rosa, now=now)


def test_several_places_are_hidden_together_or_none(passage, rosa, now):
    with pytest.raises(BadText):
        hide_several(passage=passage, spans=[AGAIN, (0, 999)], kind="person", by=rosa, now=now)
    assert Redaction.objects.count() == 0
    spans = occurrences(WORDS, "zebedee")
    hide_several(passage=passage, spans=spans, kind="person", by=rosa, now=now)
    assert "Zebedee" not in stored(passage).words


@pytest.mark.parametrize("span", [(-1, 3), (3, 3), (5, 3), (0, 99), (36, 37), (2**40, 2**41)])
def test_only_words_that_are_there_are_hidden(passage, rosa, now, span):
    with pytest.raises(BadText, match="Choose at least one word"):
        hide(passage=passage, start=span[0], end=span[1], kind="person", by=rosa, now=now)
    assert stored(passage).words == WORDS


def test_a_kind_that_is_none_is_refused(passage, rosa, now):
    with pytest.raises(BadText, match="what kind"):
        hide(passage=passage, start=0, end=7, kind="<script>", by=rosa, now=now)


def test_a_reason_may_be_odd_and_not_endless(passage, rosa, now):
    hide(
        passage=passage, start=0, end=7, kind="person", by=rosa, now=now, reason=" a\x00\ud800\r\n "
    )
    assert Redaction.objects.get().reason == "a?"
    with pytest.raises(BadText, match="1,000 characters"):
        hide(passage=passage, start=8, end=13, kind="person", by=rosa, now=now, reason="x" * 1001)


def test_the_same_decision_sent_twice_is_one(suggested, rosa, now):
    show(passage=suggested, start=0, end=13, by=rosa, now=now)
    with pytest.raises(AlreadyDecided, match="Nothing is hidden there"):
        show(passage=suggested, start=0, end=13, by=rosa, now=now)
    hide(passage=suggested, start=0, end=7, kind="person", by=rosa, now=now)
    with pytest.raises(AlreadyDecided, match="hidden already"):
        hide(passage=suggested, start=0, end=7, kind="person", by=rosa, now=now)
    assert Redaction.objects.count() == 2


def test_what_nobody_hid_is_not_shown(passage, rosa, now):
    with pytest.raises(AlreadyDecided, match="Nothing is hidden there"):
        show(passage=passage, start=0, end=7, by=rosa, now=now)


def test_a_second_redactor_is_told_of_the_first(suggested, rosa, asha, now):
    show(passage=suggested, start=0, end=13, by=rosa, now=now, seen=0)
    with pytest.raises(ChangedMeanwhile, match="rosa showed these words meanwhile"):
        hide(passage=suggested, start=0, end=7, kind="person", by=asha, now=now, seen=0)
    assert "Zebedee Quill" in stored(suggested).words
    hide(passage=suggested, start=22, end=33, kind="place", by=asha, now=now, seen=0)
    assert "[place]" in stored(suggested).words


def test_all_that_is_kept_was_seen(suggested, rosa, asha, now):
    hide(passage=suggested, start=22, end=26, kind="rare", by=rosa, now=now, seen=0)
    with pytest.raises(ChangedMeanwhile):
        confirm_all(passage=suggested, by=asha, now=now, seen=0)
    confirm_all(passage=suggested, by=asha, now=now, seen=Redaction.objects.get().pk)


def test_withheld_words_are_not_redacted_until_they_are_cleared(suggested, rosa, asha, now):
    raise_concern(source=suggested.answer, category="other", reason="Worry.", by=asha, now=now)
    with pytest.raises(AlreadyDecided, match="withheld"):
        hide(passage=suggested, start=0, end=7, kind="person", by=rosa, now=now)
    assert not to_decide().exists()


def test_each_decision_is_in_the_audit_log_without_a_word_of_theirs(suggested, rosa, now):
    show(passage=suggested, start=22, end=33, by=rosa, now=now)
    confirm_all(passage=suggested, by=rosa, now=now)
    events = AuditEvent.objects.filter(about=f"surveys.passage {suggested.pk}").order_by("number")
    assert [one.what for one in events] == ["redaction: shown", "redaction: hidden"]
    assert [one.detail for one in events] == ["school at 22 to 33", "person at 0 to 13"]
    assert {one.by for one in events} == {rosa}


def test_the_queue_has_those_with_most_to_decide_first(survey, session, rosa, now):
    one, three, none = (
        world.response(survey, "Ann Bea Cat", now).answers.get().passage for _ in range(3)
    )
    two = add_note(session=session, text="Ann Bea Cat").passage
    spans = [(0, 3), (4, 7), (8, 11)]
    for passage, number in ((one, 1), (three, 3), (two, 2), (none, 0)):
        suggest(passage, [(*span, "person", 0.9) for span in spans[:number]])
    assert list(to_decide()) == [three, two, one]
    confirm_all(passage=three, by=rosa, now=now)
    show(passage=two, start=0, end=3, by=rosa, now=now)
    assert list(to_decide()) == [one, two]


@pytest.fixture
def named(survey, passage, asha, now):
    """Groups and decisions that repeat the name."""
    run = world.run(survey.consultation, asha, now)
    group = world.group(run, "health", [passage.answer])
    group.name, group.reason = "Zebedee  likes it", "They share the words: zebedee, school."
    group.save()
    ThemeSuggestion.objects.update(reason="Like “ZEBEDEE likes it”.")
    cluster = world.cluster(survey, asha, now)
    type(cluster).objects.filter(pk=cluster.pk).update(name="What Zebedee and Hill School need")
    ClusterDecision.objects.filter(cluster=cluster).update(detail="Zebedees; Zebedee", reason="")
    LogEntry.objects.create(
        user=asha,
        content_type=ContentType.objects.get_for_model(Idea),
        object_repr=WORDS,
        action_flag=2,
    )
    return cluster


def test_a_hidden_name_leaves_groups_reasons_clusters_decisions_and_logs(named, passage, rosa, now):
    hide(passage=passage, start=0, end=7, kind="person", by=rosa, now=now)
    hide(passage=passage, start=22, end=33, kind="school", by=rosa, now=now)
    group = GroupSuggestion.objects.exclude(name="what the machine calls it").get()
    assert group.name == "[…]  likes it"
    assert group.reason == "They share the words: […], school."
    assert "ZEBEDEE" not in ThemeSuggestion.objects.get(group=group).reason
    named.refresh_from_db()
    assert named.name == "What […] and Hill School need"
    assert named.decisions.get().detail == "Zebedees; […]"
    assert "Zebedee" not in LogEntry.objects.get().object_repr


def test_what_people_wrote_is_searched_as_it_was_said(named, survey, rosa, now):
    type(named).objects.filter(pk=named.pk).update(name="What will help Will")
    passage = world.response(survey, "Will helps me.", now).answers.get().passage
    hide(passage=passage, start=0, end=4, kind="person", by=rosa, now=now)
    named.refresh_from_db()
    assert named.name == "What will help […]"


def test_one_letter_is_not_looked_for_in_names(named, survey, rosa, now):
    other = world.response(survey, "A and I", now).answers.get().passage
    hide(passage=other, start=0, end=1, kind="person", by=rosa, now=now)
    named.refresh_from_db()
    assert named.name == "What Zebedee and Hill School need"


def test_hiding_asks_no_more_of_the_database_when_there_is_more(survey, asha, rosa, now):
    def cost(clusters):
        passage = world.response(survey, WORDS, now).answers.get().passage
        for _ in range(clusters):
            world.cluster(survey, asha, now)
        with CaptureQueriesContext(connection) as counted:
            hide(passage=passage, start=0, end=7, kind="person", by=rosa, now=now)
        return len(counted)

    assert cost(1) == cost(8)
