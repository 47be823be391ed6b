"""A sample of ideas, coded by two people who do not see each other's codes."""

import pytest

from outcomes.actions import (
    clear_concern,
    code,
    code_blind,
    draw_sample,
    raise_concern,
    settle,
    take_over_agreed,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.sampling import drawn, is_done, places, progress
from outcomes.models import BlindCode, Coding, Idea, Sample, SampleIdea
from surveys.models import Answer, AuditEvent, Theme
from surveys.refusals import BadText, NotAllowed
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(groups):
    return world.person("ann", "Analyst")


@pytest.fixture
def ideas(survey, asha):
    """Ten parents' ideas and ten of young people, for which the machine suggests health."""
    others = world.survey(survey.consultation, "young_person", "young", NOW)
    answers = []
    for number in range(10):
        for to in (survey, others):
            answers.append(world.response(to, f"Sleep, {number}", NOW).answers.get())
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def sample(ideas, consultation, ann, ben, asha):
    return draw_sample(
        consultation=consultation, first=ann, second=ben, by=asha, now=NOW, number=4, seed=7
    )


def theme(name):
    return Theme.objects.get(code=name)


def say(place, by, *names):
    return code_blind(place=place, themes=[theme(name) for name in names], by=by, now=NOW)


def both(sample, *names):
    """Both say the same of all."""
    for place in places(sample):
        for who in (sample.first, sample.second):
            say(place, who, *names)


def test_a_tenth_is_drawn_where_no_number_is_given(ideas, consultation, ann, ben, asha):
    made = draw_sample(consultation=consultation, first=ann, second=ben, by=asha, now=NOW)
    assert places(made).count() == 2


def test_the_same_seed_draws_the_same_ideas(ideas, consultation, ann, ben, asha):
    drawn_anew = []
    for seed in (7, 7, 8):
        made = draw_sample(
            consultation=consultation, first=ann, second=ben, by=asha, now=NOW, number=6, seed=seed
        )
        drawn_anew.append(list(places(made).values_list("idea", flat=True)))
    assert drawn_anew[0] == drawn_anew[1] != drawn_anew[2]


def test_each_audience_is_drawn_by_its_share(sample):
    audiences = [place.idea.answer.response.survey.audience for place in places(sample)]
    assert sorted(audiences) == ["parent_carer"] * 2 + ["young_person"] * 2


def test_a_share_is_rounded_so_that_the_number_is_met():
    groups = {"a": range(7), "b": range(10, 13), "c": range(20, 21)}
    for number in range(1, 12):
        chosen = drawn(groups, number, 1)
        assert len(chosen) == len(set(chosen)) == number


def test_what_the_machine_suggested_is_kept_with_the_sample(sample):
    assert {place.suggested for place in places(sample)} == {theme("health")}


def test_what_is_withheld_is_not_drawn(ideas, consultation, ann, ben, asha):
    for idea in ideas[:18]:
        raise_concern(source=idea.answer, category="other", reason="So.", by=asha, now=NOW)
    made = draw_sample(consultation=consultation, first=ann, second=ben, by=asha, now=NOW, number=2)
    assert {place.idea for place in places(made)} == set(ideas[18:])


def test_one_person_is_not_two(ideas, consultation, ann, asha):
    with pytest.raises(BadText, match="two different people"):
        draw_sample(consultation=consultation, first=ann, second=ann, by=asha, now=NOW)


def test_only_who_may_code_is_asked(ideas, consultation, ann, fran, asha):
    with pytest.raises(BadText, match="fran may not code ideas"):
        draw_sample(consultation=consultation, first=ann, second=fran, by=asha, now=NOW)
    assert not Sample.objects.exists()


@pytest.mark.parametrize("number", [0, -1, 21, 10**9])
def test_a_number_that_is_not_there_is_refused(ideas, consultation, ann, ben, asha, number):
    with pytest.raises(BadText, match="from 1 to 20"):
        draw_sample(
            consultation=consultation, first=ann, second=ben, by=asha, now=NOW, number=number
        )


def test_nothing_is_drawn_before_an_analysis(consultation, ann, ben, asha):
    with pytest.raises(BadText, match="no ideas to draw from"):
        draw_sample(consultation=consultation, first=ann, second=ben, by=asha, now=NOW)


def test_nobody_else_codes_it(sample, asha):
    with pytest.raises(NotAllowed):
        say(places(sample)[0], asha, "health")


def test_a_code_is_changed_until_both_are_done(sample, ann):
    place = places(sample)[0]
    say(place, ann, "health")
    say(place, ann, "families", "health")
    assert BlindCode.objects.get().themes == [theme("families"), theme("health")]
    both(sample, "health")
    with pytest.raises(AlreadyDecided, match="Both of you are done"):
        say(place, ann, "education")


def test_not_sure_is_an_answer_too(sample, ann):
    say(places(sample)[0], ann)
    assert progress(sample) == (1, 0, 4)


@pytest.mark.parametrize(
    "names", [("none", "health"), ("health", "health"), ("health", "families", "education", "none")]
)
def test_themes_that_do_not_go_together_are_refused(sample, ann, names):
    with pytest.raises(BadText):
        say(places(sample)[0], ann, *names)
    assert not BlindCode.objects.exists()


def test_the_audit_log_says_that_somebody_coded_and_not_what(sample, ann):
    say(places(sample)[0], ann, "health")
    event = AuditEvent.objects.first()
    assert (event.what, event.by, event.detail) == ("coded for a sample", ann, "")


def test_blind_codes_code_no_idea(sample):
    both(sample, "health")
    assert is_done(sample)
    assert not Coding.objects.exists()


def test_what_is_withheld_leaves_the_sample_for_good(sample, ann, asha, lena):
    place = places(sample)[0]
    concern = raise_concern(
        source=place.idea.answer, category="other", reason="So.", by=asha, now=NOW
    )
    assert progress(sample) == (0, 0, 3)
    with pytest.raises(AlreadyDecided, match="withheld"):
        say(place, ann, "health")
    clear_concern(concern=concern, reason="Read.", by=lena, now=NOW)
    assert progress(sample) == (0, 0, 3)


def test_what_is_withheld_when_both_are_done_is_out_for_good(sample, asha, lena):
    place = places(sample)[0]
    concern = raise_concern(
        source=place.idea.answer, category="other", reason="So.", by=asha, now=NOW
    )
    both(sample, "health")
    assert is_done(sample)
    clear_concern(concern=concern, reason="Read.", by=lena, now=NOW)
    assert is_done(sample)
    assert SampleIdea.everything.count() == 3


def test_an_answer_taken_back_leaves_the_sample(sample):
    Answer.objects.filter(pk=places(sample)[0].idea.answer_id).delete()
    assert progress(sample) == (0, 0, 3)


def test_nothing_is_settled_before_both_are_done(sample, asha):
    with pytest.raises(AlreadyDecided, match="not done yet"):
        settle(place=places(sample)[0], themes=[theme("health")], by=asha, now=NOW)
    with pytest.raises(AlreadyDecided, match="not done yet"):
        take_over_agreed(sample=sample, by=asha, now=NOW)
    assert not Coding.objects.exists()


def test_what_is_settled_is_the_ideas_code(sample, asha):
    both(sample, "health")
    place = places(sample)[0]
    made = settle(place=place, themes=[theme("families")], by=asha, now=NOW)
    assert (made.idea, made.how, made.by) == (place.idea, "settled", asha)


def test_to_settle_is_to_choose(sample, asha):
    both(sample, "health")
    with pytest.raises(BadText, match="Choose what the idea is about"):
        settle(place=places(sample)[0], themes=[], by=asha, now=NOW)


def test_what_both_said_is_taken_over_where_nobody_decided(sample, ann, ben, asha):
    one, other, third, last = places(sample)
    code(idea=one.idea, themes=[theme("education")], by=asha, now=NOW)
    for who in (ann, ben):
        say(one, who, "health")
        say(other, who, "health", "families")
        say(third, who)
    say(last, ann, "health")
    say(last, ben, "families")
    assert take_over_agreed(sample=sample, by=asha, now=NOW) == 1
    assert take_over_agreed(sample=sample, by=asha, now=NOW) == 0
    held = {coding.idea: coding.themes for coding in Coding.objects.current()}
    assert held == {
        one.idea: [theme("education")],
        other.idea: [theme("health"), theme("families")],
    }
