"""A sample that is stopped: its codes are kept, and of what both have coded they are compared."""

import pytest

from outcomes.actions import (
    code_blind,
    draw_sample,
    raise_concern,
    settle,
    stop_sample,
    take_over_agreed,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.sampling import compared, is_over, places
from outcomes.models import BlindCode, Coding, Idea, Sample
from surveys.models import AuditEvent, Theme
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
WHY = "Ann is on leave."


@pytest.fixture
def ann(groups):
    return world.person("ann", "Analyst")


@pytest.fixture
def sample(survey, consultation, ann, ben, asha):
    """Of four; Ann has coded three, Ben two of these."""
    said = [world.response(survey, f"Sleep, {number}", NOW).answers.get() for number in range(5)]
    world.group(world.run(consultation, asha, NOW), "health", said)
    assert Idea.objects.count() == 5
    who = {"first": ann, "second": ben}
    made = draw_sample(consultation=consultation, **who, by=asha, now=NOW, number=4, seed=7)
    one, other, third, _ = places(made)
    for place, by, name in (
        (one, ann, "health"),
        (one, ben, "health"),
        (other, ann, "health"),
        (other, ben, "families"),
        (third, ann, "health"),
    ):
        say(place, by, name)
    return made


def say(place, by, name="health"):
    theme = Theme.objects.get(code=name)
    return code_blind(place=place, themes=[theme], by=by, now=NOW)


def stop(sample, by, why=WHY):
    return stop_sample(sample=sample, why=why, by=by, now=NOW)


def test_its_codes_are_kept_and_nobody_codes_it_any_more(sample, ann, ben, asha):
    assert not is_over(sample)
    stopped = stop(sample, asha)
    assert (stopped.stopped_at, stopped.stopped_why) == (NOW, WHY)
    assert BlindCode.objects.count() == 5
    for who in (ann, ben):
        with pytest.raises(AlreadyDecided, match="This sample was stopped"):
            say(places(sample)[3], who)
    assert BlindCode.objects.count() == 5


def test_what_both_have_coded_is_compared_settled_and_taken_over(sample, asha):
    sample = stop(sample, asha)
    one, other, third, _ = places(sample)
    assert is_over(sample)
    assert list(compared(sample)) == [one, other]
    assert take_over_agreed(sample=sample, by=asha, now=NOW) == 1
    health = Theme.objects.get(code="health")
    settle(place=other, themes=[health], by=asha, now=NOW)
    with pytest.raises(AlreadyDecided):
        settle(place=third, themes=[health], by=asha, now=NOW)
    assert set(Coding.objects.values_list("idea", flat=True)) == {one.idea_id, other.idea_id}


def test_it_is_recorded_with_how_far_it_was_and_not_with_what_was_typed(sample, asha):
    stop(sample, asha)
    event = AuditEvent.objects.get(what="stopped a sample")
    assert (event.by, event.about) == (asha, f"outcomes.sample {sample.pk}")
    assert event.detail == "2 of 4 ideas were coded by both"


def test_what_is_withheld_counts_for_nothing(sample, asha):
    one = places(sample)[0]
    raise_concern(source=one.idea.answer, category="other", reason="So.", by=asha, now=NOW)
    stop(sample, asha)
    assert AuditEvent.objects.get(what="stopped a sample").detail.startswith("1 of 3")


@pytest.mark.parametrize(
    ("why", "told"), [("", "Say why"), (" \n", "Say why"), ("x" * 401, "400 characters or fewer")]
)
def test_a_reason_is_asked_for(sample, asha, why, told):
    with pytest.raises(BadText, match=told):
        stop(sample, asha, why)
    assert Sample.objects.get().stopped_at is None


def test_it_is_stopped_once(sample, asha, ben):
    stop(sample, asha)
    with pytest.raises(AlreadyDecided, match="stopped this sample already"):
        stop(sample, ben, "Another reason.")
    assert Sample.objects.get().stopped_why == WHY


def test_one_that_both_have_done_is_not_stopped(sample, ann, ben, asha):
    for place in places(sample):
        for who in (ann, ben):
            say(place, who)
    with pytest.raises(AlreadyDecided, match="nothing to stop"):
        stop(sample, asha)
