"""What becomes of several answers and notes at once: foreseen, decided, or left as it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import (
    MOST_TEXTS,
    adopt,
    code,
    dispose,
    dispose_texts,
    foresee_texts,
    look_again,
    nothing_more,
    raise_concern,
)
from outcomes.actions.texts_together import CLUSTERED, GONE, NO_IDEA
from outcomes.models import Disposition, Idea
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def passages(survey, asha):
    """Three parents' answers, with an idea each."""
    said = [world.response(survey, f"Sleep at night, {n}", NOW).answers.get() for n in range(3)]
    world.group(world.run(survey.consultation, asha, NOW), "health", said)
    return [one.passage for one in said]


@pytest.fixture
def health(area):
    return area.themes.get(code="health")


def keys(passages):
    return [one.pk for one in passages]


def looked_at(passages, what="nothing", **more):
    return foresee_texts(keys=keys(passages), what=what, **more).marks


def decide(passages, by, what="nothing", **more):
    """As somebody does who looks, and confirms at once."""
    seen = looked_at(passages, what, **more)
    return dispose_texts(seen=seen, what=what, by=by, now=NOW, **more)


def decided(passages):
    rows = Disposition.objects.filter(passage__in=passages, is_current=True).order_by("passage")
    return [(one.what, one.reason, one.by.username) for one in rows]


def test_each_is_recorded_as_by_a_decision_about_one(passages, asha):
    dispose(of=passages[0], what="case", reason="One child.", by=asha, now=NOW)
    assert decide(passages[1:], asha, "case", reason=" One child.\x00 ") == 2
    assert decided(passages) == [("case", "One child.", "asha")] * 3
    events = AuditEvent.objects.filter(about__startswith="surveys.passage", by=asha)
    assert {(one.what, one.detail) for one in events} == {
        (f"read: {Disposition.What.CASE.label}", "")
    }
    assert sorted(one.about for one in events) == [
        f"surveys.passage {key}" for key in keys(passages)
    ]


def test_nothing_more_is_said_of_several_and_taken_back_of_one(passages, note_without_ideas, asha):
    nothing_more(passage=passages[0], by=asha, now=NOW)
    found = foresee_texts(keys=[*keys(passages), note_without_ideas.pk], what="rest")
    assert (found.same, dict(found.left)) == (1, {NO_IDEA: 1})
    assert decide([*passages, note_without_ideas], asha, "rest", reason="Not kept.") == 2
    assert decided(passages) == [("rest", "", "asha")] * 3
    told = AuditEvent.objects.filter(what__startswith="read:").values_list("what", flat=True)
    assert len(told) == 3
    assert len(set(told)) == 1
    look_again(passage=passages[2], by=asha, now=NOW)
    assert Disposition.objects.of_the_rest().count() == 2


@pytest.fixture
def note_without_ideas(session):
    return add_note(session=session, text="A club.").passage


def test_taken_back_one_by_one_each_is_as_before(passages, asha):
    nothing_more(passage=passages[0], by=asha, now=NOW)
    decide(passages, asha, "off topic")
    for one in passages:
        dispose(of=one, what="open", by=asha, now=NOW)
    assert not Disposition.objects.current().exists()
    assert decide(passages, asha, "off topic") == 3


def test_it_is_foreseen_what_changes_and_what_stays_and_why(
    passages, note_without_ideas, health, survey, asha, lena
):
    clustered = world.cluster(survey, asha, NOW, voices=1).members.get().idea.answer.passage
    withheld = world.response(survey, "He is hurt.", NOW).answers.get()
    raise_concern(source=withheld, category="other", reason="I worry.", by=asha, now=NOW)
    code(idea=Idea.objects.get(answer=passages[0].answer), themes=[health], by=asha, now=NOW)
    dispose(of=passages[1], what="off topic", by=asha, now=NOW)
    dispose(of=passages[2], what="nothing", by=asha, now=NOW)
    gone = Passage.everything.get(answer=withheld)
    chosen = [*passages, clustered, gone, note_without_ideas]
    found = foresee_texts(keys=keys(chosen), what="nothing")
    assert dict(found.changes) == {
        ("decided idea by idea", "nothing to code"): 1,
        ("not decided", "nothing to code"): 1,
    }
    assert (found.same, found.with_ideas) == (1, 1)
    assert dict(found.left) == {"decided already: about something else": 1, CLUSTERED: 1, GONE: 1}
    assert set(found.marks) == {passages[0].pk, note_without_ideas.pk}
    assert Disposition.objects.current().count() == 2
    rest = foresee_texts(keys=keys(chosen), what="rest")
    assert set(rest.marks) == {passages[0].pk, clustered.pk}


def test_what_was_decided_meanwhile_stays(passages, asha, ben):
    seen = looked_at(passages)
    dispose(of=passages[0], what="complaint", by=ben, now=NOW)
    assert dispose_texts(seen=seen, what="nothing", by=asha, now=NOW) == 2
    assert decided(passages) == [
        ("complaint", "", "ben"),
        ("nothing", "", "asha"),
        ("nothing", "", "asha"),
    ]


def test_what_was_coded_clustered_or_withheld_meanwhile_stays(passages, survey, health, asha, lena):
    clustered = world.response(survey, "Rest.", NOW).answers.get().passage
    group = world.group(world.run(survey.consultation, asha, NOW), "families", [clustered.answer])
    seen = looked_at([*passages, clustered])
    assert len(seen) == 4
    code(idea=Idea.objects.get(answer=passages[0].answer), themes=[health], by=asha, now=NOW)
    raise_concern(source=passages[1].answer, category="other", reason="Hm.", by=asha, now=NOW)
    adopt(suggestion=group, name="Rest", by=asha, now=NOW)
    assert dispose_texts(seen=seen, what="nothing", by=asha, now=NOW) == 1
    assert Disposition.objects.current().get().passage == passages[2]


def test_twice_is_once(passages, asha, ben):
    seen = looked_at(passages)
    assert dispose_texts(seen=seen, what="nothing", by=asha, now=NOW) == 3
    assert dispose_texts(seen=seen, what="nothing", by=ben, now=NOW) == 0
    assert decided(passages) == [("nothing", "", "asha")] * 3
    assert AuditEvent.objects.filter(what__startswith="read:").count() == 3


@pytest.mark.parametrize("what", ["open", "explode", ""])
def test_only_what_is_offered_of_a_whole_is_decided(passages, asha, what):
    with pytest.raises(BadText, match="Choose what becomes of them"):
        looked_at(passages, what)
    with pytest.raises(BadText, match="Choose what becomes of them"):
        dispose_texts(seen={passages[0].pk: ""}, what=what, by=asha, now=NOW)


def test_none_too_many_and_no_reason_are_refused(passages, asha):
    with pytest.raises(BadText, match="None of the answers"):
        dispose_texts(seen={}, what="nothing", by=asha, now=NOW)
    many = dict.fromkeys(range(1, MOST_TEXTS + 2), "")
    with pytest.raises(BadText, match="500 answers and notes at most"):
        dispose_texts(seen=many, what="nothing", by=asha, now=NOW)
    with pytest.raises(BadText, match="500 answers and notes at most"):
        foresee_texts(keys=list(many), what="nothing")
    with pytest.raises(BadText, match="Say why"):
        looked_at(passages, "set aside", reason=" \x00 ")
    assert not Disposition.objects.exists()


def test_marks_that_nobody_was_shown_change_nothing(passages, asha):
    seen = {passages[0].pk: "0" * 16, passages[1].pk: "", 999_999_999_999: "x"}
    assert dispose_texts(seen=seen, what="nothing", by=asha, now=NOW) == 0
    assert not Disposition.objects.exists()


def test_more_answers_take_as_many_queries(passages, asha, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        decide(passages[:1], asha)
    with django_assert_num_queries(len(few)):
        decide(passages[1:], asha)
    assert len(few) < 25
