"""The one count from which all pictures are drawn."""

import pytest

from outcomes.actions import adopt, code, dispose, raise_concern
from outcomes.models import AnalysisRun, GroupSuggestion, Idea, ThemeSuggestion
from outcomes.picture import MOST_DOTS, Said, _drawn, _people, picture_of
from surveys.actions import add_note
from surveys.models import Answer, Response
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
FEW = "fewer than 5"


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def young(survey):
    """The young people's survey."""
    return world.survey(survey.consultation, "young_person", "young", NOW)


def said(to, number, words="Sleep"):
    made = [world.response(to, f"{words}, person {one}", NOW) for one in range(number)]
    return list(Answer.objects.filter(response__in=made).order_by("pk"))


def again(run, answers, theme, of=None):
    """The same people's second ideas, in a group when one is given."""
    where = run.consultation.area.themes.get(code=theme)
    for one in answers:
        idea = Idea.objects.create(answer=one, start=1, end=len(one.text), found_by=run)
        ThemeSuggestion.objects.create(
            run=run, idea=idea, theme=where, scores={}, reason="Close.", group=of
        )


def noted(run, session, text, kind, theme="health"):
    note = add_note(session=session, text=text, kind=kind)
    idea = Idea.objects.create(note=note, start=0, end=len(text), found_by=run)
    where = run.consultation.area.themes.get(code=theme)
    ThemeSuggestion.objects.create(run=run, idea=idea, theme=where, scores={}, reason="Close.")


def cells(run, theme="Healthy lives"):
    picture = picture_of(run.consultation, NOW)
    return next(line.cells for line in picture.lines if line.label == theme)


def named(run):
    return {one.name: one for one in picture_of(run.consultation, NOW).named}


def test_without_a_finished_analysis_there_is_no_picture(run):
    AnalysisRun.objects.update(state="failed")
    assert picture_of(run.consultation, NOW) is None


def test_people_are_counted_once_in_a_theme_by_audience(run, survey, young):
    answers = said(survey, 7)
    world.group(run, "health", [*answers, *said(young, 5, "rest")])
    again(run, answers, "health")
    again(run, said(survey, 6, "Both"), "families")
    assert cells(run) == ["7", "0", "5"]
    assert cells(run, "Supporting families") == ["6", "0", "0"]


def test_workshops_stand_apart_and_a_facilitators_view_is_nobodys(run, session):
    noted(run, session, "They never sleep", "facilitator")
    assert picture_of(run.consultation, NOW).lines[1].workshops == 0
    noted(run, session, "We never sleep", "said")
    noted(run, session, "I never sleep", "said")
    picture = picture_of(run.consultation, NOW)
    assert (picture.lines[1].workshops, picture.ideas) == (1, 2)
    assert cells(run) == ["0", "0", "0"]


def test_one_to_four_people_are_never_told_apart(run, survey, young):
    world.group(run, "health", [*said(survey, 9), *said(young, 4, "rest")])
    assert cells(run) == ["9", "0", FEW]
    line = picture_of(run.consultation, NOW).lines[1]
    assert line.numbers == [9, 0, None]


def test_what_people_decided_goes_before_what_the_machine_suggests(run, survey, asha):
    group = world.group(run, "health", said(survey, 13))
    families = run.consultation.area.themes.get(code="families")
    ideas = [one.idea for one in group.members.order_by("idea")]
    for idea in ideas[:6]:
        code(idea=idea, themes=[families], by=asha, now=NOW)
    assert cells(run) == ["7", "0", "0"]
    assert cells(run, "Supporting families") == ["6", "0", "0"]
    assert picture_of(run.consultation, NOW).decided == 6
    activities = run.consultation.area.themes.get(code="activities")
    adopt(suggestion=group, name="Sleeping", theme=activities, by=asha, now=NOW)
    assert cells(run, "Positive activities") == ["7", "0", "0"]
    assert cells(run, "Supporting families") == ["6", "0", "0"]
    code(idea=ideas[0], themes=[], by=asha, now=NOW)  # taken back: its cluster says
    assert cells(run, "Positive activities") == ["8", "0", "0"]


def test_what_is_handed_on_withheld_or_too_late_is_left_out(run, survey, asha):
    answers = said(survey, 12)
    group = world.group(run, "health", answers)
    ideas = [one.idea for one in group.members.order_by("idea")]
    dispose(of=ideas[0], what="case", by=asha, now=NOW)
    dispose(of=answers[1].passage, what="off topic", by=asha, now=NOW)
    dispose(of=ideas[2], what="set aside", reason="Another team asks.", by=asha, now=NOW)
    raise_concern(source=answers[3], category="other", reason="I worry.", by=asha, now=NOW)
    Response.objects.filter(pk=answers[4].response_id).update(
        late=Response.Late.NOT_COUNTED, late_reason="Two weeks late."
    )
    assert cells(run) == ["8", "0", "0"]
    dispose(of=ideas[0], what="open", by=asha, now=NOW)
    assert cells(run) == ["9", "0", "0"]


def test_ideas_without_a_theme_have_a_line_of_their_own(run, survey):
    world.group(run, "health", said(survey, 6))
    assert [line.label for line in picture_of(run.consultation, NOW).lines][-1] != "no theme yet"
    ThemeSuggestion.objects.update(theme=None, group=None)
    assert cells(run, "no theme yet") == ["6", "0", "0"]


def test_where_all_spoke_of_one_theme_the_others_do_not_tell_of_a_few(run, survey):
    """Six and three, and nine were heard: without more hidden, the three would be told."""
    world.group(run, "health", said(survey, 6))
    world.group(run, "families", said(survey, 3, "Brothers"))
    assert cells(run) == ["not shown", "0", "0"]
    assert cells(run, "Supporting families") == [FEW, "0", "0"]
    picture = picture_of(run.consultation, NOW)
    assert picture.hides
    assert [one.cells[0] for one in picture.named] == [FEW, "not shown"]  # nor do the groups tell


def test_where_people_spoke_of_several_themes_no_more_is_hidden(run, survey):
    answers = said(survey, 6)
    world.group(run, "health", answers)
    again(run, answers, "education")
    world.group(run, "families", said(survey, 3, "Brothers"))
    assert cells(run) == ["6", "0", "0"]
    assert not picture_of(run.consultation, NOW).hides


def test_a_cluster_is_not_shown_where_its_theme_has_a_few_people_more(run, survey):
    world.group(run, "health", said(survey, 6))
    assert named(run)["what the machine calls it"].cells == ["6", "0", "0"]
    again(run, said(survey, 3, "More"), "health")
    assert cells(run) == ["9", "0", "0"]
    assert named(run)["what the machine calls it"].cells == ["not shown", "0", "0"]
    again(run, said(survey, 5, "Most"), "health")
    assert named(run)["what the machine calls it"].cells == ["6", "0", "0"]


def test_a_cluster_is_not_shown_where_another_has_the_same_people_and_a_few_more(run, survey):
    answers = said(survey, 20)
    world.group(run, "health", answers)
    larger = world.group(run, "families", [])
    GroupSuggestion.objects.filter(pk=larger.pk).update(name="larger")
    again(run, answers[:8], "families", larger)
    smaller = world.group(run, "education", [])
    GroupSuggestion.objects.filter(pk=smaller.pk).update(name="smaller")
    for one in answers[:6]:
        idea = Idea.objects.create(answer=one, start=2, end=len(one.text), found_by=run)
        ThemeSuggestion.objects.create(
            run=run, idea=idea, theme=smaller.theme, scores={}, reason="Close.", group=smaller
        )
    shown = named(run)
    assert shown["larger"].cells[0] == "8"
    assert shown["smaller"].cells[0] == "not shown"


def test_an_adopted_cluster_takes_the_place_of_its_group(run, survey, asha):
    group = world.group(run, "health", said(survey, 6))
    for number, one in enumerate(group.members.order_by("idea")):
        ThemeSuggestion.objects.filter(pk=one.pk).update(x=number / 10, y=0.5)
    assert not named(run)["what the machine calls it"].is_adopted
    adopt(suggestion=group, name="Sleeping well", by=asha, now=NOW)
    found = named(run)
    assert set(found) == {"Sleeping well"}
    assert found["Sleeping well"].place == pytest.approx((0.25, 0.5))


def test_the_draw_of_dots_is_always_the_same_and_no_larger_than_it_may_be():
    ideas = [
        Said(key, key / 4000, 0.5, 1, None, "parent_carer", key, None, False)
        for key in range(1, 4000)
    ]
    about = _people((one.theme, one) for one in ideas)
    drawn, placed = _drawn(ideas, about)
    assert (len(drawn), placed) == (MOST_DOTS, 3999)
    assert _drawn(ideas[::-1], about)[0] == drawn
    spread = sum(one.x < 0.5 for one in drawn) / len(drawn)
    assert 0.45 < spread < 0.55


def test_no_dot_is_drawn_of_a_theme_that_few_spoke_of(run, survey):
    world.group(run, "health", said(survey, 6))
    world.group(run, "families", said(survey, 4, "Brothers"))
    ThemeSuggestion.objects.update(x=0.5, y=0.5)
    picture = picture_of(run.consultation, NOW)
    assert {one.theme for one in picture.dots} == {"health"}
    assert picture.placed == 6


def test_counting_asks_the_database_no_more_for_more_ideas(
    run, survey, django_assert_num_queries, django_assert_max_num_queries
):
    world.group(run, "health", said(survey, 3))
    consultation = type(run.consultation).objects.select_related("area").get()
    with django_assert_max_num_queries(6) as few:
        picture_of(consultation, NOW)
    for number in range(5):
        world.group(run, "families", said(survey, 6, f"Word {number}"))
    with django_assert_num_queries(len(few)):
        picture_of(consultation, NOW)
